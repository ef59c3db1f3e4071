"""Notes on GitLab's merge requests: the script, run against a GitLab in memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.workflows.test_rendered_workflows import TEAM, parsed
from tests.workflows.test_traps import gitlab_jobs
from trellis.workflows.render import gitlab

MARKER = "<!-- trellis:shop/prod -->"
REPORT = f"{MARKER}\n### prod: 1 replaced\n"
TOKEN = "glpat-secret"
ME = 77


@dataclass
class Lab:
    """A project's merge requests, their pipelines and notes; and what was asked."""

    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    runs: dict[int, list[dict[str, Any]]] = field(default_factory=dict[int, list[dict[str, Any]]])
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict[int, list[dict[str, Any]]])
    reports: dict[str, bytes] = field(default_factory=dict[str, bytes])
    notes: dict[int, list[dict[str, Any]]] = field(default_factory=dict[int, list[dict[str, Any]]])
    parents: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    store: str = ""
    """Where artifacts lie, if that is another host."""
    posted: list[tuple[str, str, Any]] = field(default_factory=list[tuple[str, str, Any]])
    tokens: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])

    def planned(self, iid: int, report: str | bytes = REPORT, **run: Any) -> Lab:
        """A merge request whose own pipeline planned its last commit."""
        self.requests.append({"iid": iid, "sha": f"head{iid}"})
        self.runs[iid] = [
            {"id": iid * 10, "project_id": 5, "source": "merge_request_event",
             "sha": f"head{iid}", "ref": f"refs/merge-requests/{iid}/head", **run}
        ]  # fmt: skip
        self.jobs[iid * 10] = [{"id": iid * 100, "name": "plan: [prod]"}]
        self.reports[f"{iid * 100}/prod"] = report if isinstance(report, bytes) else report.encode()
        return self

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        """What GitLab says; None where there is nothing."""
        if path == "/user":
            return {"id": ME}
        here = path.removeprefix("/projects/5")
        if here == "/merge_requests":
            assert query["state"] == ["opened"]
            assert query["target_branch"] == ["main"]
            return self.requests
        if found := re.fullmatch(r"/merge_requests/(\d+)/pipelines", here):
            return self.runs.get(int(found[1]), [])
        if found := re.fullmatch(r"/pipelines/(\d+)/jobs", here):
            assert query["scope[]"] == ["success"]
            return self.jobs.get(int(found[1]), [])
        if found := re.fullmatch(r"/repository/commits/(\w+)", here):
            return {"parent_ids": self.parents[found[1]]}
        if found := re.fullmatch(r"/jobs/(\d+)/artifacts/report/(\w+)/comment.md", here):
            return self.reports.get(f"{found[1]}/{found[2]}")
        if found := re.fullmatch(r"/merge_requests/(\d+)/notes(/\d+)?", here):
            if method == "GET":
                return self.notes.get(int(found[1]), [])
            self.posted.append((method, here, body["body"]))
            return {}
        return None


class Server:
    """One host that answers as a lab does."""

    def __init__(self, lab: Lab, prefix: str = "/api/v4") -> None:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None: ...

            def answered(self) -> None:
                asked = urlsplit(self.path)
                lab.tokens.append((self.path, self.headers.get("PRIVATE-TOKEN")))
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                query = parse_qs(asked.query)
                path = asked.path.removeprefix(prefix)
                if lab.store and "/artifacts/" in path and prefix:
                    self.send_response(302)
                    self.send_header("Location", f"{lab.store}{path}")
                    self.end_headers()
                    return
                response = lab.answer(self.command, path, query, body)
                self.send_response(404 if response is None else 200)
                if isinstance(response, list):
                    # A page has two entries, so that everything has more than one.
                    every, at = cast("list[Any]", response), int(query["page"][0])
                    self.send_header("X-Next-Page", str(at + 1) if len(every) > at * 2 else "")
                    response = every[at * 2 - 2 : at * 2]
                self.end_headers()
                self.wfile.write(
                    response if isinstance(response, bytes) else json.dumps(response).encode()
                )

            do_GET = do_POST = do_PUT = answered  # noqa: N815 -- the server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
def server(lab: Lab) -> Iterator[Server]:
    server = Server(lab)
    yield server
    server.close()


def ran(server: Server, token: str | None = TOKEN) -> subprocess.CompletedProcess[str]:
    """Run the job's script as GitLab does."""
    (script,) = parsed(gitlab(TEAM)[".gitlab-ci.yml"])["notes"]["script"]
    script = script.replace("python -", f"{sys.executable} -", 1)
    environment = {
        "PATH": "/usr/bin:/bin", "CI_API_V4_URL": f"{server.address}/api/v4", "CI_PROJECT_ID": "5",
        **({} if token is None else {"TRELLIS_NOTES_TOKEN": token}),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert TOKEN not in done.stdout + done.stderr
    return done


def test_a_note_is_made_once_and_edited_after_that(lab: Lab, server: Server):
    lab.planned(7)
    done = ran(server)
    assert done.returncode == 0, done.stderr
    assert lab.posted == [("POST", "/merge_requests/7/notes", REPORT)]
    other = {"id": 1, "author": {"id": 3}, "body": f"{MARKER}\nmine"}
    staging = {"id": 2, "author": {"id": ME}, "body": "<!-- trellis:shop/staging -->\nx"}
    mine = {"id": 3, "author": {"id": ME}, "body": f"{MARKER}\nolder"}
    # On the second page.
    lab.notes[7] = [other, staging, mine]
    lab.posted.clear()
    assert ran(server).returncode == 0
    assert lab.posted == [("PUT", "/merge_requests/7/notes/3", REPORT)]
    # What says so already is not edited: GitLab keeps no final line end.
    lab.notes[7] = [{**mine, "body": REPORT.strip()}]
    lab.posted.clear()
    assert ran(server).returncode == 0
    assert lab.posted == []


@pytest.mark.long
def test_every_open_merge_request_gets_its_note(lab: Lab, server: Server):
    for iid in range(1, 6):
        lab.planned(iid)
    lab.reports["300/prod"] = b"no marker"
    done = ran(server)
    assert done.returncode == 1
    assert "!3: ValueError: no marker" in done.stderr
    assert [path for _, path, _ in lab.posted] == [
        f"/merge_requests/{iid}/notes" for iid in (1, 2, 4, 5)
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    "run",
    [
        {"sha": "older"},
        {"project_id": 6},
        {"source": "push"},
        {"ref": "refs/merge-requests/7/merge", "sha": "merged"},
    ],
)
def test_what_another_commit_or_project_planned_is_left_alone(
    run: dict[str, Any], lab: Lab, server: Server
):
    lab.planned(7, **run)
    lab.parents["merged"] = ["main1", "older"]
    done = ran(server)
    assert (done.returncode, lab.posted) == (0, []), done.stderr


def test_a_merged_results_pipeline_is_of_the_last_commit_too(lab: Lab, server: Server):
    lab.planned(7, ref="refs/merge-requests/7/merge", sha="merged")
    lab.parents["merged"] = ["main1", "head7"]
    assert ran(server).returncode == 0
    assert len(lab.posted) == 1


@pytest.mark.long
def test_only_the_newest_run_counts_and_one_without_a_plan_says_nothing(lab: Lab, server: Server):
    lab.planned(7)
    lab.runs[7].insert(0, {**lab.runs[7][0], "id": 9, "sha": "head7"})
    lab.runs[7].append({**lab.runs[7][1], "id": 99})
    lab.jobs[99] = [{"id": 1, "name": "plan: [dev]"}, {"id": 2, "name": "check"}]
    assert ran(server).returncode == 0
    assert lab.posted == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("hello", "no marker"),
        ("<!-- trellis:a --><img> -->\n", "no marker"),
        (f" {MARKER}\n", "no marker"),
        ("<!-- trellis:é -->\n", "no marker"),
        (MARKER + "\n" + "x" * 66_000, "longer than"),
        (MARKER + "\n" + "x" * 2_000_000, "longer than"),
        (b"\xff\xfe", "UnicodeDecodeError"),
        ("", "no marker"),
    ],
    ids=["none", "ended", "later", "letters", "long", "endless", "bytes", "empty"],
)
def test_a_report_that_is_not_one_is_refused(
    report: str | bytes, message: str, lab: Lab, server: Server
):
    lab.planned(7, report)
    done = ran(server)
    assert done.returncode == 1
    assert message in done.stderr
    assert lab.posted == []


@pytest.mark.long
@pytest.mark.parametrize(
    "line",
    ["/merge", "  /approve", "\t/close", "> /assign @root", "- /label ~x", "a\r/merge",
     "a\u2028/merge", "a\x85/merge", "* > /merge", "\r\n/merge"],
)  # fmt: skip
def test_no_line_of_a_report_commands_the_bot_or_calls_anybody(line: str, lab: Lab, server: Server):
    lab.planned(7, f"{MARKER}\n{line}\n@all and a/b stay text\n")
    assert ran(server).returncode == 0
    ((_, _, body),) = lab.posted
    for written in re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", body):
        assert not re.match(r"[\s>*+-]*/", written), written
    assert "@\u200ball and a/b" in body
    assert body.startswith(MARKER)


@pytest.mark.long
def test_the_token_goes_to_gitlab_and_nowhere_else(lab: Lab, server: Server):
    """Artifacts may lie in a store of another host, to which GitLab redirects."""
    elsewhere = Lab(reports=lab.reports)
    store = Server(elsewhere, prefix="")
    lab.store = store.address
    lab.planned(7)
    try:
        assert ran(server).returncode == 0
    finally:
        store.close()
    assert len(lab.posted) == 1
    assert {token for _, token in lab.tokens} == {TOKEN}
    assert [token for _, token in elsewhere.tokens] == [None]
    assert not any(TOKEN in path for path, _ in lab.tokens)


def test_a_gitlab_that_refuses_fails_the_job(lab: Lab, server: Server):
    lab.planned(7)
    lab.reports.clear()
    done = ran(server)
    assert done.returncode == 1
    assert "!7: HTTPError: HTTP Error 404" in done.stderr


@pytest.mark.parametrize("token", [None, ""])
def test_without_its_token_nothing_is_asked(token: str | None, lab: Lab, server: Server):
    done = ran(server, token)
    assert done.returncode == 1
    assert "TRELLIS_NOTES_TOKEN is not set" in done.stderr
    assert lab.tokens == []


def test_the_token_reaches_one_job_of_the_branch_that_runs_nothing_else():
    jobs = gitlab_jobs()
    notes = jobs["notes"]
    # What is tested is refused where it has the token.
    named = {name for name, job in jobs.items() if "TRELLIS_NOTES_TOKEN" in str(job)}
    assert named == {"notes", "test web"}
    (rule,) = notes["rules"]
    for asked in ('== "schedule"', '$CI_COMMIT_BRANCH == "main"', '$TRELLIS_SCHEDULE == "notes"'):
        assert asked in rule["if"]
    assert "merge_request_event" not in rule["if"]
    assert notes["environment"] == {"name": "notes", "action": "access"}
    assert notes["before_script"] == []
    assert notes["variables"] == {"GIT_STRATEGY": "none"}
    assert "id_tokens" not in notes
    # Its schedule starts nothing else, and no other job takes part in that environment.
    for name, job in jobs.items():
        if name != "notes":
            assert job.get("environment") != notes["environment"]
            for asked in job["rules"]:
                quiet = ('!= "notes"', '!= "schedule"', '"merge_request_event"', '== "push"')
                assert any(word in asked["if"] for word in quiet), name
