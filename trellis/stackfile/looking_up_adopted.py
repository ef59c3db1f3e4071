"""Asks AWS what can't change in place of the things that a stack file takes over.

Only properties that the provider replaces a thing for (trellis/compare/replacing.json) are asked
for: `trellis compare` tells from them, before anything is touched, that an adoption would stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from trellis.aws_errors import code_of
from trellis.stackfile.adopting import Adoption

if TYPE_CHECKING:
    from boto3 import Session

Values = dict[str, Any]
"""By the provider's names of properties."""


def adopted_values(session: Session, adoptions: Iterable[Adoption]) -> Iterator[tuple[str, Values]]:
    """What AWS has, by type and identifier; what is not there is left out.

    Raises:
        ClientError: anything else than a missing thing.
    """
    for adoption in adoptions:
        ask = QUESTIONS.get(adoption.type)
        if ask is None:
            continue
        try:
            answer = ask(session, adoption.id)
        except ClientError as error:
            if _is_missing(error):
                continue
            raise
        yield label(adoption.type, adoption.id), {k: v for k, v in answer.items() if v is not None}


def label(type_: str, identifier: str) -> str:
    """What a thing is called in the context file."""
    return f"{type_} {identifier}"


def _instance(session: Session, identifier: str) -> Values:
    found = session.client("rds").describe_db_instances(DBInstanceIdentifier=identifier)
    one: Mapping[str, Any] = found["DBInstances"][0]
    return {
        "engine": one.get("Engine"),
        "username": one.get("MasterUsername"),
        "dbName": one.get("DBName"),
        "storageEncrypted": one.get("StorageEncrypted", False),
        "kmsKeyId": one.get("KmsKeyId"),
        "dbSubnetGroupName": one.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
    }


def _cluster(session: Session, identifier: str) -> Values:
    found = session.client("rds").describe_db_clusters(DBClusterIdentifier=identifier)
    one: Mapping[str, Any] = found["DBClusters"][0]
    return {
        "engine": one.get("Engine"),
        "masterUsername": one.get("MasterUsername"),
        "databaseName": one.get("DatabaseName"),
        "storageEncrypted": one.get("StorageEncrypted", False),
        "kmsKeyId": one.get("KmsKeyId"),
        "dbSubnetGroupName": one.get("DBSubnetGroup"),
    }


def _table(session: Session, name: str) -> Values:
    one: Mapping[str, Any] = session.client("dynamodb").describe_table(TableName=name)["Table"]
    keys = {key_part["KeyType"]: key_part["AttributeName"] for key_part in one.get("KeySchema", ())}
    return {"name": name, "hashKey": keys.get("HASH"), "rangeKey": keys.get("RANGE")}


def _cache(session: Session, identifier: str) -> Values:
    client = session.client("elasticache")
    found = client.describe_replication_groups(ReplicationGroupId=identifier)
    one: Mapping[str, Any] = found["ReplicationGroups"][0]
    values = {
        "engine": one.get("Engine"),
        "atRestEncryptionEnabled": one.get("AtRestEncryptionEnabled", False),
        "kmsKeyId": one.get("KmsKeyId"),
    }
    for member in one.get("MemberClusters", ())[:1]:
        try:
            nodes = client.describe_cache_clusters(CacheClusterId=member)["CacheClusters"]
        except ClientError as error:
            if not _is_missing(error):  # one that is being replaced just now
                raise
            continue
        values["subnetGroupName"] = nodes[0].get("CacheSubnetGroupName")
    return values


def _load_balancer(session: Session, arn: str) -> Values:
    found = session.client("elbv2").describe_load_balancers(LoadBalancerArns=[arn])
    one: Mapping[str, Any] = found["LoadBalancers"][0]
    # A network one leaves none of its subnets, and never gets its first security group.
    of_networks: dict[str, Any] = (
        {
            "subnets": [zone.get("SubnetId") for zone in one.get("AvailabilityZones", ())],
            "securityGroups": list(one.get("SecurityGroups") or ()) or None,
        }
        if one.get("Type") == "network"
        else {}
    )
    return of_networks | {
        "name": one.get("LoadBalancerName"),
        "internal": one.get("Scheme") == "internal",
        "loadBalancerType": one.get("Type"),
    }


def _repository(session: Session, name: str) -> Values:
    found = session.client("ecr").describe_repositories(repositoryNames=[name])
    one: Mapping[str, Any] = found["repositories"][0]
    encryption = one.get("encryptionConfiguration", {})
    chosen = {
        "encryptionType": encryption.get("encryptionType"),
        "kmsKey": encryption.get("kmsKey"),
    }
    return {
        "name": name,
        "encryptionConfigurations": [{k: v for k, v in chosen.items() if v is not None}],
    }


def _pool(session: Session, identifier: str) -> Values:
    one: Mapping[str, Any] = session.client("cognito-idp").describe_user_pool(
        UserPoolId=identifier
    )["UserPool"]
    return {"name": one.get("Name"), "usernameAttributes": one.get("UsernameAttributes")}


QUESTIONS: Mapping[str, Callable[[Session, str], Values]] = {
    "aws:cognito/userPool:UserPool": _pool,
    "aws:dynamodb/table:Table": _table,
    "aws:ecr/repository:Repository": _repository,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:rds/cluster:Cluster": _cluster,
    "aws:rds/instance:Instance": _instance,
}
"""By type. The other types' names are all that replaces them, which their identifiers say."""


def _is_missing(error: ClientError) -> bool:
    return "NotFound" in code_of(error)
