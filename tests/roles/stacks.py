"""Real stacks as if their files named the boundary, and the roles that follow from them."""

from __future__ import annotations

import dataclasses
import functools
import json

from components.naming import Naming
from tests.recordings import recorded
from trellis.planner.recording import Mode, Recording
from trellis.roles.roles import Roles, State, boundary_name, derive

STATE = State("shop-state", "arn:aws:kms:us-east-1:123456789012:key/1-2-3")
ROLE = "aws:iam/role:Role"


def naming_of(recording: Recording) -> Naming:
    provider = recording.of_type("pulumi:providers:aws")[0]
    tags = json.loads(str(provider.inputs["defaultTags"]))["tags"]
    return Naming(tags["System"], tags["Environment"])


def bounded(project: str, stack: str, mode: Mode) -> Recording:
    """The recording of a real stack whose roles have the boundary."""
    recording = recorded(project, stack, mode)
    naming = naming_of(recording)
    arn = f"arn:aws:iam::{recording.account}:policy/" + boundary_name(
        naming.system, naming.environment
    )
    resources = tuple(
        dataclasses.replace(resource, inputs={**resource.inputs, "permissionsBoundary": arn})
        if resource.type == ROLE
        else resource
        for resource in recording
    )
    return dataclasses.replace(recording, resources=resources)


@functools.cache
def roles_of(project: str, stack: str) -> Roles:
    """The roles of a real stack."""

    def of(mode: str) -> Recording:
        return bounded(project, stack, "deployed" if mode == "deployed" else "preview")

    return derive(of, naming_of(recorded(project, stack)), "aws", STATE)
