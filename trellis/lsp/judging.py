"""Price and verdict of a stack as JSON: what the language server runs beside itself.

`python -m trellis.lsp.judging PROJECT STACK FILE`. A plan takes seconds and the whole interpreter,
so it has a process of its own, which is ended when the file is saved again.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.guardrails.control import Outcome
from policies.guardrails.outcomes import Report
from trellis.planner.evidence import evidence
from trellis.planner.places import placed
from trellis.planner.record import record
from trellis.planner.recording import Mode, Recording
from trellis.planner.verdicts import judged
from trellis.price.document import spread
from trellis.price.estimate import Estimate
from trellis.price.pricing import StackFolder, price_of
from trellis.stackfile.explaining import parsed
from trellis.stackfile.problems import Problem, StackFileError


def judgement(where: StackFolder) -> dict[str, Any]:
    """What a stack costs and what the pack says of it, by path; or its problems."""

    def plan_in(mode: Mode) -> Recording:
        return record(
            where.project, where.stack, mode, config_file=where.config_file, complete=True
        )

    try:
        plan = plan_in("preview")
        report = judged(evidence(plan), lambda: evidence(plan_in("deployed")))
        priced = price_of(where, plan)
    except StackFileError as error:
        return {"problems": [_problem(problem) for problem in error.problems]}
    found = placed(report, plan, priced.resolution.layers)
    return {
        "problems": [],
        **_price(priced.estimate),
        "findings": list(_findings(found)),
    }


def _price(found: Estimate) -> dict[str, Any]:
    return {
        "total": spread(found.usd),
        "parts": [{"path": list(part.owner), "usd": spread(part.usd)} for part in found.parts],
        "notPriced": [list(row.owner) for row in found.not_priced],
    }


def _findings(report: Report) -> Iterator[dict[str, Any]]:
    for finding in report.with_outcome(Outcome.FAIL):
        place = finding.place
        yield {
            "path": list(parsed(place.setting)) if place is not None and place.setting else [],
            "file": place.file if place is not None else "",
            "blocks": finding.blocks,
            "control": finding.control.id,
            "link": finding.control.link,
            "said": f"{finding.resource + ': ' if finding.resource else ''}"
            f"{finding.found or finding.control.title}",
            "fix": finding.control.fix.stack,
        }


def _problem(problem: Problem) -> dict[str, Any]:
    source = problem.source
    return {
        "path": list(problem.path),
        "found": problem.found,
        "allowed": problem.allowed,
        "hint": problem.hint,
        "layer": source.layer if source is not None else "",
        "file": source.file if source is not None else None,
        "line": source.line if source is not None else None,
        "column": source.column if source is not None else None,
    }


def main(arguments: list[str]) -> int:
    """Print the judgement; what the program itself prints goes to standard error."""
    project, stack, file = arguments
    with contextlib.redirect_stdout(sys.stderr):
        found = judgement(StackFolder(Path(project), stack, Path(file)))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
