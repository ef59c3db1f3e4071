"""The shorter ways of a recording come to what the SDK itself comes to, and only while one runs."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import _types, log
from pulumi.runtime import resource as resource_runtime
from pulumi.runtime import rpc, settings

from testing.everything import record_everything, site_folder
from testing.stacks import ROOT
from trellis.planner import record as recorder
from trellis.planner.record import Mode, ProgramInput, Recording, record, record_program
from trellis.planner.shortcuts import REMEMBERED, Outstanding, contains_unknowns, shortcuts

GIVEN = ProgramInput("shop", "dev", {"aws:region": "eu-west-1"})
MODES: tuple[Mode, ...] = ("preview", "deployed")


@pytest.fixture
def in_full(monkeypatch) -> Callable[[Callable[[], Recording]], Recording]:
    """What a recording is when the SDK goes its own way."""

    def recorded(run: Callable[[], Recording]) -> Recording:
        with monkeypatch.context() as patch:
            patch.setattr(recorder, "shortcuts", contextlib.nullcontext)
            settings.SETTINGS.outputs.clear()
            return run()

    return recorded


def sorted_by_urn(recording: Recording) -> Recording:
    """Which of two resources that wait for nothing is first is the loop's own affair."""
    by_urn = sorted(recording.resources, key=lambda resource: resource.urn)
    return dataclasses.replace(recording, resources=tuple(by_urn))


def of_all_kinds() -> None:
    key = aws.kms.Key("key", description="of all", opts=pulumi.ResourceOptions(protect=True))
    bucket = aws.s3.Bucket("files", tags={"a": pulumi.Output.secret("hidden"), "b": key.arn})
    aws.s3.BucketServerSideEncryptionConfiguration(
        "files",
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": {
                    "sse_algorithm": "aws:kms",
                    "kms_master_key_id": key.arn,
                }
            }
        ],
        opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old", parent=bucket)]),
    )
    queue = aws.sqs.Queue(
        "work",
        visibility_timeout_seconds=30,
        name=bucket.arn.apply(lambda arn: pulumi.Output.concat(arn.split(":")[-1], "-work")),
        opts=pulumi.ResourceOptions(depends_on=[key]),
    )
    pulumi.log.debug("nobody reads this", queue)
    pulumi.log.warn("somebody reads this")
    pulumi.export("both", pulumi.Output.all(queue.url, bucket.tags))
    pulumi.export("number", queue.visibility_timeout_seconds)


@pytest.mark.parametrize("mode", MODES)
def test_values_of_all_kinds_are_recorded_alike(in_full, mode: Mode) -> None:
    def run() -> Recording:
        return record_program(of_all_kinds, GIVEN, mode)

    short, whole = run(), in_full(run)
    assert sorted_by_urn(short) == sorted_by_urn(whole)
    assert short.warnings == ("somebody reads this",)
    assert len(short.resources) == 4


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
def test_real_stacks_are_recorded_alike(in_full, any_stack, mode: Mode) -> None:
    project, stack = any_stack
    root = ROOT / project
    short = record(root, stack, mode)
    assert sorted_by_urn(short) == sorted_by_urn(in_full(lambda: record(root, stack, mode)))


@pytest.mark.long
def test_a_system_of_every_tier_is_recorded_alike(in_full, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(site_folder(tmp_path))
    assert sorted_by_urn(record_everything()) == sorted_by_urn(in_full(record_everything))


def fails_in_an_apply() -> None:
    queue = aws.sqs.Queue("work")
    pulumi.export("bad", queue.name.apply(lambda name: {}[name]))


def fails_in_an_input() -> None:
    queue = aws.sqs.Queue("work")
    aws.sqs.Queue("other", name=queue.name.apply(lambda name: {}[name]))


def fails_in_a_registration() -> None:
    aws.sqs.Queue("work")
    pulumi.export("url", aws.sqs.Queue("work").url)


NO_VALUE = object()


def fails_in_a_value() -> None:
    aws.sqs.Queue("work", tags=NO_VALUE)


@pytest.mark.parametrize(
    "program", [fails_in_an_apply, fails_in_an_input, fails_in_a_registration, fails_in_a_value]
)
def test_a_program_that_fails_fails_alike_and_leaves_the_sdk_as_it_was(in_full, program) -> None:
    before = everything_of_the_sdk()

    def failure() -> tuple[type, str]:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is compared
            record_program(program, GIVEN, "deployed")
        return raised.type, str(raised.value)

    assert failure() == in_full(failure)
    assert everything_of_the_sdk() == before


def everything_of_the_sdk() -> list[object]:
    return [
        log.debug,
        resource_runtime._get_stack_trace,
        resource_runtime.create_urn,
        rpc.transfer_properties,
        rpc.contains_unknowns,
        pulumi.Output._track,
        *(getattr(_types, name) for name in REMEMBERED),
    ]


def test_each_has_its_own_only_while_a_recording_runs() -> None:
    before, seen = everything_of_the_sdk(), []
    record_program(lambda: seen.extend(everything_of_the_sdk()), GIVEN)
    assert all(inside is not outside for inside, outside in zip(seen, before, strict=True))
    assert everything_of_the_sdk() == before


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        0,
        pulumi.output.UNKNOWN,
        [],
        [{"a": [pulumi.output.UNKNOWN]}],
        {"a": {"b": 1}},
    ],
    ids=lambda value: re.sub(r" object at 0x[0-9a-f]+", "", repr(value)),
)
def test_unknown_values_are_found_where_the_sdk_finds_them(value: object) -> None:
    assert contains_unknowns(value) == rpc.contains_unknowns(value)


def test_urns_of_texts_are_the_sdks_own() -> None:
    async def urns() -> tuple[str, str]:
        given = ("work", "aws:sqs/queue:Queue", "urn:pulumi:dev::shop::shop:index:Shell::outer")
        own = await resource_runtime.create_urn(*given).future()
        with shortcuts():
            return own, await resource_runtime.create_urn(*given).future()

    own, short = asyncio.run(urns())
    assert short == own


def test_an_output_that_failed_stays_outstanding_and_a_done_one_does_not() -> None:
    async def left() -> tuple[int, list[bool]]:
        loop = asyncio.get_running_loop()
        waiting, done, failed = (loop.create_future() for _ in range(3))
        outstanding = Outstanding([waiting, done, failed])
        done.set_result(1)
        failed.set_exception(ValueError("no"))
        return len(outstanding), [future in outstanding for future in (waiting, done, failed)]

    assert asyncio.run(left()) == (2, [True, False, True])
