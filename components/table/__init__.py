"""DynamoDB tables: keys, indexes, capacity that survives its own scaling, recovery, replicas."""
