"""`trellis init --from`: what is carried over plans at once, and every key is used or told of."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.recordings import ROOT
from trellis.cli.main import main
from trellis.planner.record import record
from trellis.stackfile import document
from trellis.stackfile.problems import StackFileError
from trellis.start import compose, copilot
from trellis.start.copilot_service import TYPES
from trellis.start.draft import Converted
from trellis.start.ledger import values

pytestmark = pytest.mark.long

SAMPLES = Path(__file__).parent / "samples"
COPILOT = sorted((SAMPLES / "copilot").iterdir())
COMPOSE = sorted((SAMPLES / "compose").glob("*.yml"))
EVERY = [
    *(("copilot", element) for element in COPILOT),
    *(("compose", element) for element in COMPOSE),
]
DOMAIN = "example.com"


def name_of(value: object) -> str:
    return value.stem if isinstance(value, Path) else str(value)


def sources(kind: str, sample: Path) -> Iterator[str]:
    """Files that the sample builds from."""
    if kind == "copilot":
        listed = sample / "sources.txt"
        yield from listed.read_text().split() if listed.exists() else ()
    else:
        yield from ("Dockerfile", "api/Dockerfile", "web/Dockerfile", "app/Containerfile",
                    "cron/Dockerfile")  # fmt: skip


def laid_out(kind: str, sample: Path, folder: Path) -> Path:
    """A folder with the sample and what it builds from; what `--from` is given."""
    for file in sources(kind, sample):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    if kind == "compose":
        target = folder / sample.name
        target.write_text(sample.read_text())
        return target
    for file in (path for path in sample.rglob("*") if path.is_file()):
        target = folder / file.relative_to(sample)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text())
    return folder


def convert(kind: str, source: Path) -> Converted:
    if kind == "compose":
        return compose.convert(source, Path("/repository"), DOMAIN)
    return copilot.convert(source, Path("/repository"), DOMAIN)


@cache
def converted(kind: str, sample: Path) -> Converted:
    return convert(kind, sample)


def test_there_are_samples_of_every_kind() -> None:
    assert len(EVERY) >= 12
    kinds = {
        yaml.safe_load(file.read_text())["type"]
        for sample in COPILOT
        for file in sample.glob("copilot/*/manifest.yml")
    }
    assert kinds == set(TYPES)


@pytest.mark.parametrize(("kind", "sample"), EVERY, ids=name_of)
def test_what_comes_out_plans_at_once(
    kind: str, sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = laid_out(kind, sample, tmp_path)
    infra = tmp_path / "infra"
    words = ["--region", "eu-west-1", "--domain", DOMAIN, "--account", "123456789012"]
    assert main(["init", "--from", kind, str(source), *words, "--into", str(infra)]) == 0
    printed = capsys.readouterr().out
    remarks = [line.removeprefix("- ") for line in
            (infra / "LEFTOVERS.md").read_text().splitlines() if line.startswith("- ")]  # fmt: skip
    assert all(line in printed for line in remarks)
    stacks = sorted(file.name.split(".")[1] for file in infra.glob("Pulumi.*.yaml"))
    recording = record(infra, stacks[0])
    assert len(recording.resources) > 10
    shared = yaml.safe_load((infra / "Pulumi.yaml").read_text())["config"]["trellis:system"]
    made = {resource.name for resource in recording if resource.type.startswith("trellis:")}
    for tier in ("services", "jobs", "databases", "caches", "sites"):
        for key in shared["value"].get(tier, {}):
            assert any(name.endswith(f"-{key}") or name == key for name in made), (tier, key)


def inputs(kind: str, sample: Path) -> dict[str, Path]:
    """Files that are read value by value, by the name that errors give them."""
    if kind == "compose":
        return {sample.name: sample}
    files = [*sample.glob("copilot/*/manifest.yml"),
             *sample.glob("copilot/environments/*/manifest.yml"),
             *sample.glob("copilot/.workspace")]  # fmt: skip
    return {file.relative_to(sample).as_posix(): file for file in files}


@pytest.mark.parametrize(("kind", "sample"), EVERY, ids=name_of)
def test_every_key_is_used_or_told_of(kind: str, sample: Path) -> None:
    """Counted from the outside: a value that is neither told of nor matters was dropped.

    Each value that is not told of is changed by itself, and something must come out differently.
    """
    result = converted(kind, sample)
    remarked = {(leftover.file, leftover.path) for leftover in result.ledger.leftovers()}
    dropped: list[str] = []
    for name, file in inputs(kind, sample).items():
        root = document.read(file, name, "manifest").root
        for path, line in values(root):
            if any((name, path[:size]) in remarked for size in range(1, len(path) + 1)):
                continue
            if _needless(path) or _matters(kind, sample, name, path, result):
                continue
            dropped.append(f"{name}:{line}: {path}")
    assert dropped == []


NEEDLESS = {"version", "restart", "container_name", "hostname", "redirect_to_https", "service",
            "healthcheck", "depends_on", "reservations", "placement", "exec", "az", "platform",
            "disable", "essential", "recursive", "http", "connect", "rolling",
            "container_insights", "read_only"}  # fmt: skip
"""Words whose value here is what Trellis does anyway, or what has a twin beside it."""


def _needless(path: tuple[str | int, ...]) -> bool:
    return any(part in NEEDLESS for part in path) or any(
        str(part).startswith("x-") for part in path
    )


def _matters(
    kind: str, sample: Path, name: str, path: tuple[str | int, ...], now: Converted
) -> bool:
    import tempfile

    with tempfile.TemporaryDirectory() as held:
        source = laid_out(kind, sample, Path(held))
        file = source if kind == "compose" else source / name
        data = yaml.load(file.read_text(), Loader=_Text)
        _change(data, path)
        file.write_text(yaml.safe_dump(data, sort_keys=False))
        try:
            other = convert(kind, source)
        except StackFileError:  # what no longer converts was looked at
            return True
    lines = [(leftover.path, leftover.advice) for leftover in other.ledger.leftovers()]
    before = [(leftover.path, leftover.advice) for leftover in now.ledger.leftovers()]
    return (other.shared, other.own, other.name, sorted(map(str, lines))) != (
        now.shared, now.own, now.name, sorted(map(str, before)))  # fmt: skip


class _Text(yaml.SafeLoader):
    """Keys such as `on` are text."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in every if tag != "tag:yaml.org,2002:bool"]
    for first, every in copy.deepcopy(yaml.SafeLoader.yaml_implicit_resolvers).items()
}


def _change(data: object, path: tuple[str | int, ...]) -> None:
    for part in path[:-1]:
        data = data[part]  # type: ignore[index]
    last = path[-1]
    value = data[last]  # type: ignore[index]
    new = str(value)
    number = re.search(r"\d+", new)
    if number:
        new = new[: number.start()] + str(int(number[0]) + 1) + new[number.end() :]
    else:
        new = f"{new}x"
    data[last] = int(new) if isinstance(value, int) else new  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("compose", "services:\n  a: {image: x, cpus: lots}\n", r"compose\.yml:2"),
        ("compose", "services: {}\n", "no services"),
        ("compose", "services: [\n", r"compose\.yml:\d"),
        ("copilot", "name: a\ntype: Backend Service\nimage: {location: x:1, port: 80}\n"
                    "cpu: 300\nmemory: 512\n", r"a/manifest\.yml:4: services\.a\b"),
        ("copilot", "name: a\ntype: Backend Service\ncpu: 256\nmemory: 512\n",
         r"a/manifest\.yml:1: services\.a\.image"),
        ("copilot", "name: a\ntype: Backend Service\nimage: {location: x:1}\n"
                    "count: {range: many}\n", r"a/manifest\.yml:1"),
        ("copilot", "name: a\ntype: Lambda\n", "no workload"),
        ("copilot", "name: a\ntype: Static Site\nhttp: {alias: true}\nfiles: [{source: x}]\n",
         r"a/manifest\.yml:3: sites\.a\.domain"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_over_is_said_by_line(
    kind: str, text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ("compose.yml" if kind == "compose" else "copilot/a/manifest.yml")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    source = str(file if kind == "compose" else tmp_path)
    infra = tmp_path / "infra"
    words = ["--region", "eu-west-1", "--into", str(infra)]
    assert main(["init", "--from", kind, source, *words]) == 2
    assert re.search(message, capsys.readouterr().err)
    assert not infra.exists()


def test_an_environment_that_overrides_nothing_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "copilot" / "a" / "manifest.yml"
    file.parent.mkdir(parents=True)
    file.write_text("name: a\ntype: Backend Service\nimage: {location: 'x:1'}\n"
                    "environments: {test: null, prod: soon}\n")  # fmt: skip
    result = convert("copilot", tmp_path)
    assert result.own["test"].keys() <= {"zones"}
    assert result.ledger.leftovers()[-1].path == ("environments",)


def test_environments_differ_by_their_overrides() -> None:
    shop = converted("copilot", SAMPLES / "copilot" / "shop")
    api = shop.own["prod"]["services"]["api"]
    assert api["cpu"] == 1024
    assert api["environment"] == {"LOG_LEVEL": "warn"}
    assert api["scaling"] == {"min": 2, "max": 20}
    assert shop.shared["services"]["api"]["scaling"]["cpu"] == 70
    assert shop.shared["services"]["worker"]["capacity"] == {"spot": 100, "onDemand": 1}


def test_what_a_sidecar_of_copilot_waits_for_is_carried_over(tmp_path: Path) -> None:
    file = tmp_path / "copilot" / "api" / "manifest.yml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "name: api\ntype: Backend Service\ncpu: 256\nmemory: 512\n"
        "image: {location: x:1, port: 80}\nsidecars:\n"
        "  proxy: {image: 'y:1', depends_on: {api: start}}\n"
        "  tail: {image: 'z:1', depends_on: {proxy: start, gone: start}}\n"
    )
    result = convert("copilot", tmp_path)
    beside = result.shared["services"]["api"]["sidecars"]
    assert beside["proxy"]["after"] == {"main": "started"}
    assert beside["tail"]["after"] == {"proxy": "started"}
    (left,) = (remark for remark in result.ledger.leftovers() if remark.path[-1:] == ("gone",))
    assert "no such container" in left.advice


def test_a_file_system_that_copilot_makes_becomes_one_of_the_stack() -> None:
    inside = converted("copilot", SAMPLES / "copilot" / "inside")
    made = inside.shared["fileSystems"]
    assert made == {"books": {"points": {"main": {"uid": 1200, "gid": 1300}}}, "forms": {}}
    uses = inside.shared["services"]["ledger"]["uses"]
    assert {"files": "books", "at": "/srv/books"} in uses
    assert {"files": "forms", "at": "/srv/forms", "access": "read"} in uses
    advice = {remark.path[-1]: remark.advice for remark in inside.ledger.leftovers()}
    assert "begins empty" in advice["books"]
    assert "the ids of file system" in advice["data"]


def test_what_the_guide_says_of_a_file_of_variables_is_what_is_told() -> None:
    """`environmentFiles` has a place for it, and neither the guide nor the advice denies it."""
    guide = (ROOT / "docs" / "coming-from-copilot.md").read_text("utf-8")
    without_a_place = guide.split("there is no place for it")[1].split("Addons")[0]
    assert "env_file" not in without_a_place
    assert "EFS" not in without_a_place
    nightly = converted("copilot", SAMPLES / "copilot" / "jobs")
    advice = {remark.path[-1:]: remark.advice for remark in nightly.ledger.leftovers()}
    assert "`environmentFiles`" in advice["env_file",]


def test_servers_become_managed_ones_with_users_of_their_own() -> None:
    django = converted("compose", SAMPLES / "compose" / "django.yml").shared
    assert django["databases"]["postgres"]["version"] == "17"
    assert django["databases"]["postgres"]["database"] == "django"
    uses = django["services"]["worker"]["uses"]
    assert {"secret": "postgres", "as": "DATABASE_URL"} in uses
    assert {"cache": "redis"} in uses
    assert django["services"]["worker"]["scaling"] == {"min": 3, "max": 3}
    assert (django["services"]["worker"]["cpu"], django["services"]["worker"]["memory"]) == (
        2048, 4096)  # fmt: skip


def test_no_password_of_a_compose_file_is_written() -> None:
    for sample in COMPOSE:
        text = str(converted("compose", sample).shared)
        for password in ("somewordpress", ":pw@", ":root@", "secret@"):
            assert password not in text


def test_a_log_router_of_copilot_is_carried_over(tmp_path: Path) -> None:
    file = tmp_path / "copilot" / "api" / "manifest.yml"
    file.parent.mkdir(parents=True)
    digest = "sha256:" + "0" * 64
    file.write_text(
        "name: api\ntype: Backend Service\n"
        f"image: {{location: example.com/app@{digest}}}\n"
        "logging:\n  enableMetadata: false\n  configFilePath: /extra.conf\n"
        "  destination: {Name: http, Host: logs.example.com, Port: 443}\n"
        "  secretOptions: {Header: KEY}\n"
    )
    result = convert("copilot", tmp_path)
    (router,) = [
        service["logRouter"]
        for settings in (result.shared, *result.own.values())
        for service in settings.get("services", {}).values()
        if "logRouter" in service
    ]
    assert router == {
        "image": {"uri": "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"},
        "options": {"Name": "http", "Host": "logs.example.com", "Port": "443"},
        "configuration": "/extra.conf",
        "metadata": False,
    }
    (left,) = (one for one in result.ledger.leftovers() if one.path[-1:] == ("secretOptions",))
    assert "`logRouter.secretOptions`" in left.advice
