"""From templates and a base tree to a posted-quality series."""
