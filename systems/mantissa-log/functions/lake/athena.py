"""Asks Athena and waits for the answer. The workgroup says where answers stand and what they may
cost, so neither is said here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
PAGE = 1000
"""Rows of one answer ("GetQueryResults", Athena API Reference, 2026-11)."""


class QueryError(Exception):
    """A query that gave no answer; the text is Athena's reason."""


@dataclass(frozen=True)
class Lake:
    """One workgroup and the database it asks."""

    client: Any
    workgroup: str
    database: str
    seconds: float = 120
    """How long a query may take before it is stopped."""
    pause: Callable[[float], None] = field(default=time.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)

    def ask(self, sql: str, most: int = 10_000) -> list[dict[str, str | None]]:
        """The first `most` rows, by column; every value is text, as Athena gives it.

        Raises:
            QueryError: Athena refused, failed or took too long.
        """
        query = self.client.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": self.database},
            WorkGroup=self.workgroup,
        )["QueryExecutionId"]
        self._wait(query)
        rows: list[dict[str, str | None]] = []
        for row in self._rows(query):
            if len(rows) == most:
                break
            rows.append(row)
        return rows

    def _wait(self, query: str) -> None:
        until = self.clock() + self.seconds
        while True:
            status = self.client.get_query_execution(QueryExecutionId=query)["QueryExecution"][
                "Status"
            ]
            if status["State"] in ENDED:
                break
            if self.clock() > until:
                self.client.stop_query_execution(QueryExecutionId=query)
                raise QueryError(f"no answer within {self.seconds:.0f} s; the query was stopped")
            self.pause(0.5)
        if status["State"] != "SUCCEEDED":
            raise QueryError(str(status.get("StateChangeReason", status["State"])))

    def _rows(self, query: str) -> Iterator[dict[str, str | None]]:
        token: dict[str, str] = {}
        header = True
        while True:
            page = self.client.get_query_results(QueryExecutionId=query, MaxResults=PAGE, **token)
            columns = [
                column["Name"] for column in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
            ]
            for row in page["ResultSet"]["Rows"]:
                if header:
                    # The first row of the first page repeats the columns' names.
                    header = False
                    continue
                yield dict(
                    zip(columns, (cell.get("VarCharValue") for cell in row["Data"]), strict=True)
                )
            if "NextToken" not in page:
                return
            token = {"NextToken": page["NextToken"]}
