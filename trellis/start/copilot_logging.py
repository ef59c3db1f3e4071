"""Where Copilot's workloads send their log: `logging`, beside its retention."""

from __future__ import annotations

from trellis.stackfile.nodes import Node
from trellis.start.copilot_workload import Workload
from trellis.start.image_reference import image_of
from trellis.start.ledger import entries, text

ROUTER_IMAGE = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
"""What Copilot routes logs with, if the manifest names none ("logging.image", Copilot's manifest of
a Load Balanced Web Service, 2026-11)."""


def log_router(workload: Workload) -> None:
    """What `logging` says beside its retention: where the log goes instead of CloudWatch."""
    draft, ledger = workload.draft, workload.draft.ledger
    destination = workload.at("logging", "destination")
    file = workload.at("logging", "configFilePath")
    if destination is None and file is None:
        for name in ("image", "enableMetadata", "secretOptions", "variables", "secrets"):
            ledger.advise(workload.at("logging", name), "it needs `logRouter` with its options")
        return
    if file is None and _is_cloudwatch(destination):
        for name in ("destination", "image", "enableMetadata", "secretOptions"):
            ledger.advise(workload.at("logging", name), "logs go to CloudWatch without a router")
        return
    image = workload.at("logging", "image")
    uri = str(ledger.take(image)) if image is not None else ROUTER_IMAGE
    found = image_of(uri, image, ledger) if image is not None else {"uri": uri}
    draft.put(workload.path("logRouter", "image"), found, image or destination or file)
    if destination is not None:
        options = {name: str(value) for name, value in ledger.take(destination).items()}
        draft.put(workload.path("logRouter", "options"), options, destination)
    draft.move(workload.path("logRouter", "configuration"), file)
    draft.move(workload.path("logRouter", "metadata"), workload.at("logging", "enableMetadata"))
    ledger.advise(
        workload.at("logging", "secretOptions"),
        "`uses: [{secret: KEY, as: VARIABLE}]`, and the variable in `logRouter.secretOptions`",
    )
    for name in ("variables", "secrets"):
        ledger.advise(
            workload.at("logging", name),
            "`environment` or `uses` of the service, and the name in `logRouter.variables`",
        )


def _is_cloudwatch(destination: Node | None) -> bool:
    """Whether the log goes where every task's does."""
    names = [text(node) or "" for name, node in entries(destination).items() if name == "Name"]
    return any(name.startswith("cloudwatch") for name in names)
