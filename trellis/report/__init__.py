"""One self-contained page a stack, for whoever reviews it."""
