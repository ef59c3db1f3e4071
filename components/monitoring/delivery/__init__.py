"""Who hears of alarms: mail, chat and pager."""
