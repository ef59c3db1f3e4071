"""Firewalls: web access lists of AWS WAF before sites and load balancers."""
