"""Physical names fit their service, stay apart when cut, and stay the same from run to run."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.bucket.names import BUCKET_NAME
from components.cache.names import CACHE_NAME
from components.database.names import DATABASE_NAME
from components.naming import IllegalNameError, Kind, Naming
from components.secrets.names import SECRET_NAME
from components.services.names import LOAD_BALANCER_NAME, SERVICE_NAME, TARGET_GROUP_NAME
from tests.conftest import ROOT
from trellis.registry import beside

NAMING = Naming("clubapp", "dev")

COMPONENTS = ROOT / "components"

KINDS = [
    kind
    for there in (Kind, *beside("names"))
    for kind in vars(there).values()
    if type(kind) is Kind and kind is not SECRET_NAME  # a secret's name is given whole
]
"""All that have a physical name which follows from a key."""


@pytest.mark.parametrize(
    ("kind", "thing", "name"),
    [
        (DATABASE_NAME, "postgres", "clubapp-dev-postgres"),
        (CACHE_NAME, "redis", "clubapp-dev-redis"),
        (BUCKET_NAME, "assets", "clubapp-dev-assets"),
        (LOAD_BALANCER_NAME, "alb", "clubapp-dev-alb"),
        (TARGET_GROUP_NAME, "tg", "clubapp-dev-tg"),
        (SERVICE_NAME, "svc", "clubapp-dev-svc"),
    ],
)
def test_the_clubapp_names_are_those_of_its_document(kind: Kind, thing: str, name: str):
    assert NAMING.of(kind, thing) == name


def test_a_long_name_is_cut_to_the_limit_and_ends_in_a_hash():
    name = NAMING.of(TARGET_GROUP_NAME, "a-service-with-a-long-name-indeed")
    assert len(name) == 32
    assert re.fullmatch(r"clubapp-dev-a-service-w-[0-9a-f]{8}", name)


def test_two_long_names_with_one_beginning_stay_apart():
    first = NAMING.of(TARGET_GROUP_NAME, "x" * 40 + "a")
    assert first != NAMING.of(TARGET_GROUP_NAME, "x" * 40 + "b")


@pytest.mark.long
@given(st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,12}", fullmatch=True))
def test_every_key_of_a_stack_file_makes_a_legal_name_of_every_kind(thing: str):
    for kind in KINDS:
        name = Naming("shop", "").of(kind, thing)
        assert len(name) <= kind.limit
        assert re.fullmatch(kind.pattern, name)


def test_no_two_kinds_are_called_alike():
    called = [kind.thing for kind in KINDS]
    assert len(KINDS) > 35
    assert sorted(set(called)) == sorted(called)


@pytest.mark.parametrize("module", list(beside("names")), ids=lambda module: module.__package__)
def test_a_rule_of_a_package_is_used_by_it(
    module: ModuleType,
):
    package = module.__package__.rpartition(".")[2]
    for constant in vars(module):
        if constant.endswith("_NAME"):
            assert constant in _sources(package), f"{module.__name__}.{constant} is used by nobody"


@pytest.mark.parametrize("kind", [name for name, kind in vars(Kind).items() if type(kind) is Kind])
def test_a_rule_among_all_is_used_by_several(kind: str):
    packages = [folder.name for folder in COMPONENTS.iterdir() if folder.is_dir()]
    users = [name for name in packages if re.search(rf"\bKind\.{kind}\b", _sources(name))]
    assert len(users) > 1, f"Kind.{kind} belongs into names.py of {users}"


def _sources(package: str) -> str:
    files = (COMPONENTS / package).rglob("*.py")
    return "\n".join(file.read_text() for file in files if file.name != "names.py")


def test_a_name_given_whole_is_never_cut():
    with pytest.raises(IllegalNameError, match="at most 32 characters"):
        NAMING.exact(TARGET_GROUP_NAME, "x" * 33)


def test_illegal_characters_are_named_with_the_page_that_forbids_them():
    with pytest.raises(IllegalNameError, match="bucket naming rules"):
        NAMING.exact(BUCKET_NAME, "no_underscores")


def test_a_secret_may_be_called_what_the_systems_call_theirs():
    assert NAMING.exact(SECRET_NAME, "clubapp/dev/jwt-secret") == "clubapp/dev/jwt-secret"


def test_a_secret_name_with_a_space_is_refused():
    with pytest.raises(IllegalNameError, match="CreateSecret"):
        NAMING.exact(SECRET_NAME, "clubapp/dev rds")
