"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

ANALYZER_NAME = Kind("analyzer", 255, r"[A-Za-z][A-Za-z0-9_.-]*", "CreateAnalyzer: analyzerName")
RECORDER_NAME = Kind("recorder", 256, r"\S+", "ConfigurationRecorder: name")
TRAIL_NAME = Kind("trail", 128, r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]", "CreateTrail: Name")
