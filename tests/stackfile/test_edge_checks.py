"""Names, zones, certificates, sites and firewalls that do not fit together are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stackfile.conftest import Stack
from trellis.stackfile.problems import Problem, dotted

ProblemOf = Callable[[str], Problem]

ZONE = "  trellis:zones:\n    main: {domain: example.org}\n"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
SITE = "content: {external: {repository: a/b}}"


def sites(*lines: str) -> str:
    return "  trellis:sites:\n" + "".join(f"    {line}\n" for line in lines)


def records(*lines: str) -> str:
    listed = "".join(f"        {line}\n" for line in lines)
    return f"  trellis:zones:\n    main:\n      domain: example.org\n      records:\n{listed}"


@pytest.mark.parametrize(
    ("settings", "path", "message"),
    [
        (
            ZONE + sites(
                f"a: {{domain: www.example.org, {SITE}}}",
                f"b: {{domain: www.example.org, {SITE}}}",
            ),
            "sites.b.domain", "another: the site a has it",
        ),
        (
            ZONE + sites(
                f"a: {{domain: a.example.org, redirectFrom: [example.org], {SITE}}}",
                f"b: {{domain: b.example.org, redirectFrom: [example.org], {SITE}}}",
            ),
            "sites.b.redirectFrom[0]", "another: the site a has it",
        ),
        (
            "  trellis:zones:\n    main:\n      domain: example.org\n      records:\n"
            "        w: {name: www, type: CNAME, values: [other.example.com]}\n"
            + sites(f"a: {{domain: www.example.org, {SITE}}}"),
            "zones.main.records.w", "none: the site a makes it",
        ),
        (
            ZONE + sites(f"a: {{domain: www.example.com, {SITE}}}"),
            "sites.a.domain", "a name in one of `zones`: example.org",
        ),
        (
            ZONE + sites(f"a: {{domain: www.badexample.org, {SITE}}}"),
            "sites.a.domain", "which stands in no zone",
        ),
        (
            ZONE + "    second: {domain: example.org}\n",
            "zones.second.domain", "only that of main",
        ),
        (
            records("d: {name: _dmarc, type: TXT, values: [v=DMARC1]}")
            + "  trellis:mail: {news: {domain: example.org}}\n",
            "zones.main.records.d", "`dmarc: none` in mail.news",
        ),
        (
            records("d: {name: bounce, type: CNAME, values: [mail.example.com]}")
            + "  trellis:mail: {news: {domain: example.org}}\n",
            "zones.main.records.d", "beside the MX that mail news makes",
        ),
        (
            records("d: {type: NS, values: [ns.example.com]}"),
            "zones.main.records.d", "Route 53 makes it",
        ),
        (
            ZONE + "  trellis:mail: {a: {domain: example.org}, b: {domain: example.org}}\n",
            "mail.b.domain", "mail.a has it",
        ),
        (
            records("x: {name: x.sub, type: TXT, values: [text]}")
            + "    sub: {domain: sub.example.org}\n",
            "zones.main.records.x", "sub.example.org answers for what is under it",
        ),
        (
            "  trellis:zones: {inner: {domain: corp.internal}}\n",
            "zones.inner", "`private: true` for corp.internal",
        ),
        (
            "  trellis:zones: {inner: {domain: corp.internal, private: true}}\n",
            "zones.inner.private", "`network`, whose machines ask it",
        ),
        (
            "  trellis:network: {zones: 2}\n"
            "  trellis:zones: {inner: {domain: corp.internal, private: true}}\n"
            + sites(f"a: {{domain: www.corp.internal, certificate: {CERTIFICATE}, {SITE}}}"),
            "sites.a.domain", "or an internal load balancer",
        ),
        (
            ZONE + sites(f"a: {{domain: www.example.org, {SITE}}}")
            + "  trellis:certificates:\n    c: {names: [www.example.org, old.example.org]}\n",
            "certificates.c.names[1]", "old.example.org, which nothing serves",
        ),
        (
            sites(f"a: {{domain: WWW.Example.org., {SITE}}}"),
            "sites.a.domain", "without a dot at its end: www.example.org",
        ),
        (
            sites(f"a: {{domain: bücher.example.org, {SITE}}}"),
            "sites.a.domain", "xn--bcher-kva.example.org",
        ),
        (
            sites(f"a: {{domain: '*.example.org', {SITE}}}"),
            "sites.a.domain", "each name has a site of its own",
        ),
        (
            sites(f"a: {{domain: https://www.example.org/, {SITE}}}"),
            "sites.a.domain", "without scheme and path",
        ),
        (
            records("a: {name: x, type: CNAME, values: [y.example.com]}",
                    "b: {name: x, type: TXT, values: [text]}"),
            "zones.main.records.b", "DNS allows nothing else at its name",
        ),
        (
            records("a: {name: x.example.org, type: TXT, values: [text]}"),
            "zones.main", "'x', which stands for x.example.org",
        ),
        (
            records("a: {name: x, type: A, values: [999.0.2.1]}"),
            "zones.main.records.a", "an IPv4 address",
        ),
        (
            records("sub: {name: sub, type: NS, values: [ns.example.com]}")
            + sites(f"a: {{domain: www.sub.example.org, {SITE}}}"),
            "sites.a.domain", "does not give to other servers",
        ),
        (
            records("caa: {type: CAA, values: ['0 issue \"letsencrypt.org\"']}")
            + sites(f"a: {{domain: www.example.org, {SITE}}}"),
            "zones.main.records.caa", "one value with amazon.com",
        ),
        (
            records("caa: {name: www, type: CAA, values: ['0 issue \";\"']}",
                    "all: {type: CAA, values: ['0 issue \"amazon.com\"']}")
            + sites(f"a: {{domain: www.example.org, {SITE}}}"),
            "zones.main.records.caa", "lets nobody certify www.example.org",
        ),
        (
            ZONE + sites(f"a: {{domain: {'a' * 60}.example.org, {SITE}}}"),
            "sites.a.domain", "at most 64; the others may be longer",
        ),
        (
            ZONE + sites(f"a: {{domain: www.example.org, {SITE}}}")
            + "  trellis:certificates:\n    c: {names: [www.example.org, www.example.org]}\n",
            "certificates.c", "every name once",
        ),
        (
            "  trellis:baseline: {}\n  trellis:buckets:\n    audit-trail: {}\n",
            "buckets.audit-trail", "`baseline` makes it",
        ),
        (
            "  trellis:baseline: {trail: {buckets: [asets]}}\n"
            "  trellis:buckets:\n    assets: {}\n",
            "baseline.trail.buckets[0]", "did you mean `assets`?",
        ),
        (
            "  trellis:baseline: {trail: {tables: [users]}}\n",
            "baseline.trail.tables[0]", "none: the stack file has no table",
        ),
        (
            ZONE + sites("a: {domain: www.example.org, content: {bucket: asets}}")
            + "  trellis:buckets:\n    assets: {}\n",
            "sites.a.content.bucket", "did you mean `assets`?",
        ),
        (
            ZONE + sites(
                f"a: {{domain: a.example.org, {SITE}, behaviors: {{/api/*: {{loadBalancer: x}}}}}}"
            ),
            "sites.a.behaviors", "none: the stack file has no load balancer",
        ),
        (
            ZONE + sites(f"a: {{domain: a.example.org, {SITE}, accessLogs: logs}}"),
            "sites.a.accessLogs", "receives: [deliveries]",
        ),
        (
            "  trellis:firewalls:\n    main: {capacity: 1000}\n",
            "firewalls.main", "1127 capacity units (WCU)",
        ),
        (
            ZONE + sites(f"a: {{domain: a.example.org, {SITE}}}")
            + "  trellis:firewalls:\n    x: {}\n    y: {}\n",
            "firewalls.y.sites", "one firewall: x has it",
        ),
        (
            "  trellis:firewalls:\n    main: {sites: [app]}\n",
            "firewalls.main.sites", "none: the stack file has no site",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(
    problem_of: ProblemOf, settings: str, path: str, message: str
):
    problem = problem_of(settings)
    assert dotted(problem.path).startswith(path)
    assert message in str(problem)


def test_a_redirect_that_leads_back_is_told_with_its_whole_way(stack: Stack):
    stack.write(
        ZONE
        + sites(
            f"a: {{domain: a.example.org, redirectFrom: [b.example.org], {SITE}}}",
            f"b: {{domain: b.example.org, redirectFrom: [a.example.org], {SITE}}}",
        )
    )
    problems = [str(problem) for problem in stack.problems()]
    way = "b.example.org → a.example.org → b.example.org"
    assert any(way in text for text in problems)


def test_a_site_can_t_lead_to_itself(problem_of: ProblemOf):
    text = sites(f"a: {{domain: a.example.org, redirectFrom: [a.example.org], {SITE}}}")
    assert "lead to itself for ever" in str(problem_of(ZONE + text))


def test_a_name_that_only_ends_alike_is_not_in_the_longer_zone(stack: Stack):
    stack.write(
        "  trellis:zones:\n    main: {domain: example.org}\n    eu: {domain: eu.example.org}\n"
        + sites(f"a: {{domain: www.eu.example.org, {SITE}}}")
    )
    assert stack.load().settings.sites["a"].domain == "www.eu.example.org"


def test_one_certificate_serves_everything_it_covers(stack: Stack):
    stack.write(
        ZONE
        + sites(
            f"a: {{domain: a.example.org, {SITE}}}",
            f"b: {{domain: example.org, {SITE}}}",
        )
        + '  trellis:certificates:\n    all: {names: [example.org, "*.example.org"]}\n'
    )
    from trellis.stackfile.edge import certificate_requests

    (request,) = certificate_requests(stack.load().settings)
    assert (request.key, request.region) == ("all", "us-east-1")
    assert request.names == ("example.org", "*.example.org")


@pytest.mark.parametrize(
    "caa",
    [
        """{type: CAA, values: ['0 issue "amazon.com"']}""",
        """{type: CAA, values: ['0 issue "letsencrypt.org"', '0 issue "amazontrust.com"']}""",
        """{type: CAA, values: ['0 iodef "mailto:security@example.org"']}""",
        """{type: CAA, values: ['0 issuewild ";"', '0 issue "amazon.com; policy=ev"']}""",
        """{name: other, type: CAA, values: ['0 issue "letsencrypt.org"']}""",
    ],
)
def test_a_caa_record_that_lets_amazon_certify_is_taken(stack: Stack, caa: str):
    text = records(f"caa: {caa}") + sites(f"a: {{domain: www.example.org, {SITE}}}")
    stack.write(text)
    assert stack.load().settings.zones["main"].records


@pytest.mark.parametrize("name", ["xn--bcher-kva.example.org", "a--b.example.org", "1.example.org"])
def test_names_of_any_alphabet_are_taken_as_dns_writes_them(stack: Stack, name: str):
    stack.write(ZONE + sites(f"a: {{domain: {name}, {SITE}}}"))
    assert stack.load().settings.sites["a"].domain == name


def test_a_zone_below_another_answers_for_its_own_names(stack: Stack):
    text = records("sub: {name: sub, type: NS, values: [ns.example.com]}")
    text += "    sub: {domain: sub.example.org}\n"
    stack.write(text + sites(f"a: {{domain: www.sub.example.org, {SITE}}}"))
    assert set(stack.load().settings.zones) == {"main", "sub"}
