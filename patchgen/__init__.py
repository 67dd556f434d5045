"""Render and verify Linux kernel patch series."""
