"""Functions on AWS Lambda: code from a folder or an image, and what calls it."""
