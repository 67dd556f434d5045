"""What patches do together, known from nothing but their own hunks."""
