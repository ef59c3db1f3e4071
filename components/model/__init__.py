"""Models: language models that functions and services ask, at Bedrock or elsewhere."""
