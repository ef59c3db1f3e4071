python - <<'PROGRAM'
import json, os, re, sys, urllib.request

LIMIT = 65_536
STACKS = "@@stacks@@".split(", ")
API, PROJECT = os.environ["CI_API_V4_URL"], os.environ["CI_PROJECT_ID"]
TOKEN = os.environ.get("TRELLIS_NOTES_TOKEN") or sys.exit("TRELLIS_NOTES_TOKEN is not set for the environment `notes`")

def ask(path, method="GET", said=None, most=-1):
    request = urllib.request.Request(
        f"{API}{path}", None if said is None else json.dumps(said).encode(),
        {"Content-Type": "application/json"}, method=method,
    )
    # It goes along with no redirection: artifacts may lie at another host.
    request.add_unredirected_header("PRIVATE-TOKEN", TOKEN)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(most), answer.headers

def pages(path):
    page = "1"
    while page:
        told, headers = ask(f"/projects/{PROJECT}{path}per_page=100&page={page}")
        yield from json.loads(told)
        page = headers.get("X-Next-Page")

def planned(merge_request):
    """The newest run of the merge request's own pipeline here, if it is of its last commit."""
    runs = [run for run in pages(f"/merge_requests/{merge_request['iid']}/pipelines?")
            if str(run["project_id"]) == PROJECT and run["source"] == "merge_request_event"]
    run = max(runs, key=lambda run: run["id"], default=None)
    if run is None:
        return None
    commits = [run["sha"]]
    if run["ref"].endswith("/merge"):
        told, _ = ask(f"/projects/{PROJECT}/repository/commits/{run['sha']}")
        commits += json.loads(told)["parent_ids"]
    return run if merge_request["sha"] in commits else None

def harmless(report):
    """The report as text that calls nobody and commands nothing: GitLab takes a line that begins with a
    slash for a command of who writes it."""
    report = report.replace("@", "@\u200b")
    return re.sub(r"(^|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])([\s>*+-]*)/", "\\1\\2\u200b/", report)

def write(merge_request, report, me):
    if len(report) > LIMIT:
        raise ValueError("longer than a note is to be")
    marker = report.split("\n", 1)[0]
    if not re.fullmatch(r"<!-- trellis:[\w./-]+ -->", marker, re.ASCII):
        raise ValueError("no marker")
    notes, body = f"/merge_requests/{merge_request['iid']}/notes", harmless(report)
    mine = next((note for note in pages(f"{notes}?")
                 if note["author"]["id"] == me and note["body"].split("\n", 1)[0] == marker), None)
    if mine is None:
        ask(f"/projects/{PROJECT}{notes}", "POST", {"body": body})
    elif mine["body"].rstrip() != body.rstrip():
        ask(f"/projects/{PROJECT}{notes}/{mine['id']}", "PUT", {"body": body})

me = json.loads(ask("/user")[0])["id"]
failed = False
for merge_request in pages("/merge_requests?state=opened&target_branch=@@branch@@&"):
    try:
        run = planned(merge_request)
        jobs = pages(f"/pipelines/{run['id']}/jobs?scope[]=success&") if run else ()
        plans = {job["name"]: job["id"] for job in jobs}
        for stack in STACKS:
            if (job := plans.get(f"plan: [{stack}]")) is not None:
                file = f"/projects/{PROJECT}/jobs/{job}/artifacts/report/{stack}/comment.md"
                write(merge_request, ask(file, most=4 * LIMIT)[0].decode(), me)
    except (OSError, ValueError, KeyError, TypeError) as error:
        failed = True
        print(f"!{merge_request['iid']}: {type(error).__name__}: {error}", file=sys.stderr)
sys.exit(failed)
PROGRAM
