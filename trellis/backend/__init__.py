"""Where the engine keeps its state: a bucket and a key, locks, and whether all stands still."""
