"""Every command and flag that README and docs name exists: asked of the programs themselves."""

from __future__ import annotations

import argparse
import functools
import re
import subprocess

import pytest
from botocore import xform_name
from botocore.session import get_session

from tests.documents.typed import Typed, typed
from tests.recordings import ROOT
from trellis.cli import main as cli

TYPED = typed()


def of(program: str) -> list[Typed]:
    return [element for element in TYPED if element.program == program]


def test_the_pages_name_commands_of_every_kind() -> None:
    assert len(of("pulumi")) >= 15
    assert len(of("trellis")) >= 10
    assert len(of("make")) >= 5
    assert len(of("aws")) >= 15


def test_every_target_is_one_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for command in of("make"):
        named = [word for word in command.words[1:] if re.fullmatch(r"[a-z-]+", word)]
        assert set(named) <= targets, command
        given = [word.partition("=")[0] for word in command.words[1:] if "=" in word]
        assert set(given) <= {"STACK", "PROJECT", "PYTHON"}, command


def test_every_command_of_trellis_is_one_with_its_flags() -> None:
    parser = cli._parser()
    (action,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for command in of("trellis"):
        name = command.words[1]
        if name.startswith("-") or not re.fullmatch(r"[a-z]+", name):
            continue
        assert name in action.choices, command
        known = {flag for a in action.choices[name]._actions for flag in a.option_strings}
        assert set(command.flags) <= known, command


OWN_OF_CLI = {("ecr", "get-login-password"), ("logs", "tail"), ("sso", "login")}
"""Commands that the AWS CLI itself makes, of several calls."""

SERVICES = {"s3api": "s3"}
GENERAL = {"--query", "--output", "--region", "--profile", "--cli-binary-format"}


@functools.cache
def operations(service: str) -> dict[str, object]:
    model = get_session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    return {cli: model.operation_model(name) for cli, name in names.items()}


@pytest.mark.parametrize("command", of("aws"), ids=str)
def test_every_command_of_the_aws_cli_is_a_call_of_its_service(command: Typed) -> None:
    service, name = command.words[1], command.words[2]
    if (service, name) in OWN_OF_CLI or name == "...":
        return
    operation = operations(SERVICES.get(service, service))[name]
    shape = operation.input_shape  # type: ignore[attr-defined]
    members = {f"--{xform_name(member, '-')}": element for member, element in shape.members.items()}
    switches = {flag for flag, member in members.items() if member.type_name == "boolean"}
    known = {*members, *GENERAL, *(f"--no-{flag.removeprefix('--')}" for flag in switches)}
    assert set(command.flags) <= known
    if "..." not in command.words and len(command.flags) > 0:
        required = {f"--{xform_name(member, '-')}" for member in shape.required_members}
        assert required <= set(command.flags)


@pytest.mark.engine
def test_every_command_of_pulumi_is_one_with_its_flags() -> None:
    @functools.cache
    def help_of(words: tuple[str, ...]) -> str:
        done = subprocess.run(
            [ROOT / ".engine" / "pulumi", *words, "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else ""

    for command in of("pulumi"):
        words: tuple[str, ...] = ()
        for word in command.words[1:]:
            if not re.fullmatch(r"[a-z]+", word):
                break
            page = help_of((*words, word))
            # A word that is no command of its own is an argument: its help is the same page.
            if page == help_of(words):
                break
            words = (*words, word)
        assert words, command
        page = help_of(words)
        for flag in command.flags:
            assert re.search(rf"(^|\s|, ){re.escape(flag)}\b", page), f"{command}: no {flag}"
