"""From files to a series."""
