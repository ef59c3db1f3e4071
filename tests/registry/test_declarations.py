"""Every tier declares itself whole, and what it declares is what its components do."""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pulumi
import pytest

from components.parts.changes import Change, Unique
from components.parts.declaration import Resource, Tier, Watched
from components.parts.offer import Offer
from components.parts.resources import SHARED
from components.parts.shown import SQUARE, Shown
from policies.guardrails.controls import SERVICES
from tests.conftest import ROOT
from trellis import registry
from trellis.assembly import DECLARED
from trellis.planner import simulate
from trellis.planner.simulate import resource_types
from trellis.registry import OFFERS, RESOURCES, STATEFUL, TIERS, DeclarationError
from trellis.stackfile.settings import NO_TIERS, SystemSettings

COMPONENTS = ROOT / "components"
MADE_NOWHERE = re.compile(r"no tier of a stack file makes|makes no such resource")


def packages() -> list[str]:
    folders = (path.parent.name for path in COMPONENTS.glob("*/__init__.py"))
    return sorted(set(folders) - registry.WITHOUT_TIERS)


def calls(package: str) -> Iterator[ast.Call]:
    for path in sorted((COMPONENTS / package).rglob("*.py")):
        yield from (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call))


@functools.cache
def made_types(package: str) -> frozenset[str]:
    """Types of the resources that a package makes, by `aws.<module>.<Class>(...)`."""
    found: set[str] = set()
    for call in calls(package):
        match call.func:
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id="aws"), attr=module), attr=name
            ) if name[0].isupper() and not name.endswith("Args"):
                made = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
                if issubclass(made, pulumi.Resource):
                    found.add(f"aws:{module.rstrip('_')}/{name[0].lower()}{name[1:]}:{name}")
            case _:
                pass
    return frozenset(found)


def component_types(package: str) -> set[str]:
    """Types of the components of a package, by what they call themselves."""
    return {
        argument.value
        for call in calls(package)
        if ast.unparse(call.func) == "super().__init__"
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant) and str(argument.value).startswith("trellis:")
    }


def declared_by(package: str) -> tuple[Tier[Any], ...]:
    return importlib.import_module(f"components.{package}.declaration").TIERS


@pytest.mark.parametrize("package", packages())
def test_a_package_declares_every_type_that_it_makes_or_another_part_does(package: str):
    declared = {type_ for tier in declared_by(package) for type_ in tier.resources}
    made = made_types(package)
    assert sorted(made - RESOURCES.keys()) == [], "types that no declaration has"
    assert sorted(declared - made) == [], "types that are declared and made by nothing here"


@pytest.mark.parametrize("package", packages())
def test_a_package_declares_every_component_that_it_has(package: str):
    declared = {name for tier in declared_by(package) for name in tier.components}
    assert declared == component_types(package)


@pytest.mark.long
def test_shared_types_are_made_by_parts_or_by_several_packages():
    makers = {type_: [p for p in packages() if type_ in made_types(p)] for type_ in SHARED}
    pieces = made_types("parts") | {"pulumi:providers:aws"}
    assert [t for t, by in makers.items() if len(by) < 2 and t not in pieces] == []


def test_every_declared_type_is_simulated():
    assert sorted(t for t in RESOURCES if t.startswith("aws:") and t not in resource_types()) == []


def test_a_remedy_that_says_no_tier_makes_a_type_is_true():
    wrong = {
        control.id: sorted(set(control.types) & RESOURCES.keys())
        for controls in SERVICES
        for control in controls
        if MADE_NOWHERE.search(control.fix.stack) and set(control.types) & RESOURCES.keys()
    }
    assert wrong == {}


def test_the_settings_of_the_whole_file_have_a_field_for_each_tier_of_its_own_model():
    for tier in TIERS.values():
        annotation = SystemSettings.model_fields[tier.field].annotation
        models = {annotation, *get_args(annotation)}
        accepted = models | {m for model in models for m in get_args(model)}
        assert tier.settings in accepted, tier.field


def test_what_a_file_and_the_declarations_have_differing_is_refused_at_start(
    monkeypatch: pytest.MonkeyPatch,
):
    registry.hold(SystemSettings, NO_TIERS)
    monkeypatch.setattr(registry, "TIERS", {k: v for k, v in TIERS.items() if k != "tables"})
    with pytest.raises(DeclarationError, match=r"no component declares \['tables'\]"):
        registry.hold(SystemSettings, NO_TIERS)
    monkeypatch.setattr(registry, "TIERS", {**TIERS, "rivers": TIERS["tables"]})
    with pytest.raises(DeclarationError, match=r"no field takes \['rivers'\]"):
        registry.hold(SystemSettings, NO_TIERS)


def test_a_kind_of_uses_without_an_offer_is_refused_at_start():
    without = {k: o for k, o in OFFERS.items() if k != "queue"}
    with pytest.raises(DeclarationError, match=r"no tier offers \['queue'\]"):
        registry.hold_kinds(without)
    more = {**OFFERS, "river": OFFERS["queue"]}
    with pytest.raises(DeclarationError, match=r"no field takes \['river'\]"):
        registry.hold_kinds(more)


def test_two_components_of_one_kind_that_are_shown_otherwise_are_refused():
    registry.hold_shown(registry.SHOWN)
    other = dataclasses.replace(registry.SHOWN["trellis:table:Table"], glyph=SQUARE)
    with pytest.raises(DeclarationError, match="trellis:river:River is a table as another is"):
        registry.hold_shown({**registry.SHOWN, "trellis:river:River": other})


def test_a_tier_that_listens_says_whether_connections_to_it_are_encrypted():
    registry.hold_reached(TIERS.values())
    cache = TIERS["caches"]
    shown = {c: dataclasses.replace(how, encryption=None) for c, how in cache.components.items()}
    with pytest.raises(DeclarationError, match=r"caches listens, and none .* has `encryption`"):
        registry.hold_reached([dataclasses.replace(cache, components=shown)])


def test_what_a_diagram_shows_has_a_glyph():
    """A part of something else that diagrams seldom show is the plain square."""
    plain = {c for c, shown in registry.SHOWN.items() if shown.glyph == SQUARE and not shown.hidden}
    assert plain == {
        "trellis:delivery:Delivery",
        "trellis:sites:Content",
        "trellis:sites:PrivateOrigin",
    }, "a new one has `glyph` in its declaration, or is among them"


@pytest.mark.parametrize("kind", OFFERS)
def test_an_offer_is_whole(kind: str):
    offer = OFFERS[kind]
    assert offer.accesses
    assert len(set(offer.accesses)) == len(offer.accesses)
    assert offer.default is None or offer.default in offer.accesses
    assert offer.variables or offer.more is not type(offer)("", (), {}).more
    assert offer.shared <= offer.variables.keys()
    assert all(re.fullmatch(r"[A-Z0-9_{}KEY]+", name) for name in offer.variables.values())
    assert registry.part_of(kind).split(".")[0] in {*TIERS, "existing"}


@pytest.mark.parametrize("kind", OFFERS)
def test_the_links_of_a_kind_are_made_from_its_offer(kind: str):
    """No component has a list of accesses, a default or a variable's name of its own."""
    part, *below = registry.part_of(kind).split(".")
    tier = next(
        element
        for element in TIERS.values()
        if element.field == part
        or (part == "existing" and any(e.field == below[0] for e in element.existing))
    )
    package = next(p for p in packages() if tier in declared_by(p))
    source = "\n".join(path.read_text() for path in (COMPONENTS / package).rglob("*.py"))
    assert re.search(r"\b(OFFER|offer)\.chosen\(", source)
    assert re.search(r"\b(OFFER|offer)\.environment\(", source)
    for link in re.findall(r"def link\(.*?\) -> Link:", source, flags=re.DOTALL):
        assert "access: str | None" in link
    for link in re.findall(r"return Link\(.*?\n        \)", source, flags=re.DOTALL):
        assert "environment={" not in link


def test_types_that_hold_data_say_what_and_how_it_comes_into_a_new_one():
    for type_, data in STATEFUL.items():
        assert data.what, type_
        assert data.bring, type_
    # What a stack keeps on deletion holds data, and the other way round.
    assert {"aws:dynamodb/table:Table", "aws:s3/bucket:Bucket", "aws:rds/instance:Instance"} <= (
        STATEFUL.keys()
    )


@pytest.mark.parametrize("package", [*packages(), *registry.WITHOUT_TIERS])
def test_a_package_imports_what_all_share_and_its_own_but_no_sibling(package: str):
    shared = {"contracts", "naming", "tags", "parts", package}
    imported = {
        (str(path.relative_to(ROOT)), node.module)
        for path in (COMPONENTS / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("components.")
    }
    assert imported
    siblings = [(path, name) for path, name in imported if name.split(".")[1] not in shared]
    assert siblings == []


def test_a_tier_that_its_declaration_makes_is_in_the_order_of_the_assembly():
    source = (ROOT / "trellis" / "tiers" / "used.py").read_text()
    makers = {tier.field for tier in TIERS.values() if tier.make is not None}
    named = set(DECLARED) | set(re.findall(r'make_tier\(stack, "(\w+)"', source))
    assert makers == named


PAGE = ROOT / "docs" / "adding-a-tier.md"


def test_the_page_about_a_new_tier_names_every_part_of_a_declaration():
    page = PAGE.read_text()
    for model in (Tier, Offer, Resource, Watched, Unique, Change, Shown):
        for part in dataclasses.fields(model):
            assert f"`{part.name}`" in page, f"{model.__name__}.{part.name}"


ALIKE = frozenset(
    {
        "apigateway/authorizer",
        "apigateway/model",
        "apigateway/requestValidator",
        "apigateway/restApi",
        "apigateway/vpcLink",
        "apigatewayv2/api",
        "apigatewayv2/authorizer",
        "apigatewayv2/stage",
        "apigatewayv2/vpcLink",
        "athena/namedQuery",
        "backup/plan",
        "backup/selection",
        "cfg/recorderStatus",
        "cloudwatch/alarmMuteRule",
        "cloudwatch/logStream",
        "cloudwatch/queryDefinition",
        "cognito/userPool",
        "cognito/userPoolClient",
        "ec2/securityGroup",
        "glue/catalogTable",
        "guardduty/detectorFeature",
        "lambda/permission",
        "route53/keySigningKey",
        "s3/bucketIntelligentTieringConfiguration",
        "s3/bucketObjectv2",
    }
)
"""Types with a name of which AWS takes two alike, or that stand within something of one stack."""


def test_a_type_with_a_name_says_where_no_other_may_have_it():
    for type_, resource in RESOURCES.items():
        known = resource.unique or resource.change.place or resource.change.same
        named = type_.split(":")[1] if simulate.auto_named(type_) else ""
        assert known or not named or named in ALIKE, (
            f"{type_} has a name: its Resource needs `unique`, `change.place` or `change.same`, "
            "or it is among ALIKE here"
        )
        assert not (known and named in ALIKE), type_


def test_every_path_on_the_page_about_a_new_tier_is_there():
    named = re.findall(
        r"`((?:components|trellis|testing|tests|docs)/[\w/.<>-]+)`", PAGE.read_text()
    )
    assert named
    for path in named:
        example = path.replace("<package>", "table").replace("<tier>", "table")
        assert (ROOT / example).exists(), path


def test_every_part_of_a_declaration_is_read_by_something():
    """A part that nobody reads is a promise that nobody keeps."""
    readers = [p for folder in ("trellis", "components/parts") for p in _sources(ROOT / folder)]
    source = "\n".join(p.read_text() for p in readers if p.name != "declaration.py")
    for part in dataclasses.fields(Tier):
        if part.name != "settings":  # held to SystemSettings by a test above
            assert f"tier.{part.name}" in source, part.name


def _sources(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.py")
