"""A wrong stack file says the same under `pulumi preview` as under `trellis plan`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import engine
from tests.engine.engine import ROOT, Engine, EngineError, EngineStack
from trellis.cli.main import WRONG_INPUT, main

__all__ = ["engine"]
pytestmark = pytest.mark.engine

HEAD = "config:\n  aws:region: us-east-1\n  trellis:environment: dev\n"
WRONG = {
    "a number out of range": HEAD + "  trellis:network: {zones: 9}\n",
    "misspelt keys": HEAD + "  trellis:netwrok: {}\n  trellis:tags: {a: b}\n",
    "a wrong word and a wrong type": HEAD + "  trellis:network: {nat: perzone, ipv6: maybe}\n",
    "a date without quotes": HEAD
    + "  trellis:exemptions:\n    - {control: A, resource: b, reason: long enough, owner: c, "
    "until: 2027-03-31}\n",
    "an account without quotes": HEAD + "  trellis:account: 012345678901\n",
    "a hash without quotes": HEAD + "  trellis:tags: {Commit: 1234e56}\n",
    "host bits and a bad block": HEAD
    + "  trellis:network:\n    zones: 2\n    subnets:\n      private: [10.0.0.1/24, 10.0/33]\n",
    "overlapping subnets": HEAD + "  trellis:network:\n    zones: 2\n    nat: none\n"
    "    subnets: {private: [10.0.0.0/23, 10.0.1.0/24]}\n",
    "a missing key": "config:\n  aws:region: us-east-1\n",
    "no configuration at all": "config:\n",
    "an empty file": "",
    "a region in the wrong place": "config:\n  trellis:region: us-east-1\n"
    "  trellis:environment: dev\n",
    "a second document": HEAD + "  trellis:network: {zones: 9}\n---\na: 1\n",
    "an unknown key at the top": HEAD + "confg: {}\n",
    "another namespace": HEAD + "  trelis:tags: {a: b}\n  aws:profile: work\n",
    "a wrong alias": HEAD + "  other:a: &a [1]\n  trellis:tags: *a\n",
    "a reserved tag": HEAD + "  trellis:tags: {ManagedBy: me}\n",
    "a network never looked up": HEAD + "  trellis:network: {existing: {vpcId: vpc-12345678}}\n",
    "a text that is long": HEAD + f"  trellis:network: {{cidr: {'x' * 500}}}\n",
}


@pytest.fixture(scope="module")
def stack(engine: Engine) -> EngineStack:
    """A stack of the Club App, whose file each test rewrites."""
    return engine.stack(ROOT, "dev")


@pytest.mark.parametrize("name", WRONG)
def test_preview_says_what_plan_says_and_registers_nothing(
    stack: EngineStack, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    stack.rewrite(WRONG[name])
    with pytest.raises(EngineError) as caught:
        stack.preview()
    assert main(["plan", "dev", "--project", _program(stack.folder)]) == WRONG_INPUT
    printed = _lines(capsys.readouterr().err)
    assert printed[0].startswith("the stack's settings have ")
    assert _contains(_lines(str(caught.value)), printed), str(caught.value)
    assert not stack.aws.calls.checked


def _program(folder: Path) -> str:
    """The project with the program, which stands elsewhere than its copied files."""
    file = folder / "Pulumi.yaml"
    text = file.read_text(encoding="utf-8")
    if "main:" not in text:
        file.write_text(f"{text}main: {ROOT}\n", encoding="utf-8")
    return str(folder)


def _lines(text: str) -> list[str]:
    return [line.strip().removeprefix("error: ") for line in text.splitlines() if line.strip()]


def _contains(whole: list[str], part: list[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in starts)
