"""Stands whole stacks up in an emulator of AWS, with the real AWS provider making each resource."""
