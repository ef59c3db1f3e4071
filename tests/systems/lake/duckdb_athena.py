"""Athena's calls over DuckDB: the four that the functions make, with their pages and states."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import duckdb


class DuckdbAthena:
    """One workgroup; answers at once, unless told otherwise."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, page: int = 1000) -> None:
        self.connection = connection
        self.page = page
        self.asked: list[dict[str, Any]] = []
        self.stopped: list[str] = []
        self.never_ends = False
        self._answers: dict[str, Callable[[], tuple[list[str], list[tuple[Any, ...]]]]] = {}

    def start_query_execution(self, **given: Any) -> dict[str, str]:
        assert given.keys() == {"QueryString", "QueryExecutionContext", "WorkGroup"}
        self.asked.append(given)
        query = str(uuid.uuid4())
        self._answers[query] = lambda: self._run(given["QueryString"])
        return {"QueryExecutionId": query}

    def get_query_execution(self, *, QueryExecutionId: str) -> dict[str, Any]:  # noqa: N803
        status: dict[str, str] = {"State": "RUNNING"}
        if not self.never_ends:
            try:
                self._answers[QueryExecutionId]()
                status = {"State": "SUCCEEDED"}
            except duckdb.Error as error:
                status = {"State": "FAILED", "StateChangeReason": str(error).splitlines()[0]}
        return {"QueryExecution": {"Status": status}}

    def get_query_results(
        self,
        *,
        QueryExecutionId: str,  # noqa: N803
        MaxResults: int,  # noqa: N803
        NextToken: str = "0",  # noqa: N803
    ) -> dict[str, Any]:
        columns, rows = self._answers[QueryExecutionId]()
        everything = [tuple(columns), *rows]
        start, size = int(NextToken), min(MaxResults, self.page)
        shown = everything[start : start + size]
        found: dict[str, Any] = {
            "ResultSet": {
                "ResultSetMetadata": {"ColumnInfo": [{"Name": name} for name in columns]},
                "Rows": [
                    {
                        "Data": [
                            {} if value is None else {"VarCharValue": str(value)} for value in row
                        ]
                    }
                    for row in shown
                ],
            }
        }
        if start + size < len(everything):
            found["NextToken"] = str(start + size)
        return found

    def stop_query_execution(self, *, QueryExecutionId: str) -> None:  # noqa: N803
        self.stopped.append(QueryExecutionId)

    def _run(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        answer = self.connection.execute(sql)
        return [column[0] for column in answer.description or ()], answer.fetchall()
