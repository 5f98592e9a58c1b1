"""The answers of the commands as plain data: what ``--json`` prints and what ``show`` draws."""
