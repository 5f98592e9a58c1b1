"""Answers as plain data, for ``--json`` and ``show``: status and the picture in it, plans, costs."""

from typing import Any

Report = dict[str, Any]
"""An answer, or a part of one."""
