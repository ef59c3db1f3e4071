"""Runs of scheduled jobs with a limit, or done again: the state machine that follows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.services.runs import states
from components.services.settings import JobSettings
from tests.components.small_systems import NETWORK, small_system
from tests.systems import services as read
from trellis.compare.replacing import forcing
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

IMAGE = {"repository": "job", "digest": f"sha256:{'1' * 64}"}
MACHINE = "aws:sfn/stateMachine:StateMachine"
SCHEDULE = "aws:scheduler/schedule:Schedule"


def job(**settings: Any) -> dict[str, Any]:
    return {"image": IMAGE, "schedule": "rate(1 day)", **settings}


def definition(**settings: Any) -> dict[str, Any]:
    return states(JobSettings.model_validate(job(**settings)), "aws", {"Cluster": "c"})


@pytest.fixture(scope="module")
def system() -> Recording:
    return small_system(
        network=NETWORK,
        jobs={
            "report": job(timeout=60, rerun={"attempts": 2}),
            "plain": job(),
        },
    )


def test_the_schedule_of_a_job_with_a_limit_starts_its_state_machine(system: Recording):
    target = system.one(SCHEDULE, "report").inputs["target"]
    assert target["arn"] == system.one(MACHINE, "report").outputs["arn"]
    assert target["input"] == "{}"
    assert not target.get("ecsParameters")
    grants = {made["Sid"]: made for made in read.statements(system, "report-schedule")}
    assert grants["StartTheRun"]["Resource"] == target["arn"]
    assert "RunTheTask" not in grants, "the state machine starts the task"


def test_a_job_without_a_limit_is_started_as_ever(system: Recording):
    assert system.one(SCHEDULE, "plain").inputs["target"]["ecsParameters"]["taskCount"] == 1
    assert [made.name for made in system.of_type(MACHINE)] == ["report"]


def test_the_state_machine_may_start_watch_and_stop_this_task_and_no_other(system: Recording):
    grants = {made["Sid"]: made for made in read.statements(system, "report-runs")}
    assert grants["RunTheTask"]["Resource"].endswith(":task-definition/shop-dev-report:*")
    assert set(grants["WatchTheTask"]["Action"]) == {"ecs:DescribeTasks", "ecs:StopTask"}
    assert grants["WatchTheTask"]["Condition"]["ArnEquals"]["ecs:cluster"].endswith(
        "cluster/shop-dev"
    )
    trust = json.loads(system.one(read.ROLE, "report-runs").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "states.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(
        ":stateMachine:shop-dev-report"
    )


def test_it_runs_the_tasks_newest_version_in_its_own_network(system: Recording):
    text = json.loads(system.one(MACHINE, "report").inputs["definition"])
    run = text["States"]["RunWithLimit"]["Branches"][0]["States"]["Run"]["Parameters"]
    task = system.one("aws:ecs/taskDefinition:TaskDefinition", "report")
    group = system.one("aws:ec2/securityGroup:SecurityGroup", "report")
    assert run["LaunchType"] == "FARGATE"
    assert run["TaskDefinition"] == task.outputs["arn"]
    network = run["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["SecurityGroups"] == [group.id]
    assert network["AssignPublicIp"] == "DISABLED"
    assert len(network["Subnets"]) == 2


def test_its_executions_are_logged_without_what_they_hold(system: Recording):
    logging = system.one(MACHINE, "report").inputs["loggingConfiguration"]
    log = system.one("aws:cloudwatch/logGroup:LogGroup", "report-runs")
    assert logging["level"] == "ERROR"
    assert logging["includeExecutionData"] is False
    assert logging["logDestination"] == f"{log.outputs['arn']}:*"
    assert log.inputs["kmsKeyId"]


def test_a_run_given_up_is_told_by_one_alarm_and_not_by_each_attempt(system: Recording):
    alarm = system.one("aws:cloudwatch/metricAlarm:MetricAlarm", "report-run-failed").inputs
    names = {made["metric"]["metricName"] for made in alarm["metricQueries"] if "metric" in made}
    assert names == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}
    rules = {made.name for made in system.of_type("aws:cloudwatch/eventRule:EventRule")}
    assert "plain-failed" in rules
    assert "report-failed" not in rules


def test_the_limit_ends_the_task_from_a_branch_beside_it():
    limited = definition(timeout=60)["States"]["RunWithLimit"]
    run, limit = limited["Branches"]
    assert limit["States"]["Limit"] == {"Type": "Wait", "Seconds": 60, "Next": "TookTooLong"}
    assert limit["States"]["TookTooLong"]["Type"] == "Fail"
    assert run["States"]["Run"]["Next"] == "Ended"
    assert limited["Catch"] == [{"ErrorEquals": ["Ended"], "Next": "Done"}]
    assert "Retry" not in limited


def test_a_run_that_ended_well_is_not_done_again():
    retries = definition(timeout=60, rerun={})["States"]["RunWithLimit"]["Retry"]
    assert retries[0] == {"ErrorEquals": ["Ended"], "MaxAttempts": 0}
    assert retries[1]["ErrorEquals"] == ["States.TaskFailed", "TookTooLong"]
    assert retries[1]["MaxAttempts"] == 2


def test_runs_can_be_done_again_without_a_limit():
    only = definition(rerun={"attempts": 3, "afterSeconds": 5, "mostSeconds": 60, "backoff": 1.5})
    (retry,) = only["States"]["Run"]["Retry"]
    assert (retry["MaxAttempts"], retry["IntervalSeconds"], retry["BackoffRate"]) == (3, 5, 1.5)
    assert retry["MaxDelaySeconds"] == 60
    assert only["States"]["Run"]["End"] is True


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"schedule": None, "before": ("web",), "timeout": 900}, "a `timeout` of 840 at most"),
        ({"rerun": {"afterSeconds": 60, "mostSeconds": 60}}, "`mostSeconds` above"),
        ({"timeout": 20_000_000, "rerun": {}}, r"31536000 seconds at most together"),
        ({"timeout": 5}, "greater than or equal to 10"),
    ],
)
def test_limits_that_nothing_could_keep_are_refused(settings: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        JobSettings.model_validate(job(**settings))


def test_a_rerun_before_a_deployment_is_refused():
    before = {"image": IMAGE, "before": ["web"], "rerun": {"attempts": 1}}
    with pytest.raises(StackFileError, match="a deployment starts this job"):
        small_system(network=NETWORK, services={"web": {"image": IMAGE}}, jobs={"m": before})


def test_a_limit_comes_to_a_deployed_job_and_goes_again_in_place(system: Recording):
    without = small_system(network=NETWORK, jobs={"report": job(), "plain": job()})
    before = {made.urn: made for made in without}
    for resource in system:
        old = before.get(resource.urn)
        if old is None or resource.inputs == old.inputs:
            continue
        paths = {key for key in {*resource.inputs, *old.inputs}
                 if resource.inputs.get(key) != old.inputs.get(key)}  # fmt: skip
        assert not forcing(resource.type, [(path, "change") for path in paths]), resource.urn
    new = {made.type for made in system if made.urn not in before and made.custom}
    gone = {made.name for made in without if made.urn not in {one.urn for one in system}}
    assert MACHINE in new
    assert gone == {"report-failed"}, "the rule on each failed task, which the alarm stands in for"
    schedule = system.one(SCHEDULE, "report")
    assert schedule.urn in before
    assert schedule.inputs["name"] == before[schedule.urn].inputs["name"]
