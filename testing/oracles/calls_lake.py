"""The operations behind what records come through and are asked in: streams, catalogs, queries."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:athena/namedQuery:NamedQuery": call("athena", "CreateNamedQuery", query="QueryString"),
    # A workgroup is made enabled; another state is an update's.
    "aws:athena/workgroup:Workgroup": call(
        "athena", "CreateWorkGroup", state="UpdateWorkGroup:State"
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": Call(
        "glue",
        "CreateDatabase",
        {
            key: f"DatabaseInput.{key}"
            for key in (
                "name",
                "description",
                "locationUri",
                "parameters",
                "createTableDefaultPermissions",
                "targetDatabase",
                "federatedDatabase",
            )
        },
    ),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": call(
        "glue", "PutDataCatalogEncryptionSettings"
    ),
    "aws:glue/catalogTable:CatalogTable": Call(
        "glue",
        "CreateTable",
        {"partitionIndices": "PartitionIndexes"}
        | {
            key: f"TableInput.{key}"
            for key in (
                "name",
                "description",
                "owner",
                "retention",
                "storageDescriptor",
                "partitionKeys",
                "viewOriginalText",
                "viewExpandedText",
                "tableType",
                "parameters",
                "targetTable",
            )
        },
    ),
    # Which destination it is, the request says by the configuration it carries.
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": call(
        "firehose",
        "CreateDeliveryStream",
        "destination",
        name="DeliveryStreamName",
        extendedS3Configuration="ExtendedS3DestinationConfiguration",
        kinesisSourceConfiguration="KinesisStreamSourceConfiguration",
        serverSideEncryption="DeliveryStreamEncryptionConfigurationInput",
    ),
    # A stream is made with a day of retention and unencrypted; operations of their own follow.
    "aws:kinesis/stream:Stream": call(
        "kinesis",
        "CreateStream",
        name="StreamName",
        retentionPeriod="IncreaseStreamRetentionPeriod:RetentionPeriodHours",
        encryptionType="StartStreamEncryption:EncryptionType",
        kmsKeyId="StartStreamEncryption:KeyId",
        shardLevelMetrics="EnableEnhancedMonitoring:ShardLevelMetrics",
        enforceConsumerDeletion="DeleteStream:EnforceConsumerDeletion",
    ),
    "aws:kinesis/resourcePolicy:ResourcePolicy": call(
        "kinesis", "PutResourcePolicy", resourceArn="ResourceARN"
    ),
    "aws:kinesis/streamConsumer:StreamConsumer": call(
        "kinesis", "RegisterStreamConsumer", name="ConsumerName"
    ),
}
"""By Pulumi type token."""
