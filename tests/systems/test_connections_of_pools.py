"""The alarm on a database's connections, held against the pools that open them."""

from __future__ import annotations

from collections.abc import Callable

from components.database.connections import connections_of
from tests.recordings import ROOT
from tests.systems.alarm_rows import AFRIC, ALARM
from trellis.planner.record import Recording
from trellis.stackfile.loading import read_stack
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings


def afric_prod() -> SystemSettings:
    files = read_stack(ROOT / AFRIC, "prod", None)
    settings = resolve(files.config, files).settings
    assert settings is not None
    return settings


def test_africs_limit_lies_above_its_pools_and_what_a_deployment_opens_below_the_server(
    recording_of: Callable[..., Recording],
):
    settings = afric_prod()
    limit = recording_of(AFRIC, "prod").one(ALARM, "database-main-connections").inputs["threshold"]
    pools = {
        key: sum(use.pool or 0 for use in service.uses if use.database == "main")
        for key, service in settings.services.items()
    }
    steady = sum(pools[key] * service.scaling.most for key, service in settings.services.items())
    deploying = sum(pools[key] * service.most_tasks for key, service in settings.services.items())
    # The numbers that the comment in Pulumi.prod.yaml names.
    assert (steady, limit, deploying) == (140, 180, 280)
    assert deploying < connections_of(settings.databases["main"])
    text = (ROOT / AFRIC / "Pulumi.prod.yaml").read_text("utf-8")
    for number in (steady, limit, deploying):
        assert f" {number}" in text
