"""Tables that stand outside the tiers' folders have a row for what each tier declares.

What a new tier lacks in one of them is named here, with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from components.parts.identifiers import ID_FORMS
from components.replacement import REPLACEMENT
from tests.conftest import ROOT
from trellis.operate.aws_changes import HINTS, ROWS
from trellis.registry import RESOURCES, TIERS, camel
from trellis.stackfile.settings import SystemSettings
from trellis.start.terraform_left import NONE, PART, advice_of
from trellis.start.terraform_silent import SILENT
from trellis.tiers.provider_types import python_names as properties_of

TYPES = sorted(type_ for type_ in RESOURCES if type_.startswith("aws:"))


# -- identifiers of what exists ---------------------------------------------------------------


@pytest.mark.parametrize("field", [f for f, tier in TIERS.items() if tier.adopts is not None])
def test_what_a_tier_takes_over_has_an_identifier_of_a_known_form(field: str):
    adopts = TIERS[field].adopts
    assert adopts is not None
    lacking = [type_ for type_ in adopts.types if adopts.form is None and type_ not in ID_FORMS]
    assert lacking == [], "a row of ID_FORMS in components/parts/identifiers.py is lacking"


def test_every_form_of_an_identifier_is_of_a_type_that_a_tier_makes():
    assert sorted(ID_FORMS.keys() - RESOURCES.keys()) == []


# -- how a type is replaced -------------------------------------------------------------------


@pytest.mark.parametrize("type_", TYPES)
def test_how_a_type_is_replaced_is_known(type_: str):
    assert type_ in REPLACEMENT, "a row of REPLACEMENT in components/replacement.py is lacking"


# -- what AWS changes by itself ---------------------------------------------------------------

BESIDE = {
    "aws:autoscaling/group:Group": "a resource beside the stack file",
    "aws:secretsmanager/secretVersion:SecretVersion": "a resource beside the stack file",
}
"""Types that no tier makes, whose inputs AWS changes all the same."""

BY_ITSELF = {
    "autoMinorVersionUpgrade": ("engineVersion",),
    "maxAllocatedStorage": ("allocatedStorage",),
    "desiredCount": ("desiredCount",),
    "shardCount": ("shardCount",),
    "readCapacity": ("readCapacity",),
    "writeCapacity": ("writeCapacity",),
    "minCapacity": ("minCapacity",),
    "maxCapacity": ("maxCapacity",),
    "replicasPerNodeGroup": ("replicasPerNodeGroup",),
}
"""Inputs by which a type is one that AWS changes, and what AWS then changes."""


def changed_by_aws() -> Iterator[tuple[str, str]]:
    for type_ in TYPES:
        there = properties_of(type_)
        for sign, changed in BY_ITSELF.items():
            if sign in there:
                yield from ((type_, name) for name in changed)


NOT_BY_AWS = {
    ("aws:rds/cluster:Cluster", "allocatedStorage"): "of Multi-AZ clusters, which no tier makes",
}
"""What looks so and is not, each with why."""


@pytest.mark.parametrize(("type_", "changed"), sorted({*changed_by_aws()} - NOT_BY_AWS.keys()))
def test_what_aws_changes_by_itself_is_nobodys_drift(type_: str, changed: str):
    assert any((row.type, row.property) == (type_, changed) for row in ROWS), (
        "a row of ROWS in trellis/operate/aws_changes.py is lacking"
    )


def test_what_aws_changes_is_of_a_type_that_a_tier_makes_or_that_stands_beside_it():
    known = RESOURCES.keys() | BESIDE.keys()
    assert sorted({row.type for row in ROWS} - known) == []
    assert sorted({type_ for type_, _ in HINTS} - known) == []
    assert sorted(BESIDE.keys() & RESOURCES.keys()) == [], "a tier makes it now"


# -- what comes from Terraform ----------------------------------------------------------------

MODULES = {
    "apigateway": "api_gateway",
    "cfg": "config",
    "costexplorer": "ce",
    "ec2transitgateway": "ec2_transit_gateway",
    "servicediscovery": "service_discovery",
}
"""What Terraform calls a module otherwise."""

OTHERWISE = {
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/instance:Instance": "aws_db_instance",
}
"""What Terraform calls a type otherwise."""


def terraform_type(type_: str) -> str:
    """What Terraform calls a type; near enough for the longest beginning that fits."""
    module, _, name = type_.removeprefix("aws:").partition("/")
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name.rpartition(":")[2]).lower()
    whole = f"aws_{MODULES.get(module, module)}_{words}"
    if type_ in OTHERWISE:
        return OTHERWISE[type_]
    # Types of a VPC stand without their module.
    return whole if whole in SILENT or advice_of(whole) != NONE else f"aws_{words}"


@pytest.mark.parametrize("type_", TYPES)
def test_what_terraform_made_is_taken_over_or_has_advice(type_: str):
    name = terraform_type(type_)
    assert name in SILENT or advice_of(name) != NONE, (
        f"{name}: a row of PART in trellis/start/terraform_left.py is lacking"
    )


NOT_CARRIED = {"mail": "`trellis init` names `mail`: records of the domain come with it"}
"""Tiers that take over what exists, and that no state of Terraform's brings."""


@pytest.mark.parametrize(
    "field",
    [f for f, t in TIERS.items() if t.adopts is not None and f not in NOT_CARRIED],
)
def test_what_a_tier_takes_over_is_carried_from_a_state(field: str):
    adopts = TIERS[field].adopts
    assert adopts is not None
    lacking = [type_ for type_ in adopts.types if terraform_type(type_) not in SILENT]
    assert lacking == [], "a row of SILENT in trellis/start/terraform_silent.py is lacking"
    source = "".join(file.read_text() for file in (ROOT / "trellis/start").glob("terraform*.py"))
    for type_ in adopts.types:
        assert source.count(f'"{terraform_type(type_)}"') > 1, f"{type_} is put nowhere"


def test_advice_names_parts_that_a_stack_file_has():
    parts = {camel(field) for field in SystemSettings.model_fields} | {"existing", "uses"}
    named = {
        (name, part.partition(".")[0])
        for name, advice in PART.items()
        for part in re.findall(r"`([a-zA-Z]+(?:\.[a-zA-Z]+)*)", advice)
        if "." in part or f"`{part}`" in advice
    }
    below = {"pullAccounts", "keeps"}
    assert sorted((name, part) for name, part in named if part not in parts | below) == []
