"""What holds data in Terraform's state, as entries that take it over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from components.parts.retention import RETENTION_DAYS
from trellis.start.draft import Draft
from trellis.start.terraform_databases import Databases
from trellis.start.terraform_state import Advise, Held, State, blocks, free, settings_from
from trellis.start.units import key_of

DAY = 86_400

ATTRIBUTE_TYPES: Final = {"S": "string", "N": "number", "B": "binary"}
VIEWS: Final = {
    "KEYS_ONLY": "keys",
    "NEW_IMAGE": "new",
    "OLD_IMAGE": "old",
    "NEW_AND_OLD_IMAGES": "both",
}
CLASSES: Final = {
    "STANDARD_IA": "infrequentAccess",
    "INTELLIGENT_TIERING": "intelligentTiering",
    "ONEZONE_IA": "oneZone",
    "GLACIER_IR": "glacierInstant",
    "GLACIER": "glacier",
    "DEEP_ARCHIVE": "deepArchive",
}


class Data:
    """Puts what holds data into a draft."""

    def __init__(self, state: State, draft: Draft, advise: Advise) -> None:
        """Take a state, the draft, and where to say what needs a hand."""
        self._state = state
        self._draft = draft
        self._advise = advise

    def put(self) -> None:
        """Carry over everything that can be."""
        for type_, (part, entry) in self._parts().items():
            for held in self._state.of(type_):
                settings = entry(held)
                if settings is not None:
                    self._entry(part, held, settings)

    def _parts(self) -> Mapping[str, tuple[str, Callable[[Held], dict[str, Any] | None]]]:
        databases = Databases(self._state, self._draft, self._advise)
        return {
            "aws_s3_bucket": ("buckets", self._bucket),
            "aws_dynamodb_table": ("tables", self._table),
            "aws_sqs_queue": ("queues", self._queue),
            "aws_sns_topic": ("topics", self._topic),
            "aws_kinesis_stream": ("streams", self._stream),
            "aws_secretsmanager_secret": ("secrets", self._secret),
            "aws_ecr_repository": ("repositories", self._repository),
            "aws_db_instance": ("databases", databases.instance),
            "aws_rds_cluster": ("databases", databases.cluster),
            "aws_elasticache_replication_group": ("caches", databases.cache),
            "aws_cognito_user_pool": ("userPools", self._pool),
        }

    def _entry(self, part: str, held: Held, settings: dict[str, Any]) -> None:
        taken = self._draft.entries(part)
        key = free(key_of(held.name), taken)
        held.carried = True
        self._draft.put((part, key), settings, held.at("id"))

    def _bucket(self, held: Held) -> dict[str, Any]:
        name = held.take("bucket") or held.take("id")
        found: dict[str, Any] = {"bucketName": name, "adopt": name}
        about = [
            beside_bucket
            for beside_bucket in self._state.seen(*BESIDE_BUCKETS)
            if beside_bucket.attributes.get("bucket") == name
        ]
        for described in about:
            described.take("bucket")
            if described.type == "aws_s3_bucket_versioning":
                block = described.first("versioning_configuration")
                if block.get("status") != "Enabled":
                    found["versioning"] = False
            elif described.type == "aws_s3_bucket_lifecycle_configuration":
                steps = list(self._steps(described))
                if steps:
                    found["lifecycle"] = steps
        return found

    def _steps(self, held: Held) -> Iterator[dict[str, Any]]:
        """Rules that are a step by age; others are told."""
        for rule in blocks(held.take("rule")):
            named = (
                "expiration",
                "transition",
                "noncurrent_version_expiration",
                "noncurrent_version_transition",
                "abort_incomplete_multipart_upload",
            )
            found = {name: blocks(rule.get(name)) for name in named}
            prefix = _prefix(rule)
            if rule.get("status") != "Enabled" or prefix is None:
                self._advise(
                    held,
                    "rule",
                    "a rule that is off, or chooses by tags or size: see `buckets.KEY.lifecycle`",
                )
                continue
            under = {"prefix": prefix} if prefix else {}
            for expiration in found["expiration"]:
                if expiration.get("days"):
                    yield {"afterDays": expiration["days"], "expire": True, **under}
                else:
                    self._advise(held, "rule", "a rule by date: only ages are said")
            for transition in found["transition"]:
                if (
                    transition.get("days") is not None
                    and transition.get("storage_class") in CLASSES
                ):
                    to = CLASSES[transition["storage_class"]]
                    yield {"afterDays": transition["days"], "to": to, **under}
                else:
                    self._advise(held, "rule", "a rule by date: only ages are said")
            for expiration in found["noncurrent_version_expiration"]:
                yield {
                    "afterDays": expiration.get("noncurrent_days") or 0,
                    "expire": True,
                    "versions": "noncurrent",
                    **under,
                }
            if found["noncurrent_version_transition"] or found[named[-1]]:
                self._advise(
                    held,
                    "rule",
                    "noncurrent transitions and the end of unfinished uploads: "
                    "`lifecycle` with `versions: noncurrent`, `abortUploadsAfterDays`",
                )

    def _table(self, held: Held) -> dict[str, Any]:
        types = {
            defined["name"]: ATTRIBUTE_TYPES[defined["type"]]
            for defined in held.take("attribute", [])
        }

        def key(name: str) -> dict[str, Any]:
            type_ = types.get(name, "string")
            return {"name": name, **({} if type_ == "string" else {"type": type_})}

        name = held.take("name") or held.take("id")
        found: dict[str, Any] = {
            "physicalName": name,
            "adopt": name,
            "partitionKey": key(held.take("hash_key")),
        }
        if held.take("range_key"):
            found["sortKey"] = key(held.take("range_key"))
        for block in held.take("global_secondary_index", []):
            index = {"partitionKey": key(block["hash_key"])}
            if block.get("range_key"):
                index["sortKey"] = key(block["range_key"])
            found.setdefault("globalIndexes", {})[block["name"]] = index | _projection(block)
        for block in held.take("local_secondary_index", []):
            index = {"sortKey": key(block["range_key"])} | _projection(block)
            found.setdefault("localIndexes", {})[block["name"]] = index
        if held.take("billing_mode") == "PROVISIONED":
            capacity = {}
            for name_, attribute in (("read", "read_capacity"), ("write", "write_capacity")):
                units = max(1, int(held.take(attribute, 1)))
                capacity[name_] = {"min": units, "max": units * 4}
            found["capacity"] = capacity
            self._advise(held, "billing_mode", "capacity is scaled here: at most four times of now")
        held.used.update({"read_capacity", "write_capacity"})
        ttl = held.first("ttl")
        if ttl.get("enabled") and ttl.get("attribute_name"):
            found["ttl"] = ttl["attribute_name"]
        held.take("stream_view_type")
        if held.take("stream_enabled"):
            found["stream"] = VIEWS[held.attributes["stream_view_type"]]
        return found

    def _queue(self, held: Held) -> dict[str, Any] | None:
        arn, name = held.take("arn"), held.take("name")
        queues = self._state.of("aws_sqs_queue")
        feeds = [queue for queue in queues if arn and _dead_letters(queue) == arn]
        if feeds:
            self._advise(
                held,
                "",
                f"dead letters of {feeds[0].address}: a new one is made for them; "
                "work it off, then delete it",
            )
            return None
        found: dict[str, Any] = {"physicalName": name, "adopt": held.take("url") or held.take("id")}
        if held.take("fifo_queue"):
            found["fifo"] = True
        for attribute, setting in (
            ("visibility_timeout_seconds", "visibilitySeconds"),
            ("delay_seconds", "delaySeconds"),
            ("receive_wait_time_seconds", "waitSeconds"),
        ):
            value = held.take(attribute)
            if value is not None:
                found[setting] = value
        kept = int(held.take("message_retention_seconds", 4 * DAY))
        found["retentionDays"] = min(14, max(1, -(-kept // DAY)))
        size = held.take("max_message_size")
        if size:
            found["maxMessageKib"] = max(1, int(size) // 1024)
        redrive = str(held.take("redrive_policy") or "")
        if not redrive:
            found["deadLetters"] = "none"
        return found

    def _topic(self, held: Held) -> dict[str, Any]:
        found: dict[str, Any] = {"physicalName": held.take("name"), "adopt": held.take("arn")}
        if held.take("fifo_topic"):
            found["fifo"] = True
        if held.take("display_name"):
            found["displayName"] = held.attributes["display_name"]
        return found

    def _stream(self, held: Held) -> dict[str, Any]:
        name = held.take("name")
        found: dict[str, Any] = {
            "physicalName": name,
            "adopt": name,
            "retentionHours": held.take("retention_period", 24),
        }
        mode = held.first("stream_mode_details").get("stream_mode")
        if mode != "ON_DEMAND":
            found["capacity"] = {"shards": held.take("shard_count", 1)}
        held.take("shard_count")
        return found

    def _secret(self, held: Held) -> dict[str, Any]:
        found = {"name": held.take("name"), "adopt": held.take("arn")}
        return found | settings_from(held, ("description", "description"))

    def _repository(self, held: Held) -> dict[str, Any]:
        name = held.take("name")
        found: dict[str, Any] = {"name": name, "adopt": {"id": name}}
        found["adopt"]["keeps"] = ["encryptionConfigurations"]
        held.take("encryption_configuration")
        if held.take("image_tag_mutability") == "MUTABLE":
            found["mutableTags"] = True
        return found

    def _pool(self, held: Held) -> dict[str, Any]:
        signs = {"email": "email", "phone_number": "phone"}
        found: dict[str, Any] = {
            "physicalName": held.take("name"),
            "adopt": {"id": held.take("id"), "keeps": ["schemas"]},
        }
        usernames: list[str] = held.take("username_attributes") or []
        found["signIn"] = [signs[username] for username in usernames] or ["username"]
        if held.take("mfa_configuration") == "ON":
            found["mfa"] = "required"
        return found


BESIDE_BUCKETS: Final = (
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_ownership_controls",
)
"""What the entry makes as well, and puts over it."""


def retention(days: int) -> int:
    """The next number of days that CloudWatch keeps logs for."""
    return next(
        (retention_day for retention_day in RETENTION_DAYS if retention_day >= days),
        RETENTION_DAYS[-1],
    )


def _dead_letters(queue: Held) -> str | None:
    """ARN of the queue that a queue's failed messages go to."""
    policy = queue.attributes.get("redrive_policy")
    return json.loads(policy).get("deadLetterTargetArn") if policy else None


def _prefix(rule: Mapping[str, Any]) -> str | None:
    """What a rule's objects begin with; None where it chooses by more than that."""
    chosen = blocks(rule.get("filter"))
    if not chosen:
        return str(rule.get("prefix") or "")
    only = {name: value for name, value in chosen[0].items() if value}
    return str(only.get("prefix", "")) if only.keys() <= {"prefix"} else None


def _projection(block: Mapping[str, Any]) -> dict[str, Any]:
    kind = block.get("projection_type", "ALL")
    if kind == "KEYS_ONLY":
        return {"projection": "keys"}
    return {"projection": list(block["non_key_attributes"])} if kind == "INCLUDE" else {}
