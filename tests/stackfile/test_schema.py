"""The JSON Schema and the reference are current and agree with the loader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from components.parts.uses import KINDS
from testing.stackfile_mutants import Mutant, mutants, stack_files
from testing.stackfile_outcomes import Outcome, outcome
from tests.stackfile.conftest import Stack
from trellis.cli.main import main
from trellis.cli.schema import generated
from trellis.registry import OFFERS
from trellis.stackfile.document import STACK, UnreadableError, parse
from trellis.stackfile.json_schema import json_schema
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.nodes import plain
from trellis.stackfile.reference import objects
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import fields, meaning

ROOT = Path(__file__).resolve().parents[2]
SEED, COUNT = 7, 200


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """The generated files by name."""
    return generated()


@pytest.mark.parametrize("name", ["trellis.schema.json", "reference.md", "what-it-can-say.md"])
def test_the_generated_files_are_current(pages: Mapping[str, str], name: str) -> None:
    current = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert current == pages[name], "run `make docs`"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_a_line_is_on_the_page_of_what_a_stack_file_can_say(
    pages: Mapping[str, str], kind: str
) -> None:
    page = pages["what-it-can-say.md"]
    offered = re.compile(rf"`{kind}`( \(keys of[^)]*\))?:")
    (row,) = [line for line in page.splitlines() if offered.search(line)]
    for access in OFFERS[kind].accesses:
        assert access in row


def words_of(text: str) -> set[str]:
    """The words of a key or a sentence, without articles: `maxRetries` as max and retries."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return set(re.findall(r"[a-z]+", apart.lower())) - {"a", "an", "the", "of"}


def is_empty(key: str, text: str) -> bool:
    """Whether a meaning is empty, or only repeats its key."""
    return words_of(text) <= words_of(key)


def test_every_row_of_the_reference_says_what_the_setting_is() -> None:
    rows = [
        (f"{path}.{key}", key, meaning(field))
        for path, shape in (("", SYSTEM), *objects(SYSTEM))
        for key, field in shape.fields.items()
    ]
    assert len(rows) > 1_000
    assert [path for path, key, text in rows if is_empty(key, text)] == []
    assert [path for path, _, text in rows if not text.rstrip().endswith((".", "`"))] == []


@pytest.mark.parametrize("text", ["", "The name.", "Name of the"])
def test_an_empty_or_repeating_meaning_is_found(text: str) -> None:
    assert is_empty("name", text)


def test_writing_puts_all_files_into_a_folder(
    pages: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--write", str(tmp_path / "docs")]) == 0
    written_files = {f.name: f.read_text("utf-8") for f in (tmp_path / "docs").iterdir()}
    assert written_files == pages
    assert "trellis.schema.json" in capsys.readouterr().out


def test_printing_gives_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


@pytest.mark.parametrize("file", stack_files(), ids=lambda f: f"{f.parent.name}-{f.name}")
def test_every_real_stack_file_validates(
    validator: jsonschema.Draft202012Validator, file: Path
) -> None:
    validator.validate(written(file.read_bytes()))


@pytest.mark.parametrize("file", stack_files(), ids=lambda f: f"{f.parent.name}-{f.name}")
def test_every_real_stack_file_tells_editors_of_the_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / named).resolve() == ROOT / "docs" / "trellis.schema.json"


def test_every_top_setting_is_in_the_schema_and_the_reference(pages: Mapping[str, str]) -> None:
    config = json_schema()["properties"]["config"]["properties"]
    reference = pages["reference.md"]
    for key in fields(SystemSettings):
        name = "aws:region" if key == "region" else f"trellis:{key}"
        assert name in config
        assert f"`{name}`" in reference


def test_descriptions_come_from_the_settings() -> None:
    network = json_schema()["$defs"]["network.NetworkSettings"]
    assert network["properties"]["zones"]["description"].startswith("How many zones")
    assert "development profile: 2" in network["properties"]["zones"]["description"]
    assert network["properties"]["zones"]["default"] == 3


def written(text: bytes) -> Any:
    return plain(parse(text, "file", STACK).root)


ALWAYS_REPORTED = {"an unknown key", "an encrypted value"}
"""Kinds of mutants that values alone give away."""


@pytest.mark.long
def test_what_the_schema_refuses_the_loader_refuses(
    validator: jsonschema.Draft202012Validator, readable: list[Outcome]
) -> None:
    for element in readable:
        if not validator.is_valid(written(element.mutant.data)):
            assert element.error is not None, element.mutant.data.decode()


def test_what_types_and_names_can_say_the_schema_says(
    validator: jsonschema.Draft202012Validator,
) -> None:
    reported = [m for m in readable_mutants() if m.kind.name in ALWAYS_REPORTED]
    assert {mutant.kind.name for mutant in reported} == ALWAYS_REPORTED
    for mutant in reported:
        assert not validator.is_valid(written(mutant.data)), mutant.data.decode()


@pytest.mark.parametrize(
    ("settings", "valid"),
    [
        ("  trellis:network: {zones: 2}\n", True),
        ("  trellis:network: {zones: [us-east-1a]}\n", True),
        ("  trellis:network: {zones: 0}\n", False),
        ("  trellis:network: {zones: []}\n", False),
        ("  trellis:network: {zones: [x]}\n", False),
        ("  trellis:network: {zones: ~, flowLogs: ~}\n", True),
        ("  trellis:network:\n", True),
        ("  trellis:network: {nat: NONE}\n", False),
        ("  trellis:network: {endpoints: auto}\n", True),
        ("  trellis:network: {endpoints: [s3]}\n", True),
        ("  trellis:network: {endpoints: none}\n", False),
        ("  trellis:network: {flowLogs: {retentionDays: 30}}\n", True),
        ("  trellis:network: {flowLogs: {retentionDays: 31}}\n", False),
        ("  trellis:network: {subnets: {isolated: {}, public: {}, private: {}}}\n", True),
        ("  trellis:network: {subnets: {secret: {}}}\n", False),
        ("  trellis:network: {ipv6: yes}\n", False),
        ('  trellis:account: "012345678901"\n', True),
        ("  trellis:account: 123456789012\n", False),
        ("  trellis:tags: {a: b, c: null}\n", True),
        ("  trellis:tags: {a: 5}\n", False),
        (
            '  trellis:exemptions: [{control: A, resource: b, reason: long enough, owner: c, '
            'until: "2027-03-31"}]\n',
            True,
        ),
        ("  trellis:exemptions: [{control: A}]\n", False),
        (
            "  trellis:exemptions: [{control: A, resource: b, reason: long enough, owner: null, "
            'until: "2027-03-31"}]\n',
            False,
        ),
        ("  trellis:region: us-east-1\n", False),
        ("  aws:profile: work\n", False),
        ("  network: {}\n", False),
        ("  datadog:site: eu\n", True),
    ],
)  # fmt: skip
def test_schema_and_loader_agree(
    stack: Stack, validator: jsonschema.Draft202012Validator, settings: str, valid: bool
) -> None:
    stack.write(settings)
    assert (stack.problems() == ()) is valid
    assert validator.is_valid(written((stack.folder / "Pulumi.dev.yaml").read_bytes())) is valid


@pytest.fixture(scope="module")
def readable(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Mutants that are YAML mappings, with what the loader says of them."""
    folder = tmp_path_factory.mktemp("readable")
    return [outcome(mutant, folder) for mutant in readable_mutants()]


def readable_mutants() -> Iterator[Mutant]:
    """Mutants that are YAML mappings."""
    for mutant in mutants(SEED, COUNT):
        try:
            parse(mutant.data, "file", STACK)
        except UnreadableError:
            continue
        yield mutant


def test_models_of_like_names_in_two_tiers_stay_apart() -> None:
    definitions = json_schema()["$defs"]
    assert "max" in definitions["database.Capacity"]["properties"]
    assert "onDemand" in definitions["services.CapacitySettings"]["properties"]
