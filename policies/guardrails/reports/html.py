"""A report as one self-contained page: readable in light and dark, on paper, without scripts."""

from collections.abc import Sequence
from html import escape
from typing import Final

from ..control import Level, Outcome
from ..outcomes import Finding, Report, alike_ones
from .text import summary

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5d6570; --page: #fbfbfc; --card: #fff;
  --line: #dfe3e8; --fail: #b3261e; --wait: #8a5a00; --ok: #1b6e3c; --exempt: #4a4fa3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa4b0; --page: #14171a;
  --card: #1c2024; --line: #31373e; --fail: #ff8f85; --wait: #f0bd63; --ok: #7ed29b;
  --exempt: #aab0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } a { color: inherit; } .soft { color: var(--soft); }
ul.counts { display: grid; gap: .6rem; padding: 0; margin: 1rem 0;
  list-style: none; grid-template-columns: repeat(auto-fit, minmax(7.2rem, 1fr)); }
ul.counts label { display: block; border: 1px solid var(--line); background: var(--card);
  border-radius: .5rem; padding: .5rem .8rem; cursor: pointer; }
ul.counts b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
input.show { position: absolute; opacity: 0; }
ul.counts li:has(input:checked) label { border-color: currentColor; box-shadow: 0 0 0 1px; }
ul.counts li:has(input:focus-visible) label { outline: 2px solid var(--exempt); }
b.verdict { border-radius: .4rem; padding: .1rem .6rem; color: #fff; font-size: 1rem;
  background: var(--ok); vertical-align: middle; } b.verdict.failed { background: var(--fail); }
@media (prefers-color-scheme: dark) { b.verdict { color: #14171a; } }
ol.hops { margin: .2rem 0; padding-left: 1.4rem; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--fail); border-radius: .4rem;
  background: var(--card); padding: .7rem 1rem; margin: .6rem 0; break-inside: avoid; }
article.advisory { border-left-color: var(--wait); }
article h3 { font-size: 1rem; margin: 0; } code { font: .88em/1.4 ui-monospace, monospace;
  overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; }
.fail { color: var(--fail); } .unknown { color: var(--wait); } .pass { color: var(--ok); }
.advice { color: var(--wait); } .exempt { color: var(--exempt); } .na { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .4rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; }
FILTERS
@media print { ul.counts label { box-shadow: none !important; } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""
HOP: Final = " -> "
"""Between the ends of a hop of a way through the network; "; " is between hops."""
_SHOWN = {
    "all": "all",
    "fail": "fail",
    "advice": "to consider",
    "unknown": "unknown",
    "exempt": "exempt",
    "pass": "pass",
    "na": "not applicable",
}
"""What a tile above the report leaves of it, by class; the page has no script, so by a style."""
_FILTERS = "\n".join(
    f"body:has(#show-{kind}:checked) .item:not(.is-{kind}) {{ display: none; }}"
    for kind in _SHOWN
    if kind != "all"
)
_CLASSES = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "unknown",
    Outcome.EXEMPT: "exempt",
    Outcome.NOT_APPLICABLE: "na",
}


def page(report: Report, title: str = "Guardrails") -> str:
    """The report as HTML text."""
    word = "passed" if report.passed else "failed"
    notes = "".join(f"<p class='soft'>{escape(one)}</p>" for one in report.notes)
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{escape(title)}: {word}</title>",
        f"<style>{_STYLE.replace('FILTERS', _FILTERS)}</style></head><body><main>",
        f"<h1>{escape(title)} <b class='verdict {word}'>{word}</b></h1>",
        f"<p class='soft'>{escape(summary(report))}</p>{notes}",
        _counts(report),
        _problems(report),
        _failures(report),
        _waiting(report),
        _exempt(report),
        _all(report),
        "</main></body></html>\n",
    ]
    return "".join(parts)


def _counts(report: Report) -> str:
    failed = report.with_outcome(Outcome.FAIL)
    advice = sum(one.level is not Level.MANDATORY for one in failed)
    counts = {
        "all": len(report.findings),
        "fail": len(failed) - advice,
        "advice": advice,
        **{
            _CLASSES[outcome]: count
            for outcome, count in report.counts.items()
            if outcome is not Outcome.FAIL
        },
    }
    items = "".join(
        f"<li><input class='show' type='radio' name='show' id='show-{kind}'"
        f"{' checked' if kind == 'all' else ''}><label for='show-{kind}'>"
        f"<b class='{kind}'>{counts[kind]}</b>{escape(words)}</label></li>"
        for kind, words in _SHOWN.items()
    )
    return f"<ul class='counts'>{items}</ul>"


def _problems(report: Report) -> str:
    if not report.problems:
        return ""
    items = "".join(
        f"<article class='{'mandatory' if one.fails else 'advisory'}'><h3>{escape(one.kind)}</h3>"
        f"<p>{escape(one.text)}</p></article>"
        for one in report.problems
    )
    return f"<section><h2>The run itself</h2>{items}</section>"


def _failures(report: Report) -> str:
    found = "".join(_failure(alike) for alike in alike_ones(report.with_outcome(Outcome.FAIL)))
    if not found:
        found = "<p class='pass'>None.</p>"
    return f"<section class='item is-fail is-advice'><h2>Failures and advice</h2>{found}</section>"


def _failure(alike: Sequence[Finding]) -> str:
    first = alike[0]
    control = first.control
    kind = "fail" if first.level is Level.MANDATORY else "advice"
    names = escape(", ".join(one.resource or "the stack" for one in alike))
    places = dict.fromkeys(str(one.place) for one in alike if one.place is not None)
    rows = [
        *(("Place", place) for place in places),
        ("Stack file", control.fix.stack),
        ("Pulumi", control.fix.code),
        *(("Resource", one.urn or "the stack") for one in alike),
    ]
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(text)}</code></dd>" for name, text in rows
    )
    return (
        f"<article class='item is-{kind} {first.level.value}'>"
        f"<h3>{escape(control.id)} · {names}</h3>{_found(first.found)}"
        f"<p class='soft'>{escape(control.title)} · {control.severity.value} · "
        f"{first.level.value} · <a href='{escape(control.link)}'>documentation</a></p>"
        f"<dl>{listed}</dl></article>"
    )


def _found(text: str) -> str:
    """What was found; a way through the network hop by hop."""
    words, _, way = text.partition(": ")
    if HOP not in way:
        return f"<p>{escape(text)}</p>"
    items = "".join(f"<li>{escape(part)}</li>" for part in way.split("; "))
    return f"<p>{escape(words)}:</p><ol class='hops'>{items}</ol>"


def _waiting(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.control.id)}</td><td>{escape(one.resource or 'the stack')}</td>"
        f"<td>{escape(one.found)}</td></tr>"
        for one in report.with_outcome(Outcome.UNKNOWN)
    )
    if not rows:
        return ""
    return (
        "<section class='item is-unknown'><h2>Unknown until deployed</h2><table>"
        "<thead><tr><th>Control</th>"
        f"<th>Resource</th><th>What may be wrong</th></tr></thead><tbody>{rows}</tbody></table>"
        "</section>"
    )


def _exempt(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.control.id)}</td><td>{escape(one.resource or 'the stack')}</td>"
        f"<td>{escape(one.reason)}</td></tr>"
        for one in report.with_outcome(Outcome.EXEMPT)
    )
    if not rows:
        return ""
    return (
        "<section class='item is-exempt'><h2>Exempt</h2><table><thead><tr><th>Control</th>"
        "<th>Resource</th>"
        f"<th>Reason</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _all(report: Report) -> str:
    rows: list[str] = []
    tallies: dict[str, dict[Outcome, int]] = {}
    titles: dict[str, str] = {}
    shown: dict[str, set[str]] = {}
    for finding in report.findings:
        tally = tallies.setdefault(finding.control.id, dict.fromkeys(Outcome, 0))
        tally[finding.outcome] += 1
        titles[finding.control.id] = finding.control.title
        advice = finding.outcome is Outcome.FAIL and finding.level is not Level.MANDATORY
        kind = "advice" if advice else _CLASSES[finding.outcome]
        shown.setdefault(finding.control.id, set()).add(kind)
    for control_id, tally in tallies.items():
        words = ", ".join(
            f"<span class='{_CLASSES[outcome]}'>{count} {escape(outcome.value)}</span>"
            for outcome, count in tally.items()
            if count
        )
        title = escape(titles[control_id])
        kinds = " ".join(f"is-{kind}" for kind in sorted(shown[control_id]))
        rows.append(
            f"<tr class='item {kinds}'><td>{escape(control_id)}</td><td>{title}</td>"
            f"<td>{words}</td></tr>"
        )
    return (
        "<section><h2>All controls</h2><table><thead><tr><th>Control</th><th>What it asks</th>"
        f"<th>Outcome</th></tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )
