"""A picture of a stack: what runs where, who reaches what, what is public and what leaves."""
