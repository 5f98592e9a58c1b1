"""Recorded calls as text: boto3 Python, ``aws`` commands, and scripts that make them again (``export``)."""
