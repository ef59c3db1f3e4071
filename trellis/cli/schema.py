"""`trellis schema`: the JSON Schema and the reference of stack files, made from the settings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from trellis.cli.options import print_document, write

SCHEMA_FILE = "trellis.schema.json"
REFERENCE_FILE = "reference.md"
SAYABLE_FILE = "what-it-can-say.md"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "schema",
        help="print the JSON Schema of stack files",
        description="Prints the JSON Schema (draft 2020-12) of stack files, for editors.",
    )
    parser.add_argument(
        "--write",
        type=Path,
        metavar="DIR",
        help=f"write {SCHEMA_FILE}, {REFERENCE_FILE} and {SAYABLE_FILE} into a folder instead",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the schema, or write it and the reference."""
    files = generated()
    if arguments.write is None:
        print_document(files[SCHEMA_FILE])
        return 0
    for name, text in files.items():
        write(arguments.write / name, text)
        print(arguments.write / name)
    return 0


def generated() -> dict[str, str]:
    """The texts of the generated files by name."""
    from trellis.stackfile.json_schema import json_schema
    from trellis.stackfile.reference import reference
    from trellis.stackfile.sayable import sayable

    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return {SCHEMA_FILE: schema, REFERENCE_FILE: reference(), SAYABLE_FILE: sayable()}
