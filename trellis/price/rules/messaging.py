"""Topics, queues, mail, events, schedules, workflows.

Sources: "Amazon SNS pricing", "Amazon SQS pricing", "Amazon SES pricing", "Amazon EventBridge
pricing", "AWS Step Functions Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from components.services.runs import states
from trellis.price.asked import Asked, known
from trellis.price.lines import Charge, Free, NotPriced, Said
from trellis.price.rules.monitoring import runs_a_month
from trellis.price.spread import Spread

TOPIC = "aws:sns/topic:Topic"

DELIVERIES = {
    "email": "email", "email-json": "email", "http": "http", "https": "http", "sqs": "sqs",
    "lambda": "lambda", "firehose": "firehose", "application": "mobilePush",
}  # fmt: skip
"""Protocols of subscriptions as price keys have them."""

IDLE_REQUESTS = Decimal(10_000)
"""Requests a month of a queue that nothing uses but failures: Trellis's own."""


def topic(asked: Asked) -> Iterator[Said]:
    """What is published."""
    messages, why = asked.used("topics", "messages")
    kind = "fifo" if asked.get("fifoTopic", False) else "standard"
    yield Charge(f"AmazonSNS/{kind}/publish/request", "messages published", messages, (why,))


def subscription(asked: Asked) -> Iterator[Said]:
    """Each message delivered, by where to."""
    protocol = str(asked.get("protocol", ""))
    if protocol == "sms":
        yield NotPriced(
            "text messages", "0.00645 and 0.0099 a message to the US were both seen, and carriers' "
            "fees come on top",
        )  # fmt: skip
        return
    if protocol not in DELIVERIES:
        yield NotPriced(f"deliveries to {protocol}", "no price of that protocol is in the data")
        return
    messages, why = asked.used("topics", "messages")
    key = f"AmazonSNS/delivery/{DELIVERIES[protocol]}/notification"
    yield Charge(key, f"deliveries to {protocol}", messages, (why,))


def queue(asked: Asked) -> Iterator[Said]:
    """Requests; of a queue for what was given up on, hardly any."""
    requests, why = asked.used("queues", "requests")
    if not asked.owner or asked.owner[0] != "queues" or asked.resource.name != asked.key:
        requests = Spread.of(0, IDLE_REQUESTS, IDLE_REQUESTS)
        why = asked.because("assumed of a queue that only takes what failed")
    kind = "fifo" if asked.get("fifoQueue", False) else "standard"
    yield Charge(f"AWSQueueService/{kind}/request", "queue requests", requests, (why,))


def mail(asked: Asked) -> Iterator[Said]:
    """Messages sent."""
    messages, why = asked.used("mail", "messages")
    yield Charge("AmazonSES/outbound/email", "mail sent", messages, (why,))


def event_rule(asked: Asked) -> Iterator[Said]:
    """Events of AWS are free; one's own are billed where they are put, by the bus."""
    why = asked.because("events of AWS services")
    yield Charge("AWSEvents/awsService/event", "events of AWS", Spread.flat(0), (why,))


def event_bus(asked: Asked) -> Iterator[Said]:
    """Events put."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/customBus/event", "events put", events, (why,))


def pipe(asked: Asked) -> Iterator[Said]:
    """Requests."""
    events, why = asked.used("buses", "events")
    yield Charge("AWSEvents/pipes/request", "events piped", events, (why,))


def schedule(asked: Asked) -> Iterator[Said]:
    """Runs in a month."""
    expression = str(asked.get("scheduleExpression", ""))
    runs = runs_a_month(expression)
    if runs is not None:
        why = asked.because(expression, "schedule")
        yield Charge("AWSEvents/scheduler/invocation", "scheduled runs", Spread.flat(runs), (why,))
        return
    assumed, why = asked.plan.usage.of("schedules", None, "runs")
    yield Charge("AWSEvents/scheduler/invocation", "scheduled runs", assumed, (why,))


def state_machine(asked: Asked) -> Iterator[Said]:
    """Transitions, or requests and duration of express ones."""
    transitions, why = asked.used("state_machines", "transitions")
    reasons = (why,)
    settings = asked.plan.settings
    if settings is not None and asked.key is not None and asked.owner[0] == "jobs":
        steps = _steps(states(settings.jobs[asked.key], "aws", {}))
        runs, why = asked.used("jobs", "runs")
        transitions, reasons = runs * steps, (why, asked.because(f"{steps} steps a run, at most"))
    if known(asked.resource.inputs.get("type"), "STANDARD") == "EXPRESS":
        yield Charge("AmazonStates/express/request", "requests", transitions, (why,))
        yield NotPriced("duration of express workflows", "it is not stated anywhere")
        return
    yield Charge("AmazonStates/standard/transition", "transitions", transitions, reasons)


def _steps(definition: Mapping[str, Any]) -> int:
    """The states of a definition, those of its branches included: what one run passes, at most."""
    own: Mapping[str, Mapping[str, Any]] = definition["States"]
    return len(own) + sum(
        _steps(inner) for one in own.values() for inner in one.get("Branches", ())
    )


RULES = {
    TOPIC: topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
    "aws:sqs/queue:Queue": queue,
    "aws:sesv2/emailIdentity:EmailIdentity": mail,
    "aws:cloudwatch/eventRule:EventRule": event_rule,
    "aws:cloudwatch/eventBus:EventBus": event_bus,
    "aws:pipes/pipe:Pipe": pipe,
    "aws:scheduler/schedule:Schedule": schedule,
    "aws:sfn/stateMachine:StateMachine": state_machine,
}

NOT_PRICED = {
    "aws:cloudwatch/eventArchive:EventArchive": "the size of what it keeps is not stated anywhere"
}

_SNS = Free("a setting of a topic that is priced", "Amazon SNS pricing, 2026-11")
_SQS = Free("a setting of a queue that is priced", "Amazon SQS pricing, 2026-11")
_SES = Free("mail itself is priced", "Amazon SES pricing, 2026-11")
_EVENTS = Free("events are priced where they are put", "Amazon EventBridge pricing, 2026-11")

FREE = {
    "aws:sns/topicPolicy:TopicPolicy": _SNS,
    "aws:sqs/queuePolicy:QueuePolicy": _SQS,
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": _SQS,
    "aws:sqs/redrivePolicy:RedrivePolicy": _SQS,
    "aws:sesv2/configurationSet:ConfigurationSet": _SES,
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": _SES,
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": _SES,
    "aws:cloudwatch/eventTarget:EventTarget": _EVENTS,
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": _EVENTS,
    "aws:cloudwatch/eventPermission:EventPermission": _EVENTS,
    "aws:scheduler/scheduleGroup:ScheduleGroup": _EVENTS,
}
