"""When Pulumi's AWS provider deletes the old resource first of its own accord.

It does where a name was given by hand (`nameRequiresDeleteBeforeReplace`, pulumi-terraform-bridge)
and for a few types always (`DeleteBeforeReplace` in `resources.go` of pulumi-aws 7.51).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AUTO_NAMED = {
    "aws:cloudwatch/eventTarget:EventTarget": "targetId",
    "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
    "aws:lambda/permission:Permission": "statementId",
    "aws:rds/instance:Instance": "identifier",
    "aws:s3/bucket:Bucket": "bucket",
}
"""The property that Pulumi would fill in, where it is not `name`."""

NOT_AUTO_NAMED = frozenset(
    {
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        "aws:glue/catalogDatabase:CatalogDatabase",
        "aws:glue/catalogTable:CatalogTable",
        "aws:rds/cluster:Cluster",
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:route53/record:Record",
        "aws:route53/zone:Zone",
        "aws:s3/bucketObjectv2:BucketObjectv2",
    }
)
"""Types whose names Pulumi leaves to whoever writes them."""

DELETED_FIRST = frozenset(
    {
        "aws:apigateway/integration:Integration",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    }
)


def deletes_first(type_: str, inputs: Mapping[str, Any]) -> bool:
    """Whether the provider asks for the deletion first, unless the program says otherwise."""
    if type_ in DELETED_FIRST:
        return True
    return type_ not in NOT_AUTO_NAMED and inputs.get(AUTO_NAMED.get(type_, "name")) is not None
