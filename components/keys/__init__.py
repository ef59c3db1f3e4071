"""Customer keys: one KMS key a data domain, its policy whole from the first moment."""
