"""The command line: options, help, keys, questions, exit codes. Commands are in ``commands``."""
