"""Remove what is ours and nothing else: a deployment, or what nobody wants any more; then look once more."""
