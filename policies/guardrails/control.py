"""What a control is: a fact-carrying value with a check, and the verdict a check gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from .evidence import Resource, Stack
from .unknown import UNKNOWN, Tri, Unknown


class Outcome(Enum):
    """How one control ended for one resource."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not applicable"


class Severity(Enum):
    """As AWS Security Hub rates it; reported, never used to soften."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(Enum):
    """What a failure does: stop the deployment, warn, or nothing."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
    DISABLED = "disabled"


class Scope(Enum):
    """How much a control must see, and so when it can speak."""

    RESOURCE = "R"
    DOCUMENT = "D"
    GRAPH = "G"
    REACHABILITY = "E"

    @property
    def prevents(self) -> bool:
        """Whether it is decided before the resource is created."""
        return self in (Scope.RESOURCE, Scope.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check's answer for one resource, and what it found. Never holds a resource's value.

    ``advises``: a failure of what AWS makes by itself and no program wrote, which stops nobody.
    """

    outcome: Outcome
    found: str = ""
    advises: bool = False


PASS: Final = Verdict(Outcome.PASS)


def not_applicable(why: str) -> Verdict:
    """The control does not speak about this resource."""
    return Verdict(Outcome.NOT_APPLICABLE, why)


def require(holds: Tri, otherwise: str) -> Verdict:
    """Pass when it holds, fail with ``otherwise`` when not, else unknown."""
    if holds is Tri.YES:
        return PASS
    if holds is Tri.NO:
        return Verdict(Outcome.FAIL, otherwise)
    return Verdict(Outcome.UNKNOWN, otherwise)


def advice(verdict: Verdict) -> Verdict:
    """The same verdict, which at most advises."""
    return replace(verdict, advises=True)


def where(applies: Tri, verdict: Verdict, why_not: str) -> Verdict:
    """``verdict`` where the control applies; a pass stays a pass where that is not known."""
    if applies is Tri.YES or verdict.outcome is Outcome.PASS:
        return verdict if applies is not Tri.NO else not_applicable(why_not)
    if applies is Tri.NO:
        return not_applicable(why_not)
    return Verdict(Outcome.UNKNOWN, verdict.found)


def first_failure(*verdicts: Verdict) -> Verdict:
    """The first fail, else the first unknown, else the first answer."""
    for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
        for verdict in verdicts:
            if verdict.outcome is outcome:
                return verdict
    return verdicts[0] if verdicts else PASS


@dataclass(frozen=True, slots=True)
class Frameworks:
    """Where published standards ask for the same, as AWS Security Hub's documentation maps it.

    ``fsbp``: AWS Foundational Security Best Practices. ``cis``: CIS AWS Foundations 3.0.0.
    ``nist``: NIST SP 800-53 Rev. 5. ``pci``: PCI DSS 4.0.1. Empty where no mapping is published.
    """

    fsbp: tuple[str, ...] = ()
    cis: tuple[str, ...] = ()
    nist: tuple[str, ...] = ()
    pci: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write: ``stack`` in a Trellis stack file, ``code`` in any Pulumi program."""

    stack: str
    code: str


Parameters = Mapping[str, object]
# In the place of types: every resource of the aws provider, known to another control or not.
ANY_OF_AWS: Final = "aws:*"
NO_PARAMETERS: Final[Parameters] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Given:
    """What a check may look at besides its subject: the stack, and the control's parameters.

    For controls that prevent, the stack holds nothing but the subject, whichever runner asks.
    ``account`` is the account id of the deployment, where it is known.
    """

    stack: Stack
    parameters: Parameters = field(default_factory=lambda: NO_PARAMETERS)
    account: str | Unknown = UNKNOWN


Check = Callable[[Resource, Given], Verdict]
StackCheck = Callable[[Given], Verdict]


@dataclass(frozen=True, slots=True)
class Control:
    """One control: what it asks, of which resource types, why, and what to do about a failure.

    ``check`` is asked of every resource of ``types``; ``stack_check`` of the stack as a whole.
    ``in_development`` is the level in a stack whose profile is development, where that differs.
    """

    id: str
    title: str
    severity: Severity
    scope: Scope
    types: tuple[str, ...]
    fix: Fix
    link: str
    service: str
    frameworks: Frameworks = Frameworks()
    level: Level = Level.MANDATORY
    in_development: Level | None = None
    parameters: Parameters = field(default_factory=lambda: NO_PARAMETERS)
    check: Check | None = None
    stack_check: StackCheck | None = None

    @property
    def prevents(self) -> bool:
        """Whether it is decided before the resource is created."""
        return self.scope.prevents
