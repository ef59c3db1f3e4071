"""What a release asks of S3 and CloudFront: every call counted, against moto."""

from __future__ import annotations

from datetime import timedelta

from functions.site_content.handler import plan
from tests.components.sites.releases import BEFORE, IMMUTABLE, MUTABLE, NOW, release


def test_a_first_release_puts_all_and_invalidates_all_that_may_have_been_there_before():
    step = plan(BEFORE, None, {}, NOW)
    assert step.put == (("assets/a-1.js", "assets/b-1.js", "r.txt"), ("index.html",))
    assert step.paths == ("/*",)


def test_an_unchanged_release_does_nothing():
    step = plan(BEFORE, BEFORE, {}, NOW)
    assert (step.put, step.gone, step.paths, step.old, step.retired) == ((), (), (), (), {})


def test_pages_come_after_all_else_and_the_index_page_last():
    new = release({"assets/z.js": "1"}, {"zebra.html": "1", "index.html": "1", "a/x.html": "1"})
    assert plan(new, None, {}, NOW).put == (
        ("assets/z.js",),
        ("a/x.html", "zebra.html"),
        ("index.html",),
    )


def test_a_page_that_left_goes_and_is_invalidated_and_a_new_one_is_not():
    after = release(IMMUTABLE, {"index.html": "1", "new page.html": "1"})
    step = plan(after, BEFORE, {}, NOW)
    assert (step.put, step.gone, step.paths) == ((("new page.html",),), ("r.txt",), ("/r.txt",))


def test_a_path_is_written_as_a_browser_asks_for_it():
    before, after = (release({}, {"über uns*.html": mark}) for mark in "12")
    assert plan(after, before, {}, NOW).paths == ("/%C3%BCber%20uns%2A.html",)


def test_more_than_a_hundred_changes_are_one_path_for_everything():
    files = [f"{n}.html" for n in range(101)]
    before, after = (release({}, dict.fromkeys(files, mark)) for mark in "12")
    assert plan(after, before, {}, NOW).paths == ("/*",)


def test_an_immutable_file_outlives_its_release_and_then_goes():
    after = release({"assets/a-1.js": "1"}, MUTABLE)
    left = plan(after, BEFORE, {}, NOW)
    assert (left.paths, left.gone, left.old) == ((), (), ())
    assert left.retired == {"assets/b-1.js": NOW.isoformat()}

    soon = plan(after, after, left.retired, NOW + timedelta(days=30))
    assert soon.old == ()
    later = plan(after, after, soon.retired, NOW + timedelta(days=31))
    assert (later.old, later.retired) == (("assets/b-1.js",), {})


def test_a_release_told_twice_does_not_make_old_files_younger():
    after = release({"assets/a-1.js": "1"}, MUTABLE)
    first = plan(after, BEFORE, {}, NOW)
    assert plan(after, BEFORE, first.retired, NOW + timedelta(days=1)) == first


def test_a_file_that_comes_back_is_not_taken_away():
    retired = {"assets/b-1.js": NOW.isoformat()}
    back = plan(BEFORE, BEFORE, retired, NOW + timedelta(days=99))
    assert (back.old, back.retired) == ((), {})


def test_an_immutable_file_of_another_content_is_invalidated_after_all():
    after = release({**IMMUTABLE, "assets/a-1.js": "2"}, MUTABLE)
    assert plan(after, BEFORE, {}, NOW).paths == ("/assets/a-1.js",)
