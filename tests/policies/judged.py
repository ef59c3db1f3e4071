"""Small scenes judged by the pack."""

import datetime as dt

from scenes import facts

from policies.guardrails.catalog import control
from policies.guardrails.run import analyse

TODAY = dt.date(2026, 11, 21)
PLAIN = {"db_instance main": {"storageEncrypted": False}}
ENCRYPTED = {"db_instance main": {"storageEncrypted": True}}
RDS_3 = [control("RDS.3")]


def judged(scene, *exemptions, **options):
    return analyse(
        facts(scene, deployed=False),
        today=TODAY,
        controls=options.pop("controls", RDS_3),
        exemptions=exemptions,
        **options,
    )


def texts(report) -> str:
    return "\n".join(problem.text for problem in report.problems)
