"""The program as its users run it: in this process, in processes that can be killed, at a terminal."""
