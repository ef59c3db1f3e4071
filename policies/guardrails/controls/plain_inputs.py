"""Inputs of any resource of AWS: no credentials in plain text."""

from typing import Final

from ..control import ANY_OF_AWS, Control, Outcome, Severity, Verdict, not_applicable, require
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..plain_inputs import Scan
from ..unknown import Tri


@resource_control(
    of_own_code(
        "SecretsManager.plain-inputs",
        "Inputs, documents and tags of resources hold no credentials in plain text",
        Severity.HIGH,
        "the secret's ARN where the service takes one, else config.require_secret(...)",
        "secretsmanager/latest/userguide/best-practices.html",
        stack="the parts of a stack read credentials from its secrets",
    ),
    ANY_OF_AWS,
)
def no_plain_credentials(resource: Resource) -> Verdict:
    if not resource.facts.inputs:
        return not_applicable("it has no inputs")
    scan = Scan(resource)
    if scan.found is not None:
        return Verdict(Outcome.FAIL, f"{scan.found.where} holds {scan.found.kind}")
    answer = Tri.YES if scan.open is None else Tri.UNKNOWN
    return require(answer, f"{scan.open} may hold a credential")


CONTROLS: Final[tuple[Control, ...]] = (no_plain_credentials,)
