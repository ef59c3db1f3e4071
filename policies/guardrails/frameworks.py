"""Where published standards ask for the same as a control.

Source: AWS Security Hub User Guide, "Related requirements" of each control on the services' pages,
and "Security Hub controls reference" for severities and standards, read 2026-11. "FSBP" names the
Security Hub controls whose requirement a control covers; some cover more than one, and some
Security Hub controls stand outside the FSBP standard (``_OUTSIDE_FSBP``). A control of the pack's
own has no row, however near a requirement may be: only published mappings are told.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .control import Frameworks

# Groups of requirements that the guide repeats, each written once.
_AT_REST: Final = "CA-9(1) CM-3(6) SC-13 SC-28 SC-28(1) SC-7(10) SI-7(6)"
_PUBLIC: Final = (
    "AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(11) SC-7(16) SC-7(20) SC-7(21) SC-7(3) "
    "SC-7(4) SC-7(9)"
)
_PORTS: Final = (
    "AC-4 AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(11) SC-7(16) SC-7(21) SC-7(4) SC-7(5)"
)
_NETWORK: Final = "AC-4 AC-4(21) SC-7 SC-7(11) SC-7(16) SC-7(21) SC-7(4) SC-7(5)"
_BACKUPS: Final = "CP-10 CP-6 CP-6(1) CP-6(2) CP-9 SC-5(2) SI-12 SI-13(5)"
_ZONES: Final = "CP-10 CP-6(2) SC-36 SC-5(2) SI-13(5)"
_TLS: Final = (
    "AC-17(2) AC-4 IA-5(1) SC-12(3) SC-13 SC-23 SC-23(3) SC-7(4) SC-8 SC-8(1) SC-8(2) SI-7(6)"
)
_LOGS: Final = "AC-4(26) AU-10 AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SC-7(9) SI-7(8)"
_ACCESS_LOGS: Final = (
    "AC-2(4) AC-4(26) AC-6(9) AU-10 AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SC-7(9) SI-3(8) "
    "SI-4(20) SI-7(8)"
)
_ACCESS: Final = "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6"
_UNPRIVILEGED: Final = "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-5 AC-6"
_SETTINGS: Final = "CA-9(1) CM-2"
_PATCHES: Final = "SI-2 SI-2(2) SI-2(4) SI-2(5)"
_PRIVILEGES: Final = "AC-2 AC-2(1) AC-3 AC-3(15) AC-3(7) AC-5 AC-6 AC-6(10) AC-6(2) AC-6(3)"
_ROTATION: Final = "AC-2(1) AC-3(15)"
_THREATS: Final = (
    "AC-2(12) AU-6(1) AU-6(5) CA-7 CM-8(3) RA-3(4) SA-11(1) SA-11(6) SA-15(2) SA-15(8) SA-8(19) "
    "SA-8(21) SA-8(25) SC-5 SC-5(1) SC-5(3) SI-20 SI-3(8) SI-4 SI-4(1) SI-4(13) SI-4(2) SI-4(22) "
    "SI-4(25) SI-4(4) SI-4(5)"
)
_BETWEEN_NODES: Final = "AC-4 SC-13 SC-23 SC-23(3) SC-7(4) SC-8 SC-8(1) SC-8(2)"
_AUDIT_LOGS: Final = f"AC-2(12) {_ACCESS_LOGS} AU-9(7) SI-4"
_INVENTORY: Final = "CA-9(1) CM-2 CM-2(2)"
_DECRYPTION: Final = "AC-2 AC-2(1) AC-3 AC-3(15) AC-3(7) AC-5 AC-6 AC-6(3)"


def _row(fsbp: str, nist: str = "", pci: str = "", cis: str = "") -> Frameworks:
    return Frameworks(
        fsbp=tuple(one for one in fsbp.split() if one not in _OUTSIDE_FSBP),
        cis=tuple(cis.split()),
        nist=tuple(nist.split()),
        pci=tuple(pci.split()),
    )


_OUTSIDE_FSBP: Final = frozenset(
    {
        "CloudTrail.3",
        "CloudWatch.16",
        "CloudWatch.17",
        "EC2.53",
        "EC2.54",
        "ECR.5",
        "ECS.17",
        "MQ.5",
        "MQ.6",
        "MSK.2",
        "RedshiftServerless.4",
        "ELB.16",
        "KMS.4",
        "S3.14",
        "S3.15",
        "S3.17",
        "SNS.1",
        "WAF.11",
    }
)

_TABLE: Final[dict[str, Frameworks]] = {
    "S3.8": _row("S3.8", _PUBLIC, "1.4.4", "2.1.4"),
    "S3.17": _row("S3.17", f"{_AT_REST} AU-9", "3.5.1"),
    "S3.5": _row("S3.5", _TLS, "4.2.1", "2.1.1"),
    "S3.14": _row("S3.14", f"AU-9(2) {_BACKUPS}"),
    "S3.9": _row("S3.9", _ACCESS_LOGS, "10.2.1"),
    "S3.13": _row("S3.13", "CP-10 CP-6(2) CP-9 SC-5(2) SI-13(5)"),
    "S3.12": _row("S3.12", _ACCESS),
    "S3.15": _row("S3.15", "CP-6(2)", "10.5.1"),
    "S3.2": _row("S3.2 S3.3", _PUBLIC),
    "S3.6": _row("S3.6", _SETTINGS),
    "RDS.3": _row("RDS.3 RDS.27", _AT_REST, cis="2.3.1"),
    "RDS.2": _row("RDS.2", _NETWORK, "1.4.4", "2.3.3"),
    "RDS.10": _row("RDS.10 RDS.12", _ACCESS),
    "RDS.11": _row("RDS.11", _BACKUPS),
    "RDS.8": _row("RDS.8 RDS.7", "CM-3 SC-5(2) SI-13(5)"),
    "RDS.5": _row("RDS.5", _ZONES),
    "RDS.9": _row("RDS.9 RDS.36 RDS.37", f"{_ACCESS_LOGS} SC-7(10)", "10.2.1"),
    "RDS.38": _row("RDS.38 RDS.39 RDS.44"),
    "RDS.6": _row("RDS.6", "CA-7 SI-2"),
    "RDS.13": _row("RDS.13", _PATCHES, "6.3.3", "2.3.2"),
    "RDS.17": _row("RDS.17 RDS.16", "CA-9(1) CM-2 CM-2(2)"),
    "RDS.25": _row("RDS.25 RDS.24", _SETTINGS, "2.2.2"),
    "RDS.private-subnets": _row("RDS.46"),
    "ElastiCache.1": _row("ElastiCache.1", _BACKUPS),
    "ElastiCache.3": _row("ElastiCache.3", "CP-10 SC-36 SC-5(2) SI-13(5)"),
    "ElastiCache.4": _row("ElastiCache.4", _AT_REST),
    "ElastiCache.5": _row("ElastiCache.5", _TLS, "4.2.1"),
    "ElastiCache.6": _row("ElastiCache.6", _ACCESS, "8.3.1"),
    "ElastiCache.7": _row("ElastiCache.7", _NETWORK),
    "DynamoDB.1": _row("DynamoDB.1", f"CP-2(2) {_ZONES}"),
    "DynamoDB.2": _row("DynamoDB.2", "CP-10 CP-6(2) CP-9 SC-5(2) SI-12 SI-13(5)"),
    "DynamoDB.6": _row("DynamoDB.6", "CA-9(1) CM-2 CM-2(2) CM-3 SC-5(2)"),
    "ECS.2": _row("ECS.2", _PUBLIC, "1.4.4"),
    "ECS.3": _row("ECS.3", _SETTINGS),
    "ECS.4": _row("ECS.4", _UNPRIVILEGED),
    "ECS.5": _row("ECS.5", _UNPRIVILEGED),
    "ECS.8": _row("ECS.8", _SETTINGS, "8.6.2"),
    "ECS.9": _row("ECS.9", _LOGS),
    "ECS.10": _row("ECS.10", _PATCHES, "6.3.3"),
    "ECS.12": _row("ECS.12", "AU-6(3) AU-6(4) CA-7 SI-2"),
    "ECS.17": _row("ECS.17", _UNPRIVILEGED),
    "ECS.20": _row("ECS.20"),
    "ECR.1": _row("ECR.1", "RA-5", "6.2.3 6.2.4"),
    "ECR.2": _row("ECR.2", "CA-9(1) CM-2 CM-8(1)"),
    "ECR.3": _row("ECR.3", "CA-9(1) CM-2 CM-2(2)"),
    "ECR.5": _row("ECR.5", f"{_AT_REST} AU-9 SC-12(2)"),
    "ELB.1": _row("ELB.1", _TLS),
    "ELB.3": _row("ELB.3", _TLS, "4.2.1"),
    "ELB.4": _row("ELB.4", "SC-7(4) SC-8(2)", "6.2.4"),
    "ELB.5": _row("ELB.5", _LOGS),
    "ELB.6": _row("ELB.6", "CA-9(1) CM-2 CM-2(2) CM-3 SC-5(2)"),
    "ELB.12": _row("ELB.12", f"AC-4(21) {_SETTINGS}", "6.2.4"),
    "ELB.13": _row("ELB.13", _ZONES),
    "ELB.16": _row("ELB.16", "AC-4(21)"),
    "ELB.17": _row("ELB.17", _TLS),
    "CloudFront.1": _row("CloudFront.1", "SC-7(11) SC-7(16)", "2.2.6"),
    "CloudFront.3": _row("CloudFront.3", _TLS, "4.2.1"),
    "CloudFront.15": _row("CloudFront.15"),
    "CloudFront.7": _row("CloudFront.7 CloudFront.8", f"{_TLS} {_SETTINGS}"),
    "CloudFront.9": _row("CloudFront.9", _TLS, "4.2.1"),
    "CloudFront.10": _row("CloudFront.10", _TLS.replace(" SC-23(3)", ""), "4.2.1"),
    "CloudFront.13": _row("CloudFront.13"),
    "CloudFront.6": _row("CloudFront.6", "AC-4(21)", "6.4.2"),
    "CloudFront.5": _row("CloudFront.5", _ACCESS_LOGS, "10.4.2"),
    "WAF.10": _row("WAF.10", _SETTINGS),
    "WAF.11": _row("WAF.11", f"{_LOGS} SC-7(10)", "10.4.2"),
    "WAF.12": _row("WAF.12", f"{_LOGS} SC-7(10)"),
    "EC2.2": _row("EC2.2", _NETWORK, cis="5.4"),
    "EC2.6": _row("EC2.6", "AC-4(26) AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SI-7(8)", cis="3.7"),
    "EC2.10": _row("EC2.10", _PUBLIC.removesuffix(" SC-7(9)")),
    "EC2.15": _row("EC2.15", _PUBLIC, "1.4.4"),
    "EC2.18": _row("EC2.18", _NETWORK),
    "EC2.19": _row("EC2.19 EC2.53 EC2.54", _PORTS, "1.3.1", "5.2 5.3"),
    "EC2.21": _row(
        "EC2.21", "AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(21) SC-7(5)", "1.3.1", "5.1"
    ),
    "Route53.2": _row("Route53.2", _ACCESS_LOGS, "10.4.2"),
    "ACM.2": _row("ACM.2", pci="4.2.1"),
    "SecretsManager.1": _row("SecretsManager.1", _ROTATION, "8.6.3 8.3.9"),
    "SecretsManager.4": _row("SecretsManager.4", _ROTATION, "8.6.3 8.3.9"),
    "KMS.4": _row("KMS.4", "SC-12 SC-12(2) SC-28(3)", "3.7.4", "3.6"),
    "KMS.5": _row("KMS.5"),
    "KMS.2": _row("KMS.1 KMS.2", _DECRYPTION),
    "Lambda.1": _row("Lambda.1", _PUBLIC, "7.2.1"),
    "Lambda.2": _row("Lambda.2", f"{_SETTINGS} {_PATCHES}", "12.3.4"),
    "CloudWatch.16": _row("CloudWatch.16", "AU-10 AU-11 AU-6(3) AU-6(4) CA-7 SI-12"),
    "CloudWatch.17": _row("CloudWatch.17", "AU-6(1) AU-6(5) CA-7 SI-2 SI-4(12)"),
    "SNS.1": _row("SNS.1", _AT_REST),
    "SNS.4": _row("SNS.4"),
    "SQS.1": _row("SQS.1", _AT_REST),
    "SQS.3": _row("SQS.3"),
    "IAM.1": _row("IAM.1", _PRIVILEGES),
    "IAM.2": _row("IAM.2", "AC-2 AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6 AC-6(3)", cis="1.15"),
    "IAM.7": _row("IAM.7", "AC-2(1) AC-2(3) AC-3(15) IA-5(1)", "8.3.6 8.3.7 8.3.9"),
    "IAM.21": _row("IAM.21", _PRIVILEGES),
    "APIGateway.1": _row("APIGateway.1", _LOGS),
    "APIGateway.2": _row("APIGateway.2", _TLS),
    "APIGateway.5": _row("APIGateway.5", _AT_REST),
    "APIGateway.10": _row("APIGateway.10"),
    "CloudFront.16": _row("CloudFront.16"),
    "CloudFront.17": _row("CloudFront.17"),
    "Cognito.6": _row("Cognito.6"),
    "ECS.18": _row("ECS.18"),
    "ECS.21": _row("ECS.21"),
    "ElastiCache.2": _row("ElastiCache.2", _PATCHES, "6.3.3"),
    "Glue.4": _row("Glue.4", f"{_SETTINGS} {_PATCHES}"),
    "Lambda.5": _row("Lambda.5", _ZONES),
    "RDS.15": _row("RDS.15", _ZONES),
    "RDS.34": _row("RDS.34", _ACCESS_LOGS, "10.2.1"),
    "RDS.43": _row("RDS.43"),
    "RDS.45": _row("RDS.45", _ACCESS_LOGS),
    "SageMaker.8": _row("SageMaker.8"),
    "SageMaker.9": _row("SageMaker.9"),
    "SageMaker.11": _row("SageMaker.11"),
    "SageMaker.14": _row("SageMaker.14"),
    "SageMaker.17": _row("SageMaker.17"),
    "SageMaker.22": _row("SageMaker.22"),
    "DMS.11": _row("DMS.11", "AC-3 AC-6 IA-2 IA-5", "7.3.1"),
    "BedrockAgentCore.1": _row("BedrockAgentCore.1"),
    "BedrockAgentCore.2": _row("BedrockAgentCore.2"),
    "BedrockAgentCore.5": _row("BedrockAgentCore.5"),
    "BedrockAgentCore.6": _row("BedrockAgentCore.6"),
    "SageMaker.16": _row("SageMaker.16"),
    "SageMaker.19": _row("SageMaker.19"),
    "APIGateway.4": _row("APIGateway.4", "AC-4(21)"),
    "APIGateway.8": _row("APIGateway.8", "AC-3 CM-2 CM-2(2)"),
    "APIGateway.9": _row("APIGateway.9", _LOGS, "10.4.2"),
    "Cognito.2": _row("Cognito.2"),
    "Cognito.3": _row("Cognito.3"),
    "Cognito.5": _row("Cognito.5"),
    "DataFirehose.1": _row("DataFirehose.1", "AC-3 AU-3 SC-12 SC-13 SC-28"),
    "Kinesis.1": _row("Kinesis.1", _AT_REST),
    "Athena.4": _row("Athena.4"),
    "CloudTrail.1": _row("CloudTrail.1", f"{_ACCESS_LOGS} AU-14(1) SA-8(22)", cis="3.1"),
    "CloudTrail.2": _row("CloudTrail.2", f"{_AT_REST} AU-9", "10.3.2", "3.5"),
    "CloudTrail.3": _row("CloudTrail.3", pci="10.2.1"),
    "CloudTrail.4": _row("CloudTrail.4", "AU-9 SI-4 SI-7(1) SI-7(3) SI-7(7)", "10.3.2", "3.2"),
    "CloudTrail.5": _row("CloudTrail.5", f"{_ACCESS_LOGS} AU-7(1) SI-20 SI-4(5) AU-6(1) AU-6(5)"),
    "Config.1": _row("Config.1", "CM-3 CM-6(1) CM-8 CM-8(2)", cis="3.3"),
    "GuardDuty.1": _row("GuardDuty.1", _THREATS, "11.5.1"),
    "EC2.8": _row("EC2.8", "AC-3 AC-3(15) AC-3(7) AC-6", "2.2.6", "5.6"),
    "EC2.170": _row("EC2.170", pci="2.2.6"),
    "AutoScaling.3": _row("AutoScaling.3", "AC-3 AC-3(15) AC-3(7) AC-6 CA-9(1) CM-2", "2.2.6"),
    "EC2.9": _row("EC2.9", _PUBLIC),
    "EC2.25": _row("EC2.25", _PUBLIC, "1.4.4"),
    "Autoscaling.5": _row("Autoscaling.5", _PUBLIC, "1.4.4"),
    "EC2.17": _row("EC2.17", "AC-4(21)"),
    "EC2.180": _row("EC2.180"),
    "AutoScaling.1": _row("AutoScaling.1", "CA-7 CP-2(2) SI-2"),
    "AutoScaling.2": _row("AutoScaling.2", f"CP-2(2) {_ZONES}"),
    "AutoScaling.9": _row("AutoScaling.9", _INVENTORY),
    "EC2.23": _row("EC2.23", f"AC-4(21) {_SETTINGS}"),
    "EC2.51": _row("EC2.51", _AUDIT_LOGS, "10.2.1"),
    "EC2.3": _row("EC2.3", _AT_REST),
    "EC2.181": _row("EC2.181"),
    "EC2.7": _row("EC2.7", _AT_REST, cis="2.2.1"),
    "EC2.182": _row("EC2.182"),
    "RDS.1": _row("RDS.1", _PUBLIC),
    "EFS.1": _row("EFS.1 EFS.8", _AT_REST, cis="2.4.1"),
    "EFS.7": _row("EFS.7"),
    "EFS.3": _row("EFS.3", "AC-6(10)"),
    "EFS.4": _row("EFS.4", "AC-6(2)", "7.3.1"),
    "Opensearch.1": _row("Opensearch.1 ES.1", _AT_REST.replace(" SC-7(10)", "")),
    "Opensearch.2": _row("Opensearch.2 ES.2", _PUBLIC, "1.4.4"),
    "Opensearch.3": _row("Opensearch.3 ES.3", _BETWEEN_NODES, "4.2.1"),
    "Opensearch.4": _row("Opensearch.4 ES.4", _ACCESS_LOGS),
    "Opensearch.5": _row("Opensearch.5 ES.5", _ACCESS_LOGS, "10.2.1"),
    "Opensearch.6": _row("Opensearch.6 ES.6", _ZONES),
    "Opensearch.7": _row("Opensearch.7", "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-5 AC-6"),
    "Opensearch.8": _row("Opensearch.8 ES.8", _TLS, "4.2.1"),
    "Opensearch.11": _row("ES.7", _ZONES),
    "EKS.1": _row("EKS.1", _PUBLIC, "1.4.4"),
    "EKS.2": _row("EKS.2", f"{_SETTINGS} {_PATCHES}", "12.3.4"),
    "EKS.8": _row("EKS.8", _AUDIT_LOGS, "10.2.1"),
    "EKS.9": _row("EKS.9"),
    "Redshift.1": _row("Redshift.1", _PUBLIC, "1.4.4"),
    "Redshift.2": _row("Redshift.2", _BETWEEN_NODES, "4.2.1"),
    "Redshift.3": _row("Redshift.3", _BACKUPS.replace("SI-12", "SC-7(10)")),
    "Redshift.4": _row("Redshift.4", _ACCESS_LOGS, "10.2.1"),
    "Redshift.6": _row("Redshift.6", f"{_SETTINGS} CP-9 SC-5(2) {_PATCHES}"),
    "Redshift.7": _row(
        "Redshift.7", "AC-4 AC-4(21) SC-7 SC-7(11) SC-7(20) SC-7(21) SC-7(4) SC-7(9)"
    ),
    "Redshift.8": _row("Redshift.8", _SETTINGS),
    "Redshift.10": _row("Redshift.10", _AT_REST.replace(" SC-7(10)", "")),
    "Redshift.18": _row("Redshift.18"),
    "RedshiftServerless.1": _row("RedshiftServerless.1"),
    "RedshiftServerless.2": _row("RedshiftServerless.2"),
    "RedshiftServerless.3": _row("RedshiftServerless.3"),
    "RedshiftServerless.4": _row("RedshiftServerless.4", f"{_AT_REST} AU-9 SC-12(2)"),
    "RedshiftServerless.5": _row("RedshiftServerless.5"),
    "RedshiftServerless.6": _row("RedshiftServerless.6"),
    "DocumentDB.1": _row("DocumentDB.1", _AT_REST),
    "DocumentDB.2": _row("DocumentDB.2", "SI-12", "3.2.1"),
    "DocumentDB.4": _row("DocumentDB.4", _ACCESS_LOGS, "10.3.3"),
    "DocumentDB.5": _row("DocumentDB.5", f"{_INVENTORY} CM-3 SC-5(2)"),
    "DocumentDB.6": _row("DocumentDB.6"),
    "Neptune.1": _row("Neptune.1", _AT_REST),
    "Neptune.2": _row(
        "Neptune.2", f"{_ACCESS_LOGS} AU-6(1) AU-6(5) AU-7(1) AU-9(7) SI-20 SI-4(5)", "10.3.3"
    ),
    "Neptune.4": _row("Neptune.4", f"{_INVENTORY} CM-3 SC-5(2)"),
    "Neptune.5": _row("Neptune.5", "SI-12"),
    "Neptune.7": _row("Neptune.7", "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6"),
    "Neptune.8": _row("Neptune.8", _INVENTORY),
    "DynamoDB.3": _row("DynamoDB.3", _AT_REST),
    "DynamoDB.7": _row("DynamoDB.7", "AC-17 SC-13 SC-23 SC-8", "4.2.1"),
    "MSK.1": _row("MSK.1", _BETWEEN_NODES, "4.2.1"),
    "MSK.2": _row("MSK.2", "CA-7 SI-2"),
    "MSK.3": _row("MSK.3", pci="4.2.1"),
    "MSK.4": _row("MSK.4"),
    "MSK.5": _row("MSK.5"),
    "MSK.6": _row("MSK.6"),
    "MQ.2": _row("MQ.2", "AU-12 AU-2 AU-3 SI-4", "10.3.3"),
    "MQ.5": _row("MQ.5", _ZONES),
    "MQ.6": _row("MQ.6", _ZONES),
    "StepFunctions.1": _row("StepFunctions.1", pci="10.4.2"),
    "AppSync.2": _row("AppSync.2", pci="10.4.2"),
    "AppSync.5": _row("AppSync.5", "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6"),
    "CodeBuild.1": _row("CodeBuild.1", "SA-3", "8.3.2"),
    "CodeBuild.2": _row("CodeBuild.2", "IA-5(7) SA-3", "8.3.2"),
    "CodeBuild.3": _row("CodeBuild.3", _AT_REST.replace(" SC-7(10)", ""), "10.3.2"),
    "CodeBuild.4": _row("CodeBuild.4", _AUDIT_LOGS),
    "SSM.4": _row("SSM.4", _PUBLIC),
    "SSM.7": _row("SSM.7"),
    "SageMaker.1": _row("SageMaker.1", _PUBLIC, "1.4.4"),
    "SageMaker.2": _row("SageMaker.2", _PUBLIC),
    "SageMaker.3": _row("SageMaker.3", "AC-2(1) AC-3(15) AC-3(7) AC-6 AC-6(10) AC-6(2)"),
    "SageMaker.4": _row("SageMaker.4", "CP-10 SA-13 SC-36 SC-5"),
    "SageMaker.5": _row("SageMaker.5"),
    "SageMaker.21": _row("SageMaker.21"),
    "EMR.1": _row("EMR.1", _PUBLIC, "1.4.4"),
    "EMR.2": _row("EMR.2", _PUBLIC, "1.4.4"),
    "EMR.3": _row("EMR.3", "CA-9(1) CP-9(8) SI-12"),
    "EMR.4": _row("EMR.4", _BETWEEN_NODES),
    "S3.19": _row("S3.19", _PUBLIC, "1.4.4"),
}

FRAMEWORKS: Final[Mapping[str, Frameworks]] = MappingProxyType(_TABLE)


def frameworks_of(control_id: str) -> Frameworks:
    """The published mapping of a control; empty when there is none."""
    return FRAMEWORKS.get(control_id, Frameworks())
