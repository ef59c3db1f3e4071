"""Brokers of messages and streams (Amazon MSK, Amazon MQ): private, authenticated, logged."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, require, where
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..unknown import any_of

_MSK: Final = "msk/latest/developerguide/"
_MQ: Final = "amazon-mq/latest/developer-guide/"
# Of enhancedMonitoring: what tells more than a broker as a whole (MSK.2).
_BY_TOPIC: Final = ("PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION")


@resource_control(
    of_own_code(
        "MSK.1",
        "Traffic between Kafka brokers is encrypted",
        Severity.MEDIUM,
        "encryption_info={'encryption_in_transit': {'in_cluster': True}} (the default)",
        _MSK + "msk-encryption.html",
    ),
    aws.KAFKA_CLUSTER,
)
def encrypted_between_brokers(cluster: Resource) -> Verdict:
    return require(
        cluster.at("encryptionInfo.encryptionInTransit.inCluster").is_true(),
        "encryptionInTransit.inCluster is false",
    )


@resource_control(
    of_own_code(
        "MSK.client-tls",
        "Kafka clusters take clients over TLS only",
        Severity.HIGH,
        "encryption_info={'encryption_in_transit': {'client_broker': 'TLS'}} (the default)",
        _MSK + "msk-encryption.html",
    ),
    aws.KAFKA_CLUSTER,
)
def clients_over_tls(cluster: Resource) -> Verdict:
    return require(
        cluster.at("encryptionInfo.encryptionInTransit.clientBroker").equals("TLS"),
        "encryptionInTransit.clientBroker lets in plain text",
    )


@resource_control(
    of_own_code(
        "MSK.2",
        "Kafka clusters are monitored by topic",
        Severity.LOW,
        "enhanced_monitoring='PER_TOPIC_PER_BROKER'",
        _MSK + "metrics-details.html",
    ),
    aws.KAFKA_CLUSTER,
)
def monitored(cluster: Resource) -> Verdict:
    return require(
        cluster["enhancedMonitoring"].one_of(_BY_TOPIC), "enhancedMonitoring is not by topic"
    )


@resource_control(
    of_own_code(
        "MSK.3",
        "Kafka connectors use TLS",
        Severity.MEDIUM,
        "kafka_cluster_encryption_in_transit={'encryption_type': 'TLS'}",
        _MSK + "mkc-create-connector-intro.html",
    ),
    aws.KAFKA_CONNECTOR,
)
def connector_over_tls(connector: Resource) -> Verdict:
    return require(
        connector.at("kafkaClusterEncryptionInTransit.encryptionType").equals("TLS"),
        "kafkaClusterEncryptionInTransit.encryptionType is not TLS",
    )


@resource_control(
    of_own_code(
        "MSK.4",
        "Kafka clusters have no public address",
        Severity.CRITICAL,
        "connectivity_info={'public_access': {'type': 'DISABLED'}} (the default)",
        _MSK + "public-access.html",
    ),
    aws.KAFKA_CLUSTER,
)
def kafka_private(cluster: Resource) -> Verdict:
    kind = cluster.at("brokerNodeGroupInfo.connectivityInfo.publicAccess.type")
    return require(kind.absent() | kind.equals("DISABLED"), "publicAccess.type is not DISABLED")


@resource_control(
    of_own_code(
        "MSK.5",
        "Kafka connectors are logged",
        Severity.MEDIUM,
        "log_delivery={'worker_log_delivery': {'cloudwatch_logs': {'enabled': True, ...}}}",
        _MSK + "msk-connect-logging.html",
    ),
    aws.KAFKA_CONNECTOR,
)
def connector_logged(connector: Resource) -> Verdict:
    logs = connector["logDelivery"]["workerLogDelivery"]
    return require(
        any_of(logs[name]["enabled"].is_true() for name in ("cloudwatchLogs", "firehose", "s3")),
        "no worker log is delivered",
    )


@resource_control(
    of_own_code(
        "MSK.6",
        "Kafka clusters know their clients",
        Severity.MEDIUM,
        "client_authentication={'sasl': {'iam': True}}",
        _MSK + "kafka_apis_iam.html",
    ),
    aws.KAFKA_CLUSTER,
)
def clients_known(cluster: Resource) -> Verdict:
    authentication = cluster["clientAuthentication"]
    known = (
        authentication["sasl"]["iam"].is_true()
        | authentication["sasl"]["scram"].is_true()
        | authentication["tls"]["certificateAuthorityArns"].present()
    )
    return require(
        known & ~authentication["unauthenticated"].is_true(),
        "clientAuthentication lets in clients without a credential",
    )


def _active_mq(broker: Resource, verdict: Verdict) -> Verdict:
    return where(broker["engineType"].matches("^activemq$"), verdict, "it is not ActiveMQ")


@resource_control(
    of_own_code(
        "MQ.2",
        "ActiveMQ brokers write audit logs",
        Severity.MEDIUM,
        "logs={'audit': True, 'general': True}",
        _MQ + "configure-logging-monitoring-activemq.html",
    ),
    aws.BROKER,
)
def broker_audited(broker: Resource) -> Verdict:
    return _active_mq(broker, require(broker.at("logs.audit").is_true(), "logs.audit is not true"))


@resource_control(
    of_own_code(
        "MQ.5",
        "ActiveMQ brokers have a standby",
        Severity.LOW,
        "deployment_mode='ACTIVE_STANDBY_MULTI_AZ'",
        _MQ + "active-standby-broker-deployment.html",
    ),
    aws.BROKER,
)
def broker_stands_by(broker: Resource) -> Verdict:
    return _active_mq(
        broker,
        require(
            broker["deploymentMode"].equals("ACTIVE_STANDBY_MULTI_AZ"),
            "deploymentMode is not ACTIVE_STANDBY_MULTI_AZ",
        ),
    )


@resource_control(
    of_own_code(
        "MQ.6",
        "RabbitMQ brokers are clusters",
        Severity.LOW,
        "deployment_mode='CLUSTER_MULTI_AZ'",
        _MQ + "rabbitmq-broker-architecture-cluster.html",
    ),
    aws.BROKER,
)
def broker_clustered(broker: Resource) -> Verdict:
    return where(
        broker["engineType"].matches("^rabbitmq$"),
        require(
            broker["deploymentMode"].equals("CLUSTER_MULTI_AZ"),
            "deploymentMode is not CLUSTER_MULTI_AZ",
        ),
        "it is not RabbitMQ",
    )


@resource_control(
    of_own_code(
        "MQ.private",
        "Brokers have no public address",
        Severity.CRITICAL,
        "publicly_accessible=False (the default)",
        _MQ + "using-amazon-mq-securely.html",
    ),
    aws.BROKER,
)
def broker_private(broker: Resource) -> Verdict:
    return require(~broker["publiclyAccessible"].is_true(), "publiclyAccessible is true")


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted_between_brokers,
    clients_over_tls,
    monitored,
    connector_over_tls,
    kafka_private,
    connector_logged,
    clients_known,
    broker_audited,
    broker_stands_by,
    broker_clustered,
    broker_private,
)
