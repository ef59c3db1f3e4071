"""Streams, catalogs and queries: encrypted, with settings nobody can step around."""

from typing import Final

from .. import aws
from ..control import Control, Parameters, Severity, Verdict, first_failure, require, where
from ..define import Facts, graph_control, measured_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..plain_sight import derived, plain_values
from ..unknown import Tri, any_of

# Commands of Spark jobs; what is left are Python shell and Ray.
_SPARK: Final = ("glueetl", "gluestreaming")


@resource_control(
    Facts(
        "DataFirehose.1",
        "Delivery streams are encrypted at rest",
        Severity.MEDIUM,
        "monitoring.archive: {bucket: <key>}, whose delivery stream is always encrypted",
        "server_side_encryption={'enabled': True, 'key_type': 'CUSTOMER_MANAGED_CMK', ...}",
        "firehose/latest/dev/encryption.html",
    ),
    aws.FIREHOSE,
)
def delivery_encrypted(stream: Resource) -> Verdict:
    from_stream = stream.at("kinesisSourceConfiguration.kinesisStreamArn").present()
    on = stream.at("serverSideEncryption.enabled").is_true()
    return where(
        ~from_stream | on,
        require(on, "serverSideEncryption is not enabled"),
        "its source stream holds and encrypts the records",
    )


@resource_control(
    Facts(
        "Kinesis.1",
        "Streams are encrypted at rest",
        Severity.MEDIUM,
        "streams.<key>, which are always encrypted with the customer key",
        "encryption_type='KMS', kms_key_id=key.arn",
        "streams/latest/dev/server-side-encryption.html",
    ),
    aws.STREAM,
)
def stream_encrypted(stream: Resource) -> Verdict:
    return require(stream["encryptionType"].equals("KMS"), "encryptionType is not KMS")


@graph_control(
    Facts(
        "Glue.encrypted-jobs",
        "Crawlers and jobs encrypt what they write",
        Severity.MEDIUM,
        "catalogs.<key>.crawlers, whose logs are always encrypted with the customer key",
        "security_configuration=configuration.name",
        "glue/latest/dg/encryption-security-configuration.html",
    ),
    aws.CRAWLER,
    aws.GLUE_JOB,
)
def jobs_encrypted(job: Resource, stack: Stack) -> Verdict:
    configuration = job["securityConfiguration"]
    if configuration.is_absent:
        return require(Tri.NO, "securityConfiguration is not set")
    found = stack.follow(job, "securityConfiguration", aws.GLUE_SECURITY)
    if not found.found:
        return require(Tri.UNKNOWN, "its security configuration is not in this stack")
    on = any_of(_encrypts(one) for one in found.found)
    return require(on & found.complete, "its security configuration leaves something plain")


@measured_control(
    of_own_code(
        "Glue.4",
        "Spark jobs run on a supported version of Glue",
        Severity.MEDIUM,
        "glue_version='5.1'",
        "glue/latest/dg/glue-version-support-policy.html",
        parameters={"oldest": 3.0},
    ),
    aws.GLUE_JOB,
)
def supported_spark(job: Resource, parameters: Parameters) -> Verdict:
    oldest = parameters["oldest"]
    assert isinstance(oldest, (int, float))
    version = job["glueVersion"]
    # A job that names none gets the newest ("Jobs", AWS Glue API, 2026-11).
    return where(
        job.at("command.name").absent() | job.at("command.name").one_of(_SPARK),
        require(version.absent() | version.at_least(oldest), f"glueVersion is below {oldest:g}"),
        "it is no Spark job",
    )


@resource_control(
    Facts(
        "Glue.encrypted-catalog",
        "The data catalog encrypts metadata and passwords of connections",
        Severity.MEDIUM,
        "baseline.catalogEncryption (the default)",
        "data_catalog_encryption_settings={'encryption_at_rest': {'catalog_encryption_mode': "
        "'SSE-KMS', ...}, 'connection_password_encryption': "
        "{'return_connection_password_encrypted': True, ...}}",
        "glue/latest/dg/encrypt-glue-data-catalog.html",
    ),
    aws.CATALOG_ENCRYPTION,
)
def catalog_encrypted(settings: Resource) -> Verdict:
    encryption = settings["dataCatalogEncryptionSettings"]
    passwords = encryption["connectionPasswordEncryption"]
    return first_failure(
        require(
            encryption["encryptionAtRest"]["catalogEncryptionMode"].one_of(
                ("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")
            ),
            "catalogEncryptionMode is DISABLED",
        ),
        require(
            passwords["returnConnectionPasswordEncrypted"].is_true(),
            "returnConnectionPasswordEncrypted is not true",
        ),
    )


def _encrypts(configuration: Resource) -> Tri:
    encryption = configuration["encryptionConfiguration"]
    return (
        encryption["s3Encryption"]["s3EncryptionMode"].one_of(("SSE-KMS", "SSE-S3"))
        & encryption["cloudwatchEncryption"]["cloudwatchEncryptionMode"].equals("SSE-KMS")
        & encryption["jobBookmarksEncryption"]["jobBookmarksEncryptionMode"].equals("CSE-KMS")
    )


@resource_control(
    Facts(
        "Athena.encrypted",
        "Query results are encrypted with a customer key",
        Severity.MEDIUM,
        "queries.<key> always encrypts results; there is no setting to turn it off",
        "result_configuration={'encryption_configuration': {'encryption_option': 'SSE_KMS', ...}}",
        "athena/latest/ug/encrypting-query-results-stored-in-s3.html",
    ),
    aws.WORKGROUP,
)
def results_encrypted(group: Resource) -> Verdict:
    encryption = group.at("configuration.resultConfiguration.encryptionConfiguration")
    managed = group.at("configuration.managedQueryResultsConfiguration")
    return require(
        (
            encryption["encryptionOption"].one_of(("SSE_KMS", "CSE_KMS"))
            & group.customer_key(encryption["kmsKeyArn"])
        )
        | (managed["enabled"].is_true() & managed["encryptionConfiguration"]["kmsKey"].present()),
        "results are not encrypted with a key",
    )


@resource_control(
    Facts(
        "Athena.enforced",
        "Queries cannot step around the workgroup's settings",
        Severity.MEDIUM,
        "queries.<key> always enforces its settings; there is no setting to turn it off",
        "configuration={'enforce_workgroup_configuration': True, ...}",
        "athena/latest/ug/workgroups-settings-override.html",
    ),
    aws.WORKGROUP,
)
def settings_enforced(group: Resource) -> Verdict:
    return require(
        group.at("configuration.enforceWorkgroupConfiguration").is_true(),
        "enforceWorkgroupConfiguration is false",
    )


@resource_control(
    Facts(
        "Athena.4",
        "Workgroups publish metrics",
        Severity.MEDIUM,
        "queries.<key> always publishes metrics; there is no setting to turn it off",
        "configuration={'publish_cloudwatch_metrics_enabled': True, ...}",
        "athena/latest/ug/query-metrics-viewing.html",
    ),
    aws.WORKGROUP,
)
def workgroup_metrics(group: Resource) -> Verdict:
    return require(
        group.at("configuration.publishCloudwatchMetricsEnabled").is_true(),
        "publishCloudwatchMetricsEnabled is false",
    )


@resource_control(
    Facts(
        "Glue.secret-arguments",
        "Arguments of jobs hold no credentials",
        Severity.HIGH,
        "no tier of a stack file makes jobs of Glue",
        "read the secret in the job: boto3.client('secretsmanager').get_secret_value",
        "glue/latest/dg/aws-glue-programming-etl-glue-arguments.html",
    ),
    aws.GLUE_JOB,
)
def arguments_without_secrets(job: Resource) -> Verdict:
    return first_failure(
        *(
            verdict
            for name in ("defaultArguments", "nonOverridableArguments")
            for verdict in plain_values(job[name], "argument", derived(job, name))
        )
    )


CONTROLS: Final[tuple[Control, ...]] = (
    delivery_encrypted,
    stream_encrypted,
    jobs_encrypted,
    supported_spark,
    catalog_encrypted,
    results_encrypted,
    settings_enforced,
    workgroup_metrics,
    arguments_without_secrets,
)
