"""Questions about the policy documents that resources carry, answered as verdicts."""

from collections.abc import Callable, Iterable

from .control import PASS, Outcome, Verdict, not_applicable
from .iam.documents import DocumentError, Kind, PolicyDocument, Statement, Text, parse
from .iam.findings import Finding, overall
from .iam.findings import Outcome as Found
from .iam.function_permission import function_permission
from .iam.resource_policies import public_access, tls_only
from .reading import Reading
from .resource import Resource
from .unknown import UNKNOWN, Tri, is_unknown

Analysis = Callable[[PolicyDocument], tuple[Finding, ...]]


def judged(document: Reading, analysis: Analysis, kind: Kind = Kind.ANY) -> Verdict:
    """What an analysis says of the document in an input.

    Not applicable where there is none; a document that AWS would refuse fails, without quoting it.
    """
    if document.is_absent:
        return not_applicable(f"{document.path} is not set")
    try:
        parsed = parse(document.value, document.path, kind)
    except DocumentError:
        return Verdict(Outcome.FAIL, f"{document.path} is not a policy document that AWS accepts")
    return verdict_of(analysis(parsed))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """One verdict for several findings of the IAM analysis: the worst, with its places."""
    worst: Verdict = PASS
    for finding in findings:
        if finding.outcome is Found.PASS:
            continue
        places = ", ".join(str(place) for place in finding.locations)
        found = f"{finding.reason} ({places})" if places else finding.reason
        if finding.outcome is Found.FAIL:
            return Verdict(Outcome.FAIL, found)
        if worst.outcome is Outcome.PASS:
            worst = Verdict(Outcome.UNKNOWN, found)
    return worst


def open_to_anyone(document: Reading) -> Verdict:
    """Fail when a resource policy lets anyone in."""
    return judged(document, public_access, Kind.RESOURCE)


def statements(document: Reading) -> tuple[Statement, ...] | None:
    """The statements of a document; none when it is absent or not valid, ``None`` when unknown."""
    if document.is_unknown:
        return None
    if document.is_absent:
        return ()
    try:
        parsed = parse(document.value, document.path)
    except DocumentError:
        return ()
    return None if parsed.wholly_unknown else parsed.statements


def permission_document(permission: Resource) -> PolicyDocument:
    """The statement that a Lambda permission adds to its function's policy."""
    return function_permission(
        "permission",
        _stated(permission["principal"]),
        _stated(permission["action"]),
        _text(permission["sourceArn"]),
        _text(permission["sourceAccount"]),
        _text(permission["principalOrgId"]),
        _text(permission["functionUrlAuthType"]),
    )


def _text(reading: Reading) -> Text | None:
    return UNKNOWN if reading.is_unknown else reading.text()


def _stated(reading: Reading) -> Text:
    text = _text(reading)
    return "" if text is None else text


def _in_partition_of(document: PolicyDocument, arn: str) -> str:
    """An ARN made from a name, in the partition that the document is written for."""
    for statement in document.statements:
        for named in statement.resources:
            if not is_unknown(named) and named.startswith("arn:"):
                return ":".join((*named.split(":", 2)[:2], arn.split(":", 2)[2]))
    return arn


def refuses_plain_requests(document: Reading, service: str, arn: Text | None = None) -> Tri:
    """Whether every request without TLS is refused, on the whole resource.

    ``arn`` is the resource whose policy it is; without it, what the policy itself names is taken.
    """
    if document.is_absent:
        return Tri.NO
    try:
        parsed = parse(document.value, document.path)
    except DocumentError:
        return Tri.NO
    whole = arn if arn is None or is_unknown(arn) else _in_partition_of(parsed, arn)
    outcome = overall(tls_only(parsed, service, whole))
    if outcome is Found.UNKNOWN:
        return Tri.UNKNOWN
    return Tri.of(outcome is Found.PASS)
