"""Whole stacks of other people's projects, as ``pulumi stack export`` writes them.

Each is of a common shape and well configured: what the pack says of them is what its users read.
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


def _key(project: Project, name: str, *statements: Mapping[str, Any]) -> Callable[[str], Ref]:
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


def _logs(
    project: Project, name: str, group: str, key: Callable[[str], Ref]
) -> Callable[[str], Ref]:
    return project.add(
        "aws:cloudwatch/logGroup:LogGroup",
        name,
        group,
        {"name": group, "retentionInDays": 365, "kmsKeyId": key("arn")},
        arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
    )


def _role(
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


def _network(project: Project, key: Callable[[str], Ref]) -> Network:
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
    logs = _logs(project, "flow-logs", f"/vpc/{project.name}", key)
    role = _role(
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


def _group(
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


def _bucket(
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


def _log_bucket(project: Project) -> Callable[[str], Ref]:
    return _bucket(
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


def cluster() -> Project:
    """A Kubernetes cluster with a node group and roles of its service accounts."""
    project = Project("platform")
    key = _key(project, "eks")
    network = _network(project, key)
    logs = _log_bucket(project)
    _logs(project, "control-plane", "/aws/eks/platform/cluster", key)
    control_plane = _role(
        project, "eks-cluster", trust("eks.amazonaws.com"), ("AmazonEKSClusterPolicy",)
    )
    eks = project.add(
        "aws:eks/cluster:Cluster",
        "main",
        "platform",
        {
            "name": "platform",
            "version": "1.34",
            "roleArn": control_plane("arn"),
            "enabledClusterLogTypes": ["api", "audit", "authenticator"],
            "accessConfig": {"authenticationMode": "API"},
            "encryptionConfig": {"resources": ["secrets"], "provider": {"keyArn": key("arn")}},
            "vpcConfig": {
                "subnetIds": [one("id") for one in network.private],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
            },
        },
        arn=f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/platform",
    )
    nodes = _role(
        project,
        "eks-nodes",
        trust("ec2.amazonaws.com"),
        (
            "AmazonEKSWorkerNodePolicy",
            "AmazonEKS_CNI_Policy",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonSSMManagedInstanceCore",
        ),
    )
    template = project.add(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "nodes",
        "lt-0a1b2c3d4e5f60718",
        {
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                "httpPutResponseHopLimit": 2,
            },
            "blockDeviceMappings": [
                {
                    "deviceName": "/dev/xvda",
                    "ebs": {
                        "encrypted": "true",
                        "kmsKeyId": key("arn"),
                        "volumeSize": 80,
                        "volumeType": "gp3",
                    },
                }
            ],
            "tagSpecifications": [{"resourceType": "instance", "tags": {"Name": "platform-node"}}],
        },
    )
    project.add(
        "aws:eks/nodeGroup:NodeGroup",
        "general",
        "platform:general",
        {
            "clusterName": eks("name"),
            "nodeRoleArn": nodes("arn"),
            "subnetIds": [one("id") for one in network.private],
            "version": "1.34",
            "amiType": "AL2023_x86_64_STANDARD",
            "instanceTypes": ["m6i.large"],
            "scalingConfig": {"minSize": 2, "maxSize": 6, "desiredSize": 3},
            "launchTemplate": {"id": template("id"), "version": "$Latest"},
        },
    )
    issuer = f"oidc.eks.{REGION}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
    provider = project.add(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "eks",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}",
        {"url": f"https://{issuer}", "clientIdLists": ["sts.amazonaws.com"]},
        arn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}",
    )

    def of_account(account: str) -> Document:
        return policy(
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider("arn")},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{issuer}:sub": f"system:serviceaccount:{account}",
                        f"{issuer}:aud": "sts.amazonaws.com",
                    }
                },
            }
        )

    owned = {"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "platform"}}
    _role(
        project,
        "load-balancer-controller",
        of_account("kube-system:aws-load-balancer-controller"),
        (),
        allow(
            [
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeInstances",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeListeners",
            ],
            "*",
        ),
        allow(
            [
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:DeleteLoadBalancer",
            ],
            [f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/*/*"],
            Condition=owned,
        ),
        allow(
            ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
            f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/*/*",
        ),
    )
    _role(
        project,
        "ebs-csi",
        of_account("kube-system:ebs-csi-controller-sa"),
        ("service-role/AmazonEBSCSIDriverPolicy",),
    )
    data = _bucket(project, "uploads", key, logs)
    _role(
        project,
        "uploads",
        of_account("shop:uploads"),
        (),
        allow("s3:ListBucket", [data("arn")]),
        allow(["s3:GetObject", "s3:PutObject"], [f"arn:aws:s3:::{project.name}-uploads-1a2b3c/*"]),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], [key("arn")]),
    )
    for addon in ("vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver"):
        project.add(
            "aws:eks/addon:Addon",
            addon,
            f"platform:{addon}",
            {"clusterName": eks("name"), "addonName": addon},
        )
    admins = f"arn:aws:iam::{ACCOUNT}:role/platform-admins"
    project.add(
        "aws:eks/accessEntry:AccessEntry",
        "admins",
        f"platform:{admins}",
        {"clusterName": eks("name"), "principalArn": admins, "type": "STANDARD"},
    )
    project.add(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "admins",
        f"platform#{admins}",
        {
            "clusterName": eks("name"),
            "principalArn": admins,
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            "accessScope": {"type": "cluster"},
        },
    )
    repository = project.add(
        "aws:ecr/repository:Repository",
        "shop",
        "shop",
        {
            "name": "shop",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": key("arn")}],
        },
    )
    project.add(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "shop",
        "shop",
        {
            "repository": repository("name"),
            "policy": Document(
                {
                    "rules": [
                        {
                            "rulePriority": 1,
                            "selection": {
                                "tagStatus": "any",
                                "countType": "imageCountMoreThan",
                                "countNumber": 50,
                            },
                            "action": {"type": "expire"},
                        }
                    ]
                }
            ),
        },
    )
    return project


def serverless() -> Project:
    """An HTTP API over functions, with a table, users and a site behind a distribution."""
    project = Project("orders")
    key = _key(
        project,
        "main",
        allow(
            ["kms:GenerateDataKey*", "kms:Decrypt"],
            "*",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            **OWN_SOURCE,
        ),
    )
    logs = _log_bucket(project)
    table = project.add(
        "aws:dynamodb/table:Table",
        "orders",
        "orders",
        {
            "name": "orders",
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "pk",
            "rangeKey": "sk",
            "attributes": [{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}],
            "pointInTimeRecovery": {"enabled": True},
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": key("arn")},
            "deletionProtectionEnabled": True,
            "ttl": {"attributeName": "expires", "enabled": True},
        },
        arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
    )
    pool = project.add(
        "aws:cognito/userPool:UserPool",
        "users",
        f"{REGION}_aB3dE5fG7",
        {
            "name": "users",
            "mfaConfiguration": "ON",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "deletionProtection": "ACTIVE",
            "usernameAttributes": ["email"],
            "autoVerifiedAttributes": ["email"],
            "passwordPolicy": {
                "minimumLength": 12,
                "requireLowercase": True,
                "requireUppercase": True,
                "requireNumbers": True,
                "requireSymbols": True,
                "temporaryPasswordValidityDays": 7,
            },
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
        },
        endpoint=f"cognito-idp.{REGION}.amazonaws.com/{REGION}_aB3dE5fG7",
    )
    client = project.add(
        "aws:cognito/userPoolClient:UserPoolClient",
        "site",
        "3n4b5urk1ft4fl3mg5e62d9ado",
        {
            "name": "site",
            "userPoolId": pool("id"),
            "allowedOauthFlows": ["code"],
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthScopes": ["openid", "email"],
            "callbackUrls": ["https://app.example.com/callback"],
            "supportedIdentityProviders": ["COGNITO"],
            "preventUserExistenceErrors": "ENABLED",
            "enableTokenRevocation": True,
            "accessTokenValidity": 60,
            "tokenValidityUnits": {"accessToken": "minutes"},
        },
    )
    topic = project.add(
        "aws:sns/topic:Topic",
        "alarms",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
        {"name": "alarms", "kmsMasterKeyId": key("id")},
        arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
    )
    project.add(
        "aws:sns/topicPolicy:TopicPolicy",
        "alarms",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
        {
            "arn": topic("arn"),
            "policy": policy(
                allow(
                    "sns:Publish",
                    f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
                    Principal={"Service": "cloudwatch.amazonaws.com"},
                    **OWN_SOURCE,
                ),
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ),
        },
    )
    project.add(
        "aws:sns/topicSubscription:TopicSubscription",
        "oncall",
        "sub-1",
        {"topic": topic("arn"), "protocol": "email", "endpoint": "oncall@example.com"},
    )
    failed = project.add(
        "aws:sqs/queue:Queue",
        "failed",
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/failed",
        {"name": "failed", "kmsMasterKeyId": key("id"), "messageRetentionSeconds": 1209600},
        arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed",
        name="failed",
    )

    def alarm(name: str, namespace: str, metric: str, dimensions: dict[str, Any]) -> None:
        project.add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            name,
            name,
            {
                "name": name,
                "namespace": namespace,
                "metricName": metric,
                "statistic": "Maximum",
                "comparisonOperator": "GreaterThanThreshold",
                "threshold": 0,
                "period": 60,
                "evaluationPeriods": 5,
                "dimensions": dimensions,
                "alarmActions": [topic("arn")],
                "okActions": [topic("arn")],
                "treatMissingData": "notBreaching",
            },
        )

    alarm("failed-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": failed("name")})
    api = project.add(
        "aws:apigatewayv2/api:Api",
        "orders",
        "a1b2c3d4e5",
        {
            "name": "orders",
            "protocolType": "HTTP",
            "disableExecuteApiEndpoint": True,
            "corsConfiguration": {
                "allowOrigins": ["https://app.example.com"],
                "allowMethods": ["GET", "POST"],
                "allowHeaders": ["authorization", "content-type"],
            },
        },
        executionArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5",
    )
    authorizer = project.add(
        "aws:apigatewayv2/authorizer:Authorizer",
        "users",
        "auth01",
        {
            "apiId": api("id"),
            "authorizerType": "JWT",
            "identitySources": ["$request.header.Authorization"],
            "jwtConfiguration": {
                "audiences": [client("id")],
                "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_aB3dE5fG7",
            },
        },
    )
    for name, route in (("list-orders", "GET /orders"), ("place-order", "POST /orders")):
        role = _role(
            project,
            name,
            trust("lambda.amazonaws.com"),
            ("AWSXRayDaemonWriteAccess",),
            allow(
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{name}:*",
            ),
            allow(["dynamodb:Query", "dynamodb:PutItem"], table("arn")),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], key("arn")),
            allow("sqs:SendMessage", failed("arn")),
        )
        _logs(project, name, f"/aws/lambda/{name}", key)
        function = project.add(
            "aws:lambda/function:Function",
            name,
            name,
            {
                "name": name,
                "runtime": "python3.13",
                "handler": "app.handler",
                "architectures": ["arm64"],
                "role": role("arn"),
                "kmsKeyArn": key("arn"),
                "tracingConfig": {"mode": "Active"},
                "deadLetterConfig": {"targetArn": failed("arn")},
                "reservedConcurrentExecutions": 50,
                "environment": {
                    "variables": {
                        "TABLE_NAME": table("name"),
                        "POWERTOOLS_SERVICE_NAME": name,
                        "LOG_LEVEL": "INFO",
                        "USER_POOL_ID": pool("id"),
                        "TOKEN_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/x",
                    }
                },
            },
            arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
            invokeArn=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{name}",
        )
        project.add(
            "aws:apigatewayv2/integration:Integration",
            name,
            f"int-{name}",
            {
                "apiId": api("id"),
                "integrationType": "AWS_PROXY",
                "integrationUri": function("invokeArn"),
                "payloadFormatVersion": "2.0",
            },
        )
        project.add(
            "aws:apigatewayv2/route:Route",
            name,
            f"rt-{name}",
            {
                "apiId": api("id"),
                "routeKey": route,
                "authorizationType": "JWT",
                "authorizerId": authorizer("id"),
                "target": f"integrations/int-{name}",
            },
        )
        project.add(
            "aws:lambda/permission:Permission",
            name,
            f"perm-{name}",
            {
                "action": "lambda:InvokeFunction",
                "function": function("name"),
                "principal": "apigateway.amazonaws.com",
                "sourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a1b2c3d4e5/*/*",
            },
        )
        alarm(f"{name}-errors", "AWS/Lambda", "Errors", {"FunctionName": function("name")})
    access = _logs(project, "api-access", "/apigateway/orders", key)
    project.add(
        "aws:apigatewayv2/stage:Stage",
        "default",
        "$default",
        {
            "apiId": api("id"),
            "name": "$default",
            "autoDeploy": True,
            "accessLogSettings": {
                "destinationArn": access("arn"),
                "format": '{"requestId":"$context.requestId","status":"$context.status"}',
            },
            "defaultRouteSettings": {"throttlingBurstLimit": 200, "throttlingRateLimit": 100},
        },
    )
    certificate = project.add(
        "aws:acm/certificate:Certificate",
        "app",
        f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
        {
            "domainName": "app.example.com",
            "validationMethod": "DNS",
            "keyAlgorithm": "EC_prime256v1",
        },
        arn=f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
    )
    project.add(
        "aws:apigatewayv2/domainName:DomainName",
        "api",
        "api.example.com",
        {
            "domainName": "api.example.com",
            "domainNameConfiguration": {
                "certificateArn": certificate("arn"),
                "endpointType": "REGIONAL",
                "securityPolicy": "TLS_1_2",
            },
        },
    )
    distribution_arn = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1A2B3C4D5E6F7"
    site = _bucket(
        project,
        "site",
        key,
        logs,
        allow(
            "s3:GetObject",
            "BUCKET/*",
            Principal={"Service": "cloudfront.amazonaws.com"},
            Condition={"StringEquals": {"AWS:SourceArn": distribution_arn}},
        ),
    )
    control = project.add(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        "site",
        "E2OAC",
        {
            "name": "site",
            "originAccessControlOriginType": "s3",
            "signingBehavior": "always",
            "signingProtocol": "sigv4",
        },
    )
    headers = project.add(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "site",
        "rhp-1",
        {
            "name": "site",
            "securityHeadersConfig": {
                "strictTransportSecurity": {
                    "accessControlMaxAgeSec": 63072000,
                    "includeSubdomains": True,
                    "override": True,
                },
                "contentTypeOptions": {"override": True},
            },
        },
    )
    firewall = project.add(
        "aws:wafv2/webAcl:WebAcl",
        "site",
        "waf-1",
        {
            "name": "site",
            "scope": "CLOUDFRONT",
            "region": "us-east-1",
            "defaultAction": {"allow": {}},
            "rules": [
                {
                    "name": "common",
                    "priority": 1,
                    "overrideAction": {"none": {}},
                    "statement": {
                        "managedRuleGroupStatement": {
                            "vendorName": "AWS",
                            "name": "AWSManagedRulesCommonRuleSet",
                        }
                    },
                    "visibilityConfig": {
                        "cloudwatchMetricsEnabled": True,
                        "metricName": "common",
                        "sampledRequestsEnabled": True,
                    },
                }
            ],
            "visibilityConfig": {
                "cloudwatchMetricsEnabled": True,
                "metricName": "site",
                "sampledRequestsEnabled": True,
            },
        },
        arn=f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/site/waf-1",
    )
    firewall_logs = _logs(project, "firewall", "aws-waf-logs-site", key)
    project.add(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "site",
        "waf-log-1",
        {
            "resourceArn": firewall("arn"),
            "logDestinationConfigs": [firewall_logs("arn")],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        },
    )
    project.add(
        "aws:cloudfront/distribution:Distribution",
        "site",
        "E1A2B3C4D5E6F7",
        {
            "enabled": True,
            "aliases": ["app.example.com"],
            "defaultRootObject": "index.html",
            "httpVersion": "http2and3",
            "webAclId": firewall("arn"),
            "origins": [
                {
                    "originId": "site",
                    "domainName": site("bucketRegionalDomainName"),
                    "originAccessControlId": control("id"),
                }
            ],
            "defaultCacheBehavior": {
                "targetOriginId": "site",
                "viewerProtocolPolicy": "redirect-to-https",
                "allowedMethods": ["GET", "HEAD"],
                "cachedMethods": ["GET", "HEAD"],
                "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
                "responseHeadersPolicyId": headers("id"),
                "compress": True,
            },
            "loggingConfig": {
                "bucket": logs("bucketRegionalDomainName"),
                "prefix": "cdn/",
                "includeCookies": False,
            },
            "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            "viewerCertificate": {
                "acmCertificateArn": certificate("arn"),
                "minimumProtocolVersion": "TLSv1.2_2021",
                "sslSupportMethod": "sni-only",
            },
        },
        arn=distribution_arn,
        domainName="d111111abcdef8.cloudfront.net",
    )
    return project


def warehouse() -> Project:
    """A data platform: streams, a lake with crawlers and jobs, a warehouse."""
    project = Project("insights")
    key = _key(project, "data")
    network = _network(project, key)
    logs = _log_bucket(project)
    lake = _bucket(project, "lake", key, logs)
    _bucket(project, "results", key, logs)
    lake_arn = f"arn:aws:s3:::{project.name}-lake-1a2b3c"
    project.add(
        "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
        "catalog",
        ACCOUNT,
        {
            "dataCatalogEncryptionSettings": {
                "encryptionAtRest": {
                    "catalogEncryptionMode": "SSE-KMS",
                    "sseAwsKmsKeyId": key("arn"),
                },
                "connectionPasswordEncryption": {
                    "returnConnectionPasswordEncrypted": True,
                    "awsKmsKeyId": key("arn"),
                },
            }
        },
    )
    security = project.add(
        "aws:glue/securityConfiguration:SecurityConfiguration",
        "etl",
        "etl",
        {
            "name": "etl",
            "encryptionConfiguration": {
                "s3Encryption": {"s3EncryptionMode": "SSE-KMS", "kmsKeyArn": key("arn")},
                "cloudwatchEncryption": {
                    "cloudwatchEncryptionMode": "SSE-KMS",
                    "kmsKeyArn": key("arn"),
                },
                "jobBookmarksEncryption": {
                    "jobBookmarksEncryptionMode": "CSE-KMS",
                    "kmsKeyArn": key("arn"),
                },
            },
        },
    )
    database = project.add(
        "aws:glue/catalogDatabase:CatalogDatabase",
        "raw",
        f"{ACCOUNT}:raw",
        {"name": "raw"},
        name="raw",
    )
    etl = _role(
        project,
        "glue-etl",
        trust("glue.amazonaws.com", **OWN_SOURCE),
        ("service-role/AWSGlueServiceRole",),
        allow(["s3:ListBucket"], [lake_arn]),
        allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [f"{lake_arn}/*"]),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], [key("arn")]),
    )
    project.add(
        "aws:glue/crawler:Crawler",
        "raw",
        "raw",
        {
            "name": "raw",
            "role": etl("arn"),
            "databaseName": database("name"),
            "securityConfiguration": security("name"),
            "s3Targets": [{"path": f"s3://{project.name}-lake-1a2b3c/raw/"}],
            "schedule": "cron(15 2 * * ? *)",
        },
    )
    project.add(
        "aws:glue/job:Job",
        "sessions",
        "sessions",
        {
            "name": "sessions",
            "roleArn": etl("arn"),
            "glueVersion": "5.0",
            "workerType": "G.1X",
            "numberOfWorkers": 4,
            "securityConfiguration": security("name"),
            "command": {
                "name": "glueetl",
                "pythonVersion": "3",
                "scriptLocation": f"s3://{project.name}-lake-1a2b3c/jobs/sessions.py",
            },
            "defaultArguments": {
                "--enable-metrics": "true",
                "--job-bookmark-option": "job-bookmark-enable",
                "--TempDir": f"s3://{project.name}-lake-1a2b3c/tmp/",
                "--source_secret": "insights/source",
            },
        },
    )
    project.add(
        "aws:athena/workgroup:Workgroup",
        "analysts",
        "analysts",
        {
            "name": "analysts",
            "configuration": {
                "enforceWorkgroupConfiguration": True,
                "publishCloudwatchMetricsEnabled": True,
                "bytesScannedCutoffPerQuery": 100000000000,
                "resultConfiguration": {
                    "outputLocation": f"s3://{project.name}-results-1a2b3c/athena/",
                    "encryptionConfiguration": {
                        "encryptionOption": "SSE_KMS",
                        "kmsKeyArn": key("arn"),
                    },
                },
            },
        },
    )
    stream = project.add(
        "aws:kinesis/stream:Stream",
        "events",
        "events",
        {
            "name": "events",
            "streamModeDetails": {"streamMode": "ON_DEMAND"},
            "encryptionType": "KMS",
            "kmsKeyId": key("id"),
            "retentionPeriod": 168,
        },
        arn=f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/events",
    )
    delivery = _role(
        project,
        "firehose",
        trust("firehose.amazonaws.com", **OWN_SOURCE),
        (),
        allow(
            ["kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords"],
            stream("arn"),
        ),
        allow(["s3:PutObject", "s3:AbortMultipartUpload"], f"{lake_arn}/raw/*"),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key("arn")),
    )
    project.add(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "events",
        f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/events",
        {
            "name": "events",
            "destination": "extended_s3",
            "kinesisSourceConfiguration": {
                "kinesisStreamArn": stream("arn"),
                "roleArn": delivery("arn"),
            },
            "extendedS3Configuration": {
                "bucketArn": lake("arn"),
                "roleArn": delivery("arn"),
                "prefix": "raw/",
                "kmsKeyArn": key("arn"),
                "bufferingSize": 64,
            },
        },
    )
    clients = _group(project, network, "stream-clients", {})
    brokers = _group(project, network, "brokers", {9098: clients}, egress=False)
    broker_logs = _logs(project, "kafka", "/msk/insights", key)
    project.add(
        "aws:msk/cluster:Cluster",
        "events",
        f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/events/1",
        {
            "clusterName": "events",
            "kafkaVersion": "3.8.x",
            "numberOfBrokerNodes": 2,
            "enhancedMonitoring": "PER_TOPIC_PER_BROKER",
            "brokerNodeGroupInfo": {
                "instanceType": "kafka.m7g.large",
                "clientSubnets": [one("id") for one in network.private],
                "securityGroups": [brokers("id")],
                "storageInfo": {"ebsStorageInfo": {"volumeSize": 500}},
            },
            "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
            "encryptionInfo": {
                "encryptionAtRestKmsKeyArn": key("arn"),
                "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True},
            },
            "loggingInfo": {
                "brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": broker_logs("name")}}
            },
        },
    )
    analysts = _group(project, network, "analysts", {})
    store = _group(project, network, "warehouse", {5439: analysts}, egress=False)
    subnets = project.add(
        "aws:redshift/subnetGroup:SubnetGroup",
        "warehouse",
        "warehouse",
        {"name": "warehouse", "subnetIds": [one("id") for one in network.private]},
    )
    parameters = project.add(
        "aws:redshift/parameterGroup:ParameterGroup",
        "warehouse",
        "warehouse",
        {
            "name": "warehouse",
            "family": "redshift-1.0",
            "parameters": [
                {"name": "require_ssl", "value": "true"},
                {"name": "enable_user_activity_logging", "value": "true"},
            ],
        },
    )
    loader = _role(
        project,
        "redshift-load",
        trust("redshift.amazonaws.com", **OWN_SOURCE),
        (),
        allow("s3:ListBucket", lake_arn),
        allow("s3:GetObject", f"{lake_arn}/curated/*"),
        allow("kms:Decrypt", key("arn")),
    )
    redshift = project.add(
        "aws:redshift/cluster:Cluster",
        "warehouse",
        "warehouse",
        {
            "clusterIdentifier": "warehouse",
            "nodeType": "ra3.large",
            "clusterType": "multi-node",
            "numberOfNodes": 2,
            "multiAz": True,
            "databaseName": "insights",
            "masterUsername": "insights_admin",
            "manageMasterPassword": True,
            "masterPasswordSecretKmsKeyId": key("id"),
            "encrypted": "true",
            "kmsKeyId": key("arn"),
            "publiclyAccessible": False,
            "enhancedVpcRouting": True,
            "automatedSnapshotRetentionPeriod": 14,
            "clusterSubnetGroupName": subnets("name"),
            "clusterParameterGroupName": parameters("name"),
            "vpcSecurityGroupIds": [store("id")],
            "iamRoles": [loader("arn")],
            "skipFinalSnapshot": False,
            "finalSnapshotIdentifier": "warehouse-final",
        },
    )
    project.add(
        "aws:redshift/logging:Logging",
        "warehouse",
        "warehouse",
        {
            "clusterIdentifier": redshift("id"),
            "logDestinationType": "cloudwatch",
            "logExports": ["connectionlog", "useractivitylog", "userlog"],
        },
    )
    return project


STACKS: Mapping[str, Callable[[], Project]] = {
    "cluster": cluster,
    "serverless": serverless,
    "warehouse": warehouse,
}
