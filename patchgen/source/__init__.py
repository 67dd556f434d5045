"""What C source says, without compiling it: names, who defines them, and who uses them when."""
