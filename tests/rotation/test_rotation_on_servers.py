"""Rotation against real servers: clients never refused, a crash anywhere healed."""

from collections.abc import Callable

import pytest
from rotation_crashes import Crash, Outbound, When
from rotation_systems import KINDS, Client, System

from functions.rotation.protocol import STEPS

pytestmark = pytest.mark.servers

NewSystem = Callable[[str], System]
ROTATIONS = 50
# How Secrets Manager goes on after a failed invocation: it repeats the step, or all of them.
RESUMPTIONS = ("the step", "all steps")


def assert_at_rest(system: System, former: str | None = None) -> None:
    """Secret and server agree, the former value still works, nothing else is left."""
    labels = system.service.labels(system.secret)
    assert set(labels) == ({"AWSCURRENT", "AWSPREVIOUS"} if former else {"AWSCURRENT"})
    assert system.accepts(system.service.value(system.secret))
    if former:
        assert system.service.value(system.secret, "AWSPREVIOUS") == former
        assert system.accepts(former)
    system.assert_nothing_left_over()


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_that_learns_of_a_rotation_one_rotation_late_is_never_refused(
    kind: str, new_system: NewSystem, outbound: Outbound
) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    value = system.service.value(system.secret)
    stays_connected = system.log_in(value)
    queries = 0

    def work() -> None:
        nonlocal queries
        stays_connected.query()
        comes_and_goes = system.log_in(value)
        comes_and_goes.query()
        comes_and_goes.close()
        queries += 2

    outbound.after_each = work
    seen = {value}
    for _ in range(ROTATIONS):
        former, value = value, system.service.value(system.secret)
        seen.add(value)
        token = system.service.start(system.secret)
        system.service.run(system.secret, token)
        assert system.service.labels(system.secret)["AWSCURRENT"] == token
        assert value != former or len(seen) == 1
    outbound.after_each = lambda: None
    stays_connected.close()
    assert len(seen) == ROTATIONS
    assert queries > ROTATIONS * len(STEPS) * 2
    assert_at_rest(system, former=value)


@pytest.mark.parametrize("resumption", RESUMPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_rotation_that_crashes_at_any_call_ends_as_if_it_had_not(
    kind: str, resumption: str, new_system: NewSystem, outbound: Outbound
) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    system.service.rotate(system.secret)  # the first makes the other user, and needs a call more
    calls = outbound.count(lambda: system.service.rotate(system.secret))
    crashes = 0
    for position in range(1, calls + 1):
        for when in ("before", "after"):
            crashes += _crash_and_resume(system, outbound, (position, when), resumption)
    assert crashes == 2 * calls


def _crash_and_resume(
    system: System, outbound: Outbound, crash_at: tuple[int, When], resumption: str
) -> int:
    """Rotate with one crash; returns 1, or 0 if the rotation ended before the crash was due."""
    service, secret = system.service, system.secret
    live = service.value(secret)
    token = service.start(secret)
    ended_in = ""
    with outbound.crashing(*crash_at):
        try:
            for step in STEPS:
                ended_in = step
                service.step(secret, token, step)
        except Crash:
            crashed = 1
        else:
            crashed = 0
    # Right after the crash, before anything is repaired: whoever asks gets a value that works.
    assert system.accepts(service.value(secret)), f"{crash_at} in {ended_in}"
    assert system.accepts(live), f"{crash_at} in {ended_in}"
    if crashed:
        service.run(secret, token, begin=ended_in if resumption == "the step" else STEPS[0])
    assert service.labels(secret)["AWSCURRENT"] == token
    assert_at_rest(system, former=live)
    return crashed


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_value_that_crashes_at_any_call_is_made_by_the_next_invocation(
    kind: str, new_system: NewSystem, outbound: Outbound
) -> None:
    whole = new_system(kind)
    calls = outbound.count(lambda: whole.service.initialize(whole.secret))
    for position in range(1, calls + 1):
        for when in ("before", "after"):
            system = new_system(kind)
            with outbound.crashing(position, when), pytest.raises(Crash):
                system.service.initialize(system.secret)
            version = system.service.initialize(system.secret)
            assert system.service.labels(system.secret) == {"AWSCURRENT": version}
            assert_at_rest(system)


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_value_is_made_once_and_left_alone(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    version = system.service.initialize(system.secret)
    value = system.service.value(system.secret)
    assert system.service.initialize(system.secret) == version
    assert system.service.value(system.secret) == value
    rotated = system.service.rotate(system.secret)
    assert system.service.initialize(system.secret) == rotated
    assert_at_rest(system, former=value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_value_before_last_stops_working(kind: str, new_system: NewSystem) -> None:
    system = new_system(kind)
    system.service.initialize(system.secret)
    oldest = system.service.value(system.secret)
    system.service.rotate(system.secret)
    system.service.rotate(system.secret)
    assert not system.accepts(oldest)


@pytest.mark.parametrize("kind", KINDS)
def test_enabling_rotation_tests_the_value_there_is(kind: str, new_system: NewSystem) -> None:
    """RotateSecret with RotateImmediately false runs testSecret alone over a version of its own."""
    system = new_system(kind)
    system.service.initialize(system.secret)
    token = system.service.start(system.secret)
    system.service.step(system.secret, token, "testSecret")


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_whose_certificate_cannot_be_verified_is_not_talked_to(
    kind: str, new_system: NewSystem
) -> None:
    for change in ({"caBundle": None}, {"caBundle": "other"}, {"host": "127.0.0.1"}):
        system = new_system(kind)
        spec = system.service.specs[system.secret]
        if change.get("caBundle", "") is None:
            del spec["caBundle"]
        elif "caBundle" in change:
            spec["caBundle"] = system.server.other_ca
        else:
            spec |= change
        with pytest.raises(Exception, match="TLS with") as failure:
            system.service.initialize(system.secret)
        assert "caBundle" in str(failure.value)
        assert "AWSPENDING" in system.service.labels(system.secret)  # not finished
        if kind not in ("cacheUser", "cacheToken"):
            # The master password was not sent either, or the user would be there.
            assert not system.accepts(system.service.value(system.secret, "AWSPENDING"))


def test_a_client_connected_with_the_first_value_survives(new_system: NewSystem) -> None:
    clients: list[Client] = []
    for kind in KINDS:
        system = new_system(kind)
        system.service.initialize(system.secret)
        clients.append(system.log_in(system.service.value(system.secret)))
        system.service.rotate(system.secret)
    for client in clients:
        client.query()
        client.close()
