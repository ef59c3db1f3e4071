"""Own glyphs by kind of thing: few strokes in a square of 18, in the colour of their category.

AWS's icons may not be redrawn or recoloured (CC BY-ND 2.0), so none is; `--icons` takes a copy.
"""

from __future__ import annotations

from collections.abc import Mapping

EDGE, COMPUTE, DATA, STORAGE, MESSAGES, SECURITY, OTHER = (
    "#6b3fa0", "#b35309", "#2f4fb5", "#3f6b1f", "#a8215a", "#b3261e", "#52606d",
)  # fmt: skip

COLOURS: Mapping[str, str] = {
    "internet": OTHER, "other network": OTHER,
    "site": EDGE, "DNS zone": EDGE, "load balancer": EDGE, "api": EDGE,
    "service": COMPUTE, "job": COMPUTE, "function": COMPUTE, "rotation function": COMPUTE,
    "database": DATA, "database proxy": DATA, "cache": DATA, "table": DATA,
    "bucket": STORAGE, "queue": MESSAGES, "topic": MESSAGES, "mail": MESSAGES, "secret": SECURITY,
    "rest api": EDGE, "http api": EDGE, "web socket api": EDGE, "file system": STORAGE,
    "VPC link": EDGE, "token checker": SECURITY, "identity": SECURITY,
    "user pool": SECURITY, "stream": MESSAGES, "canary": OTHER, "catalog": DATA, "workgroup": DATA,
}  # fmt: skip

CYLINDER = "M3 5c0-3 12-3 12 0v8c0 3-12 3-12 0zM3 5c0 3 12 3 12 0"
SHAPES: Mapping[str, str] = {
    "internet": "M9 2a7 7 0 100 14 7 7 0 000-14zM2 9h14M9 2c-4 4-4 10 0 14M9 2c4 4 4 10 0 14",
    "site": "M2 3h14v12H2zM2 7h14M4.5 5h.1M7 5h.1",
    "DNS zone": "M3 3h9l3 3-3 3H3zM5 9v7",
    "load balancer": "M2 9h5M7 9l5-6h4M7 9h9M7 9l5 6h4",
    "VPC link": "M7 6H5a3 3 0 000 6h2M11 6h2a3 3 0 010 6h-2M6 9h6",
    "service": "M3 5l6-3 6 3v8l-6 3-6-3zM3 5l6 3 6-3M9 8v8",
    "job": "M9 2a7 7 0 100 14 7 7 0 000-14zM9 5v4l3 2",
    "function": "M4 15L9 5M6.5 3H8l5 12h2",
    "database": CYLINDER,
    "database proxy": "M2 9h4M12 9h4M6 4h6v10H6z",
    "cache": "M10 2L4 10h4l-1 6 7-9H9z",
    "table": "M2 3h14v12H2zM2 7h14M2 11h14M7 3v12",
    "bucket": "M3 4h12l-2 11H5zM3 4c0-1.500 12-1.500 12 0",
    "queue": "M2 6h3v6H2zM7.500 6h3v6h-3zM13 6h3v6h-3z",
    "topic": "M3 7v4h3l6 4V3L6 7zM14 7v4",
    "mail": "M2 4h14v10H2zM2 4l7 6 7-6",
    "secret": "M6 12a3.500 3.500 0 110-7 3.500 3.500 0 010 7zM9 8.500h7M14 8.500v3",
    "api": "M7 3C4 3 6 8 3 9c3 1 1 6 4 6M11 3c3 0 1 5 4 6-3 1-1 6-4 6",
    "user pool": "M9 3a3 3 0 100 6 3 3 0 000-6zM3 16c0-6 12-6 12 0z",
    "stream": "M2 6c3-3 4 3 7 0s4 3 7 0M2 12c3-3 4 3 7 0s4 3 7 0",
    "catalog": "M4 3h10v12H4zM7 3v12M9 7h3M9 10h3",
    "workgroup": "M8 3a5 5 0 100 10A5 5 0 008 3zM11.500 11.500L16 16",
    "file system": "M2 5h5l2 2h7v8H2z",
    "token checker": "M9 2l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V4zM6 9l2 2 4-4",
    "identity": "M2 4h14v10H2zM6 7a1.500 1.500 0 100 3 1.500 1.500 0 000-3zM4 12c0-2 4-2 4 0"
    "M10.500 7.500h3.500M10.500 10.500h3.500",
    "other": "M3 3h12v12H3z",
}
ALIKE: Mapping[str, str] = {
    "rotation function": "function", "canary": "job",
    "other network": "internet", "rest api": "api", "http api": "api", "web socket api": "api",
}  # fmt: skip


def glyph(kind: str, x: float, y: float, size: float) -> str:
    """The glyph of a kind as SVG, in a square at a place."""
    shape = SHAPES.get(ALIKE.get(kind, kind), SHAPES["other"])
    colour = COLOURS.get(kind, OTHER)
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) scale({size / 18:.3f})" d="{shape}" '
        f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" '
        'stroke-linecap="round"/>'
    )
