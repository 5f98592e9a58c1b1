"""The sweep: its plan, its work, its proof."""
