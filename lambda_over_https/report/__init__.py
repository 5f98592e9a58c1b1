"""Answers as plain data, for ``--json`` and ``show``: status and the picture in it, plans, costs."""
