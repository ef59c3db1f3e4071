SELECT event_time, 'application' AS source, service AS subject, message, day FROM application
UNION ALL
SELECT event_time, 'cloudtrail' AS source, "user" AS subject, message, day FROM cloudtrail
