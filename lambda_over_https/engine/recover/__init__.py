"""Rebuild a lost or damaged journal from what AWS holds."""
