"""Scalars mean what they mean to the engine."""

from __future__ import annotations

import json

import pytest

from tests.stackfile.scalar_cases import CASES
from trellis.stackfile.document import SHARED, STACK, parse
from trellis.stackfile.reading import data, text
from trellis.stackfile.scalars import iso, loses, octal, resolve


def read(written: str, layer: str = STACK):
    return parse(f"value: {written}\n".encode(), "file", layer).root.entries["value"].node


@pytest.mark.parametrize(("written", "inside", "top"), CASES)
def test_a_scalar_is_what_the_engine_makes_of_it(written: str, inside: object, top: str) -> None:
    node = read(written)
    assert (type(data(node)), data(node)) == (type(inside), inside)
    assert text(node) == top


def test_the_table_has_at_least_forty_cases() -> None:
    assert len({written for written, _, _ in CASES}) >= 40


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027-03-31", "2027-03-31T00:00:00Z"),
        ("2027-03-31 10:00:00.50", "2027-03-31T10:00:00.5Z"),
        ("2027-03-31t1:2:3+02:00", "2027-03-31T01:02:03+02:00"),
    ],
)
def test_a_date_in_the_project_file_has_another_text(written: str, expected: str) -> None:
    assert data(read(written, SHARED)) == expected
    assert iso(str(resolve(written).value)) == expected


@pytest.mark.parametrize("written", ["2027-03-31", "012345678901", "1234e56", "16.10", "0x1F"])
def test_a_scalar_whose_text_would_change_loses_meaning(written: str) -> None:
    assert loses(resolve(written))
    assert not loses(resolve(written, plain=False))


@pytest.mark.parametrize("written", ["16", "16.4", "true", "NO", "12:30", "-5", "~"])
def test_a_scalar_whose_text_stays_loses_nothing(written: str) -> None:
    assert not loses(resolve(written))


@pytest.mark.parametrize("written", ["007", "00", "012345678901", "-0777", "08.5"])
def test_a_leading_zero_is_noticed(written: str) -> None:
    assert octal(resolve(written))


@pytest.mark.parametrize("written", ["0", "0.5", "0x1F", "0o17", "10"])
def test_a_zero_that_is_no_leading_one_is_fine(written: str) -> None:
    assert not octal(resolve(written))


def test_the_text_handed_on_is_json() -> None:
    node = parse(b"value: {b: [1, 16.10, null], a: NO}\n", "file", STACK).root.entries["value"].node
    assert json.loads(text(node)) == {"a": "NO", "b": [1, 16.1, None]}
