"""Commits that a series speaks of, and how it names them."""
