"""What tests and measurements share: generators, campaigns and oracles. It imports neither."""
