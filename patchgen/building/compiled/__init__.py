"""Which lines of a series the compiler has ever seen."""
