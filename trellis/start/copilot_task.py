"""A Copilot workload's task: image, size, containers, variables, secrets and storage."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from trellis.stackfile import tree
from trellis.stackfile.nodes import Mapping, Node
from trellis.start.copilot_logging import log_router
from trellis.start.copilot_workload import Workload
from trellis.start.draft import Draft
from trellis.start.image_reference import image_of
from trellis.start.ledger import entries, get, is_null, items, text
from trellis.start.units import key_of, seconds, shell, words

WAITS = {"start": "started", "healthy": "healthy", "success": "success", "complete": "complete"}
"""What Copilot's `depends_on` is called in `startFirst`."""

WRITABLE = (
    "its containers may write to their own root, as they did; the policy pack wants none of that: "
    "`readOnlyRoot: true`, and folders that are written in `scratch`"
)

ENV_FILE = (
    "put it into one of `buckets`, under a key that ends in `.env`, and name that in "
    "`environmentFiles`; or write its lines into `environment`. Secrets are `uses`"
)
"""What to do about a file of variables, which Copilot puts into a bucket of its own."""

MANAGED = {"uid", "gid"}
"""What Copilot lets be said of a file system that it makes itself."""

FILES_ELSEWHERE = (
    "`fileSystems` of the service takes the ids of file system, access point and security group; "
    "one that Trellis makes stands in the stack's `fileSystems`, with `uses: [{files: ...}]`"
)

BEGINS_EMPTY = "the file system begins empty: copy the files with AWS DataSync"

HEALTH = {"interval": "interval", "timeout": "timeout", "start_period": "startPeriod"}


def task(workload: Workload) -> None:
    """All that services and jobs have in common."""
    ledger = workload.draft.ledger
    _image(workload)
    for name in ("cpu", "memory"):
        workload.draft.move(workload.path(name), workload.at(name))
    _platform(workload)
    for name, setting in (("command", "command"), ("entrypoint", "entryPoint")):
        node = workload.at(name)
        if node is not None:
            workload.put(setting, value=words(ledger.take(node)), node=node)
    workload.draft.move(workload.path("exec"), workload.at("exec"))
    _health(workload.draft, workload.path("healthCommand"), workload.at("image", "healthcheck"))
    _variables(workload)
    secrets(workload, workload.at("secrets"))
    ledger.advise(workload.at("env_file"), ENV_FILE)
    _storage(workload)
    _network(workload)
    for name, node in entries(workload.at("sidecars")).items():
        _sidecar(workload, key_of(name), node)
    _waits(workload)
    workload.draft.move(workload.path("logRetentionDays"), workload.at("logging", "retention"))
    log_router(workload)
    ledger.advise(workload.at("logging", "envFile"), ENV_FILE)
    ledger.advise(
        workload.at("observability", "tracing"),
        "set `tracing: xray` and the collector's image by digest (docs/reference.md, services)",
    )
    ledger.advise(
        workload.at("taskdef_overrides"),
        "look for each path in docs/reference.md under services; what is not there has no place",
    )


def _image(workload: Workload) -> None:
    draft, location, build = workload.draft, workload.at("image", "location"), workload.at(
        "image", "build"
    )  # fmt: skip
    found = _image_settings(workload, location, build)
    if found is None:
        return
    draft.put(workload.path("image"), found, location or build)
    draft.ledger.advise(
        workload.at("image", "credentials"),
        "name the secret in `existing.secrets` and its key in `image.credentials`, beside an "
        "`image.uri` by digest; an image in a repository of the system needs none",
    )


def _image_settings(
    workload: Workload, location: Node | None, build: Node | None
) -> dict[str, Any] | None:
    ledger = workload.draft.ledger
    if location is not None:
        return image_of(str(ledger.take(location)), location, ledger)
    if build is None:
        return None
    simple = text(build)
    dockerfile = str(ledger.take(build if simple else get(build, "dockerfile")) or "Dockerfile")
    context = ledger.take(get(build, "context")) if simple is None else None
    folder = str(context) if context else (os.path.dirname(dockerfile) or ".")  # noqa: PTH120
    inside = os.path.relpath(dockerfile, folder)
    settings: dict[str, Any] = {"context": workload.relative(folder)}
    if inside != "Dockerfile":
        settings["dockerfile"] = Path(inside).as_posix()
    target, arguments = get(build, "target"), get(build, "args")
    if target is not None:
        settings["target"] = str(ledger.take(target))
    if arguments is not None:
        settings["arguments"] = {k: str(v) for k, v in ledger.take(arguments).items()}
    ledger.advise(get(build, "cache_from"), "builds here take no cache of another image")
    return {"repository": workload.key, "build": settings}


def _platform(workload: Workload) -> None:
    node = workload.at("platform")
    if node is None:
        return
    word = text(node) or text(get(node, "architecture")) or ""
    if "windows" in str(workload.draft.ledger.take(node)).lower():
        workload.draft.ledger.advise(node, "tasks run on Linux: bring a Linux image")
    elif "arm64" in word.lower():
        workload.put("architecture", value="arm64", node=node)


def _health(draft: Draft, path: tuple[str, ...], node: Node | None) -> None:
    if node is None:
        return
    ledger = draft.ledger
    command = get(node, "command")
    if command is None:
        ledger.advise(node, "a health check needs its `command`")
        return
    found: dict[str, Any] = {"command": shell(ledger.take(command))}
    for name, setting in HEALTH.items():
        given = seconds(ledger.take(get(node, name)))
        if given is not None:
            found[setting] = int(given)
    retries = ledger.take(get(node, "retries"))
    if retries is not None:
        found["retries"] = retries
    draft.put(path, found, node)


def _variables(workload: Workload) -> None:
    for name, node in entries(workload.at("variables")).items():
        if isinstance(node, Mapping):
            workload.draft.ledger.advise(
                node, f"what another stack exports: write the value into `environment.{name}`, or "
                "link what it names by `uses`",
            )  # fmt: skip
        elif is_null(node):
            workload.draft.ledger.take(node)
        else:
            written = workload.draft.ledger.take(node)
            # As Copilot hands it on: text as written, `true` and not `True`.
            workload.put("environment", name, value=text(node) or str(written), node=node)


def secrets(workload: Workload, node: Node | None) -> list[str]:
    """Secrets by variable: each is a secret of the system's own that gets its value once.

    Returns:
        the names of the variables.
    """
    draft = workload.draft
    for name, given in entries(node).items():
        source = text(given) or text(get(given, "secretsmanager"))
        if source is None:
            draft.ledger.advise(
                given, f"write a `uses` line for {name}: what another stack exports"
            )
            continue
        known = [
            key
            for key, settings in draft.entries("secrets").items()
            if settings.get("description") == f"Was {source}"
        ]
        key = known[0] if known else _free(draft, "secrets", key_of(name))
        draft.put(("secrets", key), {"description": f"Was {source}"}, given)
        draft.add(workload.path("uses"), {"secret": key, "as": name}, given)
        where = "secret" if text(given) is None else "SSM parameter"
        draft.ledger.advise(given, f"put the value of the {where} {source} into the secret `{key}`")
    return list(entries(node))


def _free(draft: Draft, tier: str, key: str) -> str:
    taken = draft.entries(tier)
    names = (key, *(f"{key[:29]}-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in taken)


def _storage(workload: Workload) -> None:
    ledger = workload.draft.ledger
    workload.draft.move(workload.path("ephemeralGib"), workload.at("storage", "ephemeral"))
    closed = workload.at("storage", "readonly_fs")
    if not ledger.take(closed):
        workload.put("readOnlyRoot", value=False, node=closed)
        ledger.advise_on(workload.node, WRITABLE)
    mounted = {
        str(ledger.take(get(mount, "source_volume")))
        for sidecar in entries(workload.at("sidecars")).values()
        for mount in items(get(sidecar, "mount_points"))
    }
    for name, volume in entries(workload.at("storage", "volumes")).items():
        efs = get(volume, "efs")
        if efs is None or ledger.take(efs) is False:
            _volume(workload, name, volume, shared=name in mounted)
        elif _managed(efs) and name not in mounted and get(volume, "path") is not None:
            _file_system(workload, name, volume, efs)
        else:
            ledger.advise(volume, FILES_ELSEWHERE)


def _managed(efs: Node) -> bool:
    return text(efs) == "true" or (bool(entries(efs)) and entries(efs).keys() <= MANAGED)


def _file_system(workload: Workload, name: str, volume: Node, efs: Node) -> None:
    """One that Copilot makes itself: a file system of the stack, which begins empty."""
    draft = workload.draft
    key = _free(draft, "fileSystems", key_of(name))
    user = {word: draft.ledger.take(node) for word, node in entries(efs).items()}
    draft.put(("fileSystems", key), {"points": {"main": user}} if user else {}, efs)
    use = {"files": key, "at": draft.ledger.take(get(volume, "path"))}
    if draft.ledger.take(get(volume, "read_only")) is not False:
        use["access"] = "read"
    draft.add(workload.path("uses"), use, volume)
    draft.ledger.advise_on(volume, BEGINS_EMPTY)


def _volume(workload: Workload, name: str, volume: Node, *, shared: bool) -> None:
    ledger, key = workload.draft.ledger, key_of(name)
    path, read_only = ledger.take(get(volume, "path")), ledger.take(get(volume, "read_only"))
    if path is None:
        ledger.advise(volume, "only sidecars mount it: say the main container's `path`")
    elif shared:
        workload.put("volumes", key, value={}, node=volume)
        mount = {"path": path, **({"readOnly": True} if read_only else {})}
        workload.put("mounts", key, value=mount, node=volume)
    else:
        workload.draft.add(workload.path("scratch"), path, volume)


def _network(workload: Workload) -> None:
    ledger = workload.draft.ledger
    placement = workload.at("network", "vpc", "placement")
    if placement is not None and text(placement) is not None:
        workload.put("subnets", value=ledger.take(placement), node=placement)
    else:
        ledger.advise(placement, "`subnets` is public, private or isolated, not single subnets")
    ledger.advise(
        workload.at("network", "vpc", "security_groups"),
        "rules follow from `uses`; `uses: [{address: ..., port: ...}]` leads beyond the system",
    )


def _sidecar(workload: Workload, key: str, node: Node) -> None:
    ledger = workload.draft.ledger
    image = get(node, "image")
    location = image if text(image) else get(image, "location")
    found = _image_settings(workload, location, get(image, "build"))
    if found is None:
        ledger.advise(node, "a sidecar needs an `image`")
        return
    if "build" in found:
        found["repository"] = key_of(f"{workload.key}-{key}")
    settings: dict[str, Any] = {"image": found}
    path = workload.path("sidecars", key)
    workload.draft.put(path, settings, node)
    for name, setting in (("command", "command"), ("entrypoint", "entryPoint")):
        given = get(node, name)
        if given is not None:
            settings[setting] = words(ledger.take(given))
    for name in ("essential", "cpu", "memory"):
        workload.draft.move((*path, name), get(node, name))
    _health(workload.draft, (*path, "health"), get(node, "healthcheck"))
    environment = {
        name: text(value) or str(ledger.take(value))
        for name, value in entries(get(node, "variables")).items()
        if not isinstance(value, Mapping)
    }
    if environment:
        for name in environment:
            ledger.take(get(node, "variables", name))
        settings["environment"] = environment
    names = secrets(workload, get(node, "secrets"))
    if names:
        settings["variables"] = names
    settings["readOnlyRoot"] = False
    _mounts(workload, settings, node)
    port = get(node, "port")
    target = text(workload.at("http", "target_container"))
    if port is not None and target is not None and key_of(target) == key:
        workload.put("portContainer", value=key, node=workload.at("http", "target_container"))
        ledger.take(workload.at("http", "target_container"))
        workload.draft.move(workload.path("port"), port)
    else:
        ledger.advise(port, "containers of a task reach each other at 127.0.0.1: nothing to say")


def _mounts(workload: Workload, settings: dict[str, Any], node: Node) -> None:
    ledger = workload.draft.ledger
    for mount in items(get(node, "mount_points")):
        volume = key_of(str(ledger.take(get(mount, "source_volume"))))
        found_mount: dict[str, Any] = {"path": ledger.take(get(mount, "path"))}
        if ledger.take(get(mount, "read_only")):
            found_mount["readOnly"] = True
        if workload.draft.get(*workload.path("volumes", volume)) is None:
            ledger.advise(mount, f"no volume `{volume}` was carried over: see `storage`")
            continue
        settings.setdefault("mounts", {})[volume] = found_mount


def _waits(workload: Workload) -> None:
    for name, node in entries(workload.at("image", "depends_on")).items():
        sidecar = workload.draft.get(*workload.path("sidecars", key_of(name)))
        word = WAITS.get((text(node) or "").lower())
        if not tree.is_mapping(sidecar) or word is None:
            workload.draft.ledger.advise(node, "no such sidecar, or none of start, healthy, ...")
            continue
        workload.draft.ledger.take(node)
        sidecar["startFirst"] = word
    for name, node in entries(workload.at("sidecars")).items():
        _waits_beside(workload, key_of(name), get(node, "depends_on"))


def _waits_beside(workload: Workload, key: str, node: Node | None) -> None:
    """What a sidecar waits for; Copilot calls the main container by the workload's name."""
    sidecar = workload.draft.get(*workload.path("sidecars", key))
    for name, condition in entries(node).items():
        other = "main" if key_of(name) == workload.key else key_of(name)
        there = other == "main" or workload.draft.get(*workload.path("sidecars", other)) is not None
        word = WAITS.get((text(condition) or "").lower())
        if not tree.is_mapping(sidecar) or not there or word is None:
            workload.draft.ledger.advise(
                condition, "no such container, or none of start, healthy, ..."
            )
            continue
        workload.draft.ledger.take(condition)
        sidecar.setdefault("after", {})[other] = word
