"""The JavaScript of sites, run on requests in Node, restricted to what CloudFront's runtime has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.sites.functions import CODE_LIMIT, viewer_request
from components.sites.settings import ContentSettings, ExternalSettings, SiteSettings
from tests.node.programs import answered

SITE = SiteSettings(
    domain="www.example.org",
    redirect_from=("example.org", "old.example.org"),
    content=ContentSettings(external=ExternalSettings(repository="a/b")),
)

Request = tuple[str, str | None, str, str | None]
"""Method, host, path and raw query."""


def run(pages: Any, requests: list[Request]) -> list[dict[str, Any]]:
    asked = [
        {"method": method, "host": host, "uri": uri, "raw": raw}
        for method, host, uri, raw in requests
    ]
    question = {"code": viewer_request(SITE, pages), "requests": asked}
    return answered("cloudfront-function.mjs", question)


def answer(result: dict[str, Any]) -> str:
    """A result in one line: the object's key, or status and where to."""
    if "statusCode" not in result:
        return result["uri"]
    location = result["headers"].get("location", {}).get("value", "")
    return f"{result['statusCode']} {location}".strip()


W = "www.example.org"

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What a browser accepts when somebody follows a link or types an address."""

FOLLOWED: list[tuple[str, str]] = [
    ("/people/ada.lovelace", "/index.html"),
    ("/ip/10.0.0.5", "/index.html"),
    ("/releases/v1.2-beta", "/index.html"),
    ("/files/report.pdf", "/files/report.pdf"),
    ("/assets/app.3f9c2ab1.js", "/assets/app.3f9c2ab1.js"),
    ("/.env", "/.env"),
    ("/.well-known/a.b", "/.well-known/a.b"),
]
"""Paths of a single-page application that a browser asks for as pages, and what they get."""

REDIRECTS: list[tuple[Request, str]] = [
    (("GET", "example.org", "/", None), "301 https://www.example.org/"),
    (("GET", "example.org", "/", ""), "301 https://www.example.org/"),
    (("GET", "example.org", "/a/b", None), "301 https://www.example.org/a/b"),
    (("GET", "example.org", "/a", "x=1"), "301 https://www.example.org/a?x=1"),
    (("GET", "example.org", "/a", "x=1&x=2&y="), "301 https://www.example.org/a?x=1&x=2&y="),
    (("GET", "example.org", "/a", "q=%26%3D+a"), "301 https://www.example.org/a?q=%26%3D+a"),
    (("GET", "example.org", "/%C3%A9", None), "301 https://www.example.org/%C3%A9"),
    (("GET", "EXAMPLE.org", "/", None), "301 https://www.example.org/"),
    (("GET", "example.org:443", "/", None), "301 https://www.example.org/"),
    (("GET", "old.example.org", "/x", None), "301 https://www.example.org/x"),
    (("HEAD", "example.org", "/x", None), "301 https://www.example.org/x"),
    (("POST", "example.org", "/api", "a=1"), "308 https://www.example.org/api?a=1"),
    (("PUT", "example.org", "/api", None), "308 https://www.example.org/api"),
    (("GET", "example.org", "//evil.example", None), "301 https://www.example.org//evil.example"),
    (("GET", "example.org", "/_trellis/live.json", None),
     "301 https://www.example.org/_trellis/live.json"),
]  # fmt: skip

SPA: list[tuple[Request, str]] = [
    (("GET", W, "/", None), "/index.html"),
    (("GET", W, "/orders", None), "/index.html"),
    (("GET", W, "/orders/17", None), "/index.html"),
    (("GET", W, "/orders/17/", "tab=a"), "/index.html"),
    (("GET", W, "/a.b/c", None), "/index.html"),
    (("GET", W, "/ip/10.0.0.5", None), "/index.html"),
    (("GET", W, "/people/ada.lovelace", None), "/people/ada.lovelace"),
    (("GET", W, "/models/tree.GLB", None), "/models/tree.GLB"),
    (("GET", W, "//evil.example/x", None), "/index.html"),
    (("GET", W, "/index.html", None), "/index.html"),
    (("GET", W, "/assets/app-3f9c2ab1.js", None), "/assets/app-3f9c2ab1.js"),
    (("GET", W, "/assets/missing.css", None), "/assets/missing.css"),
    (("GET", W, "/favicon.ico", "v=2"), "/favicon.ico"),
    (("GET", W, "/robots.txt", None), "/robots.txt"),
    (("GET", W, "/.well-known/security", None), "/.well-known/security"),
    (("GET", W, "/.well-known/apple-app-site-association", None),
     "/.well-known/apple-app-site-association"),
    (("GET", W, "/.env", None), "/.env"),
    (("GET", W, "/_trellis/live.json", None), "404"),
    (("GET", W, "/%5Ftrellis/live.json", None), "404"),
    (("GET", W, "/_trellis%2Flive.json", None), "404"),
    (("GET", W, "/_trellis/", None), "404"),
    (("GET", W, "/%E0%A4%A", None), "404"),
    (("GET", W, "/_trellises", None), "/index.html"),
    (("HEAD", W, "/orders", None), "/index.html"),
    (("GET", None, "/orders", None), "/index.html"),
    (("GET", "d111111abcdef8.cloudfront.net", "/orders", None), "/index.html"),
    (("GET", "sub.example.org", "/orders", None), "/index.html"),
]  # fmt: skip

FOLDERS: list[tuple[Request, str]] = [
    (("GET", W, "/", None), "/index.html"),
    (("GET", W, "/about/", None), "/about/index.html"),
    (("GET", W, "/about/team/", "a=1"), "/about/team/index.html"),
    (("GET", W, "/about", None), "301 https://www.example.org/about/"),
    (("GET", W, "/about", "a=1"), "301 https://www.example.org/about/?a=1"),
    (("GET", W, "/about", ""), "301 https://www.example.org/about/"),
    (("GET", W, "//evil.example/x", None), "301 https://www.example.org//evil.example/x/"),
    (("HEAD", W, "/about", None), "301 https://www.example.org/about/"),
    (("GET", W, "/about.html", None), "/about.html"),
    (("GET", W, "/v1.2/", None), "/v1.2/index.html"),
    (("GET", W, "/style.css", None), "/style.css"),
    (("GET", W, "/.well-known/x", None), "/.well-known/x"),
    (("GET", W, "/_trellis/release.json", None), "404"),
    (("GET", None, "/about", None), "301 https://www.example.org/about/"),
]

FILES: list[tuple[Request, str]] = [
    (("GET", W, "/", None), "404"),
    (("GET", W, "/", "list-type=2"), "404"),
    (("HEAD", W, "/", None), "404"),
    (("GET", W, "/images/a.png", None), "/images/a.png"),
    (("GET", W, "/images/a", None), "/images/a"),
    (("GET", W, "/images/", None), "/images/"),
    (("GET", W, "//", None), "//"),
    (("GET", W, "/_trellis/x", None), "404"),
]

NONE: list[tuple[Request, str]] = [
    (("GET", W, "/api/orders", "a=1"), "/api/orders"),
    (("POST", W, "/api/orders", None), "/api/orders"),
    (("GET", W, "/", None), "/"),
    (("GET", W, "/_trellis/x", None), "/_trellis/x"),
]


@pytest.mark.node
@pytest.mark.parametrize(
    ("pages", "cases"),
    [
        ("spa", [*REDIRECTS, *SPA]),
        ("folders", [*REDIRECTS, *FOLDERS]),
        ("files", [*REDIRECTS, *FILES]),
        ("none", [*REDIRECTS, *NONE]),
    ],
    ids=["spa", "folders", "files", "none"],
)
def test_every_request_gets_the_answer_of_its_kind_of_site(
    pages: str, cases: list[tuple[Request, str]]
):
    answers = run(pages, [request for request, _ in cases])
    assert [answer(element) for element in answers] == [expected for _, expected in cases]


@pytest.mark.node
def test_what_is_passed_on_is_the_request_with_nothing_but_another_path():
    (result,) = run("spa", [("GET", W, "/orders", "a=1")])
    assert result == {
        "method": "GET",
        "uri": "/index.html",
        "headers": {"host": {"value": W}},
        "cookies": {},
        "querystring": {},
    }


@pytest.mark.node
def test_a_404_of_the_function_is_kept_by_nobody():
    (result,) = run("files", [("GET", W, "/", None)])
    assert result["headers"] == {"cache-control": {"value": "no-store"}}


def test_the_code_fits_into_cloudfronts_limit_with_fifty_names():
    many = SITE.model_copy(update={"redirect_from": tuple(f"n{n}.example.org" for n in range(50))})
    assert len(viewer_request(many, "spa").encode()) < CODE_LIMIT


def test_more_names_than_fit_are_refused_in_words():
    many = SITE.model_copy(update={"redirect_from": tuple(f"n{n}.example.org" for n in range(900))})
    with pytest.raises(ValueError, match="10240 bytes"):
        viewer_request(many, "spa")


def test_values_of_the_stack_file_stay_text_in_the_code():
    odd = SITE.model_copy(update={"index": "a'\"\\</script>.html"})
    first = viewer_request(odd, "spa").splitlines()[0]
    assert json.loads(first.removeprefix("const SITE = ").removesuffix(";"))["index"] == odd.index


@pytest.mark.node
def test_a_followed_link_with_a_dot_is_a_page_unless_it_ends_as_files_do():
    requests = [
        {"method": "GET", "host": W, "uri": uri, "raw": None, "accept": BROWSER}
        for uri, _ in FOLLOWED
    ]
    question = {"code": viewer_request(SITE, "spa"), "requests": requests}
    given = [answer(element) for element in answered("cloudfront-function.mjs", question)]
    assert given == [expected for _, expected in FOLLOWED]
