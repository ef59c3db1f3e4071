"""The service models that botocore carries, as an oracle of what a plan says."""
