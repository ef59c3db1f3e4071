"""Wrong input for monitoring, budgets and the baseline is refused with its place and what is
allowed, before AWS refuses it at `up` or, worse, takes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import Problem, dotted

ProblemOf = Callable[[str], Problem]

SUBSCRIBER = "  trellis:monitoring:\n    subscribers:\n      team: {%s}\n"
LOG = "  trellis:monitoring:\n    logs:\n      app: {name: /shop/app, metrics: {bad: {%s}}}\n"
METRICS = "    metrics: {shop: {namespace: Shop, metrics: {orders: {name: Orders}}}}\n"
WORDS = "meaning: Nobody buys., action: Look."
ALARM = "  trellis:monitoring:\n" + METRICS + "    alarms:\n      few: {%s, " + WORDS + "}\n"
DASHBOARD = "  trellis:monitoring:\n" + METRICS + "    dashboards:\n      %s\n"
CHARTS = "{sections: {shop: [{title: Orders, lines: [{metric: orders}]}]}}"
TEAM = "monitoring.subscribers.team"
BAD = "monitoring.logs.app.metrics.bad"
FEW = "monitoring.alarms.few"

CASES: dict[str, tuple[str, str, int, str, str]] = {
    "mail that nothing outside can reach": (
        SUBSCRIBER % "email: me@localhost", f"{TEAM}.email", 7, "me@localhost",
        "an address, as in team@example.com",
    ),
    "a telephone number without its country": (
        SUBSCRIBER % "sms: 0171 5550100", f"{TEAM}.sms", 7, "0171", "as in +14155550100",
    ),
    "a telephone number that is a number": (
        SUBSCRIBER % "sms: 14155550100", f"{TEAM}.sms", 7, "14155550100", "+14155550100",
    ),
    "a webhook without TLS": (
        SUBSCRIBER % 'https: "http://hooks.example.com"', f"{TEAM}.https", 7, "kept secret",
        "https:// and a host",
    ),
    "a webhook without a host": (
        SUBSCRIBER % 'https: "https://"', f"{TEAM}.https", 7, "kept secret", "and a host",
    ),
    "a Slack workspace by its name": (
        SUBSCRIBER % "slack: {workspace: shop, channel: C07EZ1ABC23}", f"{TEAM}.slack.workspace",
        7, "shop", "^T[A-Z0-9]{8,}$",
    ),
    "a Slack channel by its name": (
        SUBSCRIBER % 'slack: {workspace: T07EA123LEP, channel: "#alerts"}',
        f"{TEAM}.slack.channel", 7, "#alerts", "^[CG][A-Z0-9]{8,}$",
    ),
    "a pager's key itself": (
        SUBSCRIBER % "pagerduty: R0ABCDEF0123456789ABCDEF01234567", f"{TEAM}.pagerduty", 7,
        "R0ABC", "a name of lower-case letters",
    ),
    "a pager's key that AWS would make up": (
        "  trellis:secrets: {pager: {kind: generated}}\n" + SUBSCRIBER % "pagerduty: pager",
        f"{TEAM}.pagerduty", 8, "made inside AWS", "PagerDuty's own key",
    ),
    "two metrics of logs by one name": (
        "  trellis:monitoring:\n    logs:\n"
        "      a: {name: /a, metrics: {b-c: {pattern: X}}}\n"
        "      a-b: {name: /b, metrics: {c: {pattern: X}}}\n",
        "monitoring.logs.a-b.metrics.c", 8, "a second a-b-c, as of a", "another key",
    ),
    "two queries of logs by one name": (
        "  trellis:monitoring:\n    logs:\n"
        "      a: {name: /a, queries: {b-c: fields @message}}\n"
        "      a-b: {name: /b, queries: {c: fields @message}}\n",
        "monitoring.logs.a-b.queries.c", 8, "a second a-b-c, as of a", "another key",
    ),
    "a query of nothing": (
        '  trellis:monitoring:\n    logs: {a: {name: /a, queries: {all: ""}}}\n',
        "monitoring.logs.a.queries.all", 6, '""', "1 to 10000 characters",
    ),
    "more than an alarm can say": (
        ALARM.replace("Nobody buys.", "x" * 500) % "metric: orders, threshold: 5, missing: ignore",
        f"{FEW}.meaning", 8, "xxx", "at most 450 characters",
    ),
    "a budget with too many zeros": (
        "  trellis:budgets: {month: {monthly: 1000000000000}}\n", "budgets.month.monthly", 5,
        "1000000000000", "at most 1000000000",
    ),
    "a severity that there is not": (
        SUBSCRIBER % "email: a@b.co, hears: [wake]", f"{TEAM}.hears[0]", 7, "wake", "notify, page",
    ),
    "one address told twice of the same": (
        "  trellis:monitoring:\n    subscribers:\n      a: {email: a@b.co}\n"
        "      b: {email: a@b.co, hears: [page]}\n",
        "monitoring.subscribers.b.email", 8, "an address that a has", "once for `notify`",
    ),
    "a name that stands under the topic too": (
        "  trellis:topics:\n    alerts:\n"
        "      subscriptions: {team: {protocol: email, to: a@b.co}}\n"
        + SUBSCRIBER % "email: c@d.co",
        TEAM, 10, "topics.alerts.subscriptions too", "another name",
    ),
    "a pattern whose brace stays open": (
        LOG % "pattern: '{ $.level = \"error\"'", f"{BAD}.pattern", 7, "$.level",
        "a pattern in which { has its counterpart",
    ),
    "a pattern whose quote stays open": (
        LOG % "pattern: '\"ERROR'", f"{BAD}.pattern", 7, "ERROR", 'which " has its counterpart',
    ),
    "a pattern that goes on after its brace": (
        LOG % "pattern: '{ $.level = 1 } ERROR'", f"{BAD}.pattern", 7, "ERROR",
        "a pattern that ends with the } of its {",
    ),
    "a value that is neither a number nor a field": (
        LOG % "pattern: ERROR, value: many", f"{BAD}.value", 7, "many", r"\$",
    ),
    "a unit that CloudWatch has not": (
        LOG % "pattern: ERROR, unit: percent", f"{BAD}.unit", 7, "percent", "Percent",
    ),
    "a log group of two keys": (
        "  trellis:monitoring:\n    logs:\n      a: {name: '/{name}/app'}\n"
        "      b: {name: /shop/app}\n",
        "monitoring.logs.b.name", 8, "/shop/app, which a has", "of its own",
    ),
    "a log group of AWS's own": (
        "  trellis:monitoring:\n    logs: {a: {name: aws/app}}\n", "monitoring.logs.a.name", 6,
        "aws/app", "does not begin with aws/",
    ),
    "days that CloudWatch does not keep": (
        "  trellis:monitoring:\n    logs: {a: {name: /a, retentionDays: 100}}\n",
        "monitoring.logs.a.retentionDays", 6, "100", "one of 1, 3, 5",
    ),
    "an empty dimension": (
        "  trellis:monitoring:\n    metrics:\n"
        '      shop: {namespace: Shop, metrics: {all: {name: All, dimensions: {Kind: ""}}}}\n',
        "monitoring.metrics.shop.metrics.all.dimensions.Kind", 7, '""', "1 to 1024 characters",
    ),
    "no metric at all": (
        "  trellis:monitoring:\n    metrics: {shop: {namespace: Shop, metrics: {}}}\n",
        "monitoring.metrics.shop.metrics", 6, "an empty mapping", "at least 1 key",
    ),
    "a threshold with a percent sign": (
        ALARM % "metric: orders, threshold: 85%, missing: ignore", f"{FEW}.threshold", 8, "85%",
        "a number",
    ),
    "a threshold that is no number": (
        ALARM % "metric: orders, threshold: .nan, missing: ignore", f"{FEW}.threshold", 8, ".nan",
        "a finite number",
    ),
    "a band without a width": (
        ALARM % "metric: orders, band: 0, missing: ignore", f"{FEW}.band", 8, "0", "above 0",
    ),
    "a band and a threshold": (
        ALARM % "metric: orders, band: 2, threshold: 5, missing: ignore", FEW, 8, "band",
        "either `threshold` or `band`",
    ),
    "a period that CloudWatch has not": (
        ALARM % "metric: orders, threshold: 5, period: 45, missing: ignore", FEW, 8, "period",
        "a multiple of 60 seconds",
    ),
    "a statistic that CloudWatch has not": (
        ALARM % "metric: orders, statistic: avg, threshold: 5, missing: ignore",
        f"{FEW}.statistic", 8, "avg", "Average",
    ),
    "no word on missing data": (
        ALARM % "metric: orders, threshold: 5", FEW, 8, "metric", "`missing`: breaching",
    ),
    "an expression whose bracket stays open": (
        ALARM % "expression: 100 * (a, terms: {a: {metric: orders}}, threshold: 5, missing: ignore",
        FEW, 8, "expression", "an `expression` in which ( has its counterpart",
    ),
    "an expression of what is no term": (
        ALARM % "expression: a / b, terms: {a: {metric: orders}}, threshold: 5, missing: ignore",
        FEW, 8, "expression", "`terms` for all that `expression` names: b too",
    ),
    "a threshold of an alarm over others": (
        ALARM % "anyOf: [a, b], threshold: 5", FEW, 8, "anyOf", "no threshold of its own",
    ),
    "a silence without its end": (
        ALARM.replace(f", {WORDS}", "") % "silence: {reason: moved on Friday}",
        f"{FEW}.silence.until", 8, "nothing", "a date in quotes",
    ),
    "a silence until a date that is not": (
        ALARM.replace(f", {WORDS}", "") % 'silence: {reason: moved on Friday, until: "2099-02-30"}',
        f"{FEW}.silence.until", 8, "2099-02-30", "a date in quotes",
    ),
    "a dashboard in the overview's place": (
        DASHBOARD % f"overview: {CHARTS}", "monitoring.dashboards.overview", 8,
        "the overview's key", "another `overview.key`",
    ),
    "a dashboard in the place of a further page": (
        DASHBOARD % f"overview-page-2: {CHARTS}", "monitoring.dashboards.overview-page-2", 8,
        "as a further page of overview is called", "another key",
    ),
    "a dashboard of nothing": (
        DASHBOARD % "own: {}", "monitoring.dashboards.own", 8, "an empty mapping",
        "`sections` with charts, or `tiers`",
    ),
    "a health check of an address": (
        "  trellis:monitoring:\n    healthChecks: {www: {host: 10.0.0.1}}\n",
        "monitoring.healthChecks.www.host", 6, "10.0.0.1", "a host, as in www.example.com",
    ),
    "a canary without its bucket": (
        "  trellis:monitoring:\n    canaries: {www: {host: www.example.com, artifacts: lake}}\n",
        "monitoring.canaries.www.artifacts", 6, "bucket lake", "the stack file has no bucket",
    ),
    "an archive in no bucket": (
        "  trellis:monitoring:\n    logs: {a: {name: /a}}\n    archive: {bucket: lake}\n",
        "monitoring.archive.bucket", 7, "bucket lake", "the stack file has no bucket",
    ),
    "an archive of nothing": (
        "  trellis:buckets: {lake: {}}\n  trellis:monitoring:\n    archive: {bucket: lake}\n",
        "monitoring.archive", 7, "no log group goes to", "log groups under monitoring.logs",
    ),
    "a budget of nothing": (
        "  trellis:budgets: {month: {monthly: 0}}\n", "budgets.month.monthly", 5, "0", "above 0",
    ),
    "a notice in percent and in dollars": (
        "  trellis:budgets: {month: {monthly: 9, notices: [{percent: 5, usd: 5}]}}\n",
        "budgets.month.notices[0]", 5, "`percent: the number 5`", "either `percent` or `usd`",
    ),
    "a notice twice": (
        "  trellis:budgets: {month: {monthly: 9, notices: [{percent: 5}, {percent: 5}]}}\n",
        "budgets.month", 5, "notices", "each of `notices` once",
    ),
    "six notices": (
        "  trellis:budgets:\n    month: {monthly: 9, notices: ["
        + ", ".join(f"{{percent: {n}}}" for n in range(1, 7)) + "]}\n",
        "budgets.month.notices", 6, "a list of 6", "1 to 5 items",
    ),
    "a budget of what carries either of two tags": (
        "  trellis:budgets: {month: {monthly: 9, tags: {a: b, c: d}}}\n", "budgets.month.tags", 5,
        "a mapping of a, c", "at most 1 key",
    ),
    "a tag that AWS Budgets would cut": (
        "  trellis:budgets: {month: {monthly: 9, tags: {a$b: c}}}\n", "budgets.month.tags.a$b", 5,
        "the key a$b", "text without $",
    ),
    "a trail that records no bucket there is": (
        "  trellis:buckets: {lake: {}}\n  trellis:baseline: {trail: {buckets: [lakes]}}\n",
        "baseline.trail.buckets[0]", 6, "bucket lakes", "one of lake",
    ),
    "a trail that records no table there is": (
        "  trellis:baseline: {trail: {tables: [orders]}}\n", "baseline.trail.tables[0]", 5,
        "table orders", "the stack file has no table",
    ),
    "records of a trail that is elsewhere": (
        "  trellis:buckets: {lake: {}}\n"
        "  trellis:baseline: {elsewhere: [trail], trail: {enabled: false, buckets: [lake]}}\n",
        "baseline", 6, "elsewhere, trail", "where the trail is made",
    ),
    "a bucket in the place of the trail's": (
        "  trellis:buckets: {audit-trail: {}}\n  trellis:baseline: {}\n", "buckets.audit-trail", 5,
        "a bucket audit-trail", "another key",
    ),
    "a part that is here and elsewhere": (
        "  trellis:baseline: {elsewhere: [trail], trail: {enabled: true}}\n", "baseline", 5,
        "elsewhere, trail", "an account has it once",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_it_is_refused_with_its_place_and_what_is_allowed(problem_of: ProblemOf, case: str):
    settings, path, line, found, allowed = CASES[case]
    problem = problem_of(settings)
    assert (dotted(problem.path), problem.source.line) == (path, line)
    assert found in problem.found
    assert allowed in problem.allowed


def test_a_number_of_the_wrong_days_is_not_told_to_be_quoted(problem_of: ProblemOf):
    days = "  trellis:monitoring:\n    logs: {a: {name: /a, retentionDays: 100}}\n"
    assert "quote" not in problem_of(days).hint
    assert "quote it" in problem_of(SUBSCRIBER % "sms: 14155550100").hint


RIGHT = (
    SUBSCRIBER % "email: a.b@c.co.uk",
    SUBSCRIBER % 'https: "https://hooks.example.com:8443/T1/secret?x=1"',
    # The same address, each for its own alarms.
    "  trellis:monitoring:\n    subscribers:\n      a: {email: a@b.co, hears: [notify]}\n"
    "      b: {email: a@b.co, hears: [page]}\n",
    LOG % """pattern: '{ ($.level = "error") && ($.text != "a}b") }', value: $.ms""",
    LOG % "pattern: '[ip, user, ..., status_code=5*, bytes]', value: $bytes",
    LOG % "pattern: '%5[0-9]{2%'",
    LOG % "pattern: ''",
    "  trellis:monitoring:\n    logs: {a: {name: '/aws-like/a'}}\n",
    DASHBOARD % f"sales-page-2: {CHARTS}",
    "  trellis:monitoring:\n    overview: {key: all}\n"
    "    dashboards: {overview: {tiers: [Queues]}}\n",
    "  trellis:budgets:\n"
    "    month: {monthly: 9, notices: [{percent: 5}, {percent: 5, of: forecast}]}\n",
    "  trellis:buckets: {audit-trail: {}}\n  trellis:baseline: {elsewhere: [trail]}\n",
)


@pytest.mark.parametrize("settings", RIGHT)
def test_what_is_right_is_taken(stack: Stack, settings: str):
    stack.write(settings)
    assert stack.problems() == ()
