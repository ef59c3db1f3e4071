"""Users: a pool of Amazon Cognito, its groups, its clients, and what runs when they sign in."""
