"""The pack as CrossGuard policies: one looping policy for each kind of analysis and level.

The engine's cost grows with the number of policy objects, so there are four: resources and stack,
each mandatory and advisory. The first one also collects every resource's inputs, because a stack
analysis is handed outputs only. All four share one ``Session``, which lives in the process.
"""

import datetime as dt
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from . import aws, settings
from .adapters.crossguard import from_resource, from_stack, plain
from .catalog import CONTROLS
from .control import Level, Outcome
from .evidence import Resource, System, account_of, system_of
from .exemptions import read
from .facts import ResourceFacts
from .outcomes import COLUMNS, Finding, Problem, Report, advice_lines, alike_ones
from .remediations import remediations
from .run import Jury, analyse
from .settings import MAIN_POLICY, Settings
from .unknown import UNKNOWN, Unknown, is_unknown

CONFIG_SCHEMA: Final = PolicyConfigSchema(
    properties={
        "controls": {
            "type": "object",
            "description": "Level and parameters by control id, such as "
            '{"RDS.11": {"level": "advisory", "minimumDays": 14}}.',
        },
        "levels": {
            "type": "string",
            "enum": list(settings.LEVELS),
            "description": "What decides the levels: house (each control's own, the default), "
            "severity (critical and high stop, the rest advises), or auto: house in a stack made "
            "from a stack file, else severity.",
        },
        "exemptions": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Exemptions for stacks without a trellis:index:System resource: "
            "control, resource, reason, owner, until.",
        },
    }
)


class Session:
    """What one run of the engine has shown so far: the inputs of every resource analysed."""

    def __init__(self, today: dt.date) -> None:
        self._today = today
        self._facts: dict[str, ResourceFacts] = {}
        self._system = System()
        self._account: str | Unknown = UNKNOWN
        self._config: Mapping[str, object] = {}
        self._settings = Settings()
        self._exemptions: tuple[Mapping[str, object], ...] = ()
        self._wrong: tuple[Problem, ...] = ()
        self._jury: Jury | None = None
        self._judged: dict[str, list[Finding]] = {}
        self._report: Report | None = None
        self._served: set[Level] = set()

    def collect(self, args: ResourceValidationArgs) -> None:
        """Remember a resource's inputs and the policy's configuration; judge it."""
        config = plain(args.get_config())
        if self._jury is None or config != self._config:
            self._configure(config)
        facts = from_resource(args)
        self._facts[facts.urn] = facts
        if is_unknown(self._account):
            self._account = account_of((Resource(facts), *_provider_of(args)))
        self._report = None
        resource = Resource(facts)
        if facts.type == aws.SYSTEM:
            self._system = system_of(resource)
            self._jury = None
        jury = self._jury or self._new_jury()
        self._judged[facts.urn] = jury.judge_resource(
            resource, self._names(resource), self._account
        )

    def _configure(self, config: object) -> None:
        self._config = cast("Mapping[str, object]", config) if isinstance(config, Mapping) else {}
        document = {MAIN_POLICY: self._config}
        controls, self._exemptions, problems = settings.configured(document)
        read_settings, wrong = settings.read(controls, CONTROLS)
        by_severity, of_levels = settings.levels_of(document)
        self._settings = replace(read_settings, by_severity=by_severity)
        self._wrong = (*problems, *wrong, *of_levels)
        self._jury = None

    def _new_jury(self) -> Jury:
        exemptions, _ = read((*self._system.exemptions, *self._exemptions))
        system = self._system
        self._jury = Jury(
            CONTROLS,
            self._settings,
            exemptions,
            self._today,
            system.profile,
            ours=system.declared,
        )
        return self._jury

    def _names(self, resource: Resource) -> tuple[str, ...]:
        names, parent = [resource.name], resource.facts.parent
        while parent and (facts := self._facts.get(parent)) is not None:
            names.append(facts.name)
            parent = facts.parent
        return tuple(names)

    def report_resource(
        self, level: Level, args: ResourceValidationArgs, report: ReportViolation
    ) -> None:
        """Report what the resource just collected fails at ``level``."""
        if args.urn not in self._judged:
            raise RuntimeError(f"the policy {MAIN_POLICY} must run first; do not disable it")
        for finding in self._judged[args.urn]:
            if finding.outcome is Outcome.FAIL and finding.level is level:
                report(advice_lines((finding,), self._system.declared), None)
        if level is Level.MANDATORY:
            # Told of the first resource: over the stack it would be told after all were made.
            for problem in self._wrong:
                report(f"[{problem.kind}] {problem.text}", None)
            self._wrong = ()
        if level is Level.MANDATORY and self._jury is not None:
            for problem in self._jury.problems:
                report(f"[{problem.kind}] {problem.text}", None)
            self._jury.problems.clear()

    def report_stack(
        self, level: Level, args: StackValidationArgs, report: ReportViolation
    ) -> None:
        """Report what the whole stack fails at ``level``, and what the run itself got wrong."""
        verdicts = self._analysed(level, args)
        failed = (
            finding
            for finding in verdicts.with_outcome(Outcome.FAIL)
            if finding.level is level
            and not (finding.control.prevents and finding.urn in self._facts)
        )
        for alike in alike_ones(failed):
            report(
                advice_lines(alike, verdicts.ours),
                alike[0].urn or None if len(alike) == 1 else None,
            )
        for problem in verdicts.problems:
            if problem.fails is (level is Level.MANDATORY):
                report(f"[{problem.kind}] {problem.text}", None)
        if level is Level.ADVISORY:
            for note in verdicts.notes:
                report(textwrap.fill(f"[note] {note}", COLUMNS, break_long_words=False), None)
            _report_unknown(verdicts, report)

    def _analysed(self, level: Level, args: StackValidationArgs) -> Report:
        # One analysis serves both levels; a level that asks again starts the next analysis.
        if self._report is None or level in self._served:
            found = analyse(
                from_stack(args.resources, self._facts),
                today=self._today,
                settings=self._settings,
                exemptions=self._exemptions,
            )
            self._report = replace(found, problems=(*self._wrong, *found.problems))
            self._served = set()
        self._served.add(level)
        return self._report


def _provider_of(args: ResourceValidationArgs) -> tuple[Resource, ...]:
    if args.provider is None:
        return ()
    props = cast("Mapping[str, object]", plain(args.provider.props))
    return (Resource(ResourceFacts(args.provider.urn, aws.PROVIDER, "provider", props)),)


def _report_unknown(verdicts: Report, report: ReportViolation) -> None:
    unknown = verdicts.with_outcome(Outcome.UNKNOWN)
    if not unknown:
        return
    by_control: dict[str, list[str]] = {}
    for finding in unknown:
        by_control.setdefault(finding.control.id, []).append(finding.resource or "stack")
    lines = [f"{control}: {', '.join(names)}" for control, names in by_control.items()]
    report(
        f"{len(unknown)} checks wait for values that are not known yet and are decided at the "
        "update:\n"
        + "\n".join(
            textwrap.fill(line, COLUMNS, subsequent_indent="  ", break_long_words=False)
            for line in lines
        ),
        None,
    )


def policies(today: dt.date) -> list[ResourceValidationPolicy | StackValidationPolicy]:
    """The policies of the pack. ``today`` decides which exemptions have ended."""
    session = Session(today)

    def resource_mandatory(args: ResourceValidationArgs, report: ReportViolation) -> None:
        session.collect(args)
        session.report_resource(Level.MANDATORY, args, report)

    def resource_advisory(args: ResourceValidationArgs, report: ReportViolation) -> None:
        session.report_resource(Level.ADVISORY, args, report)

    def stack_mandatory(args: StackValidationArgs, report: ReportViolation) -> None:
        session.report_stack(Level.MANDATORY, args, report)

    def stack_advisory(args: StackValidationArgs, report: ReportViolation) -> None:
        session.report_stack(Level.ADVISORY, args, report)

    return [
        ResourceValidationPolicy(
            name=MAIN_POLICY,
            description="Each resource is safe by itself (decided before it is made).",
            validate=resource_mandatory,
            enforcement_level=EnforcementLevel.MANDATORY,
            config_schema=CONFIG_SCHEMA,
        ),
        ResourceValidationPolicy(
            name="guardrails-advice",
            description="Each resource follows good practice.",
            validate=resource_advisory,
            enforcement_level=EnforcementLevel.ADVISORY,
        ),
        StackValidationPolicy(
            name="guardrails-stack",
            description="The resources are safe together.",
            validate=stack_mandatory,
            enforcement_level=EnforcementLevel.MANDATORY,
        ),
        *remediations(),
        StackValidationPolicy(
            name="guardrails-stack-advice",
            description="The resources together follow good practice.",
            validate=stack_advisory,
            enforcement_level=EnforcementLevel.ADVISORY,
        ),
    ]
