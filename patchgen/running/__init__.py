"""Running what was built, and reading what it says in KTAP."""
