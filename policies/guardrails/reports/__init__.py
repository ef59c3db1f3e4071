"""Writers: one report, as text, JSON, SARIF, JUnit and a page."""

from collections.abc import Callable, Mapping
from typing import Final

from ..outcomes import Report
from .html import page
from .json import json_text
from .junit import junit_xml
from .sarif import sarif_log
from .text import plain_text

WRITERS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": plain_text,
    "json": json_text,
    "sarif": sarif_log,
    "junit": junit_xml,
    "html": page,
}
