"""Public addresses tried from outside: health checks and canaries."""
