"""What workflows do where a deployment fails, and for the stack of a pull request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.test_rendered_workflows import TEAM, commands, jobs, parsed
from trellis.workflows.render import GITHUB, NoWorkflowsError, Repository, github


def test_a_deployment_that_fails_brings_the_services_back_and_stays_failed():
    found = {name: job for path, name, job in jobs() if path.endswith("trellis-deploy.yml")}
    for stack in ("staging", "prod"):
        runs = commands(found[f"deploy-{stack}"])
        up = next(run for run in runs if "--event-log" in run)
        # What ran before is known before anything is touched.
        assert up.index("pulumi stack export") < up.index("pulumi up")
        assert "before.json" in up
        step = found[f"deploy-{stack}"]["steps"][-1]
        assert step["if"].startswith("${{ failure() && (steps.deploy.outcome == 'failure'")
        assert "steps.smoke.outcome == 'failure'" in step["if"]
        back = step["run"].splitlines()
        assert back[0].startswith(f'trellis rollback "{stack}"')
        # The services alone: a deployment of everything would fail where the first one did.
        assert '"${targets[@]/#/--target=}"' in step["run"]
        assert "--policy-pack" in step["run"]
        assert back[-1].startswith("trellis smoke")
        assert "continue-on-error" not in step


def environment_jobs() -> dict[str, dict[str, Any]]:
    return {name: job for path, name, job in jobs() if path.endswith("trellis-environments.yml")}


def test_a_pull_requests_stack_is_made_behind_an_environment_and_for_no_fork():
    found = environment_jobs()
    text = github(TEAM)[GITHUB["environments"]]
    assert set(found) == {"make", "destroy", "tell"}
    for name in ("make", "destroy"):
        assert found[name]["environment"] == "pr"
        assert "vars.TRELLIS_ENVIRONMENTS == 'on'" in found[name]["if"]
        assert "head.repo.full_name == github.repository" in found[name]["if"]
        (signed_in,) = [s for s in found[name]["steps"] if "configure-aws" in s.get("uses", "")]
        assert signed_in["with"]["allowed-account-ids"]
        assert signed_in["with"]["role-skip-session-tagging"] is True
    assert parsed(text)["concurrency"]["cancel-in-progress"] is False
    assert "github.event.pull_request.number" in parsed(text)["concurrency"]["group"]
    made = "\n".join(commands(found["make"]))
    order = [
        made.index(word)
        for word in ("pulumi login", "pulumi config refresh", "trellis environment",
                     "trellis lookup", "pulumi up")
    ]  # fmt: skip
    assert order == sorted(order)
    assert '--like "staging"' in made
    assert "--days 7" in made
    assert "--policy-pack" in made


def test_a_pull_requests_stack_goes_when_it_is_closed_or_its_day_is_over():
    job = environment_jobs()["destroy"]
    trigger = parsed(github(TEAM)[GITHUB["environments"]])[True]
    assert "closed" in trigger["pull_request"]["types"]
    assert trigger["schedule"]
    checkout = next(s for s in job["steps"] if "checkout" in s.get("uses", ""))
    # What destroys runs nothing of the pull request.
    assert checkout["with"]["ref"] == "main"
    destroys = commands(job)[-1]
    assert "trellis expired --state" in destroys
    assert "--remove" in destroys
    assert 'exit "$code"' in destroys
    reporting = environment_jobs()["tell"]
    assert reporting["permissions"] == {"pull-requests": "write"}


def test_pull_requests_stacks_are_like_the_stack_that_is_named():
    text = github(Repository(("staging", "prod"), like="prod"))[GITHUB["environments"]]
    assert '--like "prod"' in text
    assert "--like prod" in text.splitlines()[0]
    with pytest.raises(NoWorkflowsError):
        github(Repository(("prod",), like="$(x)"))
