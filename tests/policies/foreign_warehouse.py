"""A data platform with Redshift, MSK and Glue, as its team would write it."""

from __future__ import annotations

from tests.policies.foreign_parts import (
    ACCOUNT,
    OWN_SOURCE,
    REGION,
    Project,
    add_bucket,
    add_group,
    add_key,
    add_log_bucket,
    add_logs,
    add_network,
    add_role,
    allow,
    trust,
)


def warehouse() -> Project:
    """A data platform: streams, a lake with crawlers and jobs, a warehouse."""
    project = Project("insights")
    key = add_key(project, "data")
    network = add_network(project, key)
    logs = add_log_bucket(project)
    lake = add_bucket(project, "lake", key, logs)
    add_bucket(project, "results", key, logs)
    lake_arn = f"arn:aws:s3:::{project.name}-lake-1a2b3c"
    project.add(
        "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
        "catalog",
        ACCOUNT,
        {
            "dataCatalogEncryptionSettings": {
                "encryptionAtRest": {
                    "catalogEncryptionMode": "SSE-KMS",
                    "sseAwsKmsKeyId": key("arn"),
                },
                "connectionPasswordEncryption": {
                    "returnConnectionPasswordEncrypted": True,
                    "awsKmsKeyId": key("arn"),
                },
            }
        },
    )
    security = project.add(
        "aws:glue/securityConfiguration:SecurityConfiguration",
        "etl",
        "etl",
        {
            "name": "etl",
            "encryptionConfiguration": {
                "s3Encryption": {"s3EncryptionMode": "SSE-KMS", "kmsKeyArn": key("arn")},
                "cloudwatchEncryption": {
                    "cloudwatchEncryptionMode": "SSE-KMS",
                    "kmsKeyArn": key("arn"),
                },
                "jobBookmarksEncryption": {
                    "jobBookmarksEncryptionMode": "CSE-KMS",
                    "kmsKeyArn": key("arn"),
                },
            },
        },
    )
    database = project.add(
        "aws:glue/catalogDatabase:CatalogDatabase",
        "raw",
        f"{ACCOUNT}:raw",
        {"name": "raw"},
        name="raw",
    )
    etl = add_role(
        project,
        "glue-etl",
        trust("glue.amazonaws.com", **OWN_SOURCE),
        ("service-role/AWSGlueServiceRole",),
        allow(["s3:ListBucket"], [lake_arn]),
        allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [f"{lake_arn}/*"]),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], [key("arn")]),
    )
    project.add(
        "aws:glue/crawler:Crawler",
        "raw",
        "raw",
        {
            "name": "raw",
            "role": etl("arn"),
            "databaseName": database("name"),
            "securityConfiguration": security("name"),
            "s3Targets": [{"path": f"s3://{project.name}-lake-1a2b3c/raw/"}],
            "schedule": "cron(15 2 * * ? *)",
        },
    )
    project.add(
        "aws:glue/job:Job",
        "sessions",
        "sessions",
        {
            "name": "sessions",
            "roleArn": etl("arn"),
            "glueVersion": "5.0",
            "workerType": "G.1X",
            "numberOfWorkers": 4,
            "securityConfiguration": security("name"),
            "command": {
                "name": "glueetl",
                "pythonVersion": "3",
                "scriptLocation": f"s3://{project.name}-lake-1a2b3c/jobs/sessions.py",
            },
            "defaultArguments": {
                "--enable-metrics": "true",
                "--job-bookmark-option": "job-bookmark-enable",
                "--TempDir": f"s3://{project.name}-lake-1a2b3c/tmp/",
                "--source_secret": "insights/source",
            },
        },
    )
    project.add(
        "aws:athena/workgroup:Workgroup",
        "analysts",
        "analysts",
        {
            "name": "analysts",
            "configuration": {
                "enforceWorkgroupConfiguration": True,
                "publishCloudwatchMetricsEnabled": True,
                "bytesScannedCutoffPerQuery": 100000000000,
                "resultConfiguration": {
                    "outputLocation": f"s3://{project.name}-results-1a2b3c/athena/",
                    "encryptionConfiguration": {
                        "encryptionOption": "SSE_KMS",
                        "kmsKeyArn": key("arn"),
                    },
                },
            },
        },
    )
    stream = project.add(
        "aws:kinesis/stream:Stream",
        "events",
        "events",
        {
            "name": "events",
            "streamModeDetails": {"streamMode": "ON_DEMAND"},
            "encryptionType": "KMS",
            "kmsKeyId": key("id"),
            "retentionPeriod": 168,
        },
        arn=f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/events",
    )
    delivery = add_role(
        project,
        "firehose",
        trust("firehose.amazonaws.com", **OWN_SOURCE),
        (),
        allow(
            ["kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords"],
            stream("arn"),
        ),
        allow(["s3:PutObject", "s3:AbortMultipartUpload"], f"{lake_arn}/raw/*"),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key("arn")),
    )
    project.add(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "events",
        f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/events",
        {
            "name": "events",
            "destination": "extended_s3",
            "kinesisSourceConfiguration": {
                "kinesisStreamArn": stream("arn"),
                "roleArn": delivery("arn"),
            },
            "extendedS3Configuration": {
                "bucketArn": lake("arn"),
                "roleArn": delivery("arn"),
                "prefix": "raw/",
                "kmsKeyArn": key("arn"),
                "bufferingSize": 64,
            },
        },
    )
    clients = add_group(project, network, "stream-clients", {})
    brokers = add_group(project, network, "brokers", {9098: clients}, egress=False)
    broker_logs = add_logs(project, "kafka", "/msk/insights", key)
    project.add(
        "aws:msk/cluster:Cluster",
        "events",
        f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/events/1",
        {
            "clusterName": "events",
            "kafkaVersion": "3.8.x",
            "numberOfBrokerNodes": 2,
            "enhancedMonitoring": "PER_TOPIC_PER_BROKER",
            "brokerNodeGroupInfo": {
                "instanceType": "kafka.m7g.large",
                "clientSubnets": [one("id") for one in network.private],
                "securityGroups": [brokers("id")],
                "storageInfo": {"ebsStorageInfo": {"volumeSize": 500}},
            },
            "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
            "encryptionInfo": {
                "encryptionAtRestKmsKeyArn": key("arn"),
                "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True},
            },
            "loggingInfo": {
                "brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": broker_logs("name")}}
            },
        },
    )
    analysts = add_group(project, network, "analysts", {})
    store = add_group(project, network, "warehouse", {5439: analysts}, egress=False)
    subnets = project.add(
        "aws:redshift/subnetGroup:SubnetGroup",
        "warehouse",
        "warehouse",
        {"name": "warehouse", "subnetIds": [one("id") for one in network.private]},
    )
    parameters = project.add(
        "aws:redshift/parameterGroup:ParameterGroup",
        "warehouse",
        "warehouse",
        {
            "name": "warehouse",
            "family": "redshift-1.0",
            "parameters": [
                {"name": "require_ssl", "value": "true"},
                {"name": "enable_user_activity_logging", "value": "true"},
            ],
        },
    )
    loader = add_role(
        project,
        "redshift-load",
        trust("redshift.amazonaws.com", **OWN_SOURCE),
        (),
        allow("s3:ListBucket", lake_arn),
        allow("s3:GetObject", f"{lake_arn}/curated/*"),
        allow("kms:Decrypt", key("arn")),
    )
    redshift = project.add(
        "aws:redshift/cluster:Cluster",
        "warehouse",
        "warehouse",
        {
            "clusterIdentifier": "warehouse",
            "nodeType": "ra3.large",
            "clusterType": "multi-node",
            "numberOfNodes": 2,
            "multiAz": True,
            "databaseName": "insights",
            "masterUsername": "insights_admin",
            "manageMasterPassword": True,
            "masterPasswordSecretKmsKeyId": key("id"),
            "encrypted": "true",
            "kmsKeyId": key("arn"),
            "publiclyAccessible": False,
            "enhancedVpcRouting": True,
            "automatedSnapshotRetentionPeriod": 14,
            "clusterSubnetGroupName": subnets("name"),
            "clusterParameterGroupName": parameters("name"),
            "vpcSecurityGroupIds": [store("id")],
            "iamRoles": [loader("arn")],
            "skipFinalSnapshot": False,
            "finalSnapshotIdentifier": "warehouse-final",
        },
    )
    project.add(
        "aws:redshift/logging:Logging",
        "warehouse",
        "warehouse",
        {
            "clusterIdentifier": redshift("id"),
            "logDestinationType": "cloudwatch",
            "logExports": ["connectionlog", "useractivitylog", "userlog"],
        },
    )
    return project
