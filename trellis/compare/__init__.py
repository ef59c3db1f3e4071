"""What an edit of a stack does to what is deployed: two recordings, and a table of AWS's rules."""
