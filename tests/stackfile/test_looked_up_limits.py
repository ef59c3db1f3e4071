"""What an account has of runs at once and of models' regions: looked up, then held."""

from __future__ import annotations

from typing import Any

import pytest

from components.functions.settings import FunctionSettings
from components.model.settings import ModelSettings
from tests.stackfile.conftest import Stack
from trellis.stackfile.context import Context, context_file, context_text
from trellis.stackfile.looking_up_values import concurrency, profile_regions

FUNCTIONS = """\
  trellis:profile: development
  trellis:functions:
    one: {code: {path: app, handler: app.handle}, concurrency: {reserved: 500}}
    two: {code: {path: app, handler: app.handle}, concurrency: {reserved: 401}}
"""
IMAGE = {"uri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a@sha256:" + "0" * 64}
MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"


class Asked:
    """A session whose one client notes what it is asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def client(self, _: str) -> Any:
        return self

    def get_account_settings(self) -> Any:
        self.asked.append("limits")
        return {"AccountLimit": {"ConcurrentExecutions": self.answers["limit"]}}

    def get_inference_profile(self, *, inferenceProfileIdentifier: str) -> Any:  # noqa: N803
        self.asked.append(inferenceProfileIdentifier)
        regions = ("us-west-2", "us-east-1")
        return {
            "models": [
                {"modelArn": f"arn:aws:bedrock:{region}::foundation-model/{MODEL}"}
                for region in regions
            ]
        }


def test_the_limit_is_asked_for_where_a_function_reserves_some():
    session: Any = Asked({"limit": 1000})
    plain = FunctionSettings.model_validate({"image": IMAGE})
    assert concurrency(session, [plain]) is None
    assert session.asked == []
    reserving = FunctionSettings.model_validate({"image": IMAGE, "concurrency": {"reserved": 1}})
    assert concurrency(session, [plain, reserving]) == 1000


def test_a_global_profile_has_no_regions_to_look_up():
    session: Any = Asked({})
    models = [
        ModelSettings(provider="bedrock", id=MODEL, profile="global"),
        ModelSettings(provider="bedrock", id=MODEL, profile="us"),
        ModelSettings(provider="bedrock", id=MODEL),
    ]
    assert dict(profile_regions(session, models)) == {f"us.{MODEL}": ("us-east-1", "us-west-2")}
    assert session.asked == [f"us.{MODEL}"]


@pytest.mark.parametrize(("limit", "refused"), [(None, None), (1001, None), (1000, "two"),
                                                (599, "one"), (10, "one")])  # fmt: skip
def test_functions_reserve_no_more_than_leaves_a_hundred(
    stack: Stack, limit: int | None, refused: str | None
):
    stack.write(FUNCTIONS)
    (stack.folder / "app").mkdir()
    (stack.folder / "app" / "app.py").write_text("def handle(event, context): ...\n")
    file = context_file(stack.folder / "Pulumi.dev.yaml", "dev")
    file.write_text(context_text(Context(concurrency=limit)))
    problems = stack.problems()
    if refused is None:
        assert not problems
        return
    first = problems[0]
    assert first.path == ("functions", refused, "concurrency", "reserved")
    assert f"{max(0, (limit or 0) - 100)} in all" in first.allowed
    assert first.source is not None
    assert first.source.line == (7 if refused == "one" else 8)
