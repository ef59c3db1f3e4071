"""Application log groups and the archive of their lines."""
