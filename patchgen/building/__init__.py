"""Compiling the base tree and every step of a series."""
