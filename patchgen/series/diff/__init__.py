"""Diffs as git reads them: their heads, hunks and counts, and the tables about them."""
