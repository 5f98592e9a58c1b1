"""The benchmark of ``scripts/bench``: every figure stands beside a peer's of the same run; see FIGURES.md."""
