"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

CHAT_NAME = Kind("chat", 128, r"[\w-]+", "CreateSlackChannelConfiguration: ConfigurationName")
CANARY_NAME = Kind("canary", 255, r"[0-9a-z_-]+", "CreateCanary: Name", lower=True)
ALARM_NAME = Kind("alarm", 255, r".+", "PutMetricAlarm: AlarmName")
DASHBOARD_NAME = Kind("dashboard", 255, r"[A-Za-z0-9_-]+", "PutDashboard: DashboardName")
