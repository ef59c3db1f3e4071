"""The parts of a report, each from what it is about to its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from components.parts.spread import Spread
from policies.guardrails.control import Level, Outcome
from policies.guardrails.outcomes import Finding
from trellis.diagram.svg import svg
from trellis.planner.facts import facts
from trellis.planner.tree import Branch, TypeGroup, tree
from trellis.planner.wire import to_json
from trellis.price.document import number
from trellis.price.prices import cents
from trellis.reach.things import INTERNET, Things, plain
from trellis.report.content import Content
from trellis.report.markup import Child, Markup, element
from trellis.report.tables import Row, badge, section, table
from trellis.stackfile.problems import dotted

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


WIDE = 960
"""Pixels of a picture that is made smaller where the page is narrower; `page.css` has it in rem."""


def summary(content: Content) -> Markup:
    """The figures that a reviewer asks for first."""
    report, estimate = content.verdicts, content.priced.estimate
    low, expected, high = _amounts(estimate.usd)
    counts = report.counts
    failed = [f for f in report.with_outcome(Outcome.FAIL) if f.level is Level.MANDATORY]
    public = sorted({c.target for c in content.matrix.connections if c.source == INTERNET})
    rows: list[tuple[str, Child]] = [
        ("Verdict", badge("passed", "good") if report.passed else badge("failed", "bad")),
        ("Resources", f"{tree(content.plan).count} would be on AWS"),
        ("Price a month", f"{expected} USD expected, {low} to {high} by use"),
        ("Not priced", f"{len(estimate.not_priced)} things come on top"),
        (
            "Controls",
            f"{counts[Outcome.PASS]} passed, {len(failed)} failed, "
            f"{counts[Outcome.UNKNOWN]} unknown until deployed, {counts[Outcome.EXEMPT]} exempt",
        ),
        ("Public", ", ".join(public) or "nothing"),
        ("Alarms", f"{len(content.plan.of_type(ALARM))}"),
    ]
    if content.plan.supposed:
        there = "; ".join(content.plan.supposed)
        rows.append(("Not there yet", f"{there}: what waits for it is shown as it will run"))
    rows += [("Budget", verdict.text) for verdict in content.budgets]
    rows += [
        ("Support", f"{s.what} ({s.name}) until {s.ends.isoformat()}: {s.then}")
        for s in content.sunsets
    ]
    items = [[element("dt", None, name), element("dd", None, value)] for name, value in rows]
    return section("summary", "Summary", element("dl", {"class": "facts"}, items))


def diagram(content: Content, icons: Mapping[str, str] | None = None) -> Markup:
    """The picture, and the same as a table."""
    graph = content.picture.graph
    titles = {node.id: f"{node.kind} {node.title}" for node in graph.nodes}
    things = [
        Row(
            (node.title, node.kind, node.tier or "outside of the network", node.detail,
             ", ".join(node.notes)),
            attention="public" in node.notes,
        )
        for node in graph.nodes
    ]  # fmt: skip
    links = [
        Row((titles[link.source], titles[link.target], link.label, link.kind))
        for link in graph.links
        if link.source in titles and link.target in titles
    ]
    picture = element(
        "div",
        {
            "class": "scroll picture wide" if content.picture.width > WIDE else "scroll picture",
            "tabindex": "0",
            "role": "region",
            "aria-label": "Picture of the stack",
        },
        Markup(svg(content.picture, icons or {})),
    )
    return section(
        "diagram",
        "Diagram",
        element("figure", None, picture, element("figcaption", None, "The same stands in the "
                "tables below, and in full under Reach.")),
        _folded("The diagram as tables", table(
            "What the diagram shows", ("Name", "Kind", "Tier", "Detail", "Notes"), things
        ), table("Its arrows", ("From", "To", "Label", "Kind"), links)),
    )  # fmt: skip


def plan(content: Content) -> Markup:
    """Every resource by component."""
    planned = tree(content.plan)
    names = {resource.urn: resource.name for resource in content.plan}
    parts = [_branch(branch, names) for branch in planned.branches]
    if planned.loose:
        parts.append(_folded("Outside of components", _resources("Outside", planned.loose, names)))
    return section(
        "plan",
        "Plan",
        element("p", None, f"{planned.count} resources would be on AWS. Nothing was contacted and "
                "nothing was made."),
        parts,
    )  # fmt: skip


def _branch(branch: Branch, names: Mapping[str, str]) -> Markup:
    title = f"{branch.label} {branch.component.name}"
    own = _resources(title, branch.groups, names) if branch.groups else None
    inner = [_branch(inside, names) for inside in branch.branches]
    return _folded(f"{title} ({branch.count})", own, inner, open_=bool(branch.branches))


def _resources(title: str, groups: Sequence[TypeGroup], names: Mapping[str, str]) -> Markup:
    rows = [
        Row(
            (
                resource.name,
                group.label,
                facts(resource, names),
                "protected" if resource.protect else "",
            )
        )
        for group in groups
        for resource in group.resources
    ]
    return table(f"Resources of {title}", ("Name", "Type", "Facts", "Protection"), rows)


def price(content: Content) -> Markup:
    """What a month costs, by part and line, and what has no price."""
    estimate, priced = content.priced.estimate, content.priced
    lines = [
        Row(
            (
                dotted(part.owner) or "the rest",
                line.charge.what,
                f"{_quantity(line.charge.quantity)} {line.unit}",
                number(line.unit_usd),
                [
                    element("div", None, ", ".join(w for w in (r.text, priced.source(r)) if w))
                    for r in line.charge.reasons
                ],
                *_amounts(line.usd),
            )
        )
        for part in estimate.parts
        for line in part.lines
    ]
    parts = [Row((dotted(p.owner) or "the rest", *_amounts(p.usd))) for p in estimate.parts]
    parts.append(Row((element("strong", None, "total"), *_amounts(estimate.usd))))
    missing = [
        Row((row.what, dotted(row.owner) or row.name, row.why), attention=True)
        for row in estimate.not_priced
    ]
    saved = [
        Row((dotted(s.change.path), _value(s.change.now), _value(s.change.then), s.change.trade,
             ", ".join(s.fails), f"{cents(s.usd.expected):,.2f}"))
        for s in content.savings or ()
    ]  # fmt: skip
    budgets = [Row((b.name, b.text), attention=b.fires_at_once) for b in content.budgets]
    heads = ("low", "expected", "high")
    return section(
        "price",
        "Price",
        element("p", None, f"US dollars a month; list prices of {estimate.prices.compiled}, on "
                f"demand, before tax; use of a {estimate.usage.size} system where none is stated."),
        table("A month by part", ("Part", *heads), parts, numbers=3),
        table("Not priced, so on top of the total", ("What", "Part", "Why"), missing),
        table("Budgets", ("Budget", "Beside the price"), budgets),
        table("Settings that would save most", ("Setting", "Now", "Then", "What one gives up",
              "Controls that would fail", "USD a month"), saved, numbers=1)
        if content.savings is not None else None,
        _folded("Every line with its reason", table(
            "A month by line",
            ("Part", "What", "Quantity", "Unit price", "Because", *heads), lines, numbers=3)),
        _folded("What costs nothing by itself", table(
            "Free", ("Type", "Number", "Why", "Source"),
            [Row((f.type, str(f.count), f.free.why, f.free.source)) for f in estimate.free])),
    )  # fmt: skip


def verdicts(content: Content) -> Markup:
    """Failures, exemptions, what is not known yet, and all controls."""
    report = content.verdicts
    failed = [
        Row((f.control.id, f.resource or "the stack", f.level.value, f.found, _place(f),
             f.control.fix.stack), attention=True)
        for f in report.with_outcome(Outcome.FAIL)
    ]  # fmt: skip
    exempt = [
        Row((f.control.id, f.resource or "the stack", f.found, f.reason), attention=True)
        for f in report.with_outcome(Outcome.EXEMPT)
    ]
    unknown = [
        Row((f.control.id, f.resource or "the stack", f.found))
        for f in report.with_outcome(Outcome.UNKNOWN)
    ]
    problems = [Row((p.kind, p.text), attention=True) for p in report.problems]
    settings = content.priced.resolution.settings
    allowed = [
        Row((e.control, e.resource, e.reason, e.owner, e.until.isoformat()), attention=True)
        for e in (settings.exemptions if settings is not None else ())
    ]
    return section(
        "verdicts",
        "Verdicts",
        table("Failures and advice", ("Control", "Resource", "Level", "Found", "Place",
                                      "In the stack file"), failed),
        table("The run itself", ("What", "Text"), problems) if problems else None,
        table("Exemptions of the stack file", ("Control", "Resource", "Reason", "Owner", "Until"),
              allowed),
        table("Exempt", ("Control", "Resource", "Found", "Why it may"), exempt),
        _folded("Unknown until deployed", table(
            "Unknown until deployed", ("Control", "Resource", "What may be wrong"), unknown)),
        _folded("All controls", table("All controls", ("Control", "What it asks", "Outcomes"),
                                      list(_controls(report.findings)))),
    )  # fmt: skip


def _place(finding: Finding) -> str:
    return str(finding.place) if finding.place is not None else ""


def _controls(findings: Sequence[Finding]) -> Iterator[Row]:
    tallies: dict[str, dict[Outcome, int]] = {}
    titles: dict[str, str] = {}
    for finding in findings:
        tally = tallies.setdefault(finding.control.id, {})
        tally[finding.outcome] = tally.get(finding.outcome, 0) + 1
        titles[finding.control.id] = finding.control.title
    for control, tally in tallies.items():
        counts = ", ".join(f"{count} {outcome.value}" for outcome, count in tally.items())
        yield Row((control, titles[control], counts))


def alarms(content: Content) -> Markup:
    """Every alarm, when it fires, and who is called."""
    things = Things(content.deployed)
    receivers: dict[str, list[str]] = {}
    for subscription in content.deployed.of_type(SUBSCRIPTION):
        topic = str(plain(subscription.inputs.get("topic"), ""))
        protocol = str(plain(subscription.inputs.get("protocol"), ""))
        endpoint = str(plain(subscription.inputs.get("endpoint"), ""))
        function = things.at(endpoint) if protocol == "lambda" else None
        receiver = function.name if function is not None else endpoint
        receivers.setdefault(topic, []).append(f"{receiver} by {protocol}")
    rows = [
        Row((alarm.name, str(plain(alarm.inputs.get("alarmDescription"), "")), _when(alarm.inputs),
             "; ".join(dict.fromkeys(who for arn in plain(alarm.inputs.get("alarmActions"), ())
                                     for who in receivers.get(str(plain(arn)), ())))
             or "nobody"))
        for alarm in (*content.deployed.of_type(ALARM), *content.deployed.of_type(COMPOSITE))
    ]  # fmt: skip
    return section(
        "alarms",
        "Alarms",
        table(
            "Alarms and whom they call",
            ("Alarm", "What it means and what to do", "When", "Calls"),
            [Row(row.cells, attention=row.cells[-1] == "nobody") for row in rows],
        ),
    )


def _when(inputs: Mapping[str, object]) -> str:
    rule = plain(inputs.get("alarmRule"))
    if rule is not None:
        return str(rule)
    metric = plain(inputs.get("metricName"))
    named = str(metric) if metric is not None else "an expression"
    periods = plain(inputs.get("evaluationPeriods"), 1)
    threshold = plain(inputs.get("threshold"), "its band")
    words = {
        "GreaterThanThreshold": "above", "GreaterThanOrEqualToThreshold": "at least",
        "LessThanThreshold": "below", "LessThanOrEqualToThreshold": "at most",
    }  # fmt: skip
    comparison = words.get(str(plain(inputs.get("comparisonOperator"))), "outside of")
    return f"{named} {comparison} {threshold}, {periods} periods"


def reach(content: Content) -> Markup:
    """The links: who reaches what, and who may do what."""
    matrix = content.matrix
    connections = [
        Row((c.source, c.target, c.port, c.way or "inside the network", c.encryption,
             matrix.uses.get((c.source, c.target), "")),
            attention=c.source == INTERNET or c.encryption.startswith("not encrypted"))
        for c in matrix.connections
    ]  # fmt: skip
    access = [
        Row((a.who, a.role, a.level, a.target, ", ".join(a.actions), "; ".join(a.conditions),
             a.uses), attention=a.who == "*")
        for a in matrix.accesses
    ]  # fmt: skip
    return section(
        "reach",
        "Reach",
        table("Who may open a connection to what",
              ("From", "To", "Port", "Way", "Encryption", "Given by"), connections),
        _folded("Who may do what", table(
            "Who may do what",
            ("Who", "Role", "Level", "What", "Actions", "Conditions", "Given by"), access)),
    )  # fmt: skip


def outputs(content: Content) -> Markup:
    """What the stack exports."""
    rows = [
        Row((name, json.dumps(to_json(value), ensure_ascii=False, default=str)))
        for name, value in content.plan.outputs.items()
    ]
    return section("outputs", "Outputs", table("Stack outputs", ("Name", "Value"), rows))


def _folded(title: str, *children: Child, open_: bool = False) -> Markup:
    return element("details", {"open": open_}, element("summary", None, title), children)


def _amounts(value: Spread) -> list[str]:
    return [f"{cents(amount):,.2f}" for amount in value]


def _quantity(value: Spread) -> str:
    texts = dict.fromkeys(f"{amount.quantize(cents(amount)):,f}" for amount in value)
    return " / ".join(text.removesuffix(".00") for text in texts)


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
