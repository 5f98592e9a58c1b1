"""The answers of commands as plain data, for ``--json`` and ``show``: status, the picture in it, costs."""
