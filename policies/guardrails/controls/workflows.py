"""State machines, GraphQL APIs, builds, parameters and documents of Systems Manager."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from .. import aws
from ..control import (
    PASS,
    Control,
    Outcome,
    Severity,
    Verdict,
    first_failure,
    require,
    where,
)
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..plain_sight import derived, plain_script, plain_variable
from ..reading import Reading
from ..secret_values import kind_of, named_secret
from ..unknown import Tri, any_of

_STATES: Final = "step-functions/latest/dg/"
_APPSYNC: Final = "appsync/latest/devguide/"
_BUILD: Final = "codebuild/latest/userguide/"
_SSM: Final = "systems-manager/latest/userguide/"


@resource_control(
    of_own_code(
        "StepFunctions.1",
        "State machines are logged",
        Severity.MEDIUM,
        "logging_configuration={'level': 'ERROR', 'log_destination': ...}",
        _STATES + "cw-logs.html",
        stack="a job's state machine always logs its errors",
    ),
    aws.STATE_MACHINE,
)
def machine_logged(machine: Resource) -> Verdict:
    logging = machine["loggingConfiguration"]
    level = logging["level"]
    return require(
        level.one_of(("ALL", "ERROR", "FATAL"))
        & machine.provided(logging["logDestination"], aws.LOG_GROUP),
        "loggingConfiguration has no level above OFF with a destination",
    )


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str, str]]:
    """The texts in a document: where they stand, under which name, and what they are."""
    if isinstance(value, Mapping):
        for key, inside in cast("Mapping[str, object]", value).items():
            if isinstance(inside, str):
                yield f"{path}.{key}".lstrip("."), key, inside
            else:
                yield from _texts(inside, f"{path}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inside in cast("Sequence[object]", value):
            if isinstance(inside, str):
                yield path.lstrip("."), "", inside
            else:
                yield from _texts(inside, path)


@resource_control(
    of_own_code(
        "StepFunctions.no-secrets",
        "Definitions of state machines hold no credentials",
        Severity.HIGH,
        "read the secret in the task, or use an EventBridge connection",
        _STATES + "connect-third-party-apis.html",
        stack="a job's state machine is given no values",
    ),
    aws.STATE_MACHINE,
)
def machine_without_secrets(machine: Resource) -> Verdict:
    definition = machine["definition"]
    text = definition.text()
    if text is None:
        harmless = derived(machine, "definition")
        return PASS if harmless else require(Tri.UNKNOWN, "the definition may hold a secret")
    try:
        parsed: object = json.loads(text)
    except ValueError:
        parsed = {"": text}
    for path, name, found in _texts(parsed):
        kind = kind_of(found, name)
        if kind is None and named_secret(name, found):
            kind = "a password"
        if kind is not None:
            return Verdict(Outcome.FAIL, f"{path} of the definition holds {kind}".strip())
    return PASS


@resource_control(
    of_own_code(
        "AppSync.2",
        "GraphQL APIs log errors of fields",
        Severity.MEDIUM,
        "log_config={'field_log_level': 'ERROR', 'cloudwatch_logs_role_arn': role.arn}",
        _APPSYNC + "monitoring.html",
    ),
    aws.GRAPHQL_API,
)
def fields_logged(api: Resource) -> Verdict:
    return require(
        api.at("logConfig.fieldLogLevel").one_of(("ALL", "ERROR", "INFO", "DEBUG")),
        "logConfig.fieldLogLevel is not set, or NONE",
    )


@resource_control(
    of_own_code(
        "AppSync.5",
        "GraphQL APIs do not take API keys",
        Severity.HIGH,
        "authentication_type='AMAZON_COGNITO_USER_POOLS', 'AWS_IAM', ...",
        _APPSYNC + "security-authz.html",
    ),
    aws.GRAPHQL_API,
)
def no_api_keys(api: Resource) -> Verdict:
    more = api["additionalAuthenticationProviders"]
    return require(
        ~api["authenticationType"].equals("API_KEY")
        & ~more.some(lambda one: one["authenticationType"].equals("API_KEY")),
        "an authenticationType is API_KEY",
    )


@resource_control(
    of_own_code(
        "CodeBuild.1",
        "Builds hold no credentials in the addresses of their sources",
        Severity.CRITICAL,
        "a source credential or a connection instead of a name and password in location",
        _BUILD + "access-tokens.html",
    ),
    aws.BUILD_PROJECT,
)
def sources_without_credentials(project: Resource) -> Verdict:
    sources = (project["source"], *project["secondarySources"].elements())
    if project["secondarySources"].is_unknown:
        return require(Tri.UNKNOWN, "a source's location may hold a credential")
    holds = any_of(
        one["location"].ask(lambda text: isinstance(text, str) and kind_of(text) is not None)
        for one in sources
    )
    return require(~holds, "a source's location holds a credential")


@resource_control(
    of_own_code(
        "CodeBuild.2",
        "Builds hold no credentials in plain variables",
        Severity.CRITICAL,
        "environment_variables=[{'type': 'SECRETS_MANAGER', ...}]",
        _BUILD + "change-project-console.html",
    ),
    aws.BUILD_PROJECT,
)
def variables_without_secrets(project: Resource) -> Verdict:
    variables = project["environment"]["environmentVariables"]
    if variables.is_unknown:
        return require(Tri.UNKNOWN, "a variable may hold a secret")
    harmless = derived(project, "environment")
    return first_failure(
        *(_variable(one, harmless) for one in variables.elements()),
        plain_script(
            project["source"]["buildspec"], "source.buildspec", derived(project, "source")
        ),
    )


def _variable(variable: Reading, harmless: bool) -> Verdict:
    if variable["type"].one_of(("SECRETS_MANAGER", "PARAMETER_STORE")) is Tri.YES:
        return PASS
    return plain_variable(variable["name"], variable["value"], "variable", harmless)


@resource_control(
    of_own_code(
        "CodeBuild.3",
        "Build logs in buckets are encrypted",
        Severity.LOW,
        "logs_config={'s3_logs': {'encryption_disabled': False, ...}} (the default)",
        _BUILD + "change-project-console.html",
    ),
    aws.BUILD_PROJECT,
)
def build_logs_encrypted(project: Resource) -> Verdict:
    logs = project["logsConfig"]["s3Logs"]
    return where(
        logs["status"].equals("ENABLED"),
        require(~logs["encryptionDisabled"].is_true(), "s3Logs.encryptionDisabled is true"),
        "its logs are in no bucket",
    )


@resource_control(
    of_own_code(
        "CodeBuild.4",
        "Builds are logged",
        Severity.MEDIUM,
        "logs_config with cloudwatch_logs or s3_logs enabled (CloudWatch is the default)",
        _BUILD + "change-project-console.html",
    ),
    aws.BUILD_PROJECT,
)
def builds_logged(project: Resource) -> Verdict:
    config = project["logsConfig"]
    cloudwatch = ~config["cloudwatchLogs"]["status"].equals("DISABLED")
    return require(
        cloudwatch | config["s3Logs"]["status"].equals("ENABLED"), "all of logsConfig is disabled"
    )


@resource_control(
    of_own_code(
        "SSM.parameter-secrets",
        "Credentials in parameters are encrypted",
        Severity.HIGH,
        "type='SecureString', key_id=key.arn",
        _SSM + "secure-string-parameter-kms-encryption.html",
    ),
    aws.PARAMETER,
)
def parameters_encrypted(parameter: Resource) -> Verdict:
    plain = parameter["value"]
    value = parameter["insecureValue"] if plain.is_absent else plain
    path = parameter["name"]
    # The last part of /app/db-password is what a variable would be called.
    last = (path.text() or "").rsplit("/", 1)[-1].replace("-", "_")
    name = path if path.is_unknown else Reading(last)
    return where(
        ~parameter["type"].equals("SecureString"),
        plain_variable(name, value, "the plain parameter", derived(parameter, value.path)),
        "it is a SecureString",
    )


@resource_control(
    of_own_code(
        "SSM.4",
        "Documents of Systems Manager are not public",
        Severity.CRITICAL,
        "permissions={'type': 'Share', 'account_ids': ...} without All",
        _SSM + "documents-ssm-sharing.html",
    ),
    aws.SSM_DOCUMENT,
)
def document_not_public(document: Resource) -> Verdict:
    public = document["permissions"]["account_ids"].matches(r"(^|,)\s*all\s*(,|$)")
    return require(~public, "permissions share it with everybody")


_PUBLIC_SHARING: Final = "/ssm/documents/console/public-sharing-permission"


@resource_control(
    of_own_code(
        "SSM.7",
        "Documents of Systems Manager cannot be made public",
        Severity.CRITICAL,
        f"ssm.ServiceSetting(setting_id='{_PUBLIC_SHARING}', setting_value='Disable')",
        _SSM + "documents-ssm-sharing.html",
    ),
    aws.SSM_SETTING,
)
def public_documents_blocked(setting: Resource) -> Verdict:
    return where(
        setting["settingId"].matches(f"{_PUBLIC_SHARING}$"),
        require(setting["settingValue"].equals("Disable"), "settingValue is not Disable"),
        "it is another setting",
    )


CONTROLS: Final[tuple[Control, ...]] = (
    machine_logged,
    machine_without_secrets,
    fields_logged,
    no_api_keys,
    sources_without_credentials,
    variables_without_secrets,
    build_logs_encrypted,
    builds_logged,
    parameters_encrypted,
    document_not_public,
    public_documents_blocked,
)
