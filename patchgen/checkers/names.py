"""The names of the checkers, and where the kernel has them."""

SCRIPTS = {
    "checkpatch": "scripts/checkpatch.pl",
    "get_maintainer": "scripts/get_maintainer.pl",
    "kernel-doc": "scripts/kernel-doc",
    "coccicheck": "scripts/coccicheck",
}

CHECKERS = ("checkpatch", "get_maintainer", "kernel-doc")
"""Those that are asked when nothing else is said, in the order in which they run."""

SLOW_ONES = ("coccicheck",)
"""Those that take minutes and are asked by name only."""
