"""Keys, secrets and certificates."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Parameters,
    Scope,
    Severity,
    Verdict,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, measured_control, resource_control
from ..evidence import Resource, Stack
from ..policies import open_to_anyone
from ..unknown import Tri, any_of

_KMS = "kms/latest/developerguide/"
_SECRETS = "secretsmanager/latest/userguide/"


@resource_control(
    Facts(
        "KMS.4",
        "Keys rotate",
        Severity.MEDIUM,
        "keys.rotationDays: 365 (the default); every key rotates",
        "enable_key_rotation=True",
        _KMS + "rotate-keys.html",
    ),
    aws.KEY,
)
def keys_rotate(key: Resource) -> Verdict:
    symmetric = key["customerMasterKeySpec"].equals("SYMMETRIC_DEFAULT") & key["keyUsage"].equals(
        "ENCRYPT_DECRYPT"
    )
    return where(
        symmetric & key["customKeyStoreId"].absent(),
        require(key["enableKeyRotation"].is_true(), "enableKeyRotation is not true"),
        "AWS rotates symmetric encryption keys only",
    )


@resource_control(
    Facts(
        "KMS.5",
        "Keys are not open to anyone",
        Severity.CRITICAL,
        "keys are open to the tiers that use them only",
        "name accounts, roles or services with aws:SourceAccount in the key policy",
        _KMS + "key-policies.html",
    ),
    aws.KEY,
    aws.KEY_POLICY,
    aws.REPLICA_KEY,
    aws.EXTERNAL_KEY,
    aws.REPLICA_EXTERNAL_KEY,
    scope=Scope.DOCUMENT,
)
def key_not_public(key: Resource) -> Verdict:
    return open_to_anyone(key["policy"])


@resource_control(
    Facts(
        "SecretsManager.customer-key",
        "Secrets are encrypted with a customer key",
        Severity.MEDIUM,
        "secrets.<key> uses the secrets key (the default)",
        "Secret(kms_key_id=key.arn)",
        _SECRETS + "security-encryption.html",
    ),
    aws.SECRET,
)
def secret_on_customer_key(secret: Resource) -> Verdict:
    return require(secret.customer_key(secret["kmsKeyId"]), "kmsKeyId names no customer key")


@resource_control(
    Facts(
        "SecretsManager.private-policy",
        "Secrets are not open to anyone",
        Severity.CRITICAL,
        "secrets.<key> is open to the tiers that use it only",
        "name the principals in the SecretPolicy, and set block_public_policy=True",
        _SECRETS + "auth-and-access_resource-policies.html",
    ),
    aws.SECRET,
    aws.SECRET_POLICY,
    scope=Scope.DOCUMENT,
)
def secret_not_public(secret: Resource) -> Verdict:
    return open_to_anyone(secret["policy"])


def _rotations(secret: Resource, stack: Stack) -> Tri:
    return any_of(one.belongs for one in stack.companions(secret, aws.SECRET_ROTATION, "secretId"))


@graph_control(
    Facts(
        "SecretsManager.1",
        "Secrets rotate",
        Severity.MEDIUM,
        "secrets.<key>: {kind: generated} or {kind: credentials, database: main} rotates; a "
        "given value does not",
        "SecretRotation(secret_id=secret.id, rotation_lambda_arn=function.arn, rotation_rules=...)",
        _SECRETS + "rotating-secrets.html",
        # Values that someone else issues (a payment provider's key) cannot rotate by themselves.
        level=Level.ADVISORY,
    ),
    aws.SECRET,
)
def secrets_rotate(secret: Resource, stack: Stack) -> Verdict:
    return require(_rotations(secret, stack), "no rotation is set up")


@measured_control(
    Facts(
        "SecretsManager.4",
        "Secrets rotate at least every ninety days",
        Severity.MEDIUM,
        "secrets.<key>.rotation: {everyDays: 30}",
        "rotation_rules={'automatically_after_days': 30}",
        _SECRETS + "rotate-secrets_schedule.html",
        parameters={"maximumDays": 90},
    ),
    aws.SECRET_ROTATION,
)
def rotation_in_time(rotation: Resource, parameters: Parameters) -> Verdict:
    limit = parameters["maximumDays"]
    assert isinstance(limit, (int, float))
    rules = rotation["rotationRules"]
    schedule = rules["scheduleExpression"]
    if schedule.present() is not Tri.NO and rules["automaticallyAfterDays"].is_absent:
        days = _days_of(schedule.text() or "")
        known = Tri.UNKNOWN if days is None else Tri.of(days <= limit)
        return require(known, f"the schedule is longer than {limit:g} days")
    return require(
        rules["automaticallyAfterDays"].at_most(limit),
        f"automaticallyAfterDays is above {limit:g}",
    )


def _days_of(schedule: str) -> float | None:
    """The days between two runs of a schedule expression; ``None`` when it cannot be told."""
    words = schedule.strip().removeprefix("rate(").removesuffix(")").split()
    if not schedule.startswith("rate(") or len(words) != 2 or not words[0].isdigit():
        # Secrets Manager takes cron expressions that run monthly at the rarest, or on some months.
        monthly = schedule.startswith("cron(") and schedule.removesuffix(")").split()[3:4] == ["*"]
        return 31 if monthly else None
    return int(words[0]) / (24 if words[1].startswith("hour") else 1)


@resource_control(
    Facts(
        "ACM.2",
        "Certificates have strong keys",
        Severity.HIGH,
        "certificates.<key>.key: RSA_2048 (the default) or EC_prime256v1",
        "key_algorithm='EC_prime256v1'",
        "acm/latest/userguide/acm-certificate-characteristics.html",
    ),
    aws.CERTIFICATE,
)
def strong_certificate(certificate: Resource) -> Verdict:
    if certificate["privateKey"].present() is Tri.YES:
        return not_applicable("an imported certificate's key is not seen")
    return require(~certificate["keyAlgorithm"].equals("RSA_1024"), "keyAlgorithm is RSA_1024")


CONTROLS: Final[tuple[Control, ...]] = (
    keys_rotate,
    key_not_public,
    secret_on_customer_key,
    secret_not_public,
    secrets_rotate,
    rotation_in_time,
    strong_certificate,
)
