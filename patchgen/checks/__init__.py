"""What can be wrong with a series: one module per check, named after its id."""
