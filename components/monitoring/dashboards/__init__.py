"""Dashboards: widgets, their layout and CloudWatch's body of them."""
