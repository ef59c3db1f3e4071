"""Who may reach what, and who may do what, in real stacks and in small ones."""

from __future__ import annotations

import contextlib
import functools
import io
import json
from typing import Any

import pytest

from components.parts.in_transit import NOT_KNOWN
from tests.components.small_systems import ACCOUNT, CACHE, DATABASE, NETWORK, small_system
from tests.recordings import ROOT, STACKS, recorded, recorded_everything
from trellis.cli.main import main
from trellis.reach.matrix import Matrix, matrix
from trellis.reach.text import render
from trellis.reach.things import INTERNET, Things
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.resolution import resolve


@functools.cache
def matrix_of(project: str, stack: str) -> Matrix:
    files = read_stack(ROOT / project, stack)
    resolution = resolve(files.config, files)
    return matrix(recorded(project, stack), resolution.layers, resolution.settings)


def pairs(found: Matrix) -> set[tuple[str, str, str]]:
    return {(c.source, c.target, c.port) for c in found.connections}


def test_the_club_app_reaches_what_its_lines_say():
    found = matrix_of(".", "dev")
    assert {pair for pair in pairs(found) if pair[0] == "services.backend"} == {
        ("services.backend", "databases.main", "5432"),
        ("services.backend", "caches.main", "6379"),
        ("services.backend", "network", "443"),
        ("services.backend", INTERNET, "443"),
    }
    assert ("loadBalancers.alb", "services.backend", "3000") in pairs(found)


def test_nobody_outside_reaches_data():
    for project, stack in STACKS:
        found = matrix_of(project, stack)
        kinds = {found.things[c.target].kind for c in found.connections if c.source == INTERNET}
        assert not kinds & {"database", "cache", "service", "job", "rotation function", "bucket"}


def test_a_connection_names_its_port_way_encryption_and_line():
    found = matrix_of(".", "dev")
    by_ends = {(c.source, c.target, c.port): c for c in found.connections}
    database = by_ends["services.backend", "databases.main", "5432"]
    assert database.encryption == "TLS, enforced by the server"
    assert "services.backend.uses[0]" in found.uses["services.backend", "databases.main"]
    plain = by_ends[INTERNET, "loadBalancers.alb", "80"]
    assert plain.encryption == "not encrypted; answered with a redirect to HTTPS"
    assert by_ends["loadBalancers.alb", "services.backend", "3000"].encryption == "not encrypted"
    assert by_ends["services.backend", INTERNET, "443"].way == "NAT gateway"
    assert by_ends["sites.assets", "buckets.assets", "443"].way == "CloudFront"


@functools.cache
def everything() -> Matrix:
    return matrix(recorded_everything())


def test_what_is_reached_by_another_port_declares_whether_that_is_encrypted():
    known = [matrix_of(project, stack) for project, stack in STACKS]
    lacking = {
        found.things[connection.target].kind
        for found in (*known, everything())
        for connection in found.connections
        if connection.encryption == NOT_KNOWN and found.things[connection.target].urn
    }
    assert sorted(lacking) == [], "`encryption` is lacking in its declaration"


def test_access_names_role_actions_and_the_line_that_gave_it():
    found = matrix_of(".", "dev")
    (items,) = [a for a in found.accesses if a.statement == "ItemsTablePresence"]
    assert (items.who, items.target, items.level) == (
        "services.backend", "tables.presence", "read and write"
    )  # fmt: skip
    assert items.role == "clubapp-dev-backend-task"
    assert items.uses.endswith("services.backend.uses[2]")
    file, _, line = items.uses.partition(" ")[0].rpartition(":")
    written = (ROOT / file).read_text().splitlines()[int(line) - 1]
    assert "table: presence" in written


def test_every_uses_line_gives_an_access_or_a_connection():
    for project, stack in STACKS:
        found = matrix_of(project, stack)
        given = {(a.who, a.target) for a in found.accesses}
        given |= {(c.source, c.target) for c in found.connections}
        # Metrics and models are no resources: their lines stand at what is allowed instead.
        nothing_made = ("monitoring.", "models.")
        lines = {ends for ends in found.uses if not ends[1].startswith(nothing_made)}
        assert {ends for ends in lines if ends not in given} == set()
        models = [a for a in found.accesses if ":bedrock:" in a.target]
        assert all("models" in a.uses or "uses[" in a.uses for a in models)


def test_a_chain_leads_from_outside_to_the_data_by_way_of_others():
    path = matrix_of(".", "dev").path(INTERNET, "databases.main")
    assert path is not None
    assert [c.target for c in path] == ["loadBalancers.alb", "services.backend", "databases.main"]
    assert matrix_of(".", "dev").path("databases.main", INTERNET) is None


IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}


@functools.cache
def closed() -> Matrix:
    service: dict[str, Any] = {"image": IMAGE, "port": 8080, "routes": [{"host": "a.example.com"}]}
    return matrix(
        small_system(
            network={**NETWORK, "nat": "none"},
            databases={"main": DATABASE},
            caches={"main": CACHE},
            zones={"main": {"domain": "example.com"}},
            loadBalancers={"alb": {"scheme": "internal"}},
            services={"web": {**service, "uses": [{"database": "main"}]}, "lone": {"image": IMAGE}},
        )
    )


def test_without_a_way_out_nothing_reaches_the_internet():
    assert not [c for c in closed().connections if INTERNET in (c.source, c.target)]


def test_a_service_without_uses_reaches_no_data():
    found = {c.target for c in closed().connections if c.source == "services.lone"}
    assert not found & {"databases.main", "caches.main", "services.web"}


def test_a_rule_alone_is_no_connection():
    """Every connection inside has both ends: without the rule that lets out there is none."""
    import dataclasses

    whole = recorded(".", "dev")
    egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    cut = dataclasses.replace(
        whole, resources=tuple(resource for resource in whole if resource.type != egress)
    )
    inside = [c for c in matrix(cut).connections if INTERNET not in (c.source, c.target)]
    assert {c.way for c in inside} == {"CloudFront"}


def test_a_function_in_no_network_may_call_any_address():
    found = {c.source: c.port for c in matrix_of("systems/engify", "prod").connections}
    assert found["functions.backend"] == "any"
    there = {c for c in matrix_of("systems/mantissa-log", "prod").connections if c.port == "any"}
    assert not [c for c in there if c.source.startswith("functions.")]


def test_what_a_role_may_do_stands_in_one_place():
    for project, stack in STACKS:
        lines = list(render(matrix_of(project, stack)))
        heads = [line for line in lines if " as role " in line or "(let in by" in line]
        assert heads
        assert len(heads) == len(set(heads))


def run(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["reach", *words, "--project", str(ROOT)])
    return code, out.getvalue(), err.getvalue()


def test_the_command_answers_in_json():
    code, out, _ = run("dev", "internet", "databases.main", "--json")
    whole = json.loads(out)
    assert code == 0
    assert whole["path"][0] == ["internet", "loadBalancers.alb", "443"]
    assert whole["connections"] == []
    guide = (ROOT / "docs" / "reach.md").read_text()
    keys = {*whole, *matrix_of(".", "dev").as_json()["access"][0], "encryption", "protocol"}
    assert [key for key in sorted(keys) if f"`{key}`" not in guide] == []


def test_an_unknown_thing_is_told_with_the_nearest():
    with pytest.raises(StackFileError, match=r"did you mean `databases\.main`") as refused:
        matrix_of(".", "dev").asked("services.backend", "database.main")
    assert "one of" in str(refused.value)


def test_the_text_says_what_is_asked():
    lines = list(render(matrix_of(".", "dev"), "databases.main", "services.backend"))
    assert any(line.startswith("Nothing lets databases.main open") for line in lines)
    whole = "\n".join(render(matrix_of(".", "dev")))
    assert "cloudfront.amazonaws.com (let in by the resource itself)" in whole


def test_a_function_with_an_address_is_public_and_others_are_not(tmp_path, monkeypatch):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text("def handle(event, context): ...\n")
    monkeypatch.chdir(tmp_path)
    code = {
        "code": {"path": "code", "handler": "app.handle"},
        "runtime": "python3.13",
        "subnets": "none",
    }
    found = matrix(
        small_system(
            tables={"orders": {"partitionKey": {"name": "id"}}},
            functions={
                "open": {**code, "url": True},
                "inner": {**code, "uses": [{"table": "orders", "access": "read"}]},
            },
        )
    )
    assert {c.target for c in found.connections if c.source == INTERNET} == {"functions.open"}
    assert ("functions.inner", "tables.orders") in {(a.who, a.target) for a in found.accesses}


def test_a_file_system_stands_in_its_subnets_and_takes_tls_alone():
    recording = small_system(
        network=NETWORK,
        fileSystems={"media": {"points": {"all": {"uid": 1000, "gid": 1000, "folder": "/all"}}}},
        functions={
            "hello": {
                "image": {"uri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/a@sha256:{'1' * 64}"},
                "subnets": "private",
                "uses": [{"files": "media", "at": "/mnt/media"}],
            }
        },
    )
    found = matrix(recording)
    media = found.things["fileSystems.media"]
    assert {subnet.tier for subnet in Things(recording).subnets_of(media)} == {"private"}
    (line,) = [c for c in found.connections if c.target == media.id]
    assert (line.port, line.encryption) == ("2049", "TLS, enforced by the server")
