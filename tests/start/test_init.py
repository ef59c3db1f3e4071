"""`trellis init` and `add`: what they write plans and passes, and nothing is overwritten."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.recordings import ROOT
from trellis.cli import init
from trellis.cli.main import main
from trellis.start.landing import InTheWayError, land
from trellis.start.recipes import KINDS

FLAGS = ("--region", "eu-central-1", "--account", "123456789012", "--domain", "example.com",
         "--email", "ops@example.com", "--baseline")  # fmt: skip


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "build" not in file.parts
    }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    assert main(["init", "shop", *FLAGS, "--into", str(tmp_path)]) == 0
    return tmp_path


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_what_it_writes_passes_the_pack(
    stack: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", stack, "--project", str(shop)]) == 0
    assert "0 fail" in capsys.readouterr().out


def test_flags_are_said_where_they_belong(shop: Path) -> None:
    dev, prod = (yaml.safe_load((shop / f"Pulumi.{name}.yaml").read_text())["config"]
                 for name in ("dev", "prod"))  # fmt: skip
    assert dev["trellis:profile"] == "development"
    assert prod["trellis:profile"] == "production"
    assert dev["trellis:account"] == prod["trellis:account"] == "123456789012"
    assert prod["trellis:zones"]["main"]["domain"] == "example.com"
    # One account has one trail: the other stack leaves it to the first.
    assert prod["trellis:baseline"] == {}
    assert "trail" in dev["trellis:baseline"]["elsewhere"]


def test_it_is_what_the_page_on_a_repository_of_ones_own_says(shop: Path) -> None:
    page = (ROOT / "docs" / "own-repository.md").read_text("utf-8")
    shown = dict(
        re.findall(r"^`([^`\n]+)`[^\n]*:\n\n```[a-z]*\n(.*?)```", page, re.MULTILINE | re.DOTALL)
    )
    written = files_of(shop)
    assert shown.keys() <= written.keys()

    def code(text: str) -> str:
        return re.sub(r'^""".*?"""\n+', "", text).strip()

    for name in ("__main__.py", "guardrails/__main__.py", "guardrails/PulumiPolicy.yaml",
                 "requirements.txt", ".gitignore"):  # fmt: skip
        assert code(shown[name]) == code(written[name]), name


def test_nothing_is_overwritten_and_nothing_half_made(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(shop)
    (shop / "Pulumi.yaml").unlink()
    assert main(["init", "other", *FLAGS, "--into", str(shop)]) == 2
    assert "are in" not in capsys.readouterr().out
    assert files_of(shop) == {k: v for k, v in before.items() if k != "Pulumi.yaml"}


def test_a_readme_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert main(["init", "shop", "--region", "eu-west-1", "--into", str(tmp_path)]) == 0
    assert "README.md was there and stays" in capsys.readouterr().out
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("a file where a folder should be")
    good = {
        "Pulumi.yaml": "name: shop\nruntime: python\n",
        "in/the/way": "",
    }
    with pytest.raises(OSError, match=r"in/the|Not a directory|File exists"):
        land(good, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("")
    with pytest.raises(InTheWayError, match=r"__main__\.py"):
        land({"__main__.py": "x", "Pulumi.yaml": "name: shop\n"}, tmp_path)
    assert not (tmp_path / "Pulumi.yaml").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shop"], "--region is needed"),
        ([], "NAME is needed"),
        (["shop", "--region", "frankfurt"], "as in eu-central-1"),
        (["shop", "--region", "eu-west-1", "--account", "12"], "twelve digits"),
        (["Shop", "--region", "eu-west-1"], "name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *words, "--into", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err
    assert files_of(tmp_path) == {}


def test_a_terminal_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "shop", "eu-central-1", "123456789012", "", "", "gitlab"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["init", "--into", str(tmp_path)]) == 0
    assert "name: shop" in (tmp_path / "Pulumi.yaml").read_text()
    assert 'account: "123456789012"' in (tmp_path / "Pulumi.dev.yaml").read_text()
    assert (tmp_path / ".gitlab-ci.yml").is_file()


MORE = {
    "service": ["--host", "www.example.com"],
    "mail": ["domain=example.com"],
    "zone": ["domain=example.net"],
    "site": ["domain=static.example.com"],
    "job": ["cpu=512", "memory=1024"],
}
"""What a kind needs beside its name."""


@pytest.mark.long
def test_every_kind_can_be_added_and_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "shop", *FLAGS, "--into", str(tmp_path)]) == 0
    project = ["--project", str(tmp_path)]
    dev = tmp_path / "Pulumi.dev.yaml"
    dev.write_text(dev.read_text().replace("dev.example.com", "example.com"))
    comments = [line for line in (tmp_path / "Pulumi.yaml").read_text().splitlines() if "#" in line]
    for kind in KINDS:
        before = (tmp_path / "Pulumi.yaml").read_text().splitlines()
        assert main(["add", kind, f"my-{kind}", *MORE.get(kind, []), *project]) == 0, kind
        after = (tmp_path / "Pulumi.yaml").read_text().splitlines()
        assert [line for line in before if line not in after] == []
    assert [line for line in after if "#" in line] == comments
    assert main(["plan", "dev", *project]) == 0
    printed = capsys.readouterr().out
    for part in ("my-service", "my-function", "my-job", "my-site", "my-database", "my-secret"):
        assert part in printed


def test_an_addition_that_does_not_load_is_not_written(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(shop)
    project = ["--project", str(shop)]
    assert main(["add", "service", "web", "--host", "www.other.org", *project]) == 2
    assert "Pulumi.yaml:" in capsys.readouterr().err
    assert main(["add", "database", "main", "engine=oracle", *project]) == 2
    assert main(["add", "database", "main", "engine", *project]) == 2
    assert "PATH=VALUE" in capsys.readouterr().err
    assert main(["add", "queue", "work", "--host", "a.example.com", *project]) == 2
    assert files_of(shop) == before


def test_a_name_that_is_taken_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = ["--project", str(shop)]
    assert main(["add", "bucket", "files", "--stack", "prod", *project]) == 0
    assert "files" not in (shop / "Pulumi.yaml").read_text()
    capsys.readouterr()
    assert main(["add", "bucket", "files", *project]) == 2
    assert "an entry of this name already" in capsys.readouterr().err


def test_code_that_is_there_is_not_overwritten(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = shop / "functions" / "hook" / "app.py"
    code.parent.mkdir(parents=True)
    code.write_text("mine")
    project = ["--project", str(shop)]
    assert main(["add", "function", "hook", *project]) == 2
    assert code.read_text() == "mine"
    words = ["code.path=functions/hook", "code.handler=app.run"]
    assert main(["add", "function", "hook", *words, *project]) == 0
    assert "app.run" in (shop / "Pulumi.yaml").read_text()


def test_parts_that_one_stack_leaves_to_another_are_all_there_are() -> None:
    from components.baseline.settings import PARTS

    assert {*init.ELSEWHERE} | {"pipelineSignIn"} == set(PARTS)


@pytest.mark.long
@pytest.mark.parametrize("page", ["index.md", "own-repository.md"])
def test_what_a_page_has_a_newcomer_type_works_as_it_stands(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    typed = [shlex.split(line) for line in re.findall(r"^trellis (.+)$", text, re.MULTILINE)]
    kinds = {words[0] for words in typed}
    assert {"init", "add"} <= kinds
    monkeypatch.chdir(tmp_path)
    for words in typed:
        assert main(words) == 0, (words, capsys.readouterr().err)
    dev = (tmp_path / "Pulumi.dev.yaml").read_text()
    assert "www.dev.example.com" in dev, "its own zone has it, and production's has www"
    assert "www.example.com" in (tmp_path / "Pulumi.yaml").read_text()
