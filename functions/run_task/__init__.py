"""The function that runs a task before a deployment."""
