"""The command line: options, help, keys, questions, exit codes; the commands are in ``commands``."""
