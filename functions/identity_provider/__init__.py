"""The function that registers another provider's sign-in with a user pool."""
