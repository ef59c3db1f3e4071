"""`trellis price`: text that fits, JSON that is documented, differences, savings and refusals."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.price.systems import priced
from trellis.cli.main import main
from trellis.price import savings as saving
from trellis.price.against import difference
from trellis.price.document import document, number
from trellis.price.pricing import StackFolder, price_of
from trellis.price.text import PricePage, footer, render

DOCS = Path(__file__).parents[2] / "docs" / "price.md"

SMALL = {
    "Pulumi.yaml": "name: shop\nruntime: python\nmain: {main}\n"
    "config:\n  pulumi:disable-default-providers:\n    value: [aws]\n",
    "Pulumi.dev.yaml": """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:queues:
    work: {}
  trellis:secrets:
    token: {}
  trellis:budgets:
    month: {monthly: 1}
  trellis:usage:
    queues: {work: {requests: 10000000}}
""",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = Path(__file__).parents[2]
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text.replace("{main}", str(root)))
    return tmp_path


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(("path", "stack"), [(".", "dev"), ("systems/mantissa-log", "prod")])
def test_the_text_fits_the_terminal(path: str, stack: str, width: int):
    lines = list(render(priced(path, stack), PricePage(width=width)))
    assert max(len(line) for line in lines) <= width


def test_the_text_shows_what_the_price_is_made_of():
    found = priced(".", "dev")
    text = "\n".join(render(found, PricePage(width=100)))
    assert "instance hours of db.t4g.medium" in text
    assert "730 hour at 0.129; db.t4g.medium, two zones, " in text
    assert f"{found.estimate.usd.expected:,.2f}" in text
    assert "What drives it: network 3" in text


def test_the_json_is_what_the_guide_says():
    found = json.loads(json.dumps(document(priced("systems/afric-analyzer", "starter"))))
    guide = DOCS.read_text()

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    assert [key for key in sorted(keys(found)) if f"`{key}`" not in guide] == []
    for part in found["components"]:
        for line in part["lines"]:
            assert {type(line["usd"][end]) for end in ("low", "expected", "high")} == {str}
    assert all(row["usd"] is None and row["why"] for row in found["notPriced"])


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.10", "0.10"), ("5", "5"), ("1460.00", "1460.00"), ("0.0000004", "0.0000004"),
     ("4E-7", "0.0000004"), ("1E+3", "1000"), ("2.500", "2.5"), ("0.045", "0.045")],
)  # fmt: skip
def test_numbers_have_no_exponent(value: str, text: str):
    assert number(Decimal(value)) == text


def test_a_small_project_end_to_end(project: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["price", "dev", "--project", str(project), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    (work,) = [part for part in whole["components"] if part["component"] == "queues.work"]
    line = next(element for element in work["lines"] if element["what"] == "queue requests")
    assert line["usd"]["expected"].startswith("4.00")
    sources = {assumption["path"]: assumption["source"] for assumption in line["assumptions"]}
    assert sources["usage.queues.work.requests"].endswith("Pulumi.dev.yaml:13")
    assert whole["budgets"][0]["firesAtOnce"] is True
    (project / "before.json").write_text(json.dumps(whole))
    text = (project / "Pulumi.dev.yaml").read_text().replace("10000000", "20000000")
    (project / "Pulumi.dev.yaml").write_text(text)
    words = ["price", "dev", "--project", str(project), "--no-savings", "--json"]
    assert main([*words, "--against", str(project / "before.json")]) == 0
    change = json.loads(capsys.readouterr().out)["difference"]
    assert change["more"]["expected"] == "4.00"
    assert [row["component"] for row in change["components"]] == ["queues.work"]


def test_against_a_git_revision(project: Path, capsys: pytest.CaptureFixture[str]):
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
            cwd=project, check=True, capture_output=True,
        )  # fmt: skip

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    file = project / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("    token: {}\n", "    token: {}\n    other: {}\n"))
    words = ["price", "dev", "--project", str(project), "--no-savings", "--against"]
    assert main([*words, "git:HEAD"]) == 0
    assert "secrets.other (new)" in capsys.readouterr().out
    assert main([*words, "git:nothing-here"]) == 2
    assert "a commit, branch or tag" in capsys.readouterr().err


def test_another_side_that_is_none_is_refused(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "no.json").write_text('{"version": 1}')
    for other, message in (
        ("prod", "a stack that has a file"),
        (str(project / "no.json"), "a file that is no price"),
        (str(project / "missing.json"), "can't be read"),
    ):
        words = ["price", "dev", "--project", str(project), "--no-savings", "--against", other]
        assert main(words) == 2
        assert message in capsys.readouterr().err


def test_two_prices_side_by_side():
    dev, prod = (
        document(priced("systems/afric-analyzer", element)) for element in ("starter", "prod")
    )
    found = difference("starter", dev, prod)
    assert sum((row.more.expected for row in found.rows), Decimal(0)) == pytest.approx(
        found.more.expected, abs=Decimal("0.2")
    )
    assert any("Detector" in name for name in found.only_after)


def test_a_saving_is_what_planning_with_it_saves(project: Path, monkeypatch: pytest.MonkeyPatch):
    """Candidates are guessed; only what a plan with the change costs less is a saving."""
    where = StackFolder(project, "dev")
    now = price_of(where)
    change = saving.Change(("secrets", "token"), "a secret", None, "it is gone", Decimal(9))
    wrong = saving.Change(("queues", "work", "kind"), "a", "b", "it is refused", Decimal(8))
    dearer = saving.Change(("secrets", "more"), None, {}, "another secret", Decimal(7))
    monkeypatch.setattr(saving, "changes", lambda _: [dearer, wrong, change])
    (found,) = saving.savings(where, now)
    assert found.change is change
    assert found.usd.expected >= Decimal("0.40")


def test_what_is_tried_comes_from_the_settings():
    tried = {
        ".".join(map(str, change.path)): change.then
        for change in saving.changes(priced(".", "dev"))
    }
    assert tried["network.nat"] == "single"
    assert tried["databases.main.multiAz"] is False
    assert tried["services.backend.architecture"] == "arm64"
    assert tried["caches.main.nodes"] == 1


def test_a_plan_ends_with_the_price():
    found = priced(".", "dev")
    (line,) = footer(found, (), ())
    assert line.startswith(f"{found.estimate.usd.expected:,.2f} USD a month, ")
    assert "`trellis price dev`" in line


def test_a_plan_gives_no_sum_where_the_region_has_no_prices(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    file = project / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("us-east-1", "sa-east-1"))
    assert main(["plan", "dev", "--project", str(project)]) == 0
    printed = capsys.readouterr().out.splitlines()[-1]
    assert printed.startswith("No price. There are no prices of sa-east-1 here: ")
    assert "trellis price refresh sa-east-1" in printed
