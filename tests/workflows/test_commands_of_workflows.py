"""Commands of Trellis in the workflows: each is one that the command line takes."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from tests.workflows.test_traps import gitlab_jobs, steps
from trellis.cli.main import COMMANDS

COMMAND = re.compile(r"\btrellis (?P<words>[a-z]+ [^\n|;&)]*)")


def commands() -> Iterator[str]:
    """Each call of Trellis in a script, of both hosts, once."""
    scripts = [step["run"] for _, _, step in steps() if "run" in step]
    scripts += ["\n".join(job["script"]) for job in gitlab_jobs().values()]
    seen: set[str] = set()
    for script in scripts:
        text = re.sub(r"#.*", "", script.replace("\\\n", " "))
        for found in COMMAND.finditer(text):
            words = found["words"].split(" > ")[0].strip()
            if words not in seen:
                seen.add(words)
                yield words


def test_there_are_commands():
    found = {words.split()[0] for words in commands()}
    assert {"plan", "check", "comment", "fingerprint", "drift", "set", "smoke", "rollback"} <= found


@pytest.mark.parametrize("words", list(commands()))
def test_each_is_taken_by_the_command_line(words: str):
    parser = argparse.ArgumentParser(prog="trellis", exit_on_error=False)
    subparsers = parser.add_subparsers(required=True)
    for command in COMMANDS:
        command.add(subparsers)
    try:
        parser.parse_args(shlex.split(words))
    except SystemExit as ended:
        pytest.fail(f"trellis {words}: exit code {ended.code}")
