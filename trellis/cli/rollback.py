"""`trellis rollback STACK --state FILE`: the services' former images into the stack file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trellis.cli.options import FAILED, OK, WRONG_INPUT, add_stack, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "rollback",
        help="write the images that ran before a deployment into the stack file",
        description="Reads the state that `pulumi stack export` wrote before a deployment, and "
        "writes the image that each service and job ran then into Pulumi.STACK.yaml. Nothing else "
        "is taken back: what holds data is not touched, and a deployment of the services alone "
        "(--targets) brings them back. Ends with 1 where no image is another.",
    )
    add_stack(parser)
    parser.add_argument(
        "--state", type=Path, required=True, metavar="FILE",
        help="what `pulumi stack export` wrote before the deployment",
    )  # fmt: skip
    parser.add_argument(
        "--targets", type=Path, metavar="FILE",
        help="write what is to be deployed, a URN a line, for `pulumi up --target`",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read the state, and write the file."""
    from trellis.compare.documents import UnreadableError, exported
    from trellis.operate.going_back import Former, former_images
    from trellis.stackfile.editing import changed_text
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import StackFileError, dotted
    from trellis.stackfile.project import shown
    from trellis.stackfile.resolution import resolve

    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    try:
        before = exported(arguments.state)
    except UnreadableError as error:
        print(f"trellis rollback: {error}", file=sys.stderr)
        return WRONG_INPUT
    own = files.stack.rsplit("/", 1)[-1]
    if before.stack != own:
        print(
            f"trellis rollback: {arguments.state} is of the stack {before.stack}, not of {own}",
            file=sys.stderr,
        )
        return WRONG_INPUT
    text = files.file.read_text(encoding="utf-8")
    targets: list[str] = []
    for found in former_images(before, resolution.built, resolution.layers):
        if not isinstance(found, Former):
            print(f"{dotted(found.path)}: {found.why}; it stays", file=sys.stderr)
        elif not found.is_so:
            text = changed_text(
                text, (*found.path, "image"), dict(found.setting), shown(files.file)
            )
            targets += found.targets
            print(f"{dotted(found.path)}: {found.image} again")
    if not targets:
        print(
            "trellis rollback: no image is another than before: nothing goes back by itself. Take "
            "the change back by a pull request, or mend it and deploy again",
            file=sys.stderr,
        )
        return FAILED
    write(files.file, text)
    if arguments.targets is not None:
        write(arguments.targets, "".join(f"{urn}\n" for urn in targets))
    return OK
