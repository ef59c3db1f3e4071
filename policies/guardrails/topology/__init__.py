"""The network of a stack's resources as plain values, which reachability is decided on."""
