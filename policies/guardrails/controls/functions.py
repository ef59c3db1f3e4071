"""Functions: supported runtimes, bound callers, nothing lost and nothing in plain sight."""

from collections.abc import Sequence
from typing import Final

from .. import aws
from ..control import (
    Control,
    Parameters,
    Scope,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, measured_control, resource_control
from ..evidence import Resource, Stack
from ..iam.documents import Kind
from ..iam.resource_policies import public_access
from ..iam.trust import confused_deputy
from ..plain_sight import derived, plain_values
from ..policies import judged, permission_document, verdict_of
from ..reading import Reading
from ..unknown import Tri, all_of, any_of

_LAMBDA = "lambda/latest/dg/"

# "Lambda runtimes", supported runtimes on 2026-11-21.
SUPPORTED_RUNTIMES: Final = (
    "nodejs22.x",
    "nodejs24.x",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
    "java8.al2",
    "java11",
    "java17",
    "java21",
    "java25",
    "dotnet10",
    "ruby3.3",
    "ruby3.4",
    "provided.al2023",
)
# Services that call a function without waiting: "Invoking Lambda with events from other AWS
# services", 2026-11.
_ASYNCHRONOUS: Final = (
    "codecommit.amazonaws.com",
    "cloudformation.amazonaws.com",
    "config.amazonaws.com",
    "events.amazonaws.com",
    "iot.amazonaws.com",
    "logs.amazonaws.com",
    "s3.amazonaws.com",
    "scheduler.amazonaws.com",
    "ses.amazonaws.com",
    "sns.amazonaws.com",
)


@measured_control(
    Facts(
        "Lambda.2",
        "Functions use a supported runtime",
        Severity.MEDIUM,
        "functions.<key>.runtime; Trellis's own functions run on a supported one: update Trellis",
        "runtime='python3.13'",
        _LAMBDA + "lambda-runtimes.html",
        parameters={"runtimes": SUPPORTED_RUNTIMES},
    ),
    aws.FUNCTION,
)
def supported_runtime(function: Resource, parameters: Parameters) -> Verdict:
    runtimes = parameters["runtimes"]
    assert isinstance(runtimes, (tuple, list))
    return where(
        ~function["packageType"].equals("Image"),
        require(
            function["runtime"].one_of(runtimes),  # pyright: ignore[reportUnknownArgumentType]
            "the runtime is no longer supported",
        ),
        "an image brings its own runtime",
    )


@graph_control(
    Facts(
        "Lambda.dead-letter",
        "Events that a function fails on are kept",
        Severity.MEDIUM,
        "every function of `functions` keeps what it failed on; so do those of Trellis's own that"
        " events call",
        "dead_letter_config={'target_arn': queue.arn}",
        _LAMBDA + "invocation-async-retain-records.html",
    ),
    aws.FUNCTION,
)
def events_kept(function: Resource, stack: Stack) -> Verdict:
    called = any_of(
        (
            stack.some_companion(
                function,
                aws.FUNCTION_PERMISSION,
                "function",
                lambda one: one["principal"].one_of(_ASYNCHRONOUS),
            ),
            *(
                one.belongs
                for kind, path in ((aws.SCHEDULE, "target.arn"), (aws.EVENT_TARGET, "arn"))
                for one in stack.companions(function, kind, path)
            ),
        )
    )
    kept = function.provided(
        function.at("deadLetterConfig.targetArn"), aws.QUEUE, aws.TOPIC
    ) | stack.some_companion(
        function,
        aws.FUNCTION_EVENT_CONFIG,
        "functionName",
        lambda one: one.at("destinationConfig.onFailure.destination").present(),
    )
    return where(
        called,
        require(kept, "events that fail are dropped: no dead-letter queue or failure destination"),
        "nothing calls it asynchronously",
    )


@resource_control(
    Facts(
        "Lambda.1",
        "Functions can be called by known callers only",
        Severity.CRITICAL,
        "functions.<key>.triggers let in exactly what they name (the default)",
        "Permission(source_arn=..., source_account=...)",
        _LAMBDA + "access-control-resource-based.html",
    ),
    aws.FUNCTION_PERMISSION,
    aws.FUNCTION_POLICY,
    scope=Scope.DOCUMENT,
)
def bound_caller(permission: Resource) -> Verdict:
    if permission.type == aws.FUNCTION_POLICY:
        return first_failure(
            judged(permission["policy"], public_access, Kind.RESOURCE),
            judged(permission["policy"], lambda one: confused_deputy(one, ()), Kind.RESOURCE),
        )
    # A function URL without IAM is Lambda.url-auth's question; with IAM any account may sign.
    if permission["functionUrlAuthType"].equals("NONE") is Tri.YES:
        return not_applicable("the permission is for a URL without authentication")
    document = permission_document(permission)
    # The name of a bucket that is gone is free for everybody: only its account tells whose it is.
    by_bucket = permission["principal"].equals("s3.amazonaws.com")
    return first_failure(
        verdict_of(public_access(document)),
        verdict_of(confused_deputy(document, ())),
        require(
            ~by_bucket | permission["sourceAccount"].present(),
            "a bucket is named without its account (sourceAccount)",
        ),
    )


@resource_control(
    Facts(
        "Lambda.customer-key",
        "Environments are encrypted with a customer key",
        Severity.MEDIUM,
        "functions.<key>.environment is encrypted with the secrets key (the default)",
        "kms_key_arn=key.arn",
        _LAMBDA + "configuration-envvars-encryption.html",
    ),
    aws.FUNCTION,
)
def environment_on_customer_key(function: Resource) -> Verdict:
    return where(
        function.at("environment.variables").present(),
        require(function.customer_key(function["kmsKeyArn"]), "kmsKeyArn names no customer key"),
        "it has no environment",
    )


@resource_control(
    Facts(
        "Lambda.url-auth",
        "Function URLs ask who is calling",
        Severity.HIGH,
        "functions.<key>.url asks for requests signed with IAM (the default)",
        "authorization_type='AWS_IAM'",
        _LAMBDA + "urls-auth.html",
    ),
    aws.FUNCTION_URL,
    aws.FUNCTION_PERMISSION,
)
def url_with_auth(url: Resource) -> Verdict:
    if url.type == aws.FUNCTION_PERMISSION:
        # The URL may stand elsewhere: what it needs to answer everybody is given here.
        everybody = url["principal"].equals("*") & url["functionUrlAuthType"].equals("NONE")
        if url["functionUrlAuthType"].is_absent:
            return not_applicable("the permission is for no URL")
        return require(~everybody, "everybody may call the function by a URL without IAM")
    return require(url["authorizationType"].equals("AWS_IAM"), "authorizationType is not AWS_IAM")


@resource_control(
    Facts(
        "Lambda.secret-environment",
        "Environment variables hold no secrets",
        Severity.HIGH,
        "secrets.<key> in functions.<key>.uses gives its ARN; functions.<key>.environment is plain",
        "pass the secret's ARN, and read it with the function's role",
        _LAMBDA + "configuration-envvars.html",
    ),
    aws.FUNCTION,
)
def no_secret_in_environment(function: Resource) -> Verdict:
    variables = function.at("environment.variables")
    if variables.is_absent:
        return not_applicable("it has no environment")
    return first_failure(*plain_values(variables, "variable", derived(function, "environment")))


@graph_control(
    Facts(
        "Lambda.5",
        "Functions in a network stand in two zones",
        Severity.MEDIUM,
        "functions stand in the subnets of every zone: network.zones: 2 (or more)",
        "vpc_config={'subnet_ids': [subnet_a.id, subnet_b.id], ...}",
        _LAMBDA + "configuration-vpc.html",
    ),
    aws.FUNCTION,
)
def several_zones(function: Resource, stack: Stack) -> Verdict:
    subnets = function.at("vpcConfig.subnetIds")
    if subnets.is_absent:
        return not_applicable("it stands in no network of the account")
    if subnets.is_unknown:
        return require(Tri.UNKNOWN, "it may stand in one zone")
    found = stack.follow(function, "vpcConfig.subnetIds", aws.SUBNET).found
    one_zone = _one_zone(subnets.elements(), [one["availabilityZone"] for one in found])
    return require(~one_zone, "its subnets are of one zone")


def _one_zone(subnets: Sequence[Reading], zones: Sequence[Reading]) -> Tri:
    """Whether subnets are of one zone, by the zones of those that the stack has."""
    if len(subnets) < 2:
        return Tri.YES
    if len(zones) < len(subnets):
        return Tri.UNKNOWN if any(subnet.is_unknown for subnet in subnets) else Tri.NO
    first, *others = zones
    if first.is_unknown:
        return Tri.UNKNOWN
    return first.present() & all_of(zone.equals(first.value) for zone in others)


CONTROLS: Final[tuple[Control, ...]] = (
    supported_runtime,
    events_kept,
    bound_caller,
    environment_on_customer_key,
    url_with_auth,
    no_secret_in_environment,
    several_zones,
)
