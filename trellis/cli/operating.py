"""What the commands share that ask a running system: its plan, the sign-in, and errors in words."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from trellis.cli.options import FAILED, WRONG_INPUT

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System

Work = Callable[["System", "Access"], int]
"""What a command does once it is signed in; its exit code."""


def planned(arguments: argparse.Namespace) -> System:
    """The stack's plan; what its program prints goes to standard error."""
    from trellis.operate.system import system_of

    with contextlib.redirect_stdout(sys.stderr):
        return system_of(arguments.project, arguments.stack, arguments.config_file)


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
        print(f"{label}: {sentence(error)}", file=sys.stderr)
        return FAILED
