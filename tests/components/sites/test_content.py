"""What a built folder becomes: objects, their order and headers, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from components.sites import content
from components.sites.content import ALWAYS_ASK, YEAR, ContentError, ContentPlan, plan_content
from components.sites.settings import SiteSettings

SITE = {
    "index.html": "<script src=/assets/app-1.js>",
    "about/index.html": "about",
    "assets/app-1.js": "1",
    "assets/app-1.css": "body{}",
    "favicon.ico": "i",
    "robots.txt": "User-agent: *",
    "data.unknown": "?",
}


def built(project: Path, files: dict[str, str], folder: str = "dist") -> Path:
    for name, text in files.items():
        file = project / folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return project


def planned(project: Path, *, path: str = "dist", site: Any = None, **settings: Any) -> ContentPlan:
    content_: dict[str, Any] = {"path": path, **settings}
    given: dict[str, Any] = {"domain": "app.example.org", "content": content_, **(site or {})}
    return plan_content(project, SiteSettings.model_validate_json(json.dumps(given)))


def test_only_what_changes_its_name_with_its_content_is_kept_for_a_year(tmp_path: Path):
    headers = {file.key: file.cache_control for file in planned(built(tmp_path, SITE)).files}
    assert headers == {
        "index.html": ALWAYS_ASK,
        "about/index.html": ALWAYS_ASK,
        "assets/app-1.js": YEAR,
        "assets/app-1.css": YEAR,
        "favicon.ico": ALWAYS_ASK,
        "robots.txt": ALWAYS_ASK,
        "data.unknown": ALWAYS_ASK,
    }


def test_a_page_is_never_immutable_wherever_it_stands(tmp_path: Path):
    plan = planned(built(tmp_path, {**SITE, "assets/page.html": "x"}))
    page = next(file for file in plan.files if file.key == "assets/page.html")
    assert (page.immutable, page.cache_control) == (False, ALWAYS_ASK)


def test_a_pattern_sets_another_cache_header(tmp_path: Path):
    plan = planned(built(tmp_path, SITE), cache={"*.ico": "max-age=600", "*": "no-store"})
    headers = {file.key: file.cache_control for file in plan.files}
    assert headers["favicon.ico"] == "max-age=600"
    assert headers["index.html"] == "no-store"


def test_content_types_do_not_depend_on_the_machine(tmp_path: Path):
    more = {".well-known/apple-app-site-association": "{}"}
    plan = planned(built(tmp_path, {**SITE, **more}))
    types = {file.key: file.content_type for file in plan.files}
    assert types["index.html"] == "text/html; charset=utf-8"
    assert types["assets/app-1.js"] == "text/javascript; charset=utf-8"
    assert types["data.unknown"] == "application/octet-stream"
    assert types[".well-known/apple-app-site-association"] == "application/json"


def marks(plan: ContentPlan) -> dict[str, str]:
    return {key: mark for group in plan.release for key, mark in group["marks"].items()}


def test_a_release_changes_with_content_and_headers_and_with_nothing_else(tmp_path: Path):
    first = planned(built(tmp_path / "a", SITE))
    same = planned(built(tmp_path / "b", dict(reversed(SITE.items()))))
    other = planned(built(tmp_path / "c", {**SITE, "robots.txt": "other"}))
    header = planned(tmp_path / "a", cache={"robots.txt": "max-age=60"})
    assert (first.release, first.digest) == (same.release, same.digest)
    assert (first.digest == header.digest, first.digest == other.digest) == (True, False)
    for changed in (other, header):
        assert {k for k, mark in marks(first).items() if marks(changed)[k] != mark} == {
            "robots.txt"
        }


def test_files_of_the_same_headers_stand_together(tmp_path: Path):
    release = planned(built(tmp_path, SITE)).release
    assert [(element["type"], element["cache"], element["immutable"]) for element in release] == [
        ("application/octet-stream", ALWAYS_ASK, False),
        ("image/x-icon", ALWAYS_ASK, False),
        ("text/css; charset=utf-8", YEAR, True),
        ("text/html; charset=utf-8", ALWAYS_ASK, False),
        ("text/javascript; charset=utf-8", YEAR, True),
        ("text/plain; charset=utf-8", ALWAYS_ASK, False),
    ]
    assert sorted(release[3]["marks"]) == ["about/index.html", "index.html"]


def test_names_with_spaces_accents_and_other_case_are_keys_of_their_own(tmp_path: Path):
    names = ["a b.txt", "A b.txt", "über uns.html", "日本.txt", "a+b&c=d.txt", "50%.txt"]
    plan = planned(built(tmp_path, {**SITE, **dict.fromkeys(names, "x")}))
    assert {file.key for file in plan.files} >= set(names)


def test_what_file_managers_leave_behind_stays_at_home(tmp_path: Path):
    plan = planned(built(tmp_path, {**SITE, ".DS_Store": "x", "assets/Thumbs.db": "x"}))
    assert {file.key for file in plan.files} == set(SITE)


def test_files_alone_need_no_index_page(tmp_path: Path):
    plan = planned(built(tmp_path, {"a.js": "1"}), site={"pages": "files"})
    assert [file.key for file in plan.files] == ["a.js"]


@pytest.mark.parametrize(
    ("files", "site", "field", "words"),
    [
        ({}, {}, "content", "which is not there"),
        ({"a.js": "1"}, {}, "index", "no index.html in dist"),
        ({"home.html": "1"}, {}, "index", "dist has home.html"),
        (SITE, {"notFound": "/404.html"}, "notFound", "which is not in dist"),
        ({**SITE, ".env.production": "KEY=1"}, {}, "content", "it would be on the internet"),
        ({**SITE, ".git/config": "x"}, {}, "content", ".git in the built site"),
        ({**SITE, "_trellis/x": "x"}, {}, "content", "names outside /_trellis/"),
        ({**SITE, "a\nb.txt": "x"}, {}, "content", r"the name a\\nb.txt"),
    ],
)
def test_a_folder_that_is_no_site_is_refused_in_words(
    tmp_path: Path, files: dict[str, str], site: dict[str, Any], field: str, words: str
):
    with pytest.raises(ContentError, match=words) as refused:
        planned(built(tmp_path, files), site=site)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (".", "holds the project itself"),
        ("", "holds the project itself"),
        ("..", "holds the project itself"),
        ("dist/index.html", "which is a file"),
        ("empty", "which is empty"),
    ],
)
def test_a_path_that_is_no_built_folder_is_refused(tmp_path: Path, path: str, words: str):
    (tmp_path / "shop" / "empty").mkdir(parents=True)
    with pytest.raises(ContentError, match=words):
        planned(built(tmp_path / "shop", SITE), path=path)


def test_a_folder_beside_the_project_may_be_it(tmp_path: Path):
    built(tmp_path, SITE, "web/dist")
    (tmp_path / "infra").mkdir()
    assert len(planned(tmp_path / "infra", path="../web/dist").files) == len(SITE)


def linked(project: Path, target: Path) -> Path:
    (project / "dist" / "link.txt").symlink_to(target)
    return project


def test_a_link_to_a_file_of_the_site_is_that_file(tmp_path: Path):
    project = linked(built(tmp_path, SITE), Path("robots.txt"))
    by_key = {file.key: file.digest for file in planned(project).files}
    assert by_key["link.txt"] == by_key["robots.txt"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("../secret", "leads out of the built site"),
        ("../nothing", "a link to what is not there"),
        ("assets", "a link to a folder"),
        ("..", "a link to a folder"),
    ],
)
def test_any_other_link_is_refused(tmp_path: Path, target: str, words: str):
    (tmp_path / "secret").write_text("s")
    project = linked(built(tmp_path, SITE), Path(target))
    with pytest.raises(ContentError, match=words):
        planned(project)


def test_what_is_no_file_is_refused(tmp_path: Path):
    project = built(tmp_path, SITE)
    os.mkfifo(project / "dist" / "pipe")
    with pytest.raises(ContentError, match="neither file nor folder"):
        planned(project)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path):
    project = built(tmp_path, SITE)
    (project / "dist" / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    with pytest.raises(ContentError, match="no UTF-8"):
        planned(project)


def test_more_than_a_function_can_unpack_is_refused_unread(tmp_path: Path):
    project = built(tmp_path, SITE)
    with (project / "dist" / "film.mp4").open("wb") as file:
        file.truncate(6 * 1024**3)  # It takes no room: nothing is written.
    with pytest.raises(ContentError, match=r"found film.mp4 of 6 GiB; allowed is at most 5 GiB"):
        planned(project)


def test_files_that_are_too_much_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(content, "MOST_CONTENT", 30)
    with pytest.raises(ContentError, match=r"found dist of 0.0 GiB"):
        planned(built(tmp_path, SITE))


def test_more_files_than_a_function_can_be_told_of_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(content, "MANIFEST_LIMIT", 100)
    with pytest.raises(ContentError, match="at most 100 bytes"):
        planned(built(tmp_path, SITE))
