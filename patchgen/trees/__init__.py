"""Base trees, the private repository that borrows them, and applying a series to them."""
