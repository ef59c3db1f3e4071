"""Agents (Bedrock AgentCore), and what watches and feeds models (SageMaker): inside the network,
authorized, recorded, encrypted.

What AWS asks: "Security Hub CSPM controls for Amazon Bedrock AgentCore" and "... for SageMaker AI"
(AWS Security Hub User Guide, read 2026-11).
"""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..reading import Reading

_AGENTS: Final = "bedrock-agentcore/latest/devguide/"
_SAGEMAKER: Final = "sagemaker/latest/dg/"


@resource_control(
    of_own_code(
        "BedrockAgentCore.1",
        "Agents run in a network of the account",
        Severity.HIGH,
        "network_configuration={'network_mode': 'VPC', 'network_mode_config': {...}}",
        _AGENTS + "agentcore-vpc.html",
    ),
    aws.AGENT_RUNTIME,
)
def agent_in_network(runtime: Resource) -> Verdict:
    return require(_mode(runtime).equals("VPC"), "networkMode is not VPC")


@resource_control(
    of_own_code(
        "BedrockAgentCore.2",
        "Gateways of agents ask who is calling",
        Severity.HIGH,
        "authorizer_type='AWS_IAM' (or 'CUSTOM_JWT')",
        _AGENTS + "gateway-inbound-auth.html",
    ),
    aws.AGENT_GATEWAY,
)
def gateway_authorized(gateway: Resource) -> Verdict:
    return require(~gateway["authorizerType"].equals("NONE"), "authorizerType is NONE")


@resource_control(
    of_own_code(
        "BedrockAgentCore.5",
        "Browsers and code interpreters of agents run in a network of the account",
        Severity.HIGH,
        "network_configuration={'network_mode': 'VPC', 'vpc_config': {...}}",
        _AGENTS + "agentcore-vpc.html",
    ),
    aws.AGENT_BROWSER,
    aws.AGENT_INTERPRETER,
)
def tool_in_network(tool: Resource) -> Verdict:
    # An interpreter in a sandbox reaches S3 alone.
    private = ("VPC", "SANDBOX") if tool.type == aws.AGENT_INTERPRETER else ("VPC",)
    return require(_mode(tool).one_of(private), "networkMode is PUBLIC")


@resource_control(
    of_own_code(
        "BedrockAgentCore.6",
        "Sessions of agents' browsers are recorded",
        Severity.MEDIUM,
        "recording={'enabled': True, 's3_location': {'bucket': bucket.id, 'prefix': 'sessions'}}",
        _AGENTS + "browser-session-recording.html",
    ),
    aws.AGENT_BROWSER,
)
def sessions_recorded(browser: Resource) -> Verdict:
    recording = browser["recording"]
    return first_failure(
        require(recording["enabled"].is_true(), "recording.enabled is not true"),
        require(recording["s3Location"]["bucket"].present(), "recording names no bucket"),
    )


def _mode(resource: Resource) -> Reading:
    return resource["networkConfiguration"]["networkMode"]


@resource_control(
    of_own_code(
        "SageMaker.9",
        "Jobs that watch the quality of data encrypt traffic between their containers",
        Severity.MEDIUM,
        "network_config={'enable_inter_container_traffic_encryption': True}",
        _SAGEMAKER + "train-encrypt.html",
    ),
    aws.DATA_QUALITY,
)
def quality_encrypted(job: Resource) -> Verdict:
    return _encrypted(job["networkConfig"])


@resource_control(
    of_own_code(
        "SageMaker.11",
        "Jobs that watch the quality of data are isolated from the network",
        Severity.MEDIUM,
        "network_config={'enable_network_isolation': True}",
        _SAGEMAKER + "mkt-algo-model-internet-free.html",
    ),
    aws.DATA_QUALITY,
)
def quality_isolated(job: Resource) -> Verdict:
    return _isolated(job["networkConfig"])


@resource_control(
    of_own_code(
        "SageMaker.14",
        "Scheduled monitoring of models is isolated from the network",
        Severity.MEDIUM,
        "monitoring_job_definition={'network_config': {'enable_network_isolation': True}, ...}",
        _SAGEMAKER + "mkt-algo-model-internet-free.html",
    ),
    aws.MONITORING,
)
def monitoring_isolated(schedule: Resource) -> Verdict:
    return _of_schedule(schedule) or _isolated(_job(schedule)["networkConfig"])


@resource_control(
    of_own_code(
        "SageMaker.22",
        "Scheduled monitoring of models encrypts traffic between its containers",
        Severity.MEDIUM,
        "monitoring_job_definition={'network_config': "
        "{'enable_inter_container_traffic_encryption': True}, ...}",
        _SAGEMAKER + "train-encrypt.html",
    ),
    aws.MONITORING,
)
def monitoring_encrypted(schedule: Resource) -> Verdict:
    return _of_schedule(schedule) or _encrypted(_job(schedule)["networkConfig"])


def _job(schedule: Resource) -> Reading:
    return schedule["monitoringScheduleConfig"]["monitoringJobDefinition"]


def _of_schedule(schedule: Resource) -> Verdict | None:
    """The answer for a schedule that runs a definition of its own resource."""
    named = schedule["monitoringScheduleConfig"]["monitoringJobDefinitionName"]
    if named.is_absent or not _job(schedule).is_absent:
        return None
    return not_applicable("the job definition that it names is judged")


def _encrypted(network: Reading) -> Verdict:
    return require(
        network["enableInterContainerTrafficEncryption"].is_true(),
        "enableInterContainerTrafficEncryption is not true",
    )


def _isolated(network: Reading) -> Verdict:
    return require(
        network["enableNetworkIsolation"].is_true(), "enableNetworkIsolation is not true"
    )


@resource_control(
    of_own_code(
        "SageMaker.17",
        "Feature stores are encrypted with a KMS key",
        Severity.MEDIUM,
        "offline_store_config={'s3_storage_config': {'kms_key_id': key.arn, ...}}, "
        "online_store_config={'security_config': {'kms_key_id': key.arn}, ...}",
        _SAGEMAKER + "feature-store-security.html",
    ),
    aws.FEATURE_GROUP,
)
def features_encrypted(group: Resource) -> Verdict:
    offline, online = group["offlineStoreConfig"], group["onlineStoreConfig"]
    in_memory = online["storageType"].equals("InMemory")
    return first_failure(
        require(
            offline.absent() | group.provided(offline["s3StorageConfig"]["kmsKeyId"], *aws.KEYS),
            "the offline store names no key",
        ),
        require(
            ~online["enableOnlineStore"].is_true()
            | in_memory
            | group.provided(online["securityConfig"]["kmsKeyId"], *aws.KEYS),
            "the online store names no key",
        ),
    )


CONTROLS: Final[tuple[Control, ...]] = (
    agent_in_network,
    gateway_authorized,
    tool_in_network,
    sessions_recorded,
    quality_encrypted,
    quality_isolated,
    monitoring_isolated,
    monitoring_encrypted,
    features_encrypted,
)
