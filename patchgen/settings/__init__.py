"""What a project and a person want verified, and what they do not want to hear about."""
