"""Other providers of sign-in in the real engine: a secret that gets its value, and loses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.engine import Engine, EngineError, EngineStack
from tests.engine.test_service_changes import touched

pytestmark = pytest.mark.engine

STACK = """config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:secrets:
    google: {}
    okta: {}
  trellis:userPools:
    main:
      domain: {prefix: shop-dev}
      clients:
        web: {callbacks: ["https://shop.example.com/in"]}
      providers:
        google: {kind: google, clientId: shop.apps.example.com, secret: google}
        okta: {kind: oidc, clientId: shop, secret: okta, issuer: "https://okta.example.com"}
"""


def filled(stack: EngineStack, *secrets: str) -> None:
    """What `trellis lookup` writes once an operator has set the secrets."""
    names = [f"shop/dev/{secret}" for secret in secrets]
    context = {"version": 1, "secrets": names}
    (stack.folder / "trellis.dev.context.json").write_text(json.dumps(context))


def test_a_provider_waits_for_a_value_and_is_not_taken_away_without_it(
    engine: Engine, tmp_path: Path
):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stack = engine.stack(tmp_path, "dev", text=STACK)
    filled(stack, "google")
    assert "can't sign in by okta yet" in stack.up().output
    assert "Invocation main-Google" in touched(stack)["created"]
    assert not stack.up().changed, "one that was never registered waits on"

    filled(stack)
    for attempt in (stack.preview, stack.up):
        with pytest.raises(EngineError, match="users of pool main sign in by google") as no:
            attempt()
        assert "userPools.main.providers.google.secret" in str(no.value)
    assert touched(stack) == {"created": set(), "updated": set(), "deleted": set()}

    filled(stack, "google", "okta")
    stack.up()
    assert "Invocation main-okta" in touched(stack)["created"]
    less = [line for line in STACK.splitlines(keepends=True) if "kind: google" not in line]
    stack.rewrite("".join(less))
    stack.up()
    assert "Invocation main-Google" in touched(stack)["deleted"], "on purpose it goes"
    assert not stack.up().changed, "a second up changes something"
