"""What is refused because of the rest of the stack file, in words a person can act on."""

from __future__ import annotations

from typing import Any

import pytest

from testing.service_cases import BALANCER, CERTIFICATE, DIGEST, parts, service, web
from tests.components.small_systems import DATABASE, NETWORK, small_system
from trellis.stackfile.problems import StackFileError

NO_NAT = {**NETWORK, "nat": "none"}

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an unknown producer names the nearest": (
        parts(
            {"api": service(uses=[{"bucket": "recipts", "access": "read"}])},
            buckets={"receipts": {}},
        ),
        ["services.api.uses[0].bucket", "bucket recipts", "did you mean `receipts`?"],
    ),
    "a producer of a kind that is not there": (
        parts({"api": service(uses=[{"queue": "jobs", "access": "send"}])}),
        ["services.api.uses[0].queue", "the stack file has no queue"],
    ),
    "an unknown access": (
        parts({"api": service(uses=[{"bucket": "a", "access": "raed"}])}, buckets={"a": {}}),
        ["services.api.uses[0].access", "read, write, delete, readWrite", "did you mean `read`?"],
    ),
    "an access that must be given": (
        parts({"api": service(uses=[{"bucket": "a"}])}, buckets={"a": {}}),
        ["bucket a without `access`"],
    ),
    "a new name for several values": (
        parts(
            {"api": service(uses=[{"bucket": "a", "access": "read", "as": "X"}])}, buckets={"a": {}}
        ),
        ["services.api.uses[0].as", "exactly one value"],
    ),
    "a second database of the same variables": (
        parts(
            {"api": service(uses=[{"database": "main"}, {"database": "orders"}])},
            databases={"main": DATABASE, "orders": DATABASE},
        ),
        ["services.api.uses[1]", "the variable DB_HOST, which database main", "`prefix: ORDERS_`"],
    ),
    "a variable of its own that a producer brings too": (
        parts(
            {
                "api": service(
                    environment={"S3_A_BUCKET": "x"}, uses=[{"bucket": "a", "access": "read"}]
                )
            },
            buckets={"a": {}},
        ),
        ["services.api.uses[0]", "the variable S3_A_BUCKET, which `environment` gives already"],
    ),
    "another region than the one that all buckets are in": (
        parts(
            {
                "api": service(
                    environment={"S3_REGION": "mars"}, uses=[{"bucket": "a", "access": "read"}]
                )
            },
            buckets={"a": {}},
        ),
        ["services.api.uses[0]", "the variable S3_REGION"],
    ),
    "the stream of a table without one": (
        parts(
            {"api": service(uses=[{"table": "t", "access": "stream"}])},
            tables={"t": {"partitionKey": {"name": "id"}}},
        ),
        ["services.api.uses[0].access", "which has none", "`stream` in tables.t"],
    ),
    "a field of a random value": (
        parts(
            {"api": service(uses=[{"secret": "s", "as": "X", "field": "key"}])},
            secrets={"s": {"kind": "generated"}},
        ),
        ["services.api.uses[0].field", "the value of s is plain text"],
    ),
    "a field that credentials do not have": (
        parts(
            {"api": service(uses=[{"secret": "s", "as": "X", "field": "pasword"}])},
            secrets={"s": {"kind": "credentials", "database": "main"}},
            databases={"main": DATABASE},
        ),
        ["services.api.uses[0].field", "did you mean `password`?"],
    ),
    "two services of one name": (
        parts({"a": service(name="web"), "b": service(name="web")}),
        ["services.b.name", "the service web", "another: a has it"],
    ),
    "two tasks of one family": (
        parts({"a": service(family="web"), "b": service(family="web")}),
        ["services.b.family", "the task definition web"],
    ),
    "two tasks of one log group": (
        parts({"a": service(logGroup="/web"), "b": service(logGroup="/web")}),
        ["services.b.logGroup", "the log group /web"],
    ),
    "two repositories of one name": (
        parts({"a": service()}, repositories={"x": {"name": "web"}, "y": {"name": "web"}}),
        ["repositories.y.name", "the repository web"],
    ),
    "a name that a load balancer can't have": (
        parts({"a": web()}, loadBalancers={"alb": {**BALANCER, "name": "internal-web"}}),
        ["loadBalancers.alb.name", "'internal-web' can't be the name of a load balancer"],
    ),
    "a name that a task definition can't have": (
        parts({"a": service(family="a.b")}),
        ["services.a.family", "'a.b' can't be the name of a service"],
    ),
    "a certificate of another region": (
        parts(
            {"a": web()},
            loadBalancers={
                "alb": {"certificates": [{"arn": CERTIFICATE.replace("us-east-1", "eu-west-1")}]}
            },
        ),
        ["loadBalancers.alb.certificates[0].arn", "a certificate in eu-west-1", "one in us-east-1"],
    ),
    "a load balancer with nothing to serve": (
        {"network": NETWORK, "loadBalancers": {"alb": BALANCER}},
        ["loadBalancers.alb", "`services` or `jobs` with them"],
    ),
    "a repository for nobody": (
        {"network": NETWORK, "repositories": {"api": {}}},
        ["repositories.api", "without services and jobs"],
    ),
    "a circle through a service that the job calls": (
        parts(
            {
                "api": service(port=80, discoverable=True, uses=[{"service": "b"}]),
                "b": service(port=81, discoverable=True),
            },
            jobs={"j": service(before=["b"], uses=[{"service": "api"}])},
        ),
        ["jobs.j.uses[0].service", "the job calls api, which calls b, which waits for the job"],
    ),
    "nothing to build from": (
        parts({"a": {"image": {"repository": "a", "build": {"context": "nowhere"}}}}),
        ["services.a.image.build.context", "nowhere"],
    ),
    "a variable given twice": (
        parts(
            {"api": service(environment={"KEY": "1"}, uses=[{"secret": "s", "as": "KEY"}])},
            secrets={"s": {}},
        ),
        ["services.api.uses[0].as", "the variable KEY", "each variable once"],
    ),
    "a call of a service that nobody can call": (
        parts({"a": service(uses=[{"service": "b"}]), "b": service(port=80)}),
        ["services.a.uses[0].service", "set services.b.discoverable: true"],
    ),
    "a route without a load balancer": (
        {"network": NETWORK, "services": {"api": web()}},
        ["services.api.routes[0]", "the stack file has no loadBalancers"],
    ),
    "a route through an unknown one": (
        parts({"api": web(routes=[{"host": "a.b.c", "loadBalancer": "abl"}])}),
        ["services.api.routes[0].loadBalancer", "did you mean `alb`?"],
    ),
    "a route through one of two": (
        parts({"api": web()}, loadBalancers={"one": BALANCER, "two": BALANCER}),
        ["services.api.routes[0]", "one of one, two"],
    ),
    "a route that no request reaches": (
        parts(
            {
                "a": web(routes=[{"path": "/*", "priority": 1}]),
                "b": web(routes=[{"path": "/x", "priority": 2}]),
            }
        ),
        ["services.b.routes[0]", "services.a.routes[0] takes all of them (priority 1 before 2)"],
    ),
    "two rules of one priority": (
        parts(
            {
                "a": web(routes=[{"host": "a.b.c", "priority": 7}]),
                "b": web(routes=[{"host": "b.b.c", "priority": 7}]),
            }
        ),
        ["services.b.routes[0]", "services.a.routes[0] has too", "write `priority: 8`"],
    ),
    "more connections than the class allows": (
        parts(
            {"api": service(scaling={"max": 40}, uses=[{"database": "main", "pool": 10}])},
            databases={"main": DATABASE},
        ),
        ["databases.main", "up to 800 connections (api 80 x 10)", "larger class"],
    ),
    "more tasks than addresses": (
        parts({"api": service(scaling={"max": 4000})}, network={**NETWORK, "cidr": "10.0.0.0/20"}),
        ["network.subnets.private", "take up to 8000", "lower scaling.max"],
    ),
    "no NAT and no endpoint to pull through": (
        parts({"api": service()}, network={**NO_NAT, "endpoints": ["s3", "logs"]}),
        ["services.api", "no way to ecr.api, ecr.dkr", "`network.endpoints: auto`"],
    ),
    "an image from the internet for a task without a way there": (
        parts(
            {"api": service(image={"uri": f"public.ecr.aws/nginx/nginx@{DIGEST}"})}, network=NO_NAT
        ),
        ["services.api.image.uri", "public.ecr.aws", "no way to the internet", "ECR in us-east-1"],
    ),
    "subnets that are not there": (
        parts({"api": service(subnets="isolated")}),
        ["services.api.subnets", "one of private, public"],
    ),
    "no network at all": ({"services": {"api": service()}}, ["services.api", "a `network`"]),
    "one zone behind a load balancer": (
        parts({"api": web()}, network={**NETWORK, "zones": 1}),
        ["loadBalancers.alb", "two zones or more"],
    ),
    "a message that comes back before it is done": (
        parts(
            {"w": service(uses=[{"queue": "q", "access": "consume", "handlingSeconds": 300}])},
            queues={"q": {"visibilitySeconds": 60}},
        ),
        ["services.w.uses[0].handlingSeconds", "visibilitySeconds of 300", "raise queues.q"],
    ),
    "a queue to follow that is not there": (
        parts({"w": service(scaling={"backlog": {"queue": "q", "perTask": 5}})}),
        ["services.w.scaling.backlog.queue", "the stack file has no queue"],
    ),
    "a backlog without anybody who counts tasks": (
        parts(
            {"w": service(scaling={"backlog": {"queue": "q", "perTask": 5}})},
            queues={"q": {}},
            cluster={"insights": False},
        ),
        ["services.w.scaling.backlog", "insights: true"],
    ),
    "a job before nobody": (
        parts({"api": service()}, jobs={"m": service(before=["apii"])}),
        ["jobs.m.before[0]", "did you mean `api`?"],
    ),
    "a circle in creation": (
        parts(
            {"api": service(port=80, discoverable=True)},
            jobs={"m": service(before=["api"], uses=[{"service": "api"}])},
        ),
        ["jobs.m.uses[0].service", "a circle", "take api out of `before`"],
    ),
    "a service and a job of one name": (
        parts({"api": service()}, jobs={"api": service(schedule="rate(1 hour)")}),
        ["jobs.api", "another name"],
    ),
    "access logs into a bucket that takes none": (
        parts(
            {"api": web()},
            buckets={"logs": {"purpose": "logs"}},
            loadBalancers={"alb": {**BALANCER, "accessLogs": "logs"}},
        ),
        ["loadBalancers.alb.accessLogs", "receives: [loadBalancers]"],
    ),
    "more services behind a balancer than its group has rules": (
        parts(
            {
                f"s{n}": web(f"s{n}.b.c", routes=[{"host": f"s{n}.b.c", "priority": n + 1}])
                for n in range(61)
            }
        ),
        ["loadBalancers.alb", "61 services", "at most 60"],
    ),
    "more callers of a database than its group has rules": (
        parts(
            {f"s{n}": service(uses=[{"database": "main"}]) for n in range(61)},
            databases={"main": DATABASE},
        ),
        ["databases.main", "61 that call it"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_before_anything_is_registered(case: str):
    given, messages = CASES[case]
    with pytest.raises(StackFileError) as refused:
        small_system(**given)
    for text in messages:
        assert text in str(refused.value)


def test_two_services_that_call_each_other_are_legal():
    both = {
        "a": service(port=80, discoverable=True, uses=[{"service": "b"}]),
        "b": service(port=81, discoverable=True, uses=[{"service": "a"}]),
    }
    recording = small_system(**parts(both))
    assert {resource.name for resource in recording.of_type("aws:ecs/service:Service")} == {
        "a",
        "b",
    }


def test_auto_endpoints_are_what_a_closed_task_needs():
    given = parts(
        {"api": service(internet=False, uses=[{"secret": "s", "as": "S"}])},
        network=NO_NAT,
        secrets={"s": {}},
    )
    endpoints = {
        resource.inputs["serviceName"].removeprefix("com.amazonaws.us-east-1.")
        for resource in small_system(**given).of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    }
    assert endpoints >= {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager"}
