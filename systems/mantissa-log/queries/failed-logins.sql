SELECT "user", source_ip, count(*) AS failures
FROM cloudtrail
WHERE event_name = 'ConsoleLogin' AND outcome = 'Failure' AND day >= date_format(current_date - interval '7' day, '%Y/%m/%d')
GROUP BY "user", source_ip
ORDER BY failures DESC
