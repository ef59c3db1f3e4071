"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from tests.conftest import ROOT
from tests.lsp.editor import Editor
from trellis.cli.main import main
from trellis.cli.options import WRONG_INPUT
from trellis.lsp.projects import stacks_for

pytestmark = pytest.mark.long

PROJECT = "name: shop\nruntime: python\nconfig:\n  trellis:system:\n    value:\n      name: shop\n"
OWN = "config:\n  aws:region: us-east-1\n  trellis:environment: dev\n"
DATABASE = OWN + (
    "  trellis:account: '123456789012'\n"
    "  trellis:network: {}\n  trellis:databases:\n"
    '    main: {engine: postgres, version: "16", instanceClass: db.t4g.medium}\n'
)

PROGRAM = (ROOT / "__main__.py").read_text("utf-8")


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    editor = Editor()
    yield editor
    editor.close()


@pytest.fixture
def folder(editor: Editor, tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text(OWN)
    yield tmp_path
    editor.leave_all()


def spans(found: list[types.Diagnostic], text: str) -> dict[str, str]:
    """What each diagnostic is under, with the first line of what it says."""
    lines = text.replace("\r\n", "\n").split("\n")
    fields: dict[str, str] = {}
    for finding in found:
        start, end = finding.range.start, finding.range.end
        assert start.line == end.line
        units = lines[start.line].encode("utf-16-le")[2 * start.character : 2 * end.character]
        fields[units.decode("utf-16-le")] = finding.message.partition("\n")[0]
    return fields


def test_every_error_is_told_at_its_place_while_typing_and_goes_when_mended(
    editor: Editor, folder: Path
) -> None:
    file = folder / "Pulumi.dev.yaml"
    assert editor.open(file) == []
    text = OWN + '  trellis:tags: {A: "😋", b: 1}\n  trellis:network: {zonez: 2, zones: many}\n'
    marked = spans(editor.type(file, text), text)
    assert marked["zonez"] == "network.zonez: found the unknown key zonez"
    assert marked["many"].startswith('network.zones: found "many"')
    assert marked["1"].startswith("tags.b: found the number 1")
    assert len(marked) == 3
    assert file.read_text() == OWN
    assert editor.type(file, OWN) == []


def test_a_fault_in_what_stacks_share_is_told_in_pulumi_yaml(editor: Editor, folder: Path) -> None:
    (folder / "Pulumi.prod.yaml").write_text(OWN.replace("dev", "prod"))
    shared, own = folder / "Pulumi.yaml", folder / "Pulumi.dev.yaml"
    assert editor.open(shared) == []
    assert editor.open(own) == []
    text = PROJECT + "      network: {zones: 9}\n"
    # Two stacks have it; it is one fault.
    assert spans(editor.type(shared, text), text) == {"9": "network.zones: found the number 9"}
    assert editor.diagnostics_of(own) == []
    editor.type(shared, PROJECT)
    assert editor.diagnostics_of(shared) == []


HOSTILE = {
    "half a line": OWN + "  trellis:net",
    "half a mapping": OWN + "  trellis:network: {zones: 2, na",
    "tabs": OWN + "  trellis:network:\n\tzones: 2\n",
    "nothing": "",
    "no mapping": "- 1\n",
    "a control character": OWN + "  a: \x07\n",
    "a lone surrogate's place": OWN + "  a: &x *x\n",
    "deep": "config: " + "[" * 3000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_broken_text_is_told_and_breaks_nothing(editor: Editor, folder: Path, text: str) -> None:
    file = folder / "Pulumi.dev.yaml"
    editor.open(file)
    assert editor.type(file, text)
    last = text.count("\n")
    editor.complete(file, last, len(text) - text.rfind("\n") - 1)
    editor.complete(file, last + 9, 99)
    editor.hover(file, last, 0)
    assert editor.type(file, OWN) == []
    assert editor.leave(file) == []


def test_a_mark_of_the_encoding_and_windows_line_ends_change_no_place(
    editor: Editor, folder: Path
) -> None:
    text = "\ufeff" + (OWN + "  trellis:network: {zonez: 2}\n").replace("\n", "\r\n")
    file = folder / "Pulumi.dev.yaml"
    found = editor.open(file, text)
    assert spans(found, text) == {"zonez": "network.zonez: found the unknown key zonez"}
    assert editor.hover(file, 2, 5).startswith("**environment**")


def test_other_files_and_other_peoples_projects_are_left_alone(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    files = [tmp_path / "alone" / "Pulumi.dev.yaml", tmp_path / "Pulumi.yaml"]
    for file in files:
        file.write_text("name: other\nruntime: nodejs\nconfig: {other:nonsense: 1}\n")
        assert editor.open(file) == []
        assert editor.complete(file, 0, 0) == {}
        assert stacks_for(file, {}) == []


def test_keys_and_words_are_offered_with_meaning_and_default(editor: Editor, folder: Path) -> None:
    file = folder / "Pulumi.dev.yaml"
    text = OWN + "  trellis:ne\n  trellis:tags: {}\n"
    editor.open(file, text)
    top = editor.complete(file, 3, 12)
    assert top["trellis:network"].text_edit == types.TextEdit(
        types.Range(types.Position(3, 2), types.Position(3, 12)), "trellis:network:"
    )
    editor.type(file, OWN + "  trellis:network:\n    na")
    keys = editor.complete(file, 4, 6)
    assert {"zones", "nat", "flowLogs"} <= keys.keys()
    documentation = keys["nat"].documentation
    assert isinstance(documentation, types.MarkupContent)
    assert "Default: `perZone`, in development `single`" in documentation.value
    editor.type(file, OWN + "  trellis:network:\n    nat: ")
    assert {"perZone", "single", "none"} <= editor.complete(file, 4, 9).keys()
    inside = DATABASE.rstrip("}\n") + ", mul"
    editor.type(file, inside)
    line = inside.rpartition("\n")[2]
    offered = editor.complete(file, inside.count("\n"), len(line))
    assert "multiAz" in offered
    assert "engine" not in offered  # it is there already
    editor.type(file, f"{inside}tiAz: ")
    place = (inside.count("\n"), len(f"{line}tiAz: "))
    assert editor.complete(file, *place).keys() == {"true", "false"}


ENTRIES = OWN + (
    "  trellis:tables:\n"
    "    orders: {partitionKey: {name: id}}\n"
    "    users: {partitionKey: {name: id}}\n"
    "  trellis:topics: {}\n"
    "  trellis:queues: {work: {}}\n"
    "  trellis:monitoring:\n"
    "    logs: {app: {}}\n"
)
USING = ENTRIES + "  trellis:functions:\n    web:\n      uses: [{"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (f"{USING}table: ", {"orders", "users"}),
        (f"{USING}table: ord", {"orders", "users"}),
        (f"{USING}queue: ", {"work"}),
        (f"{USING}logs: ", {"app"}),
        # The word of a line that names something else is no entry.
        (f"{USING}topic: ", set[str]()),
        (
            f"{ENTRIES}  trellis:buckets:\n    a:\n      notifications:\n        new:\n"
            "          to: queue\n          name: ",
            {"work"},
        ),
        (f"{ENTRIES}  trellis:streams:\n    a:\n      name: ", set[str]()),
    ],
)
def test_the_entries_that_a_setting_may_name_are_offered(
    editor: Editor, folder: Path, text: str, offered: set[str]
) -> None:
    file = folder / "Pulumi.dev.yaml"
    editor.open(file, text)
    line = text.rpartition("\n")[2]
    found = editor.complete(file, text.count("\n"), len(line))
    assert found.keys() == offered
    assert all("one of `" in str(element.detail) for element in found.values())


def test_entries_that_stand_in_pulumi_yaml_and_below_are_offered(
    editor: Editor, folder: Path
) -> None:
    (folder / "Pulumi.yaml").write_text(
        PROJECT + "      tables: {all: {partitionKey: {name: id}}}\n"
    )
    file = folder / "Pulumi.dev.yaml"
    begun = OWN + "  trellis:functions:\n    web:\n      uses:\n        - table: "
    text = f"{begun}\n  trellis:tables: {{own: {{partitionKey: {{name: id}}}}}}\n"
    editor.open(file, text)
    place = (begun.count("\n"), len(begun.rpartition("\n")[2]))
    assert editor.complete(file, *place).keys() == {"all", "own"}


def test_a_hover_tells_meaning_default_and_provenance(editor: Editor, folder: Path) -> None:
    file = folder / "Pulumi.dev.yaml"
    text = OWN + "  trellis:profile: development\n  trellis:network: {cidr: 10.1.0.0/16}\n"
    editor.open(file, text)
    hover = editor.hover(file, 4, 23)
    assert "network.cidr = 10.1.0.0/16\n  from Pulumi.dev.yaml:5 (stack file)" in hover
    assert "over 10.0.0.0/16, the default" in hover
    assert "Default: `10.0.0.0/16`" in hover
    # While something else is wrong, the meaning is told all the same.
    editor.type(file, text + "  trellis:oops: 1\n")
    assert "Default: `10.0.0.0/16`" in editor.hover(file, 4, 23)
    assert editor.hover(file, 0, 1) == ""


def test_entries_have_their_price_and_what_failed_once_they_are_saved(
    editor: Editor, folder: Path
) -> None:
    file = folder / "Pulumi.dev.yaml"
    text = DATABASE.replace("medium}", "medium, deletionProtection: false}")
    file.write_text(text)
    (folder / "__main__.py").write_text(PROGRAM)
    assert editor.open(file) == []
    lenses = editor.lenses(file)
    assert " a month" in lenses[0]
    assert lenses[6].startswith("$")
    assert "failed" in lenses[6]
    marks = {str(element.code): element for element in editor.diagnostics_of(file)}
    protected = marks["RDS.8"]
    assert spans([protected], text).keys() == {"deletionProtection"}
    assert protected.severity == types.DiagnosticSeverity.Warning
    # Typing above moves them.
    editor.type(file, "# above\n" + text)
    assert editor.lenses(file)[7] == lenses[6]


def test_a_program_that_fails_is_told_in_the_log(editor: Editor, folder: Path) -> None:
    (folder / "__main__.py").write_text("raise ValueError('of its own')\n")
    editor.open(folder / "Pulumi.dev.yaml")
    editor.logged("of its own")


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert main(["lsp"]) == WRONG_INPUT
    assert capsys.readouterr().err == "trellis lsp: install `trellis[lsp]`, which brings pygls\n"
