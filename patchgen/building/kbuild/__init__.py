"""Building every step of a series on a real kernel tree, with Kbuild."""
