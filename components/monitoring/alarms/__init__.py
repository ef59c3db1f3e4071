"""Alarms as data, and the CloudWatch alarms and event rules made of them."""
