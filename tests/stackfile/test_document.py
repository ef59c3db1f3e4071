"""A file that can't be read says so with its line; what can be read is read to the end."""

from __future__ import annotations

import pytest

from trellis.stackfile import document
from trellis.stackfile.document import STACK, UnreadableError, parse
from trellis.stackfile.nodes import plain


def values(text: str) -> object:
    return plain(parse(text.encode(), "file", STACK).root)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "an empty file"),
        (b"# only a comment\n", 1, "an empty file"),
        (b"~\n", 1, "an empty file"),
        (b"a: 1\nb: [1, 2\nc: 3\n", 3, "flow sequence"),
        (b"a: 1\nb: 'unclosed\n", 3, "end of stream"),
        (b"a: 1\n\tb: 2\n", 2, "a tab character"),
        (b"a: 1\n  b: 2\n", 2, "mapping values are not allowed"),
        (b"a: 1\nb: \xff\n", 2, "no UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "control characters"),
        (b"- a\n- b\n", 1, "a list"),
        (b"just text\n", 1, "just text"),
        (b"a: 1\nb: *nowhere\n", 2, "*nowhere"),
        (b"a: &x\n  b: *x\n", 2, "inside its own value"),
        (b"a: @x\n", 1, "cannot start any token"),
        (b"[" * 3000, 1, "levels of nesting"),
    ],
)
def test_an_unreadable_file_says_why_and_where(data: bytes, line: int, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(data, "Pulumi.dev.yaml", STACK)
    problem = caught.value.problem
    assert message in f"{problem.found} {problem.allowed}"
    assert problem.source is not None
    assert (problem.source.file, problem.source.line) == ("Pulumi.dev.yaml", line)


def test_a_tab_is_told_what_to_become() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(b"a:\n\tb: 2\n", "file", STACK)
    assert caught.value.problem.hint == "indent with spaces, not with tabs"


def test_an_unreadable_place_has_the_path_that_leads_to_it() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(b"config:\n  a:\n    - b: *x\n", "file", STACK)
    assert caught.value.problem.path == ("config", "a", 0, "b")


def test_a_key_given_twice_is_refused_at_its_second_place() -> None:
    read = parse(b"a: {b: 1, c: 2,\n b: 3}\nd: 4\n", "file", STACK)
    (problem,) = read.problems
    assert (problem.path, problem.source and problem.source.line) == (("a", "b"), 2)
    assert plain(read.root) == {"a": {"b": 1, "c": 2}, "d": 4}


def test_a_second_document_is_refused() -> None:
    (problem,) = parse(b"a: 1\n---\nb: 2\n", "file", STACK).problems
    assert problem.source is not None
    assert (problem.source.line, "second document" in problem.found) == (2, True)


@pytest.mark.parametrize("word", [".inf", "-.INF", ".nan"])
def test_a_number_that_json_does_not_have_is_refused(word: str) -> None:
    (problem,) = parse(f"a: [{word}]\n".encode(), "file", STACK).problems
    assert (problem.path, problem.found) == (("a", 0), word)


def test_a_tag_that_the_text_can_not_have_is_refused() -> None:
    (problem,) = parse(b"a: !!int abc\n", "file", STACK).problems
    assert problem.path == ("a",)


def test_a_list_as_a_key_is_refused() -> None:
    (problem,) = parse(b"? [a]\n: 1\n", "file", STACK).problems
    assert problem.found == "a list or mapping as a key"


def test_a_key_that_would_become_another_text_is_refused() -> None:
    (problem,) = parse(b"tags: {0x1F: a}\n", "file", STACK).problems
    assert problem.hint == 'quote it: "0x1F"'


def test_aliases_and_merge_keys_are_followed() -> None:
    text = "a: &a {x: 1, y: {z: 2}}\nb: *a\nc: {<<: *a, x: 3}\nd: {<<: [{x: 5}, *a], w: 0}\n"
    assert values(text) == {
        "a": {"x": 1, "y": {"z": 2}},
        "b": {"x": 1, "y": {"z": 2}},
        "c": {"x": 3, "y": {"z": 2}},
        "d": {"w": 0, "x": 5, "y": {"z": 2}},
    }


def test_an_anchor_can_be_set_anew() -> None:
    assert values("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_aliases_that_grow_without_bounds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_VALUES", 1000)
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(UnreadableError, match="aliases followed"):
        values("\n".join(lines))


def test_numbers_and_truth_values_as_keys_are_text() -> None:
    assert values("a: {8080: x, true: y}") == {"a": {"8080": "x", "true": "y"}}


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    assert plain(parse(b"\xef\xbb\xbfa: 1\n", "file", STACK).root) == {"a": 1}
