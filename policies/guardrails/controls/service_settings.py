"""Services with a question or two each: encrypted, over TLS, up to date, logged, switched on.

A table says for each type which input has to have which value; AWS's defaults stand beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require, where
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..reading import Reading
from ..unknown import Tri, any_of

_Question = Callable[[Reading], Tri]


def _true(reading: Reading) -> Tri:
    return reading.is_true()


def _not_true(reading: Reading) -> Tri:
    return ~reading.is_true()


def _not_false(reading: Reading) -> Tri:
    return ~reading.equals(False)


def _given(reading: Reading) -> Tri:
    return reading.present()


def _is(*wanted: str) -> _Question:
    return lambda reading: reading.one_of(wanted)


def _is_not(*unwanted: str) -> _Question:
    return lambda reading: ~reading.one_of(unwanted)


def _logged(reading: Reading) -> Tri:
    return reading.parsed()["Logging"]["EnableLogging"].is_true()


class Ask(NamedTuple):
    """What an input of a type has to answer, where ``only`` (another input) is given, if any."""

    path: str
    question: _Question
    found: str
    only: str = ""


_REPLICATION: Final = "aws:dms/replicationInstance:ReplicationInstance"
_ENCRYPTED: Final[Mapping[str, tuple[Ask, ...]]] = {
    "aws:workspaces/workspace:Workspace": (
        Ask("rootVolumeEncryptionEnabled", _true, "rootVolumeEncryptionEnabled is not true"),
        Ask("userVolumeEncryptionEnabled", _true, "userVolumeEncryptionEnabled is not true"),
    ),
    "aws:appsync/apiCache:ApiCache": (
        Ask("atRestEncryptionEnabled", _true, "atRestEncryptionEnabled is not true"),
    ),
    aws.GLOBAL_CLUSTER: (Ask("storageEncrypted", _true, "storageEncrypted is not true"),),
    "aws:neptune/globalCluster:GlobalCluster": (
        Ask("storageEncrypted", _true, "storageEncrypted is not true"),
    ),
    "aws:docdb/globalCluster:GlobalCluster": (
        Ask("storageEncrypted", _true, "storageEncrypted is not true"),
    ),
    "aws:codebuild/reportGroup:ReportGroup": (
        Ask(
            "exportConfig.s3Destination.encryptionDisabled",
            _not_true,
            "encryptionDisabled is true",
            only="exportConfig.s3Destination",
        ),
    ),
}
_OVER_TLS: Final[Mapping[str, tuple[Ask, ...]]] = {
    aws.MIGRATION_ENDPOINT: (
        Ask("sslMode", _is("require", "verify-ca", "verify-full"), "sslMode is none"),
    ),
    "aws:appsync/apiCache:ApiCache": (
        Ask("transitEncryptionEnabled", _true, "transitEncryptionEnabled is not true"),
    ),
    aws.TOPIC_SUBSCRIPTION: (Ask("protocol", _is_not("http"), "protocol is http"),),
}
_UPDATED: Final[Mapping[str, tuple[Ask, ...]]] = {
    _REPLICATION: (Ask("autoMinorVersionUpgrade", _true, "autoMinorVersionUpgrade is not true"),),
    aws.MEMORY_CLUSTER: (
        Ask(
            "autoMinorVersionUpgrade",
            _not_false,
            "autoMinorVersionUpgrade is false",
        ),
    ),
}
_LOGS: Final[Mapping[str, tuple[Ask, ...]]] = {
    "aws:connect/instance:Instance": (
        Ask("contactFlowLogsEnabled", _true, "contactFlowLogsEnabled is not true"),
    ),
    "aws:dms/replicationTask:ReplicationTask": (
        Ask("replicationTaskSettings", _logged, "replicationTaskSettings turn no logging on"),
    ),
    "aws:transfer/connector:Connector": (Ask("loggingRole", _given, "loggingRole is not set"),),
}
_ON: Final[Mapping[str, tuple[Ask, ...]]] = {
    "aws:macie2/account:Account": (Ask("status", _is_not("PAUSED"), "status is PAUSED"),),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": tuple(
        Ask(flag, _true, f"{flag} is not true") for flag in aws.PUBLIC_ACCESS_FLAGS
    ),
    "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": tuple(
        Ask(f"details.publicAccessBlock.{flag}", _not_false, f"{flag} is false")
        for flag in aws.PUBLIC_ACCESS_FLAGS
    ),
    "aws:networkfirewall/firewall:Firewall": (
        Ask("deleteProtection", _true, "deleteProtection is not true"),
        Ask("subnetChangeProtection", _true, "subnetChangeProtection is not true"),
    ),
}
# Engines whose endpoints have no sslMode: they are reached over AWS's own API, or by settings.
_WITHOUT_MODE: Final = (
    "azuredb", "docdb", "dynamodb", "elasticsearch", "kafka", "kinesis", "neptune", "opensearch",
    "redis", "redshift", "s3", "timestream", "babelfish",
)  # fmt: skip


def _answers(resource: Resource, asked: tuple[Ask, ...]) -> Iterator[Verdict]:
    for ask in asked:
        if ask.only and resource.at(ask.only).is_absent:
            continue
        yield require(ask.question(resource.at(ask.path)), ask.found)


def _verdict(resource: Resource, table: Mapping[str, tuple[Ask, ...]]) -> Verdict:
    verdicts = tuple(_answers(resource, table[resource.type]))
    return first_failure(*verdicts) if verdicts else not_applicable("it has no such part")


@resource_control(
    of_own_code(
        "KMS.services-encrypted",
        "Desktops, caches, global clusters and reports of other services are encrypted at rest",
        Severity.MEDIUM,
        "root_volume_encryption_enabled=True, storage_encrypted=True, ...",
        "kms/latest/developerguide/service-integration.html",
    ),
    *_ENCRYPTED,
)
def services_encrypted(resource: Resource) -> Verdict:
    # A global cluster made from one that is there has that one's encryption.
    if resource["sourceDbClusterIdentifier"].present() is Tri.YES:
        return not_applicable("encryption follows the cluster it is made from")
    return _verdict(resource, _ENCRYPTED)


@resource_control(
    of_own_code(
        "ACM.service-tls",
        "Migrations, caches of APIs and subscribers exchange data over TLS only",
        Severity.MEDIUM,
        "ssl_mode='require', transit_encryption_enabled=True, protocol='https'",
        "dms/latest/userguide/CHAP_Security.SSL.html",
        stack="monitoring.subscribers.<key>.https; a stack file makes none of the others",
    ),
    *_OVER_TLS,
)
def services_over_tls(resource: Resource) -> Verdict:
    if (
        resource.type == aws.MIGRATION_ENDPOINT
        and resource["engineName"].one_of(_WITHOUT_MODE) is Tri.YES
    ):
        if resource["engineName"].equals("redis") is Tri.YES:
            # Without a choice, DMS takes ssl-encryption.
            protocol = resource["redisSettings"]["sslSecurityProtocol"]
            return require(~protocol.equals("plaintext"), "sslSecurityProtocol is plaintext")
        return not_applicable("endpoints of this engine have no sslMode")
    return _verdict(resource, _OVER_TLS)


@resource_control(
    of_own_code(
        "SSM.service-updates",
        "Migrations and stores in memory get minor versions by themselves",
        Severity.MEDIUM,
        "auto_minor_version_upgrade=True",
        "dms/latest/userguide/CHAP_ReplicationInstance.EngineVersions.html",
    ),
    *_UPDATED,
)
def services_updated(resource: Resource) -> Verdict:
    return _verdict(resource, _UPDATED)


@resource_control(
    of_own_code(
        "Logs.services",
        "Migrations, contact centres and file transfers of other services are logged",
        Severity.MEDIUM,
        "contact_flow_logs_enabled=True, logging_role=role.arn, ...",
        "dms/latest/userguide/CHAP_Monitoring.html",
    ),
    *_LOGS,
)
def services_logged(resource: Resource) -> Verdict:
    return _verdict(resource, _LOGS)


@resource_control(
    of_own_code(
        "Config.protections-on",
        "What protects the account or the network is switched on, and stays on",
        Severity.HIGH,
        "status='ENABLED', the four flags true, delete_protection=True",
        "AmazonS3/latest/userguide/access-control-block-public-access.html",
        stack="baseline.publicAccessBlock: true; a stack file makes none of the others",
    ),
    *_ON,
)
def protections_on(resource: Resource) -> Verdict:
    return _verdict(resource, _ON)


@resource_control(
    of_own_code(
        "EC2.firewall-policy",
        "Network firewalls look at what they let pass",
        Severity.MEDIUM,
        "stateless_default_actions=['aws:forward_to_sfe'], fragments dropped or forwarded",
        "network-firewall/latest/developerguide/stateless-default-actions.html",
    ),
    aws.NETWORK_FIREWALL_POLICY,
)
def firewall_looks(policy: Resource) -> Verdict:
    block = policy["firewallPolicy"]
    groups = (f"state{kind}RuleGroupReferences" for kind in ("ful", "less"))
    return first_failure(
        *(
            require(~block[part].includes("aws:pass"), f"{part} pass everything")
            for part in ("statelessDefaultActions", "statelessFragmentDefaultActions")
        ),
        require(any_of(block[group].present() for group in groups), "it has no rule group"),
    )


_BEANSTALK: Final[Mapping[tuple[str, str], str]] = {
    ("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled"): "false",
    ("aws:elasticbeanstalk:healthreporting:system", "SystemType"): "basic",
    ("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs"): "false",
}


def _switched_off(setting: Reading) -> Tri:
    if setting["namespace"].is_unknown or setting["name"].is_unknown:
        return Tri.UNKNOWN
    key = (setting["namespace"].text() or "", setting["name"].text() or "")
    off = _BEANSTALK.get(key)
    return Tri.NO if off is None else setting["value"].matches(f"^{off}$")


@resource_control(
    of_own_code(
        "EC2.beanstalk-managed",
        "Environments of Elastic Beanstalk are updated, watched and logged",
        Severity.MEDIUM,
        "ManagedActionsEnabled true, SystemType enhanced, StreamLogs true",
        "elasticbeanstalk/latest/dg/environment-platform-update-managed.html",
    ),
    aws.BEANSTALK,
)
def environment_managed(environment: Resource) -> Verdict:
    if environment["settings"].is_absent:
        return not_applicable("it has no settings of its own")
    return require(
        ~environment["settings"].some(_switched_off),
        "managed updates, health reports or logs are switched off",
    )


@resource_control(
    of_own_code(
        "DMS.11",
        "Migrations sign in to MongoDB",
        Severity.MEDIUM,
        "mongodb_settings={'auth_type': 'password', ...} (the default)",
        "dms/latest/userguide/CHAP_Source.MongoDB.html",
    ),
    aws.MIGRATION_ENDPOINT,
)
def signs_in_to_mongo(endpoint: Resource) -> Verdict:
    return where(
        endpoint["engineName"].equals("mongodb"),
        require(~endpoint["mongodbSettings"]["authType"].equals("no"), "authType is no"),
        "it is no endpoint for MongoDB",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    services_encrypted,
    services_over_tls,
    services_updated,
    services_logged,
    protections_on,
    firewall_looks,
    environment_managed,
    signs_in_to_mongo,
)
