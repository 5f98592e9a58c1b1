"""The benchmark behind ``scripts/bench``: every figure stands beside a peer's of the same run."""
