"""The names of the checkers."""

CHECKERS = ("checkpatch", "get_maintainer", "kernel-doc")
"""Those that are asked when nothing else is said, in the order in which they run."""

SLOW_ONES = ("coccicheck",)
"""Those that take minutes and are asked by name only."""
