"""Logs that are kept, and alarms that reach someone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .. import aws
from ..control import Control, Level, Parameters, Severity, Verdict, first_failure, require
from ..define import Facts, graph_control, measured_control, resource_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, all_of

_LOGS = "AmazonCloudWatch/latest/logs/"
_ALARMS = "AmazonCloudWatch/latest/monitoring/"


@resource_control(
    Facts(
        "Logs.customer-key",
        "Logs are encrypted with a customer key",
        Severity.MEDIUM,
        "every tier's logs use the logs key (the default)",
        "LogGroup(kms_key_id=key.arn)",
        _LOGS + "encrypt-log-data-kms.html",
    ),
    aws.LOG_GROUP,
)
def logs_on_customer_key(group: Resource) -> Verdict:
    return require(group.customer_key(group["kmsKeyId"]), "kmsKeyId names no customer key")


@measured_control(
    Facts(
        "Logs.retention",
        "Logs are kept for a chosen time",
        Severity.MEDIUM,
        "services.<key>.logRetentionDays: 365 (the default in production), "
        "monitoring.logs.<key>.retentionDays: 365, and the like of every tier",
        "retention_in_days=30",
        _LOGS + "Working-with-log-groups-and-streams.html",
        parameters={"minimumDays": 1},
    ),
    aws.LOG_GROUP,
)
def logs_kept(group: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    return require(
        group["retentionInDays"].at_least(max(days, 1)),
        "retentionInDays is not set, or too short: without it logs are kept, and paid for, forever",
    )


@measured_control(
    Facts(
        "CloudWatch.16",
        "Logs are kept for a year",
        Severity.MEDIUM,
        "services.<key>.logRetentionDays: 365 (the default in production), "
        "monitoring.logs.<key>.retentionDays: 365, and the like of every tier",
        "retention_in_days=365",
        _LOGS + "Working-with-log-groups-and-streams.html",
        level=Level.ADVISORY,
        in_development=Level.DISABLED,
        parameters={"minimumDays": 365},
    ),
    aws.LOG_GROUP,
)
def logs_kept_for_a_year(group: Resource, parameters: Parameters) -> Verdict:
    days = parameters["minimumDays"]
    assert isinstance(days, (int, float))
    kept = group["retentionInDays"]
    # Without a number, and with 0, nothing expires.
    return require(
        kept.absent() | kept.equals(0) | kept.at_least(days), f"retentionInDays is below {days:g}"
    )


@resource_control(
    Facts(
        "CloudWatch.17",
        "Alarms act when they ring",
        Severity.HIGH,
        "leave out monitoring.alarms.<key>.silence, or let it end",
        "alarm_actions=[topic.arn], actions_enabled=True",
        _ALARMS + "AlarmThatSendsEmail.html",
    ),
    aws.ALARM,
    aws.COMPOSITE_ALARM,
)
def alarms_act(alarm: Resource) -> Verdict:
    # One without any action stands for what reads its state: a composite alarm, a deployment.
    others = alarm["okActions"].present() | alarm["insufficientDataActions"].present()
    return first_failure(
        require(alarm["actionsEnabled"].is_true(), "actionsEnabled is false"),
        require(
            alarm["alarmActions"].present() | ~others,
            "it acts when it ends, and does nothing when it rings",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Watched:
    """What the alarms of a stack watch: by dimension and name, by URN; and if some are unknown."""

    names: frozenset[tuple[str, str]]
    urns: frozenset[str]
    may: bool


def _watched(stack: Stack) -> _Watched:
    names: set[tuple[str, str]] = set()
    urns: set[str] = set()
    may = False
    for alarm in stack.of_type(aws.ALARM):
        for name, readings in (
            ("dimensions", (alarm["dimensions"],)),
            ("metricQueries", alarm.leaves("metricQueries.metric.dimensions")),
        ):
            for reading in readings:
                unknown = reading.is_unknown
                for key in reading.keys():  # noqa: SIM118 - a Reading, no dict
                    value: Reading = reading[key]
                    unknown = unknown or value.is_unknown
                    text = value.text()
                    if text:
                        names.add((key, text))
                if unknown:
                    found = alarm.facts.property_dependencies.get(name, ())
                    urns.update(found)
                    may = may or not found
    return _Watched(frozenset(names), frozenset(urns), may)


def _alarm_control(
    name: str, what: str, metric: str, dimensions: Mapping[str, str], remedy: str = ""
) -> Control:
    """Asks for an alarm whose dimension, given by resource type, names the resource.

    A queue and a function may share a name: the name alone does not tell what is watched.
    """

    def seen(resource: Resource, stack: Stack) -> Tri:
        watched = stack.once("watched", _watched)
        dimension = dimensions[resource.type]
        named = ((dimension, identity) for identity in resource.identities())
        found = resource.urn in watched.urns or not watched.names.isdisjoint(named)
        return Tri.YES if found else Tri.UNKNOWN if watched.may else Tri.NO

    def check(resource: Resource, stack: Stack) -> Verdict:
        answer = seen(resource, stack)
        members = stack.companions(resource, aws.DB_CLUSTER_INSTANCE, "clusterIdentifier")
        if resource.type == aws.DB_CLUSTER and members:
            # What watches each instance of a cluster watches the cluster.
            answer = answer | all_of(one.belongs & seen(one.resource, stack) for one in members)
        return require(answer, "no alarm watches it")

    return graph_control(
        Facts(
            f"Alarms.{name}",
            f"Every {what} has an alarm",
            Severity.MEDIUM,
            remedy or f"monitoring makes alarms for every {what} (the default)",
            f"MetricAlarm on {metric} of this {what}",
            _ALARMS + "Best_Practice_Recommended_Alarms_AWS_Services.html",
        ),
        *(kind for kind in dimensions if kind != aws.DB_CLUSTER_INSTANCE),
    )(check)


CONTROLS: Final[tuple[Control, ...]] = (
    logs_on_customer_key,
    logs_kept,
    logs_kept_for_a_year,
    alarms_act,
    _alarm_control("service", "service", "CPUUtilization", {aws.ECS_SERVICE: "ServiceName"}),
    _alarm_control(
        "database",
        "database",
        "FreeStorageSpace",
        {
            aws.DB_INSTANCE: "DBInstanceIdentifier",
            aws.DB_CLUSTER: "DBClusterIdentifier",
            aws.DB_CLUSTER_INSTANCE: "DBInstanceIdentifier",
        },
    ),
    _alarm_control(
        "queue",
        "queue",
        "ApproximateAgeOfOldestMessage",
        {aws.QUEUE: "QueueName"},
        "queues.<key>.oldestMessageMinutes: 15 (the default)",
    ),
    _alarm_control("function", "function", "Errors", {aws.FUNCTION: "FunctionName"}),
)
