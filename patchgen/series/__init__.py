"""What a posted series is made of: mails, messages, diffs, diffstats and the claims in them."""
