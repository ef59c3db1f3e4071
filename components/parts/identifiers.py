"""What AWS's provider calls a thing that exists: the form of its identifier, by type.

Source: the section "Import" of each resource's page in the Pulumi Registry (pulumi-aws 7.51) and in
the documentation of Terraform's AWS provider, 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class IdForm:
    """How identifiers of one type look."""

    what: str
    """In words, as in `name of the bucket`."""
    example: str
    pattern: str
    """Regular expression of the whole identifier. Groups, where they stand in it: `name` is the
    physical name, `account` and `region` are where it is."""

    def read(self, identifier: str) -> Mapping[str, str] | None:
        """The groups of an identifier; None for what is none of this form.

        >>> ID_FORMS["aws:sqs/queue:Queue"].read(
        ...     "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"
        ... )
        {'region': 'eu-west-1', 'account': '123456789012', 'name': 'jobs'}
        >>> ID_FORMS["aws:sqs/queue:Queue"].read("jobs") is None
        True
        """
        found = re.fullmatch(self.pattern, identifier)
        return None if found is None else found.groupdict()


def _arn(service: str, resource: str) -> str:
    return rf"arn:aws[a-z-]*:{service}:(?P<region>[a-z0-9-]+):(?P<account>\d{{12}}):{resource}"


def balancer_form(kind: str, what: str) -> IdForm:
    """Of load balancers of one kind: `app` or `net`."""
    return IdForm(
        f"ARN of the {what}",
        f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/{kind}/shop/"
        "50dc6c495c0c9188",
        _arn("elasticloadbalancing", rf"loadbalancer/{kind}/(?P<name>[^/]+)/[0-9a-f]+"),
    )


_RDS = r"(?P<name>[a-z](-?[a-z0-9])*)"

ID_FORMS: Final[Mapping[str, IdForm]] = {
    "aws:cloudwatch/logGroup:LogGroup": IdForm(
        "name of the log group", "/shop/audit", r"(?P<name>[.\-_/#A-Za-z0-9]{1,512})"
    ),
    "aws:cognito/userGroup:UserGroup": IdForm(
        "pool and name of the group",
        "eu-west-1_a1B2c3D4e/admins",
        r"(?P<region>[a-z]+(-[a-z]+)+-\d)_[A-Za-z0-9]+/.+",
    ),
    "aws:cognito/userPool:UserPool": IdForm(
        "id of the pool", "eu-west-1_a1B2c3D4e", r"(?P<region>[a-z]+(-[a-z]+)+-\d)_[A-Za-z0-9]+"
    ),
    "aws:cognito/userPoolClient:UserPoolClient": IdForm(
        "pool and id of the client",
        "eu-west-1_a1B2c3D4e/3ho4ek12345678909nh3fmhpko",
        r"(?P<region>[a-z]+(-[a-z]+)+-\d)_[A-Za-z0-9]+/[a-z0-9]+",
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": IdForm(
        "prefix of the domain", "shop-users", r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    ),
    "aws:dynamodb/table:Table": IdForm(
        "name of the table", "shop-orders", r"(?P<name>[a-zA-Z0-9_.-]{3,255})"
    ),
    "aws:ecr/repository:Repository": IdForm(
        "name of the repository", "shop/web", r"(?P<name>[a-z0-9]+([._/-]+[a-z0-9]+)*)"
    ),
    "aws:ecs/cluster:Cluster": IdForm(
        "name of the cluster", "shop", r"(?P<name>[a-zA-Z0-9_-]{1,255})"
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": IdForm(
        "id of the replication group", "shop-sessions", _RDS
    ),
    "aws:kinesis/stream:Stream": IdForm(
        "name of the stream", "shop-clicks", r"(?P<name>[a-zA-Z0-9_.-]{1,128})"
    ),
    "aws:kinesis/streamConsumer:StreamConsumer": IdForm(
        "ARN of the consumer",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/shop-clicks/consumer/loader:1616044553",
        _arn("kinesis", r"stream/[^/]+/consumer/[^:]+:\d+"),
    ),
    "aws:kms/key:Key": IdForm(
        "id of the key", "1234abcd-12ab-34cd-56ef-1234567890ab", r"(mrk-[0-9a-f]{32}|[0-9a-f-]{36})"
    ),
    "aws:lb/listener:Listener": IdForm(
        "ARN of the listener",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/"
        "50dc6c495c0c9188/f2f7dc8efc522ab2",
        _arn("elasticloadbalancing", r"listener/(app|net)/[^/]+/[0-9a-f]+/[0-9a-f]+"),
    ),
    "aws:lb/loadBalancer:LoadBalancer": balancer_form("app", "load balancer"),
    "aws:rds/cluster:Cluster": IdForm("identifier of the cluster", "shop-main", _RDS),
    "aws:rds/clusterInstance:ClusterInstance": IdForm(
        "identifier of the instance", "shop-main-1", _RDS
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": IdForm(
        "name of the parameter group", "shop-postgres16", r"[a-zA-Z](-?[a-zA-Z0-9.])*"
    ),
    "aws:rds/instance:Instance": IdForm("identifier of the instance", "shop-main", _RDS),
    "aws:rds/parameterGroup:ParameterGroup": IdForm(
        "name of the parameter group", "shop-postgres16", r"[a-zA-Z](-?[a-zA-Z0-9.])*"
    ),
    "aws:rds/subnetGroup:SubnetGroup": IdForm(
        "name of the subnet group", "shop-private", r"[a-zA-Z0-9 ._-]{1,255}"
    ),
    "aws:route53/record:Record": IdForm(
        "zone, name and type of the record, joined by underscores",
        "Z1D633PJN98FT9_www.example.com_A",
        r"Z[A-Z0-9]{1,31}_\S+_[A-Z]+(_\S+)?",
    ),
    "aws:route53/zone:Zone": IdForm("id of the hosted zone", "Z1D633PJN98FT9", r"Z[A-Z0-9]{1,31}"),
    "aws:s3/bucket:Bucket": IdForm(
        "name of the bucket", "shop-uploads", r"(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
    ),
    "aws:secretsmanager/secret:Secret": IdForm(
        "ARN of the secret, with the six characters that AWS ends it in",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/prod/stripe-a1B2c3",
        _arn("secretsmanager", r"secret:(?P<name>[A-Za-z0-9/_+=.@-]+)-[A-Za-z0-9]{6}"),
    ),
    "aws:sesv2/emailIdentity:EmailIdentity": IdForm(
        "domain of the identity", "example.com", r"(?P<name>[a-z0-9-]+(\.[a-z0-9-]+)+)"
    ),
    "aws:sns/topic:Topic": IdForm(
        "ARN of the topic",
        "arn:aws:sns:eu-west-1:123456789012:orders",
        _arn("sns", r"(?P<name>[A-Za-z0-9_-]{1,256}(\.fifo)?)"),
    ),
    "aws:sns/topicSubscription:TopicSubscription": IdForm(
        "ARN of the subscription",
        "arn:aws:sns:eu-west-1:123456789012:orders:8a21d249-4329-4871-acc6-7be709c6ea7f",
        _arn("sns", r"[^:]+:[0-9a-f-]{36}"),
    ),
    "aws:sqs/queue:Queue": IdForm(
        "URL of the queue",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        r"https://sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<account>\d{12})/"
        r"(?P<name>[A-Za-z0-9_-]{1,80}(\.fifo)?)",
    ),
}
"""Types that `adopt` can name."""
