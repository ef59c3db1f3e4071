"""`trellis compare`: what it prints, how it ends, and what it is compared with."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.cli.options import DATA_LOST, FAILED, OK, WRONG_INPUT
from trellis.compare.values import plain, replaced_text
from trellis.planner.record import record

PROJECT = f"name: shop\nruntime: python\nmain: {ROOT}\n"
STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:queues:
    work: {}
"""
LAST = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)).isoformat()
AGREED = f"""\
    work:
      mayBeLost: {{reason: the pilot is over, owner: platform, until: "{LAST}"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def compare(project: Path, *arguments: str | Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["compare", "dev", "--project", str(project), *map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


def edit(project: Path, old: str, new: str) -> Path:
    """A former stack file beside the edited one."""
    former = project / "former.yaml"
    former.write_text(STACK)
    text = STACK.replace(old, new)
    assert text != STACK
    (project / "Pulumi.dev.yaml").write_text(text)
    return former


def test_the_first_line_is_the_verdict_with_data_first(project: Path):
    former = edit(project, "    work: {}\n", "    other: {}\n")
    code, out, _ = compare(project, "--against", former)
    assert code == DATA_LOST
    first = out.splitlines()[0]
    assert first.startswith("shop · dev: DATA WOULD BE LOST: 0 replaced, 2 deleted; otherwise ")


def test_each_component_names_the_line_that_did_it(project: Path):
    former = edit(project, "    work: {}\n", "    work: {visibilitySeconds: 90}\n")
    code, out, _ = compare(project, "--against", former)
    assert code == OK
    assert "queues.work" in out.splitlines()
    assert "  changed in place Queue work (visibilityTimeoutSeconds)" in out.splitlines()
    assert out.rstrip().endswith("Pulumi.dev.yaml:8: queues.work.visibilitySeconds")


POOLS = """\
  trellis:userPools:
    users:
      attributes:
        plan: {most: 20}
        seats: {type: number}
"""


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("plan: {most: 20}", "plan: {most: 30}", "plan is another", 12),
        ("        seats: {type: number}\n", "", "seats is gone", 13),
        ("seats: {type: number}", "seats: {type: string}", "seats is another", 13),
    ],
)
def test_an_attribute_of_users_that_cognito_would_not_change_stops_the_update_at_its_line(
    project: Path, old: str, new: str, message: str, line: int
):
    former = project / "former.yaml"
    former.write_text(STACK + POOLS)
    (project / "Pulumi.dev.yaml").write_text(STACK + POOLS.replace(old, new))
    code, out, _ = compare(project, "--against", former)
    assert code == FAILED
    assert f"the update stops here: Cognito only adds attributes, and {message}" in out
    assert f"yaml:{line}: userPools.users.attributes." in out


def test_an_attribute_of_users_that_comes_is_added_in_place(project: Path):
    former = project / "former.yaml"
    former.write_text(STACK + POOLS)
    (project / "Pulumi.dev.yaml").write_text(STACK + POOLS + "        since: {type: dateTime}\n")
    code, out, _ = compare(project, "--against", former)
    assert code == OK
    assert "  changed in place UserPool users (schemas)" in out.splitlines()


def test_what_an_entry_agreed_to_lose_may_go_with_it(project: Path):
    former = project / "former.yaml"
    former.write_text(STACK.replace("    work: {}\n", AGREED))
    (project / "Pulumi.dev.yaml").write_text(STACK.replace("    work: {}\n", "    other: {}\n"))
    code, out, _ = compare(project, "--against", former)
    assert code == OK
    assert "(agreed to): 0 replaced, 2 deleted" in out.splitlines()[0]
    assert f"agreed to by platform until {LAST}: the pilot is over" in out


def test_an_agreement_ends_with_its_last_day(project: Path):
    former = project / "former.yaml"
    former.write_text(STACK.replace("    work: {}\n", AGREED.replace(LAST, "2020-01-31")))
    (project / "Pulumi.dev.yaml").write_text(STACK.replace("    work: {}\n", "    other: {}\n"))
    assert compare(project, "--against", former)[0] == DATA_LOST


def test_json_has_every_step_with_file_and_line(project: Path):
    former = edit(project, "    work: {}\n", "    work: {visibilitySeconds: 90}\n")
    _, out, _ = compare(project, "--against", former, "--json")
    document = json.loads(out)
    assert document["counts"]["update"] == {"all": 1, "withData": 0}
    (step,) = document["steps"]
    assert step["edits"][0]["path"] == "queues.work.visibilitySeconds"
    assert step["edits"][0]["line"] == 8


def _committed(project: Path) -> None:
    for command in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "first"),
    ):
        subprocess.run(["git", *command], cwd=project, check=True)


def test_a_commit_is_compared_as_it_was(project: Path):
    _committed(project)
    edit(project, "    work: {}\n", "    work: {visibilitySeconds: 90}\n")
    code, out, _ = compare(project)
    assert code == OK
    assert "; 0 replaced, 0 deleted, 0 created, 1 changed in place, " in out.splitlines()[0]
    assert compare(project, "--against", "git:nowhere")[0] == WRONG_INPUT


FUNCTION = """\
  trellis:functions:
    hello: {runtime: python3.13, code: {path: hello, handler: app.run}, subnets: none}
"""


@pytest.mark.parametrize("main", ["../program", "../program/__main__.py", "."])
@pytest.mark.parametrize("built", [False, True])
def test_code_is_the_same_wherever_the_program_stands_and_once_it_was_deployed(
    tmp_path: Path, main: str, built: bool
):
    project = tmp_path / "own"
    for folder in (tmp_path / "program", project):
        (folder / "hello").mkdir(parents=True)
        (folder / "hello" / "app.py").write_text("def run(event, context): ...\n")
        (folder / "__main__.py").write_text((ROOT / "__main__.py").read_text())
    (project / "Pulumi.yaml").write_text(PROJECT.replace(str(ROOT), main))
    (project / "Pulumi.dev.yaml").write_text(STACK + FUNCTION)
    _committed(project)
    if built:
        (code,) = {
            str(made.inputs["code"].value)
            for made in record(project, "dev", "deployed").of_type("aws:lambda/function:Function")
            if made.name == "hello"
        }
        place = (project if main == "." else tmp_path / "program") / code
        place.parent.mkdir(parents=True)
        place.write_bytes(b"a zip")
    code, out, err = compare(project)
    assert (code, err) == (OK, "")
    assert ", 0 changed in place, " in out.splitlines()[0]
    (project / "hello" / "app.py").write_text("def run(event, context): return 1\n")
    assert "changed in place Function hello (code" in compare(project)[1]


def _exported(project: Path) -> dict[str, Any]:
    """The stack as a state would hold it, with identifiers that no recording makes up."""
    found = record(project, "dev", "deployed")
    made_up = {element.id for element in found if element.id and "shop-dev" not in element.id}
    names = {
        text: f"real-{place}" for place, text in enumerate(sorted(made_up, key=len, reverse=True))
    }

    def shortened(text: str) -> str:
        for made, real in names.items():
            text = text.replace(made, real)
        return text

    def real(value: Any) -> Any:
        return replaced_text(plain(value, project), shortened)

    return {
        "version": 3,
        "deployment": {
            "resources": [
                {
                    "urn": resource.urn,
                    "type": resource.type,
                    "custom": resource.custom,
                    "parent": resource.parent,
                    "id": real(resource.id),
                    "inputs": {**real(resource.inputs), "filled": "in", "__defaults": ["filled"]},
                    "outputs": real(resource.outputs),
                    "provider": resource.provider,
                }
                for resource in found
            ]
        },
    }


def test_an_exported_state_is_compared_by_what_it_has(project: Path):
    state = _exported(project)
    resources = state["deployment"]["resources"]
    queue = next(
        resource for resource in resources if resource["urn"].endswith("aws:sqs/queue:Queue::work")
    )
    queue["inputs"]["visibilityTimeoutSeconds"] = 45
    exported = project / "state.json"
    exported.write_text(json.dumps(state))
    code, out, _ = compare(project, "--against", exported)
    assert code == OK
    assert "; 0 replaced, 0 deleted, 0 created, 1 changed in place, " in out.splitlines()[0]
    assert "  changed in place Queue work (visibilityTimeoutSeconds)" in out.splitlines()
    exported.write_text("{}")
    assert "deployment.resources" in compare(project, "--against", exported)[2]


def test_the_engines_own_steps_are_judged_the_same_way(project: Path):
    urn = "urn:pulumi:dev::shop::trellis:index:System$trellis:messaging:Queue$aws:sqs/queue:Queue::"
    old = {"urn": f"{urn}work", "type": "aws:sqs/queue:Queue", "custom": True}
    steps = [
        {"op": "delete", "urn": f"{urn}gone", "oldState": {**old, "urn": f"{urn}gone"}},
        {"op": "create-replacement", "urn": f"{urn}work", "oldState": old, "newState": old,
         "replaceReasons": ["name"]},
        {"op": "replace", "urn": f"{urn}work", "oldState": old, "newState": old},
        {"op": "delete-replaced", "urn": f"{urn}work", "oldState": old},
    ]  # fmt: skip
    preview = project / "preview.json"
    preview.write_text(json.dumps({"steps": steps}))
    code, out, _ = compare(project, "--preview", preview)
    assert code == DATA_LOST
    assert "DATA WOULD BE LOST: 1 replaced, 1 deleted" in out.splitlines()[0]
    assert "order: the new one is made, then the old one is taken away" in out


def test_a_protected_resource_stops_the_update(project: Path):
    table = "    b: {partitionKey: {name: id}}\n"
    both = STACK.replace("development", "production") + "  trellis:tables:\n"
    former = project / "former.yaml"
    former.write_text(f"{both}    a: {{partitionKey: {{name: id}}}}\n{table}")
    (project / "Pulumi.dev.yaml").write_text(both + table)
    code, out, _ = compare(project, "--against", former)
    assert code == FAILED
    assert "the update stops at 1" in out.splitlines()[0]


def test_a_missing_file_is_the_callers_mistake(project: Path):
    code, _, err = compare(project, "--against", "nowhere.yaml")
    assert (code, "no file nowhere.yaml" in err) == (WRONG_INPUT, True)


def test_a_stack_moves_to_no_other_account(project: Path):
    former = edit(project, "123456789012", "210987654321")
    code, out, err = compare(project, "--against", former)
    assert (code, out) == (WRONG_INPUT, "")
    assert "found 210987654321, where 123456789012 has what is deployed" in err


def test_a_setting_that_does_nothing_to_what_is_deployed_is_told(project: Path):
    former = edit(project, "  trellis:queues", "  trellis:usage: {size: large}\n  trellis:queues")
    code, out, _ = compare(project, "--against", former)
    assert code == OK
    (line,) = out.split("does nothing to what is deployed\n")[1].splitlines()
    assert line.startswith("  Pulumi.dev.yaml:7: usage")
