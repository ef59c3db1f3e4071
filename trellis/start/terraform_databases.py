"""Databases and caches in Terraform's state, as entries that take them over."""

from __future__ import annotations

from typing import Any

from components.database.engines import ENGINES
from trellis.start.draft import Draft
from trellis.start.terraform_state import Advise, Held, State, free, settings_from
from trellis.start.units import key_of


class Databases:
    """Makes entries of instances, clusters and replication groups."""

    def __init__(self, state: State, draft: Draft, advise: Advise) -> None:
        """Take a state, the draft with the keys that are taken, and where to say what is left."""
        self._state = state
        self._draft = draft
        self._advise = advise

    def instance(self, held: Held) -> dict[str, Any] | None:
        """An entry for an instance; None for one that is told of."""
        if held.take("replicate_source_db"):
            self._advise(
                held,
                "",
                "a read replica: make one by `databases.KEY.readReplicas`, then move its readers",
            )
            return None
        engine = held.take("engine")
        if engine not in ("postgres", "mysql", "mariadb"):
            self._advise(
                held,
                "",
                f"no part of a stack file is a database of {engine}: leave it "
                "under `existing.databases`",
            )
            return None
        found = self._database(
            held, engine, held.take("identifier") or held.take("id"), ("db_name", "username")
        )
        found |= settings_from(held, ("instance_class", "instanceClass"), ("multi_az", "multiAz"))
        storage = settings_from(
            held,
            ("allocated_storage", "initialGiB"),
            ("max_allocated_storage", "maxGiB"),
            ("storage_type", "type"),
        )
        found["storage"] = {name: setting for name, setting in storage.items() if setting}
        self._logs(held, found, "instance")
        return found

    def cluster(self, held: Held) -> dict[str, Any] | None:
        """An entry for an Aurora cluster and its members; None for one that is told of."""
        engine = held.take("engine")
        if engine not in ("aurora-postgresql", "aurora-mysql"):
            self._advise(
                held,
                "",
                f"no part of a stack file is a cluster of {engine}: leave it "
                "under `existing.databases`",
            )
            return None
        identifier = held.take("cluster_identifier") or held.take("id")
        found = self._database(held, engine, identifier, ("database_name", "master_username"))
        key = free(key_of(held.name), self._draft.entries("databases"))
        scaling = held.first("serverlessv2_scaling_configuration")
        if scaling:
            found["capacity"] = {"min": scaling["min_capacity"], "max": scaling["max_capacity"]}
        for member in self._state.of("aws_rds_cluster_instance"):
            if member.attributes.get("cluster_identifier") != identifier:
                continue
            member.take("cluster_identifier")
            member.carried = True
            name, class_ = member.take("identifier"), member.take("instance_class")
            inside = free(
                key_of(str(name).removeprefix(f"{identifier}-")), found.get("instances", {})
            )
            found.setdefault("instances", {})[inside] = {
                "instanceClass": class_,
                "physicalName": name,
            }
            found["adopt"].setdefault("also", []).append(
                {
                    "type": "aws:rds/clusterInstance:ClusterInstance",
                    "name": f"{key}-{inside}",
                    "id": name,
                    "keeps": ["dbSubnetGroupName"],
                }
            )
        self._logs(held, found, "cluster")
        return found

    def _logs(self, held: Held, found: dict[str, Any], kind: str) -> None:
        """Groups that RDS or Terraform made already, where the entry would make them."""
        exports: list[str] = held.take("enabled_cloudwatch_logs_exports") or []
        if not exports:
            return
        found["logs"] = list(exports)
        key = free(key_of(held.name), self._draft.entries("databases"))
        found["adopt"].setdefault("also", []).extend(
            {
                "type": "aws:cloudwatch/logGroup:LogGroup",
                "name": f"{key}-{log}",
                "id": f"/aws/rds/{kind}/{found['physicalName']}/{log}",
            }
            for log in exports
        )

    def _database(
        self, held: Held, engine: str, identifier: str, names: tuple[str, str]
    ) -> dict[str, Any]:
        keeps = ["dbSubnetGroupName", "kmsKeyId"]
        if not held.take("storage_encrypted"):
            keeps.append("storageEncrypted")
            self._advise(
                held,
                "storage_encrypted",
                "it is not encrypted, and AWS encrypts none in "
                "place: copy a snapshot under a key and restore it (`restoreFrom`), or "
                "exempt RDS.3",
            )
        held.used.update({"kms_key_id", "db_subnet_group_name"})
        found: dict[str, Any] = {
            "engine": engine,
            **_version(engine, str(held.take("engine_version"))),
            "physicalName": identifier,
            "adopt": {"id": identifier, "keeps": keeps},
        }
        held.take("engine_version_actual")
        database, user = (held.take(name) for name in names)
        found |= {"database": database} if database else {}
        found |= {"masterUsername": user} if user else {}
        found |= settings_from(held, ("port", "port"))
        days = held.take("backup_retention_period")
        if days:
            found["backups"] = {"retentionDays": days}
        self._advise(
            held,
            names[1],
            "the master user's password is made anew by RDS: move whoever "
            "signs in with it to a user of its own first (`secrets` with `kind: "
            "credentials`)",
        )
        held.used.update({"password", "master_password"})
        return found

    def cache(self, held: Held) -> dict[str, Any]:
        """An entry for a replication group."""
        name = held.take("replication_group_id") or held.take("id")
        engine = held.take("engine", "redis")
        version = str(held.take("engine_version", ""))
        found: dict[str, Any] = {
            "physicalName": name,
            "engine": engine,
            "version": ".".join(version.split(".")[:2]),
            "nodeType": held.take("node_type"),
            "adopt": {"id": name, "keeps": ["subnetGroupName", "kmsKeyId"]},
        }
        held.used.update({"subnet_group_name", "kms_key_id"})
        held.take("engine_version_actual")
        shards, replicas = held.take("num_node_groups", 1), held.take("replicas_per_node_group", 0)
        if held.take("cluster_enabled") or shards > 1:
            found["clusterMode"] = {"shards": shards, "replicas": replicas}
            held.take("num_cache_clusters")
        else:
            found["nodes"] = held.take("num_cache_clusters", 1)
        if not held.take("at_rest_encryption_enabled"):
            found["adopt"]["keeps"].append("atRestEncryptionEnabled")
            self._advise(
                held,
                "at_rest_encryption_enabled",
                "it is not encrypted at rest, and AWS "
                "encrypts none in place: make a new one, or exempt it",
            )
        if held.attributes.get("transit_encryption_enabled") is not True:
            self._advise(
                held,
                "transit_encryption_enabled",
                "TLS is turned on: clients have to speak it before",
            )
        held.take("transit_encryption_enabled")
        if held.take("auth_token"):
            found["authentication"] = "token"
            self._advise(
                held,
                "auth_token",
                "the token is set anew by rotation: clients read it from "
                "`secrets` with `kind: credentials`",
            )
        return found


def _version(engine: str, version: str) -> dict[str, Any]:
    """The major version, which minor upgrades move; past its standard support with a word."""
    parts = version.split(".")
    known = ENGINES[engine]
    for part in (".".join(parts[:2]), parts[0]):
        if part in known.majors:
            return {"version": part}
        if part in known.extended:
            return {"version": part, "extendedSupport": True}
    return {"version": version}
