"""The stages of a verification: what each learns, says and hands on."""
