"""Task definitions beside their containers: files over TLS, and Windows without administrators."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, require, where
from ..define import Facts, of_own_code, resource_control
from ..evidence import Resource

_ECS: Final = "AmazonECS/latest/developerguide/"


@resource_control(
    Facts(
        "ECS.18",
        "File systems are mounted over TLS",
        Severity.MEDIUM,
        "fileSystems, and a service's own, are always mounted over TLS",
        "efs_volume_configuration={'transit_encryption': 'ENABLED', ...}",
        _ECS + "efs-volumes.html",
    ),
    aws.TASK_DEFINITION,
)
def mounted_over_tls(task: Resource) -> Verdict:
    mount = "efsVolumeConfiguration"
    plain = task["volumes"].some(
        lambda one: one[mount].present() & ~one[mount]["transitEncryption"].equals("ENABLED")
    )
    return where(
        task["volumes"].some(lambda one: one[mount].present()),
        require(~plain, "transitEncryption of a volume is not ENABLED"),
        "it mounts no file system",
    )


@resource_control(
    of_own_code(
        "ECS.21",
        "Windows containers name a user that is no administrator",
        Severity.MEDIUM,
        '"user": "ContainerUser" in container_definitions',
        _ECS + "task_definition_parameters.html",
        stack="services and jobs run Linux containers",
    ),
    aws.TASK_DEFINITION,
)
def no_administrator(task: Resource) -> Verdict:
    containers = task["containerDefinitions"].parsed()
    named = containers.every(
        lambda one: (
            one["user"].present() & ~one["user"].matches(r"^(?:.*\\)?ContainerAdministrator$")
        )
    )
    return where(
        task.at("runtimePlatform.operatingSystemFamily").matches("^WINDOWS"),
        require(named, "a container runs as administrator, or names no user"),
        "it runs no Windows containers",
    )


CONTROLS: Final[tuple[Control, ...]] = (mounted_over_tls, no_administrator)
