"""What does the policy pack cost: all controls over 1,000 and 10,000 resources, time and memory.

The stack is made of slices of a real kind: a service with its database, cache, bucket, queue,
function, role, rules, alarms, log groups. Time must grow with the number of resources and no
faster; the model is built once for all controls, so doubling the controls must not double it.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import cast

from policies.guardrails.catalog import CONTROLS
from policies.guardrails.evidence import Stack
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.run import analyse
from policies.guardrails.unknown import UNKNOWN

TODAY = dt.date(2026, 11, 21)
SECONDS_FOR_1000 = 0.5
SECONDS_FOR_10000 = 2.5
LARGEST_RATIO = 15.0
"""Ten times the resources may take this many times as long."""
KIBIBYTES_PER_RESOURCE = 64.0


def main() -> int:
    """Print the figures; 1 when one is missed."""
    analyse(slices(20), today=TODAY)
    thousand, many = slices(1_000), slices(10_000)
    small, large = seconds(thousand), seconds(many)
    ratio = large / small
    memory = kibibytes(many) / len(many)
    build = fastest(lambda: Stack(thousand))
    print(f"controls                     {len(CONTROLS)}")
    print(f"{len(thousand):6} resources             {small:8.3f} s (at most {SECONDS_FOR_1000})")
    print(f"{len(many):6} resources             {large:8.3f} s (at most {SECONDS_FOR_10000})")
    print(f"ratio                        {ratio:8.1f}   (at most {LARGEST_RATIO})")
    print(f"building the model           {build:8.3f} s of the {small:.3f}")
    print(f"peak memory of a resource    {memory:8.1f} KiB (at most {KIBIBYTES_PER_RESOURCE})")
    slow = small > SECONDS_FOR_1000 or large > SECONDS_FOR_10000 or ratio > LARGEST_RATIO
    return int(slow or memory > KIBIBYTES_PER_RESOURCE)


def seconds(facts: list[ResourceFacts]) -> float:
    """The fastest of three analyses."""
    return fastest(lambda: analyse(facts, today=TODAY))


def fastest(work: Callable[[], object]) -> float:
    """The shortest of three runs, in seconds of the processor (others may share the machine)."""
    best = float("inf")
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def kibibytes(facts: list[ResourceFacts]) -> float:
    """The most memory that one analysis held beyond its input."""
    gc.collect()
    tracemalloc.start()
    analyse(facts, today=TODAY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024


def slices(resources: int) -> list[ResourceFacts]:
    """A stack of about ``resources`` resources, as a preview sees it."""
    made: list[ResourceFacts] = [fact("aws:ec2/vpc:Vpc", "main", cidrBlock="10.0.0.0/16")]
    number = 0
    while len(made) < resources:
        made.extend(_slice(number))
        number += 1
    return made[:resources]


def fact(kind: str, label: str, /, **inputs: object) -> ResourceFacts:
    """One resource; an input given as a tuple of URNs is unknown and depends on them."""
    known: dict[str, object] = {}
    depends: dict[str, tuple[str, ...]] = {}
    for key, value in inputs.items():
        if isinstance(value, tuple):
            depends[key] = cast("tuple[str, ...]", value)
            known[key] = UNKNOWN
        else:
            known[key] = value
    return ResourceFacts(urn(kind, label), kind, label, known, property_dependencies=depends)


def urn(kind: str, name: str) -> str:
    """The URN of a resource of the stack."""
    return f"urn:pulumi:prod::bench::{kind}::{name}"


def _policy(action: str, resource: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _slice(number: int) -> list[ResourceFacts]:
    name = f"app{number}"
    bucket, group = "aws:s3/bucket:Bucket", "aws:ec2/securityGroup:SecurityGroup"
    role, queue = "aws:iam/role:Role", "aws:sqs/queue:Queue"
    vpc = urn("aws:ec2/vpc:Vpc", "main")
    own = {kind: (urn(kind, name),) for kind in (bucket, group, role, queue)}
    companions = "PublicAccessBlock", "Policy", "Versioning", "Logging", "LifecycleConfiguration"
    return [
        fact(bucket, name, bucket=f"bench-{name}"),
        *(fact(_companion(one), name, bucket=own[bucket], rules=[]) for one in companions),
        fact(group, name, vpcId=(vpc,)),
        fact(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            name,
            securityGroupId=own[group],
            ipProtocol="tcp",
            fromPort=5432,
            toPort=5432,
            referencedSecurityGroupId=own[group],
        ),
        fact("aws:rds/instance:Instance", name, engine="postgres", vpcSecurityGroupIds=own[group]),
        fact("aws:elasticache/replicationGroup:ReplicationGroup", name),
        fact("aws:dynamodb/table:Table", name, name=name),
        fact(queue, name, name=name),
        fact(role, name, name=name),
        fact(
            "aws:iam/rolePolicy:RolePolicy",
            name,
            role=own[role],
            policy=_policy("s3:GetObject", f"arn:aws:s3:::bench-{name}/*"),
        ),
        fact("aws:lambda/function:Function", name, name=name, runtime="python3.13"),
        fact("aws:ecs/service:Service", name, name=name),
        fact(
            "aws:ecs/taskDefinition:TaskDefinition",
            name,
            containerDefinitions=json.dumps([{"name": "web"}]),
        ),
        fact("aws:cloudwatch/logGroup:LogGroup", name, name=f"/ecs/{name}"),
        fact("aws:cloudwatch/metricAlarm:MetricAlarm", name, dimensions={"QueueName": name}),
        fact("aws:secretsmanager/secret:Secret", name, name=name),
        fact("aws:ec2/instance:Instance", name, userData="#!/bin/sh\ndnf install -y nginx\n"),
        fact("aws:ebs/volume:Volume", name, encrypted=True),
        fact("aws:efs/fileSystem:FileSystem", name, encrypted=True),
        fact("aws:opensearch/domain:Domain", name, domainName=name),
        fact("aws:sfn/stateMachine:StateMachine", name, definition='{"StartAt": "a"}'),
        fact("aws:ssm/parameter:Parameter", name, name=f"/{name}/stage", type="String", value="x"),
    ]


def _companion(suffix: str) -> str:
    return f"aws:s3/bucket{suffix}:Bucket{suffix}"


if __name__ == "__main__":
    sys.exit(main())
