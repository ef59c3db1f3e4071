"""The workgroup component: Athena over one catalog, with a limit to what a query reads.

Builds the workgroup and its saved queries.

Promises:
- Answers are encrypted with the customer key and stand in a bucket of their own; a client can't
  choose another place or a larger limit.
- Its users may run queries here only, read the catalog's records and this workgroup's answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, WidgetSpec
from components.naming import Naming
from components.parts.alarm import ANY_AT_ALL, AlarmText, alarm, measured
from components.parts.target_bucket import TargetBucket
from components.query.links import query_link
from components.query.names import WORKGROUP_NAME
from components.query.settings import QuerySettings
from components.tags import name_tag

NAMESPACE, SECTION = "AWS/Athena", "Queries"
PERIOD = 300
"""Seconds."""

DML = "DML"
"""Queries that read and write records, in Athena's dimension `QueryType`."""


class Workgroup(pulumi.ComponentResource):
    """One workgroup. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: QuerySettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn,
        database: str,
        records: TargetBucket,
        prefixes: tuple[str, ...],
        results: TargetBucket,
        saved: Mapping[str, str],
        after: tuple[pulumi.Resource, ...] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workgroup.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            key_arn: customer key of the answers.
            database: the catalog's.
            records: the bucket of the catalog's records, which stand under `prefixes`.
            saved: the SQL of each of the settings' saved queries, by name.
            after: what must exist before a query runs.

        Raises:
            ValueError: the SQL of a saved query is missing.
        """
        missing = settings.saved.keys() - saved.keys()
        if missing:
            raise ValueError(f"query {name}: no SQL was given for {', '.join(sorted(missing))}")
        super().__init__("trellis:query:Workgroup", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._database = database
        self._records, self._prefixes = records, prefixes
        self._results = results
        self._after = after
        self._workgroup_name = workgroup_name(name, naming)
        self._results_prefix = f"{self._workgroup_name}/"
        self._workgroup = self._create_workgroup(key_arn)
        for key in settings.saved:
            aws.athena.NamedQuery(
                f"{name}-{key}",
                name=key,
                database=database,
                workgroup=self._workgroup.name,
                query=saved[key],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"name": self._workgroup_name})

    @property
    def name(self) -> str:
        """Athena's name of the workgroup, known before it is made."""
        return self._workgroup_name

    @property
    def arn(self) -> Arn:
        """ARN of the workgroup."""
        return self._where.arn("athena", f"workgroup/{self._workgroup_name}")

    @property
    def resource(self) -> aws.athena.Workgroup:
        """The workgroup."""
        return self._workgroup

    def exports(self) -> dict[str, pulumi.Input[str]]:
        """Names of the workgroup and of the database it asks, for a stack's outputs."""
        return {"workgroup": self._workgroup_name, "database": self._database}

    def link(self, access: str | None = None) -> Link:
        """What follows from asking.

        Raises:
            UnknownAccessError: there is no such access.
        """
        return query_link(
            self._key,
            self._settings,
            access,
            workgroup=self._workgroup_name,
            workgroup_arn=self.arn,
            database=self._database,
            records=self._records,
            prefixes=self._prefixes,
            results=self._results,
            results_prefix=self._results_prefix,
            where=self._where,
            after=(self._workgroup, *self._after),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Queries that failed."""
        producer = f"query-{self._key}"
        return (
            alarm(
                f"{producer}-failed",
                AlarmText(
                    f"{producer}: queries fail",
                    "A query failed in the last five minutes: wrong SQL, a missing right, or more "
                    "read than the limit allows.",
                    "Read its reason: aws athena list-query-executions --work-group "
                    f"{self._workgroup_name}, then aws athena get-query-execution.",
                ),
                measured(
                    NAMESPACE,
                    "TotalExecutionTime",
                    self._dimensions("FAILED"),
                    "SampleCount",
                    PERIOD,
                ),
                ANY_AT_ALL,
                parent=producer,
            ),
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """How many queries there are, how long they take, how much they read."""
        label = f"query-{self._key}"
        counts = tuple(
            measured(
                NAMESPACE,
                "TotalExecutionTime",
                self._dimensions(state),
                "SampleCount",
                PERIOD,
                id_=state.lower(),
            )
            for state in ("SUCCEEDED", "FAILED")
        )
        took = measured(
            NAMESPACE, "TotalExecutionTime", self._dimensions("SUCCEEDED"), "p95", PERIOD
        )
        read = measured(NAMESPACE, "ProcessedBytes", self._dimensions("SUCCEEDED"), "Sum", PERIOD)
        return (
            WidgetSpec(f"{label}: queries", SECTION, counts),
            WidgetSpec(f"{label}: time, p95", SECTION, (took,), "ms"),
            WidgetSpec(f"{label}: read", SECTION, (read,), "bytes"),
        )

    def _dimensions(self, state: str) -> dict[str, pulumi.Input[str]]:
        return {
            "WorkGroup": self._workgroup_name,
            "QueryState": state,
            "QueryType": DML,
        }

    def _create_workgroup(self, key_arn: Arn) -> aws.athena.Workgroup:
        return aws.athena.Workgroup(
            self._key,
            name=self._workgroup_name,
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "bytes_scanned_cutoff_per_query": self._settings.cutoff_bytes,
                "engine_version": {"selected_engine_version": "AUTO"},
                "result_configuration": {
                    "output_location": f"s3://{self._results.name}/{self._results_prefix}",
                    "expected_bucket_owner": self._where.account,
                    "encryption_configuration": {
                        "encryption_option": "SSE_KMS",
                        "kms_key_arn": key_arn,
                    },
                },
            },
            # A workgroup with queries in its history is not deleted otherwise; it holds no records.
            force_destroy=True,
            tags=name_tag(self._workgroup_name),
            opts=pulumi.ResourceOptions(parent=self),
        )


def workgroup_name(key: str, naming: Naming) -> str:
    """Athena's name of a workgroup, known from its key alone."""
    return naming.of(WORKGROUP_NAME, key)
