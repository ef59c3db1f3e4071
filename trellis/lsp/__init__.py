"""A language server for stack files: what the loader, the price and the pack know, in an editor."""
