"""The kernel's own checkers, as the base tree has them, on what a series brings."""
