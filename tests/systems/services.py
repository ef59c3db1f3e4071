"""What tests of services read from a recording: containers, roles, rules."""

from __future__ import annotations

import json
from typing import Any

from trellis.planner.record import Recorded, Recording

TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
TARGET = "aws:appautoscaling/target:Target"
SCALING = "aws:appautoscaling/policy:Policy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
TARGETS = "aws:lb/targetGroup:TargetGroup"
REPOSITORY = "aws:ecr/repository:Repository"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def main_container(recording: Recording, key: str) -> dict[str, Any]:
    """The first container of a task definition."""
    return json.loads(recording.one(TASK, key).inputs["containerDefinitions"])[0]


def environment(recording: Recording, key: str) -> dict[str, str]:
    return {
        variable["name"]: variable["value"]
        for variable in main_container(recording, key)["environment"]
    }


def secrets(recording: Recording, key: str) -> dict[str, str]:
    """Secret names (less AWS's own ending) and JSON keys by environment variable."""
    found: dict[str, str] = {}
    for secret in main_container(recording, key)["secrets"]:
        name, _, rest = secret["valueFrom"].partition(":secret:")[2].partition(":")
        found[secret["name"]] = name[:-7] + (f" {rest.rstrip(':')}" if rest else "")
    return found


def statements(recording: Recording, role: str) -> list[dict[str, Any]]:
    """The statements of a role's inline policy; none where it has no policy."""
    for resource in recording.of_type(POLICY):
        if resource.name == role:
            return json.loads(resource.inputs["policy"])["Statement"]
    return []


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def actions(recording: Recording, role: str) -> set[str]:
    return {a for statement in statements(recording, role) for a in as_list(statement["Action"])}


def group_of(recording: Recording, id_: str) -> str:
    """A security group as `parent type name`, as in `RelationalDatabase main`."""
    for resource in recording.of_type(GROUP):
        if resource.id == id_:
            parent = resource.parent.split("::")[2].rsplit("$", 1)[-1].rsplit(":", 1)[-1]
            return f"{parent} {resource.name}"
    return id_


def flows(recording: Recording, type_: str) -> set[tuple[str, str, int, int]]:
    """Rules as (group, the other end, first port, last port)."""
    found: set[tuple[str, str, int, int]] = set()
    for rule in recording.of_type(type_):
        other = rule.inputs.get("referencedSecurityGroupId")
        end = (
            group_of(recording, other)
            if other
            else rule.inputs.get("cidrIpv4") or rule.inputs.get("prefixListId")
        )
        group = group_of(recording, rule.inputs["securityGroupId"])
        found.add((group, str(end), rule.inputs["fromPort"], rule.inputs["toPort"]))
    return found


def out_of(recording: Recording, group: str) -> set[tuple[str, int]]:
    return {(end, port) for own, end, port, _ in flows(recording, EGRESS) if own == group}


def into(recording: Recording, group: str) -> set[tuple[str, int]]:
    return {(end, port) for own, end, port, _ in flows(recording, INGRESS) if own == group}


def depends(recording: Recording, resource: Recorded) -> set[str]:
    """What a resource waits for, as `type name`."""
    by_urn = {element.urn: element for element in recording}
    return {
        f"{by_urn[urn].type.rsplit(':', 1)[-1]} {by_urn[urn].name}"
        for urn in resource.dependencies
        if urn in by_urn
    }
