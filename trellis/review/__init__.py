"""What a review sees of an edit, and that exactly what was reviewed is deployed."""
