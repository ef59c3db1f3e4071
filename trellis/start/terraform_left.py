"""What to do about resources of Terraform's that no entry of a stack file takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PART: Final[Mapping[str, str]] = {
    "aws_accessanalyzer_": "`baseline` makes one an account",
    "aws_acm_certificate": "certificates are made for every name; one that stays is named by ARN "
    "(`sites.KEY.certificate`, `loadBalancers.KEY.certificates`)",
    "aws_api_gateway_": "`apis` and `functions.KEY.routes`; a new API, to which the name moves",
    "aws_apigatewayv2_": "`apis` and `functions.KEY.routes`; a new API, to which the name moves",
    "aws_appautoscaling_": "`services.KEY.scaling`, or `tables.KEY.capacity`",
    "aws_athena_": "`queries`",
    "aws_backup_": "`backups`",
    "aws_budgets_": "`budgets`",
    "aws_ce_": "`costAnomalies`",
    "aws_chatbot_": "`monitoring.subscribers.KEY`, of which each is a channel",
    "aws_cloudfront_": "`sites`: a new distribution; take the alias off the old one when it is "
    "there, for CloudFront lets two have none",
    "aws_cloudtrail": "`baseline.trail`",
    "aws_cloudwatch_dashboard": "made of every part; `monitoring.dashboards` for one's own",
    "aws_cloudwatch_event_": "`jobs.KEY.schedule`, or `functions.KEY.triggers`",
    "aws_cloudwatch_log_": "`monitoring.logs.KEY` has metrics, queries and masking",
    "aws_cloudwatch_metric_alarm": "every part has its alarms; `monitoring.alarms` changes or adds",
    "aws_cloudwatch_alarm_mute_rule": "`monitoring.alarms.KEY.silence`",
    "aws_cloudwatch_composite_alarm": "every part has its alarms; `monitoring.alarms` changes them",
    "aws_cloudwatch_query_definition": "`monitoring.logs.KEY` has metrics, queries and masking",
    "aws_cognito_": "`userPools`: clients, groups and domains are made from the entry",
    "aws_config_": "`baseline.configuration`",
    "aws_default_": "left as it is",
    "aws_dynamodb_": "`tables`",
    "aws_ebs_": "`baseline.diskEncryption`",
    "aws_ec2_": "no part of a stack file runs instances or takes gateways of several networks",
    "aws_ec2_transit_gateway_vpc_attachment": "`network.transitGateways`",
    "aws_ecr_": "the entry's own lifecycle and pull rules are put over it: "
    "`repositories.KEY.keep`, `pullAccounts`",
    "aws_ecs_capacity_provider": "tasks run on Fargate: `services.KEY.capacity`",
    "aws_ecs_cluster_capacity_providers": "the cluster's own are put over it",
    "aws_ecs_service": "`services`: a new one beside it, to which the name moves",
    "aws_ecs_task_definition": "`services`: made anew from the entry",
    "aws_efs_": "no part of a stack file takes a file system over: a resource beside it, or a new "
    "one under `fileSystems`",
    "aws_eip": "the network's gateways have addresses of their own; those of a network that stays "
    "stay with it",
    "aws_elasticache_": "`caches`",
    "aws_flow_log": "`network.flowLogs`, or with a network that stays, left as it is",
    "aws_glue_": "`catalogs`",
    "aws_guardduty_": "`baseline`",
    "aws_iam_": "roles and policies follow from `uses`; what no part offers is `uses: [{grant: "
    "...}]`, and pipelines' roles are `deliveries`",
    "aws_instance": "no part of a stack file runs instances",
    "aws_internet_gateway": "it stays with its network",
    "aws_key_pair": "no part of a stack file runs instances",
    "aws_kinesis_firehose_": "`catalogs`, or `monitoring.archive`",
    "aws_kinesis_": "`streams`",
    "aws_kms_": "data that it encrypts stays under it (`keeps: [kmsKeyId]`); to go on with the key "
    "itself: `keys.adopt`",
    "aws_lambda_": "`functions`: a new one, from its sources; then the triggers move",
    "aws_launch_template": "no part of a stack file runs instances",
    "aws_lb_": "listeners and target groups are made from `services.KEY.routes`",
    "aws_nat_gateway": "it stays with its network",
    "aws_network_acl": "it stays with its network",
    "aws_organizations_": "no part of a stack file is about the organization",
    "aws_rds_": "`databases`",
    "aws_db_": "parameter and subnet groups are made anew: `databases.KEY.parameters`",
    "aws_route": "it stays with its network",
    "aws_route53_": "`zones.KEY.records`; names of sites and services are made from them",
    "aws_s3_object": "`buckets.KEY.content`, or left as it is",
    "aws_s3_bucket_": "the entry's own is put over it: `buckets.KEY`",
    "aws_s3_account_public_access_block": "`baseline.publicAccessBlock`",
    "aws_scheduler_": "`jobs.KEY.schedule`, or `functions.KEY.triggers`",
    "aws_secretsmanager_": "values stay where they are; rotation is `secrets.KEY.rotation`",
    "aws_security_group": "rules follow from `uses`; there is no other way to open a port",
    "aws_vpc_security_group_": "rules follow from `uses`; there is no other way to open a port",
    "aws_service_discovery_": "`services.KEY.discoverable`",
    "aws_ses": "`mail`",
    "aws_sfn_": "no part of a stack file has state machines: a resource beside it",
    "aws_sns_": "`topics`",
    "aws_sqs_": "`queues`",
    "aws_ssm_parameter": "`existing.parameters` lets a service read it",
    "aws_subnet": "it stays with its network",
    "aws_synthetics_": "`monitoring.canaries`",
    "aws_route_table": "it stays with its network",
    "aws_vpc_endpoint": "it stays with its network",
    "aws_vpc_peering_": "it stays with its network",
    "aws_wafv2_": "`firewalls`",
    "local_": "nothing of it is on AWS",
    "null_": "nothing of it is on AWS",
    "random_": "nothing of it is on AWS; a password that it made is a secret of the stack file",
    "terraform_data": "nothing of it is on AWS",
    "tls_": "nothing of it is on AWS; a key that it made belongs into a secret",
    "time_": "nothing of it is on AWS",
    "archive_": "nothing of it is on AWS; `functions.KEY.code` packs a folder",
}
"""By the longest beginning of the type that fits."""

NONE = (
    "no part of a stack file makes it: leave it in Terraform, or write it beside the stack file "
    "(docs/own-resources.md)"
)


def advice_of(type_: str) -> str:
    """What to do about a resource of a type."""
    fitting = [name for name in PART if type_.startswith(name)]
    return PART[max(fitting, key=len)] if fitting else NONE
