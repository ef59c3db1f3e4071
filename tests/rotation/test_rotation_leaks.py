"""A canary: no value leaves in a log line, an error, a traceback, an answer or a server's log."""

import json
import logging
import traceback
from collections.abc import Callable
from urllib.parse import quote

import pymysql
import pytest
from botocore.exceptions import ClientError
from pg8000.native import DatabaseError
from rotation_crashes import Outbound
from rotation_servers import MASTER_PASSWORD
from rotation_systems import KINDS, System

from functions.rotation.errors import RotationError
from functions.rotation.protocol import STEPS

pytestmark = pytest.mark.servers

NewSystem = Callable[[str], System]


def hostile_errors(text: str) -> list[BaseException]:
    """Errors as drivers and AWS raise them, each quoting what it was given."""
    return [
        ValueError(text),
        OSError(text),
        ClientError({"Error": {"Code": "Invalid", "Message": f"bad value: {text}"}}, "PutIt"),
        DatabaseError({"S": "ERROR", "C": "42601", "M": f'syntax error at or near "{text}"'}),
        pymysql.ProgrammingError(1064, f"You have an error near '{text}'"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_leaves_whatever_fails_wherever(
    kind: str,
    new_system: NewSystem,
    outbound: Outbound,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    system = new_system(kind)
    service, secret = system.service, system.secret
    left = [repr(service.initialize(secret))]
    service.rotate(secret)
    calls = outbound.count(lambda: service.rotate(secret))

    def hostile(_name: str) -> BaseException:
        newest = service.all_values(secret)[-1]
        errors = hostile_errors(f"{newest} {json.loads(newest)['password']} {MASTER_PASSWORD}")
        return errors[len(left) % len(errors)]

    outbound.crash_with = hostile
    failures = 0
    chains: set[BaseException | None] = set()
    for position in range(1, calls + 1):
        token = service.start(secret)
        for step in STEPS:
            with outbound.crashing(position, "after"):
                try:
                    service.step(secret, token, step)
                except RotationError as error:
                    failures += 1
                    left += [str(error), repr(error), "".join(traceback.format_exception(error))]
                    chains |= {error.__context__, error.__cause__}
        service.run(secret, token)
    assert failures > calls
    assert chains == {None}
    printed = capfd.readouterr()
    everything = "\n".join([*left, caplog.text, printed.out, printed.err, *system.server.log])
    assert secret in everything  # the search looks at the right text
    passwords = {json.loads(value)["password"] for value in service.all_values(secret)}
    assert len(passwords) > calls
    for password in passwords | {MASTER_PASSWORD}:
        if kind.endswith("postgres") and password == MASTER_PASSWORD:
            left_by_function = "\n".join([*left, caplog.text, printed.out, printed.err])
            assert (
                password not in left_by_function
            )  # the server's log has the tests' own CREATE ROLE
        else:
            assert password not in everything
            assert quote(password, safe="") not in everything
