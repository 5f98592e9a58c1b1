"""Policies: what a document allows and denies, and which documents a caller has."""
