"""The function that opens and closes PagerDuty incidents as alarms fire and recover."""
