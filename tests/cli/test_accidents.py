"""First-hour accidents: terminals, pipes, disks and words that are not what Trellis expects."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from components.parts import package as packages
from components.parts.package import PackageError, write_package
from components.parts.whole_file import write_whole
from tests.recordings import ROOT
from trellis.cli import main as cli
from trellis.cli.options import OK, WRONG_INPUT
from trellis.fitting import fit
from trellis.planner.record import record

pytestmark = pytest.mark.long

STACK = """\
config:
  aws:region: us-east-1
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:buckets: {files: {}}
"""
PROGRAM = """\
from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small project, which the test stands in."""
    folder = tmp_path / "shop"
    (folder / "docs" / "deep").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\nconfig:\n  trellis:system: {value: {name: shop}}\n"
    )
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    (folder / "__main__.py").write_text(PROGRAM)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch):
    """`terminal(encoding, width)`: standard output becomes such a terminal; gives its text."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    def become(encoding: str = "utf-8", width: int = 80) -> Terminal:
        out = Terminal(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        return out

    return become


def shown(terminal: io.TextIOWrapper) -> str:
    terminal.flush()
    return terminal.buffer.getvalue().decode(terminal.encoding)  # type: ignore[attr-defined]


COMMANDS = (
    ("plan", "dev"),
    ("plan", "dev", "--json"),
    ("check", "dev"),
    ("check", "dev", "--format", "html"),
    ("explain", "dev"),
    ("schema",),
)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_no_command_fails_on_a_letter_that_the_terminal_lacks(
    encoding: str, project: Path, terminal
) -> None:
    text = (project / "Pulumi.dev.yaml").read_text()
    (project / "Pulumi.dev.yaml").write_text(
        text + '  trellis:topics: {news: {displayName: "Zo\u00eb \u2192 \u4e2d"}}\n',
        encoding="utf-8",
    )
    for command in COMMANDS:
        out = terminal(encoding)
        assert cli.main(command) in (OK, 1), command
        printed = shown(out)
        document = command[0] == "schema" or "--json" in command or "html" in command
        # What programs read is whole, in UTF-8; what people read has a mark for what is missing.
        assert ("\u2192" in printed) if document and command[0] == "plan" else printed


@pytest.mark.parametrize("width", [40, 80])
def test_check_and_explain_fit_the_terminal(width: int, project: Path, terminal) -> None:
    for command in (("check", "dev"), ("explain", "dev"), ("explain", "dev", "buckets.files")):
        out = terminal(width=width)
        cli.main(command)
        lines = shown(out).splitlines()
        assert lines
        assert max(map(len, lines)) <= width, command


def test_what_a_plan_warns_of_fits_the_terminal_too(project: Path, terminal) -> None:
    (project / "__main__.py").write_text(
        "import pulumi\npulumi.log.warn('a warning of many words ' * 9)\n" + PROGRAM
    )
    out = terminal(width=60)
    assert cli.main(["plan", "dev"]) == OK
    lines = re.sub("\x1b\\[[0-9;]*m", "", shown(out)).splitlines()
    wrapped = [line for line in lines if "many words" in line]
    assert len(wrapped) > 1
    assert max(map(len, wrapped)) <= 60


def test_no_word_is_lost_where_a_line_is_broken() -> None:
    text = "    stack file: " + "a text of several words " * 20 + "x" * 100
    for width in (20, 33, 80):
        broken = fit(text, width)
        assert max(map(len, broken.split("\n"))) <= width
        assert re.sub(r"\s", "", broken) == re.sub(r"\s", "", text)
    assert fit(text, 10_000) == text


@pytest.mark.parametrize(
    ("variable", "value", "coloured"),
    [("TERM", "dumb", False), ("NO_COLOR", "1", False), ("NO_COLOR", "", True)],
)
def test_colours_are_for_terminals_that_show_them(
    variable: str, value: str, coloured: bool, project: Path, terminal, monkeypatch
) -> None:
    out = terminal()
    monkeypatch.setenv(variable, value)
    assert cli.main(["plan", "dev"]) == OK
    assert ("\x1b[" in shown(out)) is coloured


def test_the_project_is_looked_for_upwards(project: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(project / "docs" / "deep")
    assert cli.main(["explain", "dev", "buckets"]) == OK
    monkeypatch.chdir("/")
    assert cli.main(["explain", "dev"]) == WRONG_INPUT
    assert "--project DIR" in capsys.readouterr().err


def test_a_folder_that_has_gone_is_told(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert cli.main(["plan", "dev"]) == WRONG_INPUT
    assert "not there any more" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["Pulumi.dev.yaml", "./Pulumi.dev.yaml", "Pulumi.dev.yml", "dve"])
def test_a_file_or_a_mistyped_stack_is_answered_with_the_stack(words: str, project, capsys) -> None:
    assert cli.main(["plan", words]) == WRONG_INPUT
    assert "did you mean `dev`?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["x" * 300, "a/b/c/d", "a b", "", "d\u00e9v", "dev\n"])
def test_a_name_that_no_stack_can_have_is_refused(name: str, project, capsys) -> None:
    for command in ("plan", "lookup"):
        assert cli.main([command, name]) == WRONG_INPUT
        error = capsys.readouterr().err
        assert "allowed  letters, digits" in error
        assert len(error) < 500


def test_a_stack_file_that_is_not_there_is_no_stack_that_was_mistyped(project, capsys) -> None:
    for file in ("nowhere.yaml", "x" * 300):
        assert cli.main(["plan", "dev", "--config-file", file]) == WRONG_INPUT
        error = capsys.readouterr().err
        assert "found    no file " in error
        assert file in error
        assert "did you mean" not in error


def test_a_tab_is_found_once(project: Path, capsys) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n\taws:region: us-east-1\n")
    assert cli.main(["plan", "dev"]) == WRONG_INPUT
    error = capsys.readouterr().err
    assert "found    found" not in error
    assert "not with tabs" in error


def test_a_main_without_a_program_is_told_with_its_line(project: Path, capsys) -> None:
    with (project / "Pulumi.yaml").open("a") as file:
        file.write("main: elsewhere\n")
    assert cli.main(["plan", "dev"]) == WRONG_INPUT
    assert "Pulumi.yaml:5: main\n  found    no program at" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", '{"shop:x": "1"}', '{"trellis:environment": "prod"}'])
def test_what_an_engine_left_in_the_environment_is_not_read(
    text: str, project, monkeypatch
) -> None:
    without = record(project, "dev").as_json()
    monkeypatch.setenv("PULUMI_CONFIG", text)
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", text)
    assert record(project, "dev").as_json() == without
    assert os.environ["PULUMI_CONFIG"] == text


WRITING = (
    ("check", "dev", "--output"),
    ("dashboard", "dev", "--output"),
    ("schema", "--write"),
)


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_what_cannot_be_written_is_told_with_its_path(command, project, capsys) -> None:
    place = "no/such/folder/x" if command[0] == "check" else "/dev/null/x"
    if command[0] == "dashboard":
        (project / "Pulumi.dev.yaml").write_text(STACK + "  trellis:monitoring: {}\n")
    assert cli.main([*command, place]) == WRONG_INPUT
    error = capsys.readouterr().err
    assert error.startswith(f"trellis {command[0]}: {place}")
    assert "can't be written: No" in error.replace("Not a directory", "No")


@pytest.mark.parametrize(
    ("command", "code"), [(("plan", "dev"), 1), (("schema",), 1), (("check", "dev"), WRONG_INPUT)]
)
def test_a_full_disk_is_one_sentence(command, code: int, project, monkeypatch, capsys) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(cli, "_drop_output", list)
    assert cli.main(command) == code
    printed = capsys.readouterr().err
    assert printed == "trellis: standard output can't be written: No space left on device\n"


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "file"
    write_whole(target, b"before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as refused:
        write_whole(target, b"after")
    assert refused.value.filename == str(target)
    assert target.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    with pytest.raises(PackageError, match="No space left on device"):
        write_package("package.zip", {"a": b""}, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_what_is_no_ordinary_file_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    write_whole(link, b"text")
    assert link.is_symlink()
    assert not Path("/dev/null").is_file()


def test_a_folder_that_cannot_be_written_to_is_gone_round(tmp_path: Path, monkeypatch) -> None:
    """A checkout that is read-only, or on a full disk."""
    (tmp_path / "build").write_text("no folder")
    monkeypatch.setattr(packages, "CHECKOUT", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = write_package("package.zip", {"a": b"b"})
    assert made == tmp_path / "cache" / "trellis" / "package.zip"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "build"))
    assert write_package("package.zip", {"a": b"b"}).is_file()


def test_ctrl_c_ends_at_once_and_silently(project: Path) -> None:
    # It says so once it listens to Ctrl-C: on a busy machine that may take a while.
    script = (
        "import sys; from trellis.cli import main as cli; sys.argv[1:] = ['plan', 'dev']; "
        "run = cli.main; cli.main = lambda: (print('started', flush=True), run())[1]; "
        "cli.command()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.05)  # somewhere in the middle of the imports; where does not matter
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert (running.returncode, out, err) == (130, "", "")


def test_a_failed_program_leaves_nothing_for_asyncio_to_complain_of(caplog, project) -> None:
    import gc

    (project / "__main__.py").write_text(
        "import pulumi_aws as aws\naws.s3.Bucket('a')\naws.s3.Bucket('a')\n"
    )
    with pytest.raises(Exception, match="share the URN"):
        record(project, "dev")
    gc.collect()
    assert "never retrieved" not in caplog.text


FROM_A_FILE = (
    ("compare", "dev", "--against", "FILE"),
    ("compare", "dev", "--preview", "FILE"),
    ("price", "dev", "--against", "FILE"),
    ("check", "--recording", "FILE"),
    ("roles", "dev", "--check", "FILE"),
    ("fingerprint", "dev", "--reviewed", "FILE"),
    ("expired", "--state", "FILE"),
    ("drift", "dev", "--preview", "FILE"),
    ("rollback", "dev", "--state", "FILE"),
    ("diagnose", "dev", "--events", "FILE"),
)


@pytest.mark.parametrize("words", FROM_A_FILE, ids=lambda words: "-".join(words[:-1]))
@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": ' + "9" * 5_000 + "}"], ids=["deep", "long-number"]
)
def test_json_that_python_can_not_read_is_told_with_its_file(
    words: tuple[str, ...], text: str, project: Path, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "found.json"
    file.write_text(text)
    asked = [str(file) if word == "FILE" else word for word in words]
    assert cli.main(asked) == WRONG_INPUT
    assert "found.json" in capsys.readouterr().err
