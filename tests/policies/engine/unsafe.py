"""Ten small programs, each with one thing that must never be made, beside something harmless."""

import json
from collections.abc import Callable
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

ANYONE = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


class Unsafe(NamedTuple):
    """A program, the type of what it must not make, and the control that prevents it."""

    control: str
    offending: str
    program: Callable[[], None]


def policy(*statements: dict[str, object]) -> str:
    """A policy document as AWS takes it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(**extra: object) -> dict[str, object]:
    """A trust statement for ECS tasks, changed by ``extra``."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        **extra,
    }


def harmless() -> aws.ec2.Eip:
    """Something no control speaks about."""
    return aws.ec2.Eip("address", domain="vpc")


def plain_database() -> None:
    harmless()
    aws.rds.Instance("main", engine="postgres", instance_class="db.t4g.micro")


def public_database() -> None:
    harmless()
    aws.rds.ClusterInstance(
        "main",
        cluster_identifier="app",
        engine="aurora-postgresql",
        instance_class="db.t4g.medium",
        publicly_accessible=True,
    )


def open_ssh() -> None:
    address = harmless()
    aws.vpc.SecurityGroupIngressRule(
        "ssh",
        security_group_id=address.id.apply(lambda _: "sg-12345678"),
        ip_protocol="tcp",
        from_port=22,
        to_port=22,
        cidr_ipv4="0.0.0.0/0",
    )


def open_bucket() -> None:
    harmless()
    aws.s3.BucketPolicy(
        "site",
        bucket="app-site",
        policy=policy({**ANYONE, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::app-site/*"}),
    )


def administrator() -> None:
    harmless()
    aws.iam.RolePolicy(
        "all", role="app", policy=policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    )


def role_for_anyone() -> None:
    harmless()
    aws.iam.Role("app", assume_role_policy=policy(trust(Principal={"AWS": "*"})))


def privileged_container() -> None:
    harmless()
    aws.ecs.TaskDefinition(
        "web",
        family="web",
        container_definitions=json.dumps([{"name": "web", "image": "web", "privileged": True}]),
    )


def open_key() -> None:
    harmless()
    anyone = policy({**ANYONE, "Action": "kms:Decrypt"})
    aws.kms.Key("main", enable_key_rotation=True, policy=anyone)


def resting_key() -> None:
    harmless()
    aws.kms.Key("main")


def long_lived_user() -> None:
    harmless()
    aws.iam.User("ci", name="ci")


def secret_in_plain_sight() -> None:
    harmless()
    aws.lambda_.Function(
        "worker",
        name="worker",
        role="arn:aws:iam::123456789012:role/worker",
        runtime="python3.13",
        handler="worker.main",
        code=pulumi.AssetArchive(
            {"worker.py": pulumi.StringAsset("def main(event, context): ...")}
        ),
        environment={"variables": {"DB_PASSWORD": "hunter2"}},
    )


UNSAFE = (
    Unsafe("RDS.3", "aws:rds/instance:Instance", plain_database),
    Unsafe("RDS.2", "aws:rds/clusterInstance:ClusterInstance", public_database),
    Unsafe("EC2.19", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", open_ssh),
    Unsafe("S3.2", "aws:s3/bucketPolicy:BucketPolicy", open_bucket),
    Unsafe("IAM.1", "aws:iam/rolePolicy:RolePolicy", administrator),
    Unsafe("IAM.trust-anyone", "aws:iam/role:Role", role_for_anyone),
    Unsafe("ECS.4", "aws:ecs/taskDefinition:TaskDefinition", privileged_container),
    Unsafe("KMS.5", "aws:kms/key:Key", open_key),
    Unsafe("IAM.users", "aws:iam/user:User", long_lived_user),
    Unsafe("Lambda.secret-environment", "aws:lambda/function:Function", secret_in_plain_sight),
)
