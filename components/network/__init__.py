"""The network tier: a VPC with public, private and isolated subnets."""
