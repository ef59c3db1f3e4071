"""The JavaScript that CloudFront runs for a site's requests, with the site's own values in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from components.sites.settings import SiteSettings

RUNTIME = "cloudfront-js-2.0"

CODE_LIMIT = 10_240
"""Bytes of a function ("CloudFront quotas: quotas on CloudFront Functions", 2026-11)."""

HIDDEN = "/_trellis/"
"""Where deployments keep what nobody else reads."""

_SOURCE = Path(__file__).with_name("viewer_request.js")


def viewer_request(
    settings: SiteSettings, pages: Literal["spa", "folders", "files", "none"]
) -> str:
    """The code of a viewer-request function.

    Args:
        pages: as in the settings; `none` only redirects, for paths that a service answers.

    Raises:
        ValueError: it is longer than CloudFront takes, as of very many names.
    """
    site = {
        "domain": settings.domain,
        "redirectFrom": list(settings.redirect_from),
        "pages": pages,
        "index": settings.index,
        "hidden": HIDDEN,
    }
    code = f"const SITE = {json.dumps(site)};\n{_SOURCE.read_text('utf-8')}"
    if len(code.encode()) > CODE_LIMIT:
        raise ValueError(f"names that fit into {CODE_LIMIT} bytes of JavaScript")
    return code
