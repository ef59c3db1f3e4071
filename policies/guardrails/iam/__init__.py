"""Analysis of IAM policy documents: permissions, escalation, trust and resource policies."""
