"""What CI and git's hooks call: find out what is about to be submitted, and judge it."""
