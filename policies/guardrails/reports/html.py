"""A report as one self-contained page: readable in light and dark, on paper, without scripts."""

from html import escape

from ..control import Level, Outcome
from ..outcomes import Finding, Report
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
ul.counts { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: 1rem 0;
  list-style: none; }
ul.counts li { border: 1px solid var(--line); background: var(--card); border-radius: .5rem;
  padding: .5rem .9rem; min-width: 7rem; }
ul.counts b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--fail); border-radius: .4rem;
  background: var(--card); padding: .7rem 1rem; margin: .6rem 0; break-inside: avoid; }
article.advisory { border-left-color: var(--wait); }
article h3 { font-size: 1rem; margin: 0; } code { font: .88em/1.4 ui-monospace, monospace;
  overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
.fail { color: var(--fail); } .unknown { color: var(--wait); } .pass { color: var(--ok); }
.exempt { color: var(--exempt); } .na { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .4rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""
_CLASSES = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "unknown",
    Outcome.EXEMPT: "exempt",
    Outcome.NOT_APPLICABLE: "na",
}


def page(report: Report, title: str = "Guardrails") -> str:
    """The report as HTML text."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1><p class='soft'>{escape(summary(report))}</p>",
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
    items = "".join(
        f"<li><b class='{_CLASSES[outcome]}'>{count}</b>{escape(outcome.value)}</li>"
        for outcome, count in report.counts.items()
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
    failed = sorted(
        report.with_outcome(Outcome.FAIL), key=lambda one: one.level is not Level.MANDATORY
    )
    if not failed:
        return "<section><h2>Failures</h2><p class='pass'>None.</p></section>"
    items = "".join(_failure(one) for one in failed)
    return f"<section><h2>Failures</h2>{items}</section>"


def _failure(finding: Finding) -> str:
    control = finding.control
    return (
        f"<article class='{finding.level.value}'>"
        f"<h3>{escape(control.id)} · {escape(finding.resource or 'the stack')}</h3>"
        f"<p>{escape(finding.found)}</p>"
        f"<p class='soft'>{escape(control.title)} · {control.severity.value} · "
        f"{finding.level.value} · <a href='{escape(control.link)}'>documentation</a></p>"
        f"<dl><dt>Stack file</dt><dd><code>{escape(control.fix.stack)}</code></dd>"
        f"<dt>Pulumi</dt><dd><code>{escape(control.fix.code)}</code></dd>"
        f"<dt>Resource</dt><dd><code>{escape(finding.urn or 'the stack')}</code></dd></dl>"
        "</article>"
    )


def _waiting(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.control.id)}</td><td>{escape(one.resource or 'the stack')}</td>"
        f"<td>{escape(one.found)}</td></tr>"
        for one in report.with_outcome(Outcome.UNKNOWN)
    )
    if not rows:
        return ""
    return (
        "<section><h2>Unknown until deployed</h2><table><thead><tr><th>Control</th>"
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
        "<section><h2>Exempt</h2><table><thead><tr><th>Control</th><th>Resource</th>"
        f"<th>Reason</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _all(report: Report) -> str:
    rows: list[str] = []
    tallies: dict[str, dict[Outcome, int]] = {}
    titles: dict[str, str] = {}
    for finding in report.findings:
        tally = tallies.setdefault(finding.control.id, dict.fromkeys(Outcome, 0))
        tally[finding.outcome] += 1
        titles[finding.control.id] = finding.control.title
    for control_id, tally in tallies.items():
        words = ", ".join(
            f"<span class='{_CLASSES[outcome]}'>{count} {escape(outcome.value)}</span>"
            for outcome, count in tally.items()
            if count
        )
        title = escape(titles[control_id])
        rows.append(f"<tr><td>{escape(control_id)}</td><td>{title}</td><td>{words}</td></tr>")
    return (
        "<section><h2>All controls</h2><table><thead><tr><th>Control</th><th>What it asks</th>"
        f"<th>Outcome</th></tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )
