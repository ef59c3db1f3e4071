"""Lets requests through an API whose token was signed with a secret that the application keeps."""
