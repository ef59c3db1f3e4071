"""Topics and queues: encrypted, private, and losing nothing."""

from typing import Final

from .. import aws
from ..control import Control, Level, Scope, Severity, Verdict, require, where
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..policies import open_to_anyone, refuses_plain_requests
from ..unknown import UNKNOWN, Tri, any_of

_SNS = "sns/latest/dg/"
_SQS = "AWSSimpleQueueService/latest/SQSDeveloperGuide/"


@resource_control(
    Facts(
        "SNS.1",
        "Topics are encrypted",
        Severity.MEDIUM,
        "topics.<key> uses the messages key (the default); caches.<key>.notify: false (the "
        "default)",
        "kms_master_key_id=key.id",
        _SNS + "sns-server-side-encryption.html",
    ),
    aws.TOPIC,
)
def topic_encrypted(topic: Resource) -> Verdict:
    return require(topic.provided(topic["kmsMasterKeyId"], *aws.KEYS), "kmsMasterKeyId is not set")


@graph_control(
    Facts(
        "SNS.tls-publish",
        "Topics refuse messages without TLS",
        Severity.MEDIUM,
        "topics.<key> always refuses plain requests",
        "TopicPolicy with a Deny of sns:Publish where aws:SecureTransport is false",
        _SNS + "sns-security-best-practices.html",
    ),
    aws.TOPIC,
)
def topic_over_tls(topic: Resource, stack: Stack) -> Verdict:
    own = (topic.facts.outputs or {}).get("arn")
    arn = own if isinstance(own, str) else UNKNOWN
    separate = stack.some_companion(
        topic,
        aws.TOPIC_POLICY,
        "arn",
        lambda one: refuses_plain_requests(one["policy"], "sns", arn),
    )
    return require(
        refuses_plain_requests(topic["policy"], "sns", arn) | separate,
        "no policy denies publishing where aws:SecureTransport is false",
    )


@resource_control(
    Facts(
        "SNS.4",
        "Topics are not open to anyone",
        Severity.CRITICAL,
        "topics.<key> is open to the tiers that publish only",
        "name accounts, or services with aws:SourceAccount, in the topic policy",
        _SNS + "sns-security-best-practices.html",
    ),
    aws.TOPIC,
    aws.TOPIC_POLICY,
    scope=Scope.DOCUMENT,
)
def topic_not_public(topic: Resource) -> Verdict:
    return open_to_anyone(topic["policy"])


@graph_control(
    Facts(
        "SNS.subscribers",
        "Topics that alarms call reach somebody",
        Severity.MEDIUM,
        "monitoring.subscribers names who is told",
        "TopicSubscription(topic=topic.arn, protocol='email', endpoint=...)",
        "AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
        # Who is told may be subscribed by hand, or in a stack of its own.
        level=Level.ADVISORY,
    ),
    aws.TOPIC,
)
def somebody_listens(topic: Resource, stack: Stack) -> Verdict:
    called = any_of(
        alarm.belongs
        for kind in (aws.ALARM, aws.COMPOSITE_ALARM)
        for alarm in stack.companions(topic, kind, "alarmActions")
    )
    heard = any_of(one.belongs for one in stack.companions(topic, aws.TOPIC_SUBSCRIPTION, "topic"))
    return where(
        called | heard,
        require(heard, "alarms call it, and nobody is subscribed"),
        "no alarm calls it",
    )


@resource_control(
    Facts(
        "SQS.1",
        "Queues are encrypted",
        Severity.MEDIUM,
        "queues.<key> uses the messages key (the default)",
        "kms_master_key_id=key.id",
        _SQS + "sqs-server-side-encryption.html",
    ),
    aws.QUEUE,
)
def queue_encrypted(queue: Resource) -> Verdict:
    return require(
        queue.provided(queue["kmsMasterKeyId"], *aws.KEYS)
        | queue["sqsManagedSseEnabled"].is_true(),
        "sqsManagedSseEnabled is false and no key is set",
    )


@resource_control(
    Facts(
        "SQS.3",
        "Queues are not open to anyone",
        Severity.CRITICAL,
        "queues.<key> is open to the tiers that send only",
        "name accounts, or services with aws:SourceArn, in the queue policy",
        _SQS + "sqs-security-best-practices.html",
    ),
    aws.QUEUE,
    aws.QUEUE_POLICY,
    scope=Scope.DOCUMENT,
)
def queue_not_public(queue: Resource) -> Verdict:
    return open_to_anyone(queue["policy"])


# Inputs that send what failed to a queue.
_FAILURES_TO: Final = (
    (aws.QUEUE, "redrivePolicy"),
    (aws.QUEUE_REDRIVE, "redrivePolicy"),
    (aws.TOPIC_SUBSCRIPTION, "redrivePolicy"),
    (aws.FUNCTION, "deadLetterConfig"),
    (aws.FUNCTION_EVENT_CONFIG, "destinationConfig"),
    (aws.SCHEDULE, "target"),
    (aws.EVENT_TARGET, "deadLetterConfig"),
)


# In the document of a redrive allow policy; "denyAll" is no dead-letter queue at all.
_PERMISSION: Final = "redrivePermission"


def _takes_failures(queue: Resource, stack: Stack) -> Tri:
    known, may = stack.once("failure targets", _failure_targets)
    permission = queue["redriveAllowPolicy"].parsed()[_PERMISSION]
    if permission.one_of(("allowAll", "byQueue")) is Tri.YES:
        return Tri.YES
    if queue.urn in known:
        return Tri.YES
    if known & queue.identities():
        return Tri.YES
    return Tri.UNKNOWN if may else Tri.NO


def _failure_targets(stack: Stack) -> tuple[frozenset[str], bool]:
    """URNs, names and ARNs of the queues that take failures; and whether some are unknown."""
    known: set[str] = set()
    may = False
    for kind, name in _FAILURES_TO:
        for resource in stack.of_type(kind):
            reading = resource[name]
            document = reading.parsed()
            arns = [
                one[key]
                for one in document.elements() or (document,)
                for key in ("deadLetterTargetArn", "targetArn", "arn")
            ]
            arns.extend(resource.leaves("destinationConfig.onFailure.destination"))
            arns.extend(resource.leaves("target.deadLetterConfig.arn"))
            for arn in arns:
                text = arn.text()
                if text is not None:
                    known.update((text, text.rsplit(":", 1)[-1]))
            if reading.is_unknown or any(arn.is_unknown for arn in arns):
                urns = resource.facts.property_dependencies.get(name, ())
                known.update(urns)
                may = may or not urns
    return frozenset(known), may


@graph_control(
    Facts(
        "SQS.dead-letter",
        "Messages that cannot be handled are kept",
        Severity.MEDIUM,
        "queues.<key>.deadLetters: {maxReceives: 5} (the default)",
        "redrive_policy with deadLetterTargetArn and maxReceiveCount",
        _SQS + "sqs-dead-letter-queues.html",
    ),
    aws.QUEUE,
)
def queue_keeps_failures(queue: Resource, stack: Stack) -> Verdict:
    separate = any_of(one.belongs for one in stack.companions(queue, aws.QUEUE_REDRIVE, "queueUrl"))
    return where(
        ~_takes_failures(queue, stack),
        require(queue["redrivePolicy"].present() | separate, "it has no dead-letter queue"),
        "it is a dead-letter queue itself",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    topic_encrypted,
    topic_over_tls,
    topic_not_public,
    somebody_listens,
    queue_encrypted,
    queue_not_public,
    queue_keeps_failures,
)
