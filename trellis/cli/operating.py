"""What the commands share that ask a running system: its plan, the sign-in, and errors in words."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trellis.cli.options import FAILED, OK, WRONG_INPUT, fitted, print_document
from trellis.halfway import notes_of

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.findings import Finding
    from trellis.operate.system import System

Work = Callable[["System", "Access"], int]
"""What a command does once it is signed in; its exit code."""


def planned(arguments: argparse.Namespace, *, complete: bool = False) -> System:
    """The stack's plan; what its program prints goes to standard error.

    Args:
        complete: as if nothing waited for an image or the value of a secret.
    """
    from trellis.operate.system import system_of

    with contextlib.redirect_stdout(sys.stderr):
        return system_of(
            arguments.project, arguments.stack, arguments.config_file, complete=complete
        )


def print_findings(arguments: argparse.Namespace, findings: Sequence[Finding]) -> int:
    """Print what was found; the command's exit code."""
    from trellis.operate.findings import as_json, as_text, failed

    if arguments.json:
        print_document(as_json(arguments.command, arguments.stack, findings))
    else:
        print(fitted(as_text(f"{arguments.command} {arguments.stack}", findings)))
    strict = getattr(arguments, "strict", False)
    return FAILED if failed(findings, strict=strict) else OK


def signed_in(arguments: argparse.Namespace, work: Work) -> int:
    """Do what a command is for, in the stack's account.

    Returns:
        The command's code; 2 where there is no access or no such name; 1 where AWS refuses.
    """
    import boto3

    from trellis.operate.access import AWS_ERRORS, NoAccessError, sentence, sign_in
    from trellis.operate.deployments import NothingToDoError
    from trellis.operate.system import NotThereError

    label = f"trellis {arguments.command}"
    try:
        system = planned(arguments)
        return work(system, sign_in(system.settings, boto3.Session))
    except NoAccessError as error:
        print(f"{label}: {error}; {error.remedy}", file=sys.stderr)
        return WRONG_INPUT
    except NotThereError as error:
        print(f"{label}: {error}", file=sys.stderr)
        return WRONG_INPUT
    except NothingToDoError as error:
        print(f"{label}: {error}", file=sys.stderr)
        return FAILED
    except AWS_ERRORS as error:
        print("\n".join((f"{label}: {sentence(error)}", *notes_of(error))), file=sys.stderr)
        return FAILED
