"""Writers: one report, as text, JSON, SARIF, JUnit and a page."""

from collections.abc import Callable, Mapping
from typing import Final

from ..outcomes import Report
from .html import page
from .json import json_text
from .junit import junit
from .sarif import sarif
from .text import text

WRITERS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": text,
    "json": json_text,
    "sarif": sarif,
    "junit": junit,
    "html": page,
}

__all__ = ["WRITERS", "json_text", "junit", "page", "sarif", "text"]
