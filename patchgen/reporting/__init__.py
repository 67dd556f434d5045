"""A report as text, as JSON and as whatever else people read."""
