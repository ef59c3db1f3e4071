"""What is asked of a running system, and done to it: names come from the plan, never from the
engine's state, so that an operator needs no access to that."""
