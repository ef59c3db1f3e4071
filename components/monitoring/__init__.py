"""Monitoring: alarms, who hears of them, dashboards, application logs and metrics."""
