"""What AWS and its provider do with an input that a program leaves out.

Sources: the AWS provider's schema (pulumi-aws 7.51.1, "Defaults to ..." of each input) and the
service's API reference, read 2026-11. Only inputs that a control reads stand here, and only those
whose default is not simply "off": an input that is absent and not listed counts as not set.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import aws

_TABLE: Final[dict[str, dict[str, object]]] = {
    aws.DB_INSTANCE: {"autoMinorVersionUpgrade": True},
    aws.DB_CLUSTER_INSTANCE: {"autoMinorVersionUpgrade": True},
    # CreateDBCluster: one day when the period is left out.
    aws.DB_CLUSTER: {"backupRetentionPeriod": 1},
    aws.TABLE: {"billingMode": "PROVISIONED"},
    aws.ECS_SERVICE: {"platformVersion": "LATEST", "deploymentController.type": "ECS"},
    aws.REPOSITORY: {"imageTagMutability": "MUTABLE"},
    aws.LOAD_BALANCER: {
        "loadBalancerType": "application",
        "internal": False,
        "desyncMitigationMode": "defensive",
    },
    aws.LISTENER: {"protocol": "HTTP"},
    aws.TARGET_GROUP: {"targetType": "instance"},
    aws.DISTRIBUTION: {"viewerCertificate.minimumProtocolVersion": "TLSv1"},
    aws.SECURITY_GROUP_RULE: {"self": False},
    # "Message encryption at rest", SQS Developer Guide: new queues use SSE-SQS since 2022-10.
    aws.QUEUE: {"sqsManagedSseEnabled": True},
    aws.CERTIFICATE: {"keyAlgorithm": "RSA_2048"},
    aws.ALARM: {"actionsEnabled": True},
    aws.COMPOSITE_ALARM: {"actionsEnabled": True},
    aws.CACHE_GROUP: {"autoMinorVersionUpgrade": True},
    aws.TRAIL: {"includeGlobalServiceEvents": True, "enableLogging": True},
    aws.DETECTOR: {"enable": True},
    aws.USER_POOL: {"mfaConfiguration": "OFF"},
    aws.WORKGROUP: {
        "configuration.enforceWorkgroupConfiguration": True,
        "configuration.publishCloudwatchMetricsEnabled": True,
    },
    aws.KEY: {
        "keyUsage": "ENCRYPT_DECRYPT",
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "isEnabled": True,
    },
    aws.FUNCTION: {"packageType": "Zip"},
    aws.HTTP_API: {"disableExecuteApiEndpoint": False},
    aws.REST_METHOD: {"authorization": "NONE"},
    aws.HTTP_ROUTE: {"authorizationType": "NONE"},
    aws.FLOW_LOG: {"logDestinationType": "cloud-watch-logs"},
    aws.VPC_ENDPOINT: {"vpcEndpointType": "Gateway"},
    aws.TRANSIT_GATEWAY: {"autoAcceptSharedAttachments": "disable"},
    aws.NETWORK_INTERFACE: {"sourceDestCheck": True},
    aws.EKS_CLUSTER: {"vpcConfig.endpointPublicAccess": True},
    aws.REDSHIFT: {
        "allowVersionUpgrade": True,
        "automatedSnapshotRetentionPeriod": 1,
        "encrypted": True,
    },
    aws.DOCUMENT_CLUSTER: {"backupRetentionPeriod": 1},
    aws.GRAPH_CLUSTER: {"backupRetentionPeriod": 1},
    aws.KAFKA_CLUSTER: {
        "encryptionInfo.encryptionInTransit.inCluster": True,
        "encryptionInfo.encryptionInTransit.clientBroker": "TLS",
    },
    aws.BROKER: {"deploymentMode": "SINGLE_INSTANCE"},
    aws.NOTEBOOK: {"directInternetAccess": "Enabled", "rootAccess": "Enabled"},
}

_NONE: Final[Mapping[str, object]] = MappingProxyType({})
DEFAULTS: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {kind: MappingProxyType(inputs) for kind, inputs in _TABLE.items() if inputs}
)


def defaults_of(resource_type: str) -> Mapping[str, object]:
    """The inputs' defaults of a type, by dotted path."""
    return DEFAULTS.get(resource_type, _NONE)
