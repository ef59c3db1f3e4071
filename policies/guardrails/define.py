"""How a control is written down: a decorator that puts its facts beside its check."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, cast

from .control import (
    NO_PARAMETERS,
    Check,
    Control,
    Fix,
    Given,
    Level,
    Parameters,
    Scope,
    Severity,
    StackCheck,
    Verdict,
)
from .evidence import Resource, Stack
from .frameworks import frameworks_of
from .unknown import Unknown

TRUSTED: Final = "trustedAccounts"
_DOCS = "https://docs.aws.amazon.com/"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said about a control besides its check; ``doc`` is a path under AWS's documentation.

    ``stack`` is the remedy in a Trellis stack file, ``code`` in any Pulumi program.
    """

    id: str
    title: str
    severity: Severity
    stack: str
    code: str
    doc: str
    level: Level = Level.MANDATORY
    in_development: Level | None = None
    parameters: Parameters = field(default_factory=lambda: NO_PARAMETERS)


_NOT_MADE: Final = "makes no such resource; it is your own code's"


def of_own_code(
    id: str,
    title: str,
    severity: Severity,
    code: str,
    doc: str,
    *,
    stack: str = _NOT_MADE,
    parameters: Parameters = NO_PARAMETERS,
) -> Facts:
    """The facts of a control about types that no stack file makes, or makes in one way (``stack``).

    What is critical or high stops, the rest advises: no component's default stands for it.
    """
    severe = severity in (Severity.CRITICAL, Severity.HIGH)
    level = Level.MANDATORY if severe else Level.ADVISORY
    return Facts(id, title, severity, stack, code, doc, level, parameters=parameters)


def _control(
    facts: Facts,
    scope: Scope,
    types: tuple[str, ...],
    check: Check | None,
    stack_check: StackCheck | None = None,
) -> Control:
    return Control(
        id=facts.id,
        title=facts.title,
        severity=facts.severity,
        scope=scope,
        types=types,
        fix=Fix(facts.stack, facts.code),
        link=_DOCS + facts.doc,
        service=facts.id.split(".", 1)[0],
        frameworks=frameworks_of(facts.id),
        level=facts.level,
        in_development=facts.in_development,
        parameters=MappingProxyType(dict(facts.parameters)),
        check=check,
        stack_check=stack_check,
    )


def resource_control(
    facts: Facts, *types: str, scope: Scope = Scope.RESOURCE
) -> Callable[[Callable[[Resource], Verdict]], Control]:
    """A control that one resource's own inputs decide; it prevents."""

    def define(check: Callable[[Resource], Verdict]) -> Control:
        def asked(resource: Resource, _given: Given) -> Verdict:
            return check(resource)

        return _control(facts, scope, types, asked)

    return define


def measured_control(
    facts: Facts, *types: str
) -> Callable[[Callable[[Resource, Parameters], Verdict]], Control]:
    """A control that one resource's own inputs and the control's parameters decide; it prevents."""

    def define(check: Callable[[Resource, Parameters], Verdict]) -> Control:
        def asked(resource: Resource, given: Given) -> Verdict:
            return check(resource, given.parameters)

        return _control(facts, Scope.RESOURCE, types, asked)

    return define


def account_control(
    facts: Facts, *types: str
) -> Callable[[Callable[[Resource, str | Unknown, tuple[str, ...]], Verdict]], Control]:
    """A control that one document, the deployment's account id and those it trusts decide.

    The parameter ``trustedAccounts`` lists the accounts that are meant. It prevents.
    """

    def define(check: Callable[[Resource, str | Unknown, tuple[str, ...]], Verdict]) -> Control:
        def asked(resource: Resource, given: Given) -> Verdict:
            trusted = given.parameters[TRUSTED]
            assert isinstance(trusted, tuple)
            return check(resource, given.account, cast("tuple[str, ...]", trusted))

        known = replace(facts, parameters={TRUSTED: (), **facts.parameters})
        return _control(known, Scope.DOCUMENT, types, asked)

    return define


def graph_control(
    facts: Facts, *types: str, scope: Scope = Scope.GRAPH
) -> Callable[[Callable[[Resource, Stack], Verdict]], Control]:
    """A control about one resource that needs the others to be decided."""

    def define(check: Callable[[Resource, Stack], Verdict]) -> Control:
        def asked(resource: Resource, given: Given) -> Verdict:
            return check(resource, given.stack)

        return _control(facts, scope, types, asked)

    return define


def stack_control(
    facts: Facts,
) -> Callable[[Callable[[Stack, Parameters], Verdict]], Control]:
    """A control about the stack as a whole: something must be there."""

    def define(check: Callable[[Stack, Parameters], Verdict]) -> Control:
        def asked(given: Given) -> Verdict:
            return check(given.stack, given.parameters)

        return _control(facts, Scope.GRAPH, (), None, asked)

    return define
