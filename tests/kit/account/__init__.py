"""An account as tests see it from outside: what it holds, who calls, what lies between it and the program."""
