"""A stack that is there for a while, like another one: its own file, names and domains.

Its environment is part of every physical name, and a label of every host below the other stack's
zones, which stay the other's: records are made in them. So the two clash in nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from components.baseline.settings import PARTS
from trellis.planner.recording import Recording
from trellis.stackfile.editing import changed_text
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import field_at
from trellis.stackfile.tree import is_list, is_mapping


class UnfitError(ValueError):
    """A name that no such stack may have; the text says why."""


def refuse_name(name: str, environments: Mapping[str, str]) -> None:
    """Refuse a name whose physical names could be another stack's.

    Args:
        environments: of the project's stacks, by stack.

    Raises:
        UnfitError: it is one of them, or begins one, or one begins it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,18}[a-z0-9]", name):
        raise UnfitError(f"{name}: 2 to 20 lower-case letters, digits and hyphens, a letter first")
    for stack, environment in environments.items():
        if name == environment:
            raise UnfitError(f"{name} is the environment of the stack {stack}")
        if name.startswith(f"{environment}-") or environment.startswith(f"{name}-"):
            raise UnfitError(
                f"{name} and {environment} (stack {stack}) would share names: one begins the other"
            )


def text_of(
    text: str,
    file: str,
    data: Mapping[str, Any],
    name: str,
    end: date,
    repositories: Mapping[str, str] | None = None,
    profiled: Collection[KeyPath] = (),
) -> str:
    """The file of the new stack.

    Args:
        text: of the other stack's own file.
        file: its name, for errors.
        data: the other stack's settings, with what all stacks share.
        repositories: names of the repositories that the other stack makes, by key: its images are
            there, and one of the new stack's own would be empty.
        profiled: what the profile says in those settings, and no file.

    Raises:
        StackFileError: a setting stands where it can't be changed by itself.
    """
    for path, value in (*changes(data, name, end, profiled), *_shared(data, repositories or {})):
        text = changed_text(text, path, value, file, whole=True)
    return text


def changes(
    data: Mapping[str, Any], name: str, end: date, profiled: Collection[KeyPath] = ()
) -> Iterator[tuple[KeyPath, Any]]:
    """The settings that the new stack has otherwise; lists are whole."""
    yield ("environment",), name
    yield ("profile",), "development"
    yield ("expires",), end.isoformat()
    system, environment = str(data.get("name", "")), str(data.get("environment", ""))
    if data.get("permissionsBoundary") == f"boundary-{system}-{environment}":
        yield ("permissionsBoundary",), f"boundary-{system}-{family(name)}"
    zones: Mapping[str, Mapping[str, Any]] = data.get("zones") or {}
    for key, zone in zones.items():
        if not zone.get("private") and not zone.get("existing"):
            yield ("zones", key), {"domain": zone["domain"], "existing": True}
    for path in _at_home(data):
        if path not in profiled:
            yield path, None
    domains = sorted((str(zone["domain"]) for zone in zones.values()), key=len, reverse=True)
    own = re.compile(rf"(?<![\w-]){re.escape(system)}([-/_.]){re.escape(environment)}(?![\w])")
    for part, value in data.items():
        if part not in ("zones", "existing", "permissionsBoundary"):
            for path, old in _leaves((part,), value):
                if any(_is_home(data, path[:length]) for length in range(1, len(path) + 1)):
                    continue
                new = below(old, domains, name) if domains else old
                if _is_sender(path):
                    new = senders_below(old, domains, name)
                if not THEIRS.intersection(map(str, path)):
                    new = named(new, own, rf"{system}\g<1>{name}")
                if new != old:
                    yield path, new


def _shared(
    data: Mapping[str, Any], repositories: Mapping[str, str]
) -> Iterator[tuple[KeyPath, Any]]:
    """What stands once for both: images, and what an account has one of."""
    if data.get("repositories"):
        yield ("repositories",), None
    if (data.get("usage") or {}).get("repositories"):
        yield ("usage", "repositories"), None
    for key, physical_name in repositories.items():
        yield ("existing", "repositories", key), {"name": physical_name}
    if data.get("baseline") is not None:
        own = {key: None for key in data["baseline"] if key != "elsewhere"}
        yield ("baseline",), {**own, "elsewhere": list(PARTS)}
    if data.get("deliveries"):
        yield ("deliveries",), None
    if data.get("costAnomalies") and not data["costAnomalies"].get("tags"):
        yield ("costAnomalies",), None


ENGINE_KEYS = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""What the engine writes into a stack's file beside its settings (`sdk/go/common/workspace`,
pulumi 3.272): without them it can't read the stack's state."""


def kept(text: str, before: str) -> str:
    """The file with what the engine wrote into the former one.

    Args:
        before: the former file, which may be the engine's alone.
    """
    found: Any = yaml.safe_load(before)
    settings = {key: found[key] for key in ENGINE_KEYS if is_mapping(found) and key in found}
    return text + yaml.safe_dump(settings, sort_keys=False) if settings else text


def is_engines_alone(text: str) -> bool:
    """Whether a stack's file has nothing but what `pulumi stack init` writes."""
    found: Any = yaml.safe_load(text)
    return found is None or (is_mapping(found) and set(found) <= set(ENGINE_KEYS))


HOME = {
    "adopt": "", "physicalName": "", "deletionProtection": "", "finalSnapshot": "",
    "emptyOnDelete": "", "objectLock": "", "lock": "backups", "keep": "monitoring",
}  # fmt: skip
"""Settings that the other stack has alone, each with the part that it counts in, if in one only.

What was taken over is its own, under its own name; and what keeps data or refuses to be deleted
would keep a stack that is there for a while from going."""


def _at_home(data: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Where settings stand that such a stack has not."""
    found: dict[KeyPath, None] = {}
    for part, value in data.items():
        for path, _ in _leaves((part,), value):
            first = next((n for n in range(1, len(path) + 1) if _is_home(data, path[:n])), None)
            if first is not None:
                found[path[:first]] = None
    yield from found


def _is_home(data: Mapping[str, Any], path: KeyPath) -> bool:
    if HOME.get(str(path[-1])) not in ("", path[0]):
        return False
    return field_at(SYSTEM, path, data) is not None


THEIRS = frozenset({"arn", "existing", "image", "masterSecretArn", "uri"})
"""Keys whose values name what somebody else made."""


def family(name: str) -> str:
    """What the names of such stacks have in common: `pr` of `pr-7`; the whole where no number
    ends it."""
    return re.sub(r"-\d+$", "", name)


def _leaves(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that is no mapping, by its path."""
    if is_mapping(value):
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    else:
        yield path, value


def named(value: Any, own: re.Pattern[str], new: str) -> Any:
    """A value in which each physical name that begins as the other stack's do begins as this
    one's."""
    if is_list(value):
        return [named(inner, own, new) for inner in value]
    if is_mapping(value):
        return {key: named(inner, own, new) for key, inner in value.items()}
    if not isinstance(value, str) or value.startswith("arn:"):
        return value
    return own.sub(new, value)


def below(value: Any, domains: Sequence[str], name: str) -> Any:
    """A value in which each host below one of the domains has the name as a label before it.

    Args:
        domains: the longest first.
    """
    if is_list(value):
        return [below(inner, domains, name) for inner in value]
    if is_mapping(value):
        return {key: below(inner, domains, name) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    any_of = "|".join(re.escape(domain) for domain in domains)
    # Not the domain of an address of mail, nor a part of a longer name.
    host = re.compile(rf"(?<![\w.@-])((?:[\w*-]+\.)*?)({any_of})(?![\w-]|\.\w)")
    return host.sub(rf"\g<1>{name}.\g<2>", value)


def _is_sender(path: KeyPath) -> bool:
    """Whether a setting names addresses of a domain of `mail`, which becomes another one."""
    own = path[0] == "mail" and path[2:] == ("senders",)
    return own or (path[0] == "userPools" and path[2:] == ("mail", "sender"))


def senders_below(value: Any, domains: Sequence[str], name: str) -> Any:
    """Addresses of mail in which each domain has the name as a label before it.

    Args:
        domains: the longest first.
    """
    if is_list(value):
        return [senders_below(inner, domains, name) for inner in value]
    any_of = "|".join(re.escape(domain) for domain in domains)
    own = rf"@((?:[\w-]+\.)*?)({any_of})$"
    return re.sub(own, rf"@\g<1>{name}.\g<2>", str(value)) if domains else value


LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
DOMAINS = ("aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName")


def hosts_of(recording: Recording) -> tuple[str, ...]:
    """The hosts that the stack answers at, by its plan; those that AWS makes up are not in it."""
    found: dict[str, None] = {}
    for rule in recording.of_type(LISTENER_RULE):
        for condition in rule.inputs.get("conditions") or ():
            header: Mapping[str, list[str]] = condition.get("hostHeader") or {}
            found |= dict.fromkeys(map(str, header.get("values", ())))
    for distribution in recording.of_type(DISTRIBUTION):
        for host in distribution.inputs.get("aliases") or ():
            found[str(host)] = None
    for type_ in DOMAINS:
        for domain in recording.of_type(type_):
            found[str(domain.inputs.get("domainName"))] = None
    return tuple(sorted(host for host in found if not {"*", "?"} & set(host)))


def comment(name: str, like: str, end: date, hosts: Sequence[str]) -> str:
    """What a pull request is told, as Markdown; the first line finds it again."""
    lines = [f"<!-- trellis-environment:{name} -->"]
    lines.append(f"**`{name}`** stands, like `{like}`, until {end.isoformat()} or the close.")
    lines += ["", *(f"- <https://{host}/>" for host in hosts)]
    if not hosts:
        lines.append(f"It has no host of its own: `pulumi stack output --stack {name}`.")
    return "\n".join(lines) + "\n"
