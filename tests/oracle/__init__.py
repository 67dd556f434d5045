"""git made the series, git-am takes it, and patchgen has to agree with both."""
