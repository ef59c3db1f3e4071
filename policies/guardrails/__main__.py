"""Checks any Pulumi project from a file: ``python -m policies.guardrails preview.json``."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
