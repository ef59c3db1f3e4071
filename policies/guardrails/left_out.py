"""What AWS Foundational Security Best Practices asks of judged services and no control does: why.

A test holds the list to the standard: each of its controls is asked, or stands here.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

_RUNNING: Final = "only the running account tells, not what a program asks for"
_TYPE: Final = "no control knows the resource type; the report counts such resources"
_ACCOUNT: Final = "a setting of the whole account, which other stacks and people share"
_CLASSIC: Final = (
    "about Classic Load Balancers, a former generation: of them the pack asks for TLS alone (ELB.3)"
)
_PLAN: Final = "asked by another control: Backup.plan"
_SHARING: Final = "the provider has no input that shares such a snapshot"
_INPUT: Final = "the provider has no input for it"
_NEED: Final = "a matter of need, cost and capacity rather than of safety"

_REASONS: Final[dict[str, str]] = {
    _RUNNING: "ACM.1 Backup.1 CloudFront.12 EC2.4 EC2.16 EC2.20 EC2.24 IAM.3 IAM.4 IAM.5 IAM.6 "
    "IAM.8 KMS.3 Opensearch.10 Redshift.15 SSM.1 SSM.2 SSM.3 SecretsManager.2 SecretsManager.3",
    _TYPE: "EC2.171 EC2.183 ECS.19 EventBridge.3 FSx.1 FSx.2 FSx.3 FSx.4 FSx.5 "
    "Glue.3 NetworkFirewall.2 NetworkFirewall.6 PCA.1 RDS.19 RDS.20 RDS.21 RDS.22 "
    "S3.25 SES.3 WAF.1 WAF.2 WAF.3 WAF.4 WAF.6 WAF.7 WAF.8",
    "the provider has no such type": "SageMaker.10 SageMaker.12 SageMaker.13 SageMaker.15 "
    "SageMaker.20 SageMaker.23 SageMaker.24 SageMaker.25",
    _ACCOUNT: "Account.1 EC2.172 GuardDuty.5 GuardDuty.6 GuardDuty.7 GuardDuty.8 GuardDuty.9 "
    "GuardDuty.10 GuardDuty.11 GuardDuty.12 GuardDuty.13 Macie.2 SSM.6",
    _CLASSIC: "ELB.2 ELB.7 ELB.8 ELB.9 ELB.10 ELB.14",
    _PLAN: "EFS.2",
    _SHARING: "DocumentDB.3 EC2.1 Neptune.3",
    _INPUT: "CloudFormation.3 DMS.10",
    "asked by Config.protections-on: what is there stays switched on": "Macie.1 NetworkFirewall.9 "
    "NetworkFirewall.10 S3.1 S3.24",
    "asked by KMS.services-encrypted": "CodeBuild.7 WorkSpaces.1 WorkSpaces.2",
    "asked by ACM.service-tls": "DMS.9 DMS.12",
    "asked by Logs.services; the level of each log is not read": "Connect.2 DMS.7 DMS.8 Transfer.3",
    "the list of supported versions of Aurora changes, and the pack keeps none": "RDS.51",
    "asked by EC2.3, which reads Spot Fleets too": "EC2.173",
    "asked by ECS.2, which reads task sets too": "ECS.16",
    "asked by SSM.service-updates": "DMS.6",
    "asked by EC2.public-service": "DMS.1",
    "asked by EC2.firewall-policy": "NetworkFirewall.3 NetworkFirewall.4 NetworkFirewall.5",
    "asked by EC2.beanstalk-managed, of settings that switch it off": "ElasticBeanstalk.1 "
    "ElasticBeanstalk.2 ElasticBeanstalk.3",
    "asked by Transfer.no-ftp": "Transfer.2",
    "asked by IAM.foreign-access": "ServiceCatalog.1",
    "a stack without a role of its own acts with its caller's rights only": "CloudFormation.4",
    "decided by the database's own encryption: RDS.3, Neptune.1": "Neptune.6 RDS.4",
    "asked by RDS.9, which wants a log of every engine": "RDS.40 RDS.42",
    "asked by RDS.11, RDS.13 and RDS.17, of clusters or of their instances": "RDS.35 RDS.47 RDS.48 "
    "RDS.50",
    "asked by RDS.38, which knows SQL Server": "RDS.41",
    "asked by APIGateway.tls": "APIGateway.11",
    "an endpoint has a price by the hour, and is needed where the service is used": "EC2.55 EC2.56 "
    "EC2.57 EC2.58 EC2.60",
    "asked along the whole path: EC2.encrypted-hops and ELB.private-targets": "ELB.18 ELB.21 "
    "ELB.22",
    "a port of its own hides a database from nobody; groups say who reaches it": "RDS.23",
    _NEED: "APIGateway.3 AutoScaling.6 CloudFront.4 Cognito.1 Cognito.4 DMS.13 Kinesis.3 RDS.14",
}

LEFT_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {one: reason for reason, ids in _REASONS.items() for one in ids.split()}
)


def reasons() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each reason, with the controls of the standard that are left out for it."""
    for reason, ids in _REASONS.items():
        yield reason, tuple(ids.split())
