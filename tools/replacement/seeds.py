"""What the provider wants to see before it plans an edit of some types: values of a right form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ARN = "arn:aws:iam::123456789012:role/made-up-{turn}"

_S3 = {"bucket_arn": "arn:aws:s3:::made-up", "role_arn": ARN.format(turn=1)}

SEEDS: Mapping[str, Mapping[str, Any]] = {
    "aws_api_gateway_authorizer": {"type": "TOKEN", "authorizer_uri": ARN.format(turn=1)},
    "aws_dynamodb_table": {
        "name": "made-up",
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
        "attribute": [{"name": "id", "type": "S"}],
    },
    "aws_dynamodb_resource_policy": {"policy": "{}"},
    "aws_kinesis_resource_policy": {"policy": "{}"},
    "aws_kinesis_firehose_delivery_stream": {
        "name": "made-up",
        "destination": "extended_s3",
        "extended_s3_configuration": [_S3],
    },
    "aws_kinesis_stream": {"name": "made-up", "shard_count": 1},
    "aws_lambda_function": {
        "filename": "made-up.zip",
        "function_name": "made-up",
        "handler": "made.up",
        "package_type": "Zip",
        "runtime": "python3.13",
    },
    "aws_lambda_function_recursion_config": {"recursive_loop": "Allow"},
    # Of a network one more is made anew: the conditions of `aws:lb/loadBalancer` say which.
    "aws_lb": {"name": "made-up", "load_balancer_type": "network", "subnets": ["subnet-1"]},
    "aws_lb_target_group": {
        "name": "made-up",
        "port": 80,
        "protocol": "HTTP",
        "target_type": "ip",
        "vpc_id": "vpc-1",
    },
}
"""Arguments that stand from the beginning, by type; blocks are filled up with what they need."""

VALUES: Mapping[tuple[str, str], tuple[Any, Any]] = {
    ("aws_dynamodb_table", "billing_mode"): ("PAY_PER_REQUEST", "PROVISIONED"),
    ("aws_dynamodb_table", "hash_key"): ("id", "other"),
    ("aws_dynamodb_table", "table_class"): ("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
    ("aws_kinesis_firehose_delivery_stream", "destination"): ("extended_s3", "http_endpoint"),
    ("aws_lambda_function", "package_type"): ("Zip", "Image"),
    ("aws_lb_target_group", "ip_address_type"): ("ipv4", "ipv6"),
    ("aws_lb_target_group", "protocol"): ("HTTP", "HTTPS"),
    ("aws_lb_target_group", "protocol_version"): ("HTTP1", "HTTP2"),
    ("aws_lb_target_group", "target_type"): ("ip", "instance"),
    ("aws_lb_target_group", "port"): (80, 81),
    ("aws_dynamodb_resource_policy", "policy"): ("{}", '{"a": 1}'),
    ("aws_kinesis_resource_policy", "policy"): ("{}", '{"a": 1}'),
    ("aws_elasticache_replication_group", "engine"): ("valkey", "redis"),
    ("aws_elasticache_replication_group", "engine_version"): ("7.1", "7.0"),
    ("aws_elasticache_cluster", "engine_version"): ("7.1", "7.0"),
    ("aws_chatbot_slack_channel_configuration", "logging_level"): ("ERROR", "INFO"),
    ("aws_chatbot_teams_channel_configuration", "logging_level"): ("ERROR", "INFO"),
    ("aws_cloudwatch_log_delivery_destination", "output_format"): ("json", "plain"),
    ("aws_lambda_function_recursion_config", "recursive_loop"): ("Allow", "Terminate"),
    ("aws_lambda_invocation", "lifecycle_scope"): ("CREATE_ONLY", "CRUD"),
}
"""The two values that an argument is changed between, where made-up ones are refused."""

WITH: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("aws_dynamodb_table", "hash_key"): {"attribute": [{"name": "other", "type": "S"}]},
    ("aws_dynamodb_table", "billing_mode"): {"read_capacity": 1, "write_capacity": 1},
    ("aws_dynamodb_table", "range_key"): {
        "attribute": [{"name": "id", "type": "S"}, {"name": "made-up-1", "type": "S"}]
    },
}
"""What an edit needs beside it."""
