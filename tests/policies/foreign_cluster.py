"""An EKS cluster with node groups and roles of service accounts, as its team would write it."""

from __future__ import annotations

from tests.policies.foreign_parts import (
    ACCOUNT,
    REGION,
    Document,
    Project,
    add_bucket,
    add_key,
    add_log_bucket,
    add_logs,
    add_network,
    add_role,
    allow,
    policy,
    trust,
)


def cluster() -> Project:
    """A Kubernetes cluster with a node group and roles of its service accounts."""
    project = Project("platform")
    key = add_key(project, "eks")
    network = add_network(project, key)
    logs = add_log_bucket(project)
    add_logs(project, "control-plane", "/aws/eks/platform/cluster", key)
    control_plane = add_role(
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
    nodes = add_role(
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
    add_role(
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
    add_role(
        project,
        "ebs-csi",
        of_account("kube-system:ebs-csi-controller-sa"),
        ("service-role/AmazonEBSCSIDriverPolicy",),
    )
    data = add_bucket(project, "uploads", key, logs)
    add_role(
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
