"""The job component: a task that ends, on a schedule or before services take a new version.

Builds a security group, a log group, two roles and a task definition; for a schedule, an
EventBridge Scheduler schedule with its role and a dead-letter queue, and where runs have a limit or
are done again a state machine with its role and log; for a job before a deployment, a function that
runs the task and waits for its end, and one invocation of it for each version.

Promises:
- A scheduled start that fails is tried again, and what could not be started at all is kept.
- A run with a `timeout` is ended after it; `rerun` does a failed one again.
- A job before a deployment runs in `pulumi up` only, never in a preview: an invocation is a
  resource, made when the task definition changes. While it fails, the services that wait for it
  keep their version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AlarmSpec,
    Arn,
    Grant,
    Link,
    MetricQuery,
    Severity,
    WidgetSpec,
)
from components.naming import Kind
from components.parts.dead_letters import dead_letter_grants, dead_letter_queue
from components.parts.function_alarms import function_alarms
from components.parts.schedules import Timing, schedule, scheduler_role
from components.services.cluster import FARGATE, FARGATE_SPOT, Cluster
from components.services.deployment.run_once import run_once
from components.services.moved import SERVICE, moved_from
from components.services.runs import Run, run_alarms, run_widgets, start_grant, state_machine
from components.services.settings import JobSettings
from components.services.task.task import Image, Task, TaskLocation, TaskPrerequisites, task


class Job(pulumi.ComponentResource):
    """One job. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        *,
        location: TaskLocation,
        cluster: Cluster,
        links: Sequence[Link],
        images: Mapping[str, Image] | None,
        repository_arns: Sequence[Arn] = (),
        message_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the job.

        Args:
            name: Pulumi name, the job's key; the prefix of every child's.
            images: by container name; None while an image or a secret's value is waited for.
            repository_arns: repositories of its images.
            message_key_arn: customer key of the dead-letter queue.
        """
        super().__init__("trellis:services:Job", name, None, moved_from(settings, SERVICE, opts))
        self._key = name
        self._settings = settings
        self._location = location
        self._cluster = cluster
        self._message_key_arn = message_key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._prerequisites = TaskPrerequisites(name, settings, location, self._child)
        self._task = task(
            name,
            settings,
            location,
            self._prerequisites,
            links=links,
            images=images,
            repository_arns=repository_arns,
            grants=cluster.session_grants() if settings.exec else (),
            opts=self._child,
        )
        self._queue_name = location.naming.of(Kind.QUEUE, name, "not-started")
        self._invocation: pulumi.Resource | None = None
        if settings.schedule is not None:
            self._create_schedule(settings.schedule)
        else:
            self._invocation = self._create_invocation()
        self.register_outputs({"family": self._prerequisites.family})

    @property
    def log_group_name(self) -> str:
        """Where its runs write, known from the start."""
        return self._prerequisites.log_group_name

    @property
    def log_group(self) -> aws.cloudwatch.LogGroup:
        """The group itself, for whoever must come after it."""
        return self._prerequisites.log

    @property
    def done(self) -> tuple[pulumi.Resource, ...]:
        """What the services in `before` wait for; nothing while the job itself waits."""
        return (self._invocation,) if self._invocation is not None else ()

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Failed scheduler invocations, or a failed run that blocked a deployment.

        A job before a deployment has no schedule.
        """
        if self._settings.schedule is None:
            runner = f"{self._key}-runner"
            return function_alarms(
                runner,
                self._location.naming.of(Kind.FUNCTION, runner),
                title=f"Job {self._key}: failed before a deployment",
                meaning=f"{self._key} did not end well, so what waits for it keeps its version.",
                action="Read the task's log; the deployment can be repeated once its cause is "
                "mended.",
                parent=f"job-{self._key}",
            )
        if self._task.definition is None:
            return ()
        metric = MetricQuery(
            id="lost",
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": self._queue_name},
            statistic="Maximum",
            period=300,
        )
        naming, where = self._location.naming, self._location.where
        followed = self._settings.is_followed
        return (
            *(run_alarms(self._key, naming, where) if followed else ()),
            AlarmSpec(
                name=f"{self._key}-not-started",
                title=f"Job {self._key}: could not be started",
                meaning=f"A scheduled start of {self._key} failed until it was given up.",
                action="Read the message in the queue: it says why. Start the task by hand if its "
                "work is needed now.",
                severity=Severity.NOTIFY,
                metrics=(metric,),
                threshold=0,
                comparison="GreaterThanThreshold",
                evaluation_periods=1,
                datapoints_to_alarm=1,
                missing_data="notBreaching",
                parent=f"job-{self._key}",
            ),
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """How runs ended and how long they took, where a state machine follows them."""
        if not self._settings.is_followed or self._task.definition is None:
            return ()
        return run_widgets(self._key, self._location.naming, self._location.where)

    @property
    def _family_arns(self) -> tuple[Arn, ...]:
        """Every revision of the task definition."""
        return (self._location.where.arn("ecs", f"task-definition/{self._prerequisites.family}:*"),)

    def _runner_grants(self) -> tuple[Grant, ...]:
        """Start this task in this cluster, with its two roles and no others."""
        in_cluster = {"ArnEquals": {"ecs:cluster": self._cluster.arn}}
        where = self._location.where
        return (
            Grant("RunTheTask", ("ecs:RunTask",), self._family_arns, in_cluster),
            Grant(
                "PassItsRoles",
                ("iam:PassRole",),
                (self._task.execution.arn, self._task.role.arn),
                {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            Grant(
                "TagTheTask",
                ("ecs:TagResource",),
                (where.arn("ecs", f"task/{self._cluster.name}/*"),),
                {"StringEquals": {"ecs:CreateAction": "RunTask"}},
            ),
        )

    def _create_schedule(self, expression: str) -> None:
        definition = self._task.definition
        if definition is None:
            return
        location, settings = self._location, self._settings
        queue_arn = self._create_dead_letters().arn
        machine = self._create_state_machine(definition) if settings.is_followed else None
        role, allowed = scheduler_role(
            f"{self._key}-schedule",
            physical_name=location.naming.of(Kind.ROLE, self._key, "schedule"),
            description=f"Starts {self._key} on its schedule",
            where=location.where,
            grants=[
                *(
                    self._runner_grants()
                    if machine is None
                    else [start_grant(self._key, location.naming, location.where)]
                ),
                *dead_letter_grants(
                    "KeepLostStarts",
                    "EncryptLostStarts",
                    self._queue_name,
                    self._message_key_arn,
                    location.where,
                ),
            ],
            opts=self._child,
        )
        schedule(
            self._key,
            Timing(
                expression,
                settings.timezone,
                settings.enabled,
                settings.spread_minutes,
                settings.retries,
            ),
            naming=location.naming,
            description=f"Starts {self._key}",
            role_arn=role.arn,
            dead_letter_arn=queue_arn,
            target_arn=self._cluster.created_arn if machine is None else machine.arn,
            task=self._started(definition.arn) if machine is None else None,
            text=None if machine is None else "{}",
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*self._task.before, *allowed, *self._cluster.ready],
            ),
        )

    def _create_state_machine(self, definition: aws.ecs.TaskDefinition) -> aws.sfn.StateMachine:
        return state_machine(
            self._key,
            self._settings,
            self._location,
            Run(
                definition.arn,
                self._prerequisites.group.id,
                self._cluster,
                self._runner_grants(),
            ),
            after=self._after(self._task),
            opts=self._child,
        )

    def _started(
        self, definition_arn: pulumi.Input[str]
    ) -> aws.scheduler.ScheduleTargetEcsParametersArgsDict:
        """How the task is started, as the schedule's target says it."""
        placement = self._location.placement
        provider = FARGATE_SPOT if self._settings.spot else FARGATE
        return {
            "task_definition_arn": definition_arn,
            "task_count": 1,
            "capacity_provider_strategies": [
                {"capacity_provider": provider, "base": 0, "weight": 1}
            ],
            "platform_version": "LATEST",
            "enable_ecs_managed_tags": True,
            "enable_execute_command": self._settings.exec,
            "propagate_tags": "TASK_DEFINITION",
            "network_configuration": {
                "subnets": placement.subnet_ids,
                "security_groups": [self._prerequisites.group.id],
                "assign_public_ip": placement.tier.value == "public",
            },
        }

    def _create_dead_letters(self) -> aws.sqs.Queue:
        return dead_letter_queue(
            f"{self._key}-not-started",
            physical_name=self._queue_name,
            key_arn=self._message_key_arn,
            opts=self._child,
        )

    def _create_invocation(self) -> pulumi.Resource | None:
        return run_once(
            self._key,
            self._settings,
            self._location,
            cluster=self._cluster,
            definition=self._task.definition,
            group_id=self._prerequisites.group.id,
            grants=self._runner_grants(),
            after=self._after(self._task),
            opts=self._child,
        )

    def _after(self, built: Task) -> Sequence[pulumi.Resource]:
        return (*built.before, *self._cluster.ready)
