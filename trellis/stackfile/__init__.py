"""The whole stack file: its settings, how it is read, and what only the whole can tell."""
