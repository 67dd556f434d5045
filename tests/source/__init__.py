"""C files of series, read without compiling them."""
