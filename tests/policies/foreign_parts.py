"""What whole stacks of other people's projects consist of, as ``pulumi stack export`` writes them.

Each stack, in a module of its own beside this one, is of a common shape and well configured: what
the pack says of it is what its users read.
An input ``Ref`` is another resource's output; the document has the value and the dependency.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@dataclass(frozen=True)
class Ref:
    """An output of another resource of the stack."""

    name: str
    output: str


@dataclass
class Project:
    """The resources of one stack, in the order they are registered."""

    name: str
    resources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    written: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    outputs: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    urns: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self._stack = self._urn("pulumi:pulumi:Stack", f"{self.name}-prod")
        self._provider = self._urn("pulumi:providers:aws", "main")
        self.resources += [
            {"urn": self._stack, "custom": False, "type": "pulumi:pulumi:Stack"},
            {
                "urn": self._provider,
                "custom": True,
                "id": "4c9c5e9a-0d0e-4a53-8a39-6f0f6d1f6c11",
                "type": "pulumi:providers:aws",
                "inputs": {"region": REGION, "allowedAccountIds": json.dumps([ACCOUNT])},
            },
        ]

    def _urn(self, kind: str, name: str) -> str:
        return f"urn:pulumi:prod::{self.name}::{kind}::{name}"

    def add(
        self, kind: str, name: str, id: str, inputs: Mapping[str, Any], /, **outputs: str
    ) -> Callable[[str], Ref]:
        """Adds a resource; what is returned refers to one of its outputs."""
        key = f"{kind} {name}"
        module = kind.split(":")[1].split("/", maxsplit=1)[0]
        self.urns[key] = self._urn(kind, name)
        known = {"id": id, "name": id, "arn": f"arn:aws:{module}:{REGION}:{ACCOUNT}:{id}"}
        self.outputs[key] = {**known, **outputs}
        self.written.append(inputs)
        used: dict[str, list[str]] = {}
        resolved = {
            top: self._resolved(value, used.setdefault(top, [])) for top, value in inputs.items()
        }
        self.resources.append(
            {
                "urn": self.urns[key],
                "custom": True,
                "id": id,
                "type": kind,
                "inputs": {"__defaults": [], **resolved},
                "outputs": {**resolved, **self.outputs[key]},
                "parent": self._stack,
                "provider": f"{self._provider}::4c9c5e9a-0d0e-4a53-8a39-6f0f6d1f6c11",
                "propertyDependencies": {top: urns for top, urns in used.items() if urns},
            }
        )
        return lambda output: Ref(key, output)

    def _resolved(self, value: Any, used: list[str]) -> Any:
        def known(ref: Ref) -> str:
            used.append(self.urns[ref.name])
            return self.outputs[ref.name][ref.output]

        return _with(value, known)

    def export(self) -> dict[str, Any]:
        """What ``pulumi stack export`` writes."""
        return {"version": 3, "deployment": {"manifest": {}, "resources": self.resources}}

    def preview(self, *, stands: bool) -> dict[str, Any]:
        """What ``pulumi preview --json --show-sames`` writes: of a stack that stands, or a new one.

        Of what stays, the old state alone has the id; of what is new, nothing that AWS gives is
        known, and neither is a document that holds some of it.
        """
        steps: list[dict[str, Any]] = []
        inputs: list[Mapping[str, Any]] = [{}, self.resources[1]["inputs"], *self.written]
        for state, written in zip(self.resources, inputs, strict=True):
            planned = {key: one for key, one in state.items() if key not in ("id", "outputs")}
            if stands:
                steps.append(
                    {"op": "same", "urn": state["urn"], "oldState": state, "newState": planned}
                )
                continue
            unknown = {top: _with(value, _not_known) for top, value in written.items()}
            new = {**planned, "inputs": unknown}
            steps.append({"op": "create", "urn": state["urn"], "newState": new})
        return {"steps": steps}


def _not_known(_ref: Ref) -> str:
    return UNKNOWN_STRING_VALUE


def _with(value: Any, value_of: Callable[[Ref], str]) -> Any:
    """Inputs as a document has them, with what is said of the outputs of others."""
    if isinstance(value, Ref):
        return value_of(value)
    if isinstance(value, Document):
        text = json.dumps(_with(value.content, value_of))
        return UNKNOWN_STRING_VALUE if UNKNOWN_STRING_VALUE in text else text
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _with(one, value_of) for key, one in members.items()}
    if isinstance(value, list):
        return [_with(one, value_of) for one in cast("list[Any]", value)]
    return value


@dataclass(frozen=True)
class Document:
    """A JSON document that stands in one input as text."""

    content: Any


def policy(*statements: Mapping[str, Any]) -> Document:
    """A policy document."""
    return Document({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def trust(service: str, **more: Any) -> Document:
    """The trust policy for a service."""
    return policy(
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}
    )


OWN_SOURCE = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}


def add_key(project: Project, name: str, *statements: Mapping[str, Any]) -> Callable[[str], Ref]:
    key_id = f"{len(project.resources):08x}-12ab-34cd-56ef-1234567890ab"
    return project.add(
        "aws:kms/key:Key",
        name,
        key_id,
        {
            "enableKeyRotation": True,
            "deletionWindowInDays": 30,
            "policy": policy(
                allow("kms:*", "*", Principal={"AWS": ROOT}),
                allow(
                    ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                    "*",
                    Principal={"Service": f"logs.{REGION}.amazonaws.com"},
                    Condition={
                        "ArnLike": {
                            "kms:EncryptionContext:aws:logs:arn": (
                                f"arn:aws:logs:{REGION}:{ACCOUNT}:*"
                            )
                        }
                    },
                ),
                *statements,
            ),
        },
        arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key_id}",
    )


def add_logs(
    project: Project, name: str, group: str, key: Callable[[str], Ref]
) -> Callable[[str], Ref]:
    return project.add(
        "aws:cloudwatch/logGroup:LogGroup",
        name,
        group,
        {"name": group, "retentionInDays": 365, "kmsKeyId": key("arn")},
        arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
    )


def add_role(
    project: Project,
    name: str,
    trusted: Document,
    managed: tuple[str, ...] = (),
    *own: dict[str, Any],
) -> Callable[[str], Ref]:
    role = project.add(
        "aws:iam/role:Role",
        name,
        name,
        {"name": name, "assumeRolePolicy": trusted},
        arn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
    )
    for one in managed:
        project.add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            f"{name}-{one.rsplit('/', 1)[-1]}",
            f"{name}-{one}",
            {"role": role("name"), "policyArn": f"arn:aws:iam::aws:policy/{one}"},
        )
    if own:
        project.add(
            "aws:iam/rolePolicy:RolePolicy",
            name,
            f"{name}:{name}",
            {"role": role("id"), "name": name, "policy": policy(*own)},
        )
    return role


@dataclass(frozen=True)
class Network:
    """A network with two public and two private subnets."""

    vpc: Callable[[str], Ref]
    public: list[Callable[[str], Ref]]
    private: list[Callable[[str], Ref]]


def add_network(project: Project, key: Callable[[str], Ref]) -> Network:
    vpc = project.add(
        "aws:ec2/vpc:Vpc",
        "main",
        "vpc-0a1b2c3d4e5f60718",
        {"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True, "enableDnsSupport": True},
        defaultSecurityGroupId="sg-0fffffffffffffff0",
    )
    project.add(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "default",
        "sg-0fffffffffffffff0",
        {"vpcId": vpc("id")},
    )
    gateway = project.add(
        "aws:ec2/internetGateway:InternetGateway", "main", "igw-0a1b2c3d", {"vpcId": vpc("id")}
    )
    public: list[Callable[[str], Ref]] = []
    private: list[Callable[[str], Ref]] = []
    for number, zone in enumerate("ab"):
        for kind, group, block in (("public", public, number), ("private", private, 10 + number)):
            group.append(
                project.add(
                    "aws:ec2/subnet:Subnet",
                    f"{kind}-{zone}",
                    f"subnet-0{kind[:2]}{zone}0a1b2c3d",
                    {
                        "vpcId": vpc("id"),
                        "cidrBlock": f"10.20.{block * 16}.0/20",
                        "availabilityZone": REGION + zone,
                        "mapPublicIpOnLaunch": False,
                    },
                )
            )
    address = project.add("aws:ec2/eip:Eip", "nat", "eipalloc-0a1b2c3d", {"domain": "vpc"})
    nat = project.add(
        "aws:ec2/natGateway:NatGateway",
        "main",
        "nat-0a1b2c3d",
        {"subnetId": public[0]("id"), "allocationId": address("id")},
    )
    for kind, group, target in (
        ("public", public, {"gatewayId": gateway("id")}),
        ("private", private, {"natGatewayId": nat("id")}),
    ):
        table = project.add(
            "aws:ec2/routeTable:RouteTable", kind, f"rtb-0{kind}", {"vpcId": vpc("id")}
        )
        project.add(
            "aws:ec2/route:Route",
            kind,
            f"r-rtb-0{kind}",
            {"routeTableId": table("id"), "destinationCidrBlock": "0.0.0.0/0", **target},
        )
        for number, subnet in enumerate(group):
            project.add(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                f"{kind}-{number}",
                f"rtbassoc-0{kind}{number}",
                {"subnetId": subnet("id"), "routeTableId": table("id")},
            )
        project.add(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            f"s3-{kind}",
            f"vpce-0s3{kind}",
            {
                "vpcId": vpc("id"),
                "serviceName": f"com.amazonaws.{REGION}.s3",
                "routeTableIds": [table("id")],
            },
        )
    logs = add_logs(project, "flow-logs", f"/vpc/{project.name}", key)
    role = add_role(
        project,
        "flow-logs",
        trust("vpc-flow-logs.amazonaws.com", **OWN_SOURCE),
        (),
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/vpc/{project.name}:*"],
        ),
    )
    project.add(
        "aws:ec2/flowLog:FlowLog",
        "main",
        "fl-0a1b2c3d",
        {
            "vpcId": vpc("id"),
            "trafficType": "ALL",
            "logDestination": logs("arn"),
            "iamRoleArn": role("arn"),
        },
    )
    return Network(vpc, public, private)


def add_group(
    project: Project,
    network: Network,
    name: str,
    ports: Mapping[int, Callable[[str], Ref] | str],
    egress: bool = True,
) -> Callable[[str], Ref]:
    group = project.add(
        "aws:ec2/securityGroup:SecurityGroup",
        name,
        f"sg-0{name.replace('-', '')}",
        {"vpcId": network.vpc("id"), "description": f"{name} of {project.name}"},
    )
    for port, source in ports.items():
        peer = (
            {"cidrIpv4": source}
            if isinstance(source, str)
            else {"referencedSecurityGroupId": source("id")}
        )
        project.add(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            f"{name}-{port}",
            f"sgr-0{name}{port}",
            {
                "securityGroupId": group("id"),
                "ipProtocol": "tcp",
                "fromPort": port,
                "toPort": port,
                **peer,
            },
        )
    if egress:
        project.add(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            f"{name}-https",
            f"sgr-0{name}out",
            {
                "securityGroupId": group("id"),
                "ipProtocol": "tcp",
                "fromPort": 443,
                "toPort": 443,
                "cidrIpv4": "0.0.0.0/0",
            },
        )
    return group


def add_bucket(
    project: Project,
    name: str,
    key: Callable[[str], Ref] | None,
    logs: Callable[[str], Ref] | None,
    *statements: dict[str, Any],
) -> Callable[[str], Ref]:
    physical = f"{project.name}-{name}-1a2b3c"
    arn = f"arn:aws:s3:::{physical}"
    bucket = project.add(
        "aws:s3/bucketV2:BucketV2",
        name,
        physical,
        {"bucket": physical},
        arn=arn,
        bucketRegionalDomainName=f"{physical}.s3.{REGION}.amazonaws.com",
        bucket=physical,
    )

    def part(kind: str, **inputs: Any) -> None:
        short = kind.rsplit("/", 1)[-1]
        token = f"aws:s3/{short}:{short[0].upper()}{short[1:]}"
        project.add(token, name, physical, {"bucket": bucket("id"), **inputs})

    part(
        "bucketPublicAccessBlock",
        blockPublicAcls=True,
        blockPublicPolicy=True,
        ignorePublicAcls=True,
        restrictPublicBuckets=True,
    )
    part("bucketOwnershipControls", rule={"objectOwnership": "BucketOwnerEnforced"})
    part("bucketVersioningV2", versioningConfiguration={"status": "Enabled"})
    default = (
        {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key("arn")}
        if key
        else {"sseAlgorithm": "AES256"}
    )
    part(
        "bucketServerSideEncryptionConfigurationV2",
        rules=[{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}],
    )
    part(
        "bucketLifecycleConfigurationV2",
        rules=[
            {
                "id": "clean",
                "status": "Enabled",
                "filter": {},
                "noncurrentVersionExpiration": {"noncurrentDays": 90},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            }
        ],
    )
    if logs:
        part("bucketLoggingV2", targetBucket=logs("id"), targetPrefix=f"{name}/")
    part(
        "bucketPolicy",
        policy=policy(
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            *(
                {**one, "Resource": one["Resource"].replace("BUCKET", arn)}
                if isinstance(one.get("Resource"), str)
                else one
                for one in statements
            ),
        ),
    )
    return bucket


def add_log_bucket(project: Project) -> Callable[[str], Ref]:
    return add_bucket(
        project,
        "logs",
        None,
        None,
        allow(
            "s3:PutObject",
            "BUCKET/*",
            Principal={"Service": "logging.s3.amazonaws.com"},
            **OWN_SOURCE,
        ),
    )
