"""Runs the controls over a stack's facts: the one verdict that all runners share."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import aws
from . import exemptions as exempting
from .catalog import CONTROLS
from .control import ANY_OF_AWS, Control, Given, Level, Outcome, Verdict
from .evidence import Resource, Stack
from .exemptions import Exemption, Met
from .facts import ResourceFacts
from .outcomes import Finding, Problem, Report, merged
from .settings import Settings
from .unknown import Unknown

STACK_NAME = "stack"
# What controls judge, or read beside what they judge.
KNOWN_TYPES: Final = frozenset(
    (
        *(one for one in vars(aws).values() if isinstance(one, str) and one.startswith("aws:")),
        *(kind for control in CONTROLS for kind in control.types),
    )
)


def analyse(
    facts: Iterable[ResourceFacts],
    *,
    today: dt.date,
    settings: Settings | None = None,
    exemptions: Sequence[Mapping[str, object]] = (),
    controls: Sequence[Control] = CONTROLS,
) -> Report:
    """Judge every resource with every control.

    ``exemptions`` are added to those of the stack's own ``trellis:index:System`` resource.
    Controls that are disabled are left out. A control that raises ends as a problem that fails
    the run, and as an unknown for that resource.
    """
    stack = Stack(facts)
    entries = (*stack.system.exemptions, *exemptions)
    read, problems = exempting.read(entries)
    system = stack.system
    jury = Jury(controls, settings or Settings(), read, today, system.profile, ours=system.declared)
    findings = jury.judge_stack(stack)
    problems.extend(jury.problems)
    problems.extend(exempting.judged(read, jury.met, (one.id for one in controls), today))
    return Report(
        tuple(findings), merged(problems), tuple(_notes(stack)), ours=stack.system.declared
    )


def _notes(stack: Stack) -> Iterator[str]:
    """What a pass says nothing about."""
    if not stack.resources:
        yield "the stack has no resources"
    others = Counter(
        resource.type.split(":", 1)[0]
        for resource in stack.resources
        if resource.facts.provider is not None
    )
    unjudged = Counter(
        resource.facts.type
        for resource in stack.resources
        if resource.type.startswith("aws:") and resource.type not in KNOWN_TYPES
    )
    if unjudged:
        counts = ", ".join(f"{kind} ({count})" for kind, count in sorted(unjudged.items()))
        yield f"not judged, because no control knows the type: {counts}"
    for package in ("aws", "pulumi"):
        others.pop(package, None)
    if others:
        counts = ", ".join(f"{package} ({count})" for package, count in sorted(others.items()))
        yield f"not judged, because the controls know the aws provider only: {counts}"


@dataclass
class Jury:
    """Asks controls, applies exemptions, and remembers what went wrong on the way."""

    controls: Sequence[Control]
    settings: Settings
    exemptions: Sequence[Exemption]
    today: dt.date
    profile: str = "production"
    ours: bool = True
    problems: list[Problem] = field(default_factory=list[Problem])
    met: dict[Exemption, Met] = field(default_factory=dict[Exemption, Met])

    def __post_init__(self) -> None:
        self._by_type: dict[str, list[Control]] = {}
        for control in self.controls:
            if self._level(control) is Level.DISABLED:
                continue
            for kind in control.types:
                self._by_type.setdefault(kind, []).append(control)
        everywhere = self._by_type.get(ANY_OF_AWS, [])
        for kind, asked in self._by_type.items():
            if kind.startswith("aws:") and kind != ANY_OF_AWS:
                asked.extend(everywhere)

    def _asked_of(self, kind: str) -> Sequence[Control]:
        found = self._by_type.get(kind)
        if found is None and kind.startswith("aws:"):
            found = self._by_type[kind] = self._by_type.get(ANY_OF_AWS, [])
        return found or ()

    def _level(self, control: Control) -> Level:
        return self.settings.level_of(control, self.profile, ours=self.ours)

    def judge_resource(
        self, resource: Resource, names: tuple[str, ...], account: str | Unknown
    ) -> list[Finding]:
        """The findings of the controls that need nothing but this resource."""
        alone = Stack((resource.facts,))
        return [
            self._finding(control, resource, self._ask(control, resource, alone, account), names)
            for control in self._asked_of(resource.type)
            if control.prevents
        ]

    def judge_stack(self, stack: Stack) -> list[Finding]:
        """The findings of all controls, in the order of the catalogue."""
        spoken: dict[str, list[Finding]] = {}
        for resource in stack.resources:
            controls = self._asked_of(resource.type)
            if not controls:
                continue
            names = (resource.name, *stack.ancestors(resource))
            alone: Stack | None = None
            for control in controls:
                if control.prevents:
                    alone = alone or Stack((resource.facts,))
                    verdict = self._ask(control, resource, alone, stack.account)
                else:
                    verdict = self._ask(control, resource, stack, stack.account)
                spoken.setdefault(control.id, []).append(
                    self._finding(control, resource, verdict, names)
                )
        findings: list[Finding] = []
        for control in self.controls:
            if self._level(control) is Level.DISABLED:
                continue
            found = spoken.get(control.id, [])
            if control.stack_check is not None:
                found = [*found, self._of_stack(control, stack)]
            findings.extend(found or [self._silent(control)])
        return findings

    def _of_stack(self, control: Control, stack: Stack) -> Finding:
        check = control.stack_check
        verdict = Verdict(Outcome.NOT_APPLICABLE)
        if check is not None:
            try:
                verdict = check(Given(stack, self.settings.parameters_of(control)))
            except Exception as error:  # noqa: BLE001 - any fault of a control fails the run
                verdict = self._raised(control, STACK_NAME, error)
        return self._finding(control, None, verdict, (STACK_NAME,))

    def _silent(self, control: Control) -> Finding:
        return Finding(
            control,
            Outcome.NOT_APPLICABLE,
            self._level(control),
            found="the stack has no such resource",
        )

    def _ask(
        self, control: Control, resource: Resource, stack: Stack, account: str | Unknown
    ) -> Verdict:
        if control.check is None:
            return Verdict(Outcome.NOT_APPLICABLE)
        try:
            given = Given(stack, self.settings.parameters_of(control), account)
            return control.check(resource, given)
        except Exception as error:  # noqa: BLE001 - any fault of a control fails the run
            return self._raised(control, resource.name, error)

    def _raised(self, control: Control, name: str, error: Exception) -> Verdict:
        # Only the type: an error's text could quote a value.
        text = f"control {control.id} raised {type(error).__name__} on {name}; report it as a bug"
        self.problems.append(Problem("error", text))
        return Verdict(Outcome.UNKNOWN, "the control itself failed")

    def _finding(
        self,
        control: Control,
        resource: Resource | None,
        verdict: Verdict,
        names: tuple[str, ...],
    ) -> Finding:
        outcome, found, reason = verdict.outcome, verdict.found, ""
        exemption = self._exemption(control, outcome, names)
        if exemption is not None:
            outcome = Outcome.EXEMPT
            reason = (
                f"{exemption.reason} (owner {exemption.owner}, until {exemption.until.isoformat()})"
            )
        if outcome is Outcome.UNKNOWN and resource is not None:
            unknown = resource.unknown_inputs()
            if unknown:
                found = f"{found} (not known until deployed: {', '.join(unknown[:4])})"
        level = self._level(control)
        return Finding(
            control,
            outcome,
            Level.ADVISORY if verdict.advises and level is Level.MANDATORY else level,
            urn=resource.urn if resource else "",
            resource=resource.name if resource else "",
            resource_type=resource.facts.type if resource else "",
            found=found,
            reason=reason,
        )

    def _exemption(
        self, control: Control, outcome: Outcome, names: tuple[str, ...]
    ) -> Exemption | None:
        """The exemption that excuses this outcome; every one that covers the resource is noted."""
        excused: Exemption | None = None
        for exemption in self.exemptions:
            if exemption.until < self.today or not exemption.covers(control.id, names):
                continue
            if outcome not in (Outcome.FAIL, Outcome.UNKNOWN):
                self.met.setdefault(exemption, Met.IDLE)
            else:
                self.met[exemption] = Met.NEEDED
                excused = excused or exemption
        return excused
