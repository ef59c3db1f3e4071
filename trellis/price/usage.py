"""How much of everything a month is assumed to bring: what the stack file states, or a table.

The table is Trellis's own, of 2026-11: three sizes of system, each with a quiet, an ordinary and a
busy month. It is there so that no price is silently of an idle system; whoever knows better says
so under `usage:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic.alias_generators import to_camel

from trellis.price.lines import Reason
from trellis.price.spread import Spread
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.usage import RangeSettings, Size, UsageSettings

DATED = "2026-11"

SIZES: tuple[Size, ...] = ("small", "medium", "large")

Row = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("jobs", "minutes"): ((1, 5, 15), (1, 10, 60), (5, 30, 120)),
    ("jobs", "runs"): ((0, 10, 100), (0, 30, 300), (0, 100, 1_000)),
    ("databases", "storage_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("databases", "backup_gb"): ((0, 0, 20), (0, 0, 100), (0, 0, 1_000)),
    ("databases", "requests"): ((1e6, 1e7, 1e8), (1e7, 1e8, 1e9), (1e8, 1e9, 1e10)),
    ("databases", "monitoring_gb"): ((0.1, 0.2, 0.5), (0.1, 0.2, 0.5), (0.1, 0.2, 0.5)),
    ("caches", "backup_gb"): ((0, 1, 5), (0, 5, 25), (0, 25, 100)),
    ("tables", "writes"): ((0, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("tables", "reads"): ((0, 2e5, 2e6), (2e5, 2e6, 2e7), (2e6, 2e7, 2e8)),
    ("tables", "gb"): ((0, 1, 5), (1, 5, 25), (10, 50, 250)),
    ("buckets", "gb"): ((0, 5, 50), (1, 50, 500), (50, 500, 5_000)),
    ("buckets", "infrequent_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("buckets", "archive_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("buckets", "writes"): ((0, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
    ("buckets", "reads"): ((0, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("buckets", "transitions"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("topics", "messages"): ((0, 1_000, 1e4), (100, 1e4, 1e5), (1e4, 1e6, 1e7)),
    ("queues", "requests"): ((1e5, 1e6, 3e6), (1e6, 3e6, 1e7), (3e6, 1e7, 1e8)),
    ("mail", "messages"): ((0, 1_000, 1e4), (1_000, 1e4, 1e5), (1e4, 1e5, 1e6)),
    ("repositories", "gb"): ((1, 2, 5), (1, 5, 10), (5, 10, 50)),
    ("load_balancers", "lcu"): ((0.1, 0.6, 2), (0.2, 1.5, 6), (1, 5, 20)),
    ("network_load_balancers", "lcu"): ((0.01, 0.1, 1), (0.1, 0.5, 5), (0.5, 3, 20)),
    ("sites", "gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("sites", "requests"): ((1e4, 5e5, 5e6), (1e5, 5e6, 5e7), (1e6, 5e7, 5e8)),
    ("zones", "queries"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("firewalls", "requests"): ((1e5, 1e6, 5e6), (1e6, 5e6, 5e7), (5e6, 5e7, 5e8)),
    ("network", "nat_gb"): ((0, 10, 50), (5, 50, 500), (50, 500, 5_000)),
    ("network", "endpoint_gb"): ((0, 10, 50), (5, 50, 500), (50, 500, 5_000)),
    ("network", "internet_out_gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("network", "cross_zone_gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("network", "flow_logs_gb"): ((0.1, 1, 5), (1, 5, 25), (5, 50, 250)),
    ("logs", "gb"): ((0.5, 5, 20), (2, 20, 100), (20, 200, 1_000)),
    ("secrets", "requests"): ((1_000, 1e4, 1e5), (1e4, 1e5, 5e5), (1e5, 5e5, 2e6)),
    ("keys", "requests"): ((1e4, 1e5, 1e6), (1e5, 1e6, 5e6), (1e6, 5e6, 5e7)),
    ("account", "configuration_items"): ((50, 200, 1_000), (100, 500, 3_000), (500, 3_000, 2e4)),
    ("account", "data_events"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("backups", "databases_gb"): ((0, 0, 50), (0, 50, 500), (50, 500, 5_000)),
    ("backups", "tables_gb"): ((0, 1, 5), (0, 10, 50), (10, 100, 500)),
    ("functions", "invocations"): ((1e3, 1e5, 1e6), (1e4, 1e6, 1e7), (1e5, 1e7, 1e8)),
    ("functions", "milliseconds"): ((50, 200, 1_000), (50, 200, 1_000), (50, 200, 1_000)),
    ("own_functions", "invocations"): ((10, 100, 1_000), (10, 100, 1_000), (10, 100, 1_000)),
    ("own_functions", "milliseconds"): ((500, 1e3, 5e3), (500, 1e3, 5e3), (500, 1e3, 5e3)),
    ("apis", "requests"): ((1e4, 1e6, 1e7), (1e5, 1e7, 1e8), (1e6, 1e8, 1e9)),
    ("apis", "connection_minutes"): ((1e4, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("user_pools", "users"): ((10, 100, 1_000), (100, 1_000, 10_000), (1_000, 10_000, 100_000)),
    ("streams", "in_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("streams", "out_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("deliveries", "gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("catalogs", "delivered_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("queries", "scanned_tb"): ((0, 0.05, 0.5), (0.05, 0.5, 5), (0.5, 5, 50)),
    ("catalogs", "crawler_dpu_hours"): ((0.5, 2, 10), (2, 10, 50), (10, 50, 250)),
    ("catalogs", "requests"): ((1e3, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
    ("buses", "events"): ((1e3, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("schedules", "runs"): ((30, 730, 8_760), (30, 730, 8_760), (30, 730, 43_800)),
    ("state_machines", "transitions"): ((1e2, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
    ("file_systems", "gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("file_systems", "infrequent_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "archive_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "read_gb"): ((1, 20, 100), (20, 200, 1_000), (200, 2_000, 10_000)),
    ("file_systems", "written_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
    ("file_systems", "infrequent_read_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "archive_read_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("file_systems", "backup_gb"): ((1, 10, 50), (10, 100, 500), (100, 1_000, 5_000)),
}  # fmt: skip
"""By part and measure: small, medium and large systems."""


class Usage:
    """The amounts of one stack."""

    def __init__(self, settings: UsageSettings | None = None) -> None:
        """Read them.

        Args:
            settings: what the stack file says; a medium system where there is none.
        """
        self._settings = settings or UsageSettings()

    @property
    def size(self) -> Size:
        """What is assumed where nothing is said."""
        return self._settings.size

    @property
    def as_of(self) -> str:
        """ISO date of the stated amounts; empty where none is given."""
        return "" if self._settings.as_of is None else self._settings.as_of.isoformat()

    def stated(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason] | None:
        """What the stack file states of one measure; None where it says nothing."""
        held: Any = getattr(self._settings, part, None)
        if isinstance(held, Mapping):
            held = cast("Mapping[str, Any]", held).get(key or "")
        value = getattr(held, measure, None)
        if value is None:
            return None
        path: KeyPath = tuple(to_camel(name) for name in ("usage", part))
        path += (*((key,) if key is not None else ()), to_camel(measure))
        if isinstance(value, RangeSettings):
            return Spread.of(value.low, value.expected, value.high), Reason("stated", path)
        return Spread.flat(value), Reason("stated", path)

    def of(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason]:
        """What is stated, or what is assumed for the size.

        Raises:
            KeyError: nobody assumes anything of that measure.
        """
        found = self.stated(part, key, measure)
        if found is not None:
            return found
        amounts = ASSUMED[part, measure][SIZES.index(self.size)]
        return Spread.of(*amounts), Reason(f"assumed for a {self.size} system", ("usage", "size"))
