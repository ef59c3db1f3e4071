"""Attributes of carried-over resources that say nothing which a stack file could: by type.

AWS makes them up, or the entry's form says the same. All others that are set are told.
Source: "Attribute Reference" of each resource in the documentation of Terraform's AWS provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TAGS: Final = ("tags",)

_EVERY: Final = frozenset({"arn", "id", "tags_all", "region", "timeouts", "account_id"})

_DATABASE: Final = frozenset(
    {
        "address",
        "ca_cert_identifier",
        "endpoint",
        "hosted_zone_id",
        "resource_id",
        "status",
        "latest_restorable_time",
        "listener_endpoint",
        "master_user_secret",
        "replicas",
        "availability_zone",
        "identifier",
        "identifier_prefix",
        "engine_version_actual",
        "performance_insights_kms_key_id",
        "vpc_security_group_ids",
        "parameter_group_name",
        "option_group_name",
        "monitoring_role_arn",
        "network_type",
        "engine_lifecycle_support",
        "reader_endpoint",
        "cluster_resource_id",
        "cluster_members",
        "availability_zones",
        "db_cluster_parameter_group_name",
        "cluster_identifier",
        "cluster_identifier_prefix",
        "engine_mode",
        "final_snapshot_identifier",
        "skip_final_snapshot",
        "copy_tags_to_snapshot",
        "manage_master_user_password",
        "apply_immediately",
        "domain_dns_ips",
        "delete_automated_backups",
        "dedicated_log_volume",
        "auto_minor_version_upgrade",
    }
)
"""Networks, groups and names are the entry's own; snapshots follow the profile."""

SILENT: Final[Mapping[str, frozenset[str]]] = {
    type_: _EVERY | names
    for type_, names in {
        "aws_s3_bucket": frozenset(
            {
                "bucket_domain_name",
                "bucket_regional_domain_name",
                "hosted_zone_id",
                "bucket_prefix",
                "bucket_region",
                "bucket_namespace",
                "grant",
                "request_payer",
                "server_side_encryption_configuration",
                "versioning",
                "force_destroy",
            }
        ),
        "aws_dynamodb_table": frozenset(
            {
                "stream_arn",
                "stream_label",
                "deletion_protection_enabled",
                "table_class",
                "name",
            }
        ),
        "aws_sqs_queue": frozenset(
            {
                "name_prefix",
                "kms_data_key_reuse_period_seconds",
                "sqs_managed_sse_enabled",
                "url",
            }
        ),
        "aws_sns_topic": frozenset(
            {
                "name_prefix",
                "owner",
                "beginning_archive_time",
            }
        ),
        "aws_kinesis_stream": frozenset({"enforce_consumer_deletion", "encryption_type"}),
        "aws_secretsmanager_secret": frozenset(
            {"name_prefix", "recovery_window_in_days", "rotation_enabled"}
        ),
        "aws_ecr_repository": frozenset(
            {"registry_id", "repository_url", "image_scanning_configuration", "force_delete"}
        ),
        "aws_db_instance": _DATABASE,
        "aws_rds_cluster": _DATABASE,
        "aws_elasticache_replication_group": frozenset(
            {
                "primary_endpoint_address",
                "reader_endpoint_address",
                "member_clusters",
                "configuration_endpoint_address",
                "description",
                "parameter_group_name",
                "security_group_ids",
                "port",
                "automatic_failover_enabled",
                "multi_az_enabled",
                "engine_version_actual",
                "auto_minor_version_upgrade",
                "apply_immediately",
                "data_tiering_enabled",
                "cluster_mode",
                "cluster_enabled",
                "ip_discovery",
                "network_type",
                "transit_encryption_mode",
                "final_snapshot_identifier",
                "global_replication_group_id",
                "security_group_names",
                "auth_token_update_strategy",
            }
        ),
        "aws_cognito_user_pool": frozenset(
            {
                "creation_date",
                "custom_domain",
                "domain",
                "endpoint",
                "estimated_number_of_users",
                "last_modified_date",
                "username_configuration",
                "user_pool_tier",
                "auto_verified_attributes",
                "deletion_protection",
            }
        ),
        "aws_ecs_cluster": frozenset({"capacity_providers", "name", "setting"}),
        "aws_lb": frozenset(
            {
                "arn_suffix",
                "dns_name",
                "zone_id",
                "vpc_id",
                "security_groups",
                "subnets",
                "subnet_mapping",
                "name_prefix",
                "ip_address_type",
                "enable_http2",
                "desync_mitigation_mode",
                "drop_invalid_header_fields",
                "xff_header_processing_mode",
                "enable_deletion_protection",
                "client_keep_alive",
                "enforce_security_group_inbound_rules_on_private_link_traffic",
                "enable_cross_zone_load_balancing",
                "access_logs",
                "connection_logs",
                "health_check_logs",
                "minimum_load_balancer_capacity",
                "ipam_pools",
            }
        ),
        "aws_route53_zone": frozenset(
            {
                "name_servers",
                "primary_name_server",
                "comment",
                "force_destroy",
                "delegation_set_id",
                "zone_id",
                "enable_accelerated_recovery",
            }
        ),
        "aws_cloudwatch_log_group": frozenset(
            {"log_group_class", "name_prefix", "skip_destroy", "deletion_protection_enabled"}
        ),
        "aws_vpc": frozenset(
            {
                "default_network_acl_id",
                "default_route_table_id",
                "default_security_group_id",
                "dhcp_options_id",
                "enable_dns_hostnames",
                "enable_dns_support",
                "instance_tenancy",
                "ipv6_association_id",
                "ipv6_cidr_block",
                "main_route_table_id",
                "owner_id",
                "tags",
                "ipv6_cidr_block_network_border_group",
                "assign_generated_ipv6_cidr_block",
            }
        ),
        "aws_subnet": frozenset(
            {
                "availability_zone_id",
                "owner_id",
                "vpc_id",
                "tags",
                "map_public_ip_on_launch",
                "private_dns_hostname_type_on_launch",
                "assign_ipv6_address_on_creation",
                "ipv6_cidr_block",
                "ipv6_cidr_block_association_id",
                "outpost_arn",
            }
        ),
    }.items()
}
