"""The names of the checkers."""

CHECKERS = ("checkpatch", "get_maintainer", "kernel-doc")
"""All of them, in the order in which they run."""
