"""What a release says of itself is its part of the changelog, or there is no release."""

from __future__ import annotations

import pytest

from tools.notes import CHANGELOG, notes

LOG = "# Changelog\n\n## 1.1.0 (2027-01-02)\n\n### Added\n\n- a\n\n## 1.0.0 (2026-12-01)\n\n- b\n"


def test_a_version_has_its_own_part():
    assert notes(LOG, "1.1.0") == "### Added\n\n- a\n"
    assert notes(LOG, "1.0.0") == "- b\n"


@pytest.mark.parametrize(
    ("log", "version", "message"),
    [
        (LOG, "2.0.0", "it has 1.1.0"),
        ("## 1.0.0 (unreleased)\n\n- a\n", "1.0.0", "name its day"),
        ("## 1.0.0 (2026-12-01)\n\n", "1.0.0", "says nothing"),
    ],
)
def test_what_is_not_told_is_not_released(log: str, version: str, message: str):
    with pytest.raises(ValueError, match=message):
        notes(log, version)


def test_the_changelog_is_one_that_can_be_read():
    with pytest.raises(ValueError, match="name its day"):
        notes(CHANGELOG.read_text("utf-8"), "0.1.0")
