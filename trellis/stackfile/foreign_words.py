"""Words of ECS, Copilot and docker compose, and what stands for them in a service or job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trellis.stackfile.problems import KeyPath

TASKS: Final = ("services", "jobs")

IN_A_TASK: Final[Mapping[str, str]] = {
    "build": "`image: {repository: KEY, build: {context: FOLDER}}` builds it",
    "containerDefinitions": "the service is the main container; others are `sidecars`",
    "count": "`scaling: {min: 1, max: 4}`",
    "depends_on": "`uses` says what a service needs; `sidecars.KEY.startFirst` what comes first",
    "deploy": "`cpu`, `memory` and `scaling`",
    "desiredCount": "`scaling: {min: 1, max: 4}`",
    "entrypoint": "`entryPoint`",
    "env": "`environment`",
    "env_file": "write its lines into `environment`; passwords and keys are `secrets` and `uses`",
    "executionRole": "it follows from the image and from `uses`",
    "healthcheck": "`healthCommand`, or `health` behind a load balancer",
    "http": "`routes: [{host: NAME}]` and `port`",
    "network": "`subnets` says where it runs; `uses` whom it may call",
    "networks": "there is one; `uses` says who may call whom",
    "ports": "`port`, and `routes` for who calls it",
    "portMappings": "`port`",
    "replicas": "`scaling: {min: 1, max: 4}`",
    "restart": "ECS starts a task again that ended",
    "secrets": "`uses: [{secret: KEY, as: NAME}]`, with `secrets` or `existing.secrets` above",
    "storage": "`scratch`, `mounts` or `fileSystems`",
    "taskDefinition": "it is made from the service's settings",
    "taskRole": "it follows from `uses`; what no part offers is `uses: [{grant: ...}]`",
    "taskRoleArn": "it follows from `uses`; what no part offers is `uses: [{grant: ...}]`",
    "type": "a service with `routes` is behind a load balancer, one without is a worker",
    "variables": "`environment`",
    "working_dir": "say `WORKDIR` in the Dockerfile",
}
"""By word; those that are near another setting's name would be taken for a typing error."""


BESIDE: Final = "it has no part of the stack file: "
OWN: Final = "; beside it as ordinary Pulumi, with `uses: [{link: KEY}]` (docs/own-resources.md)"

PARTS: Final[Mapping[str, str]] = {
    "api": "`apis`",
    "bucket": "`buckets`",
    "cache": "`caches`",
    "crons": "`jobs`, or `triggers` of `functions`, with a `schedule`",
    "database": "`databases`",
    "domains": "`zones`; names are `routes`, `sites.KEY.domain` and `apis.KEY.domain`",
    "dynamodb": "`tables`",
    "eventBuses": f"{BESIDE}functions hear of the default bus (`triggers.KEY.event`), and `uses: "
    f"[{{grant: {{actions: [events:PutEvents], ...}}}}]` lets a program put events there{OWN}",
    "identityPools": f"{BESIDE}functions and services sign addresses for uploads (`buckets`){OWN}",
    "kafka": f"{BESIDE}`streams` is Kinesis{OWN}",
    "lambdas": "`functions`",
    "opensearch": f"{BESIDE}one that exists is called by `uses: [{{address: ...}}]`{OWN}",
    "platformApplications": f"{BESIDE}`uses: [{{grant: {{actions: [sns:Publish, ...]}}}}]` leads "
    f"to one that exists{OWN}",
    "postgres": "`databases`",
    "redis": "`caches`",
    "sidecars": "`services.KEY.sidecars`",
    "stateMachines": f"{BESIDE}`jobs` run tasks again (`rerun`), and `queues` hand work on to the "
    f"next function or service{OWN}",
    "tasks": "`jobs`",
    "vpc": "`network`",
    "workers": "`services` without a `port`",
}
"""Parts that other tools have, and that a stack file calls otherwise or has not."""

BY_A_POOL: Final = (
    "register the provider with a user pool (`userPools.KEY.providers`) and name that here: a load "
    "balancer takes a provider's client secret in clear, so it would stand in the state"
)

AT_A_SIGN_IN: Final = ("clientId", "clientSecret", "issuer", "oidc")
"""Words of a route's `signIn` that would ask a provider of OpenID Connect without a pool."""


def foreign(path: KeyPath) -> str:
    """What stands for a word of another tool at this place; empty where it is none."""
    if path[0] == "services" and path[-2:-1] == ("signIn",):
        return BY_A_POOL if path[-1] in AT_A_SIGN_IN else ""
    if len(path) == 1:
        return PARTS.get(str(path[0]), "")
    inside = len(path) == 3 and path[0] in TASKS
    return IN_A_TASK.get(str(path[-1]), "") if inside else ""
