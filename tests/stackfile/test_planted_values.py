"""A credential that was typed into the wrong line is refused without being repeated."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from policies.guardrails.secret_values import masked
from testing.drawn_stacks import config_of, pattern, random_stack
from testing.random_stacks import prepare, text_of
from trellis.stackfile.loading import load, read_stack, using
from trellis.stackfile.problems import KeyPath, Problem, StackFileError
from trellis.stackfile.tree import is_list, is_mapping, leaves

# A credential of each kind, with a part of it that nothing may repeat.
PLANTED = {
    "a GitHub token": "ghp_" + "Zq8Wx7" * 7,
    "an address with a password": "postgres://app:Zq8Wx7Zq8Wx7@db/app",
    "a Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/Zq8Wx7Zq8Wx7",
    "a private key": "-----BEGIN PRIVATE KEY-----\nZq8Wx7Zq8Wx7\n-----END PRIVATE KEY-----",
    "a Stripe key": "sk_live_Zq8Wx7Zq8Wx7Zq8Wx7",
}
PART = "Zq8Wx7Zq8"
ROLE = "arn:aws:iam::123456789012:role/deploy"


def plant(tree: Any, value: str) -> Any:
    """The same settings with the value in every place that holds a text or a number."""
    if is_mapping(tree):
        return {key: plant(inside, value) for key, inside in tree.items()}
    if is_list(tree):
        return [plant(inside, value) for inside in tree]
    return tree if isinstance(tree, bool) else value


def loaded(folder: Path) -> None:
    """Read and validate the stack file of a folder."""
    files = read_stack(folder, "prod")
    with using(files):
        load(files.config)


@pytest.mark.long
@pytest.mark.parametrize("kind", PLANTED)
def test_no_problem_of_a_stack_file_repeats_a_credential(kind: str, tmp_path: Path) -> None:
    prepare(tmp_path)
    settings = random_stack(list(PLANTED).index(kind), 0.3).settings
    config = {f"trellis:{key}": plant(value, PLANTED[kind]) for key, value in settings.items()}
    config |= {"aws:region": "us-east-1", "trellis:environment": "prod", "trellis:name": "shop"}
    (tmp_path / "Pulumi.prod.yaml").write_text(text_of({"config": config}), encoding="utf-8")
    with pytest.raises(StackFileError) as refused:
        loaded(tmp_path)
    assert len(refused.value.problems) > 10
    assert f"<{kind}>" in str(refused.value)
    assert PART not in str(refused.value)


def with_text(tree: Any, path: KeyPath, text: str) -> Any:
    """The same settings with another text in one place."""
    changed = copy.deepcopy(tree)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = text
    return changed


@pytest.mark.long
def test_a_credential_in_any_one_place_is_refused_and_not_repeated() -> None:
    seen: set[str] = set()
    for seed in range(8):
        settings = random_stack(seed, 0.3).settings
        for path, text in leaves(settings):
            if not isinstance(text, str) or (place := pattern(path)) in seen:
                continue
            seen.add(place)
            for kind, value in PLANTED.items():
                with pytest.raises(StackFileError) as refused:
                    load(config_of(with_text(settings, path, value)))
                assert PART not in str(refused.value), (place, kind)
    assert len(seen) > 150


@pytest.mark.parametrize(
    "given",
    [
        {"buckets": {"jobs": {"tags": {"Note": PLANTED["a GitHub token"]}}}},
        {"secrets": {"stripe": {"description": f"was {PLANTED['a Stripe key']}"}}},
        {"provider": {"assumeRole": {"roleArn": ROLE, "externalId": PLANTED["a private key"]}}},
    ],
)
def test_a_credential_in_a_text_is_refused_with_what_to_do(given: dict[str, Any]) -> None:
    with pytest.raises(StackFileError) as refused:
        load(config_of({"name": "shop", "environment": "dev", **given}))
    (problem,) = refused.value.problems
    assert PART not in str(problem)
    assert "trellis secrets set" in problem.hint


@pytest.mark.parametrize(
    "text",
    ["basic responsibilities of the team", "sk_live is a prefix", "https://example.com/a:b@c"],
)
def test_prose_is_no_credential(text: str) -> None:
    settings = {"name": "shop", "environment": "dev", "buckets": {"jobs": {"tags": {"Note": text}}}}
    assert load(config_of(settings)).settings.buckets["jobs"].tags["Note"] == text


def test_a_key_that_is_a_credential_is_not_repeated_either() -> None:
    tables = {PLANTED["a GitHub token"]: {"partitionKey": {"name": "id"}}}
    with pytest.raises(StackFileError) as refused:
        load(config_of({"name": "shop", "environment": "dev", "tables": tables}))
    assert PART not in str(refused.value)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_problem_keeps_no_credential_in_any_of_its_parts(kind: str) -> None:
    text = f'key: "{PLANTED[kind]}"'
    problem = Problem(("a",), text, text, text)
    assert PART not in repr(problem)
    assert problem.found.startswith('key: "')
    assert problem.found.endswith(f'<{kind}>"')


def test_what_is_no_credential_is_told_as_it_is() -> None:
    for text in ("10.0.0.0/33", '"services.web"', "an address such as https://example.org/a?b=c"):
        assert masked(text) == text


def test_a_private_key_is_told_by_its_kind_without_its_spaces_too() -> None:
    for key in (PLANTED["a private key"], PLANTED["a private key"].replace(" ", "")):
        for text in (key, key.replace("\n", "\\n"), key.partition("-----END")[0]):
            assert masked(f"found {text}") == "found <a private key>"
