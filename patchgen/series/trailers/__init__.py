"""The lines that end a message, and the people in them."""
