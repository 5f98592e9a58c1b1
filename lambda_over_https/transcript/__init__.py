"""Recorded calls as text: boto3 Python, the ``aws`` command, and scripts that make them again."""
