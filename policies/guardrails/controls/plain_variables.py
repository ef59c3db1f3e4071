"""Variables and parameters of services besides containers, functions and builds: no credentials."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, first_failure, not_applicable, require
from ..define import of_own_code, resource_control
from ..evidence import Resource
from ..plain_sight import derived, plain_command, plain_values, plain_variable
from ..reading import Reading
from ..unknown import Tri

# Where a type keeps maps of names and values, by dotted path through lists.
_MAPS: Final[Mapping[str, tuple[str, ...]]] = {
    aws.APPLICATION: ("environmentVariables", "autoBranchCreationConfig.environmentVariables"),
    aws.APP_BRANCH: ("environmentVariables",),
    aws.APP_RUNNER: (
        "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables",
        "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"
        ".runtimeEnvironmentVariables",
    ),
    aws.GLUE_CONNECTION: ("connectionProperties",),
    aws.CANARY: ("runConfig.environmentVariables",),
    aws.CONTAINER_DEPLOYMENT: ("containers.environment",),
    aws.MODEL: ("primaryContainer.environment", "containers.environment"),
    aws.TEMPLATE_STACK: ("parameters",),
}
_SETTINGS: Final = "aws:elasticbeanstalk:application:environment"


def _of_maps(resource: Resource) -> Iterator[Verdict]:
    for path in _MAPS[resource.type]:
        harmless = derived(resource, path.split(".", 1)[0])
        for values in resource.leaves(path):
            if not values.is_absent:
                yield from plain_values(values, "variable", harmless)


_OPEN: Final = "what its variables are is not known"


def _of_settings(environment: Resource) -> Iterator[Verdict]:
    if environment["settings"].is_unknown:
        yield require(Tri.UNKNOWN, _OPEN)
    for one in environment["settings"].elements():
        if one["namespace"].text() in (None, _SETTINGS):
            harmless = derived(environment, "settings")
            yield plain_variable(one["name"], one["value"], "variable", harmless)


def _of_job(job: Resource) -> Iterator[Verdict]:
    harmless = derived(job, "containerProperties")
    container: Reading = job["containerProperties"].parsed()
    if container["environment"].is_unknown:
        yield require(Tri.UNKNOWN, _OPEN)
    for one in container["environment"].elements():
        yield plain_variable(one["name"], one["value"], "variable", harmless)
    if not container["command"].is_absent:
        yield plain_command(container["command"], "command")


_READERS: Final[Mapping[str, Callable[[Resource], Iterator[Verdict]]]] = {
    **dict.fromkeys(_MAPS, _of_maps),
    aws.BEANSTALK: _of_settings,
    aws.BEANSTALK_TEMPLATE: _of_settings,
    aws.BATCH_JOB: _of_job,
}


@resource_control(
    of_own_code(
        "SecretsManager.plain-variables",
        "Variables and parameters of other services hold no credentials",
        Severity.HIGH,
        "pass the secret's ARN, and let the service read it",
        "secretsmanager/latest/userguide/best-practices.html",
        stack="the parts of a stack give these services no variables of yours",
    ),
    *_READERS,
)
def no_secret_in_variables(resource: Resource) -> Verdict:
    verdicts = tuple(_READERS[resource.type](resource))
    return first_failure(*verdicts) if verdicts else not_applicable("it has no variables")


CONTROLS: Final[tuple[Control, ...]] = (no_secret_in_variables,)
