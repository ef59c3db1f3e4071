"""Models of every build: profile values reach into them and errors find their way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticUndefined

from components.parts.model import ENCRYPTED, Confidential, Development, Key, Settings
from trellis.stackfile import findings as findings_module
from trellis.stackfile import layers as layers_module
from trellis.stackfile import loading, resolution
from trellis.stackfile.findings import findings
from trellis.stackfile.merging import apply_profile, merged
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import (
    ListOf,
    MapOf,
    Object,
    Scalar,
    Shape,
    at,
    field_at,
    flat,
    keys_at,
)
from trellis.stackfile.wording import described


class Scaling(Settings):
    most: Annotated[int, Field(ge=1), Development(2)] = 10
    """Tasks at most."""


class Queue(Settings):
    kind: Literal["queue"]
    delay_seconds: Annotated[int, Development(0)] = 5


class Topic(Settings):
    kind: Literal["topic", "fifo"]
    display: str = ""


class Uses(Settings):
    bucket: Key


class Reads(Settings):
    table: Key
    indexes: tuple[str, ...] = ()


class Service(Settings):
    scaling: Scaling = Field(default_factory=Scaling)
    sidecars: tuple[Scaling, ...] = ()
    channel: Annotated[Queue | Topic, Field(discriminator="kind")] | None = None
    uses: tuple[Uses | Reads, ...] = ()


class Tree(Settings):
    services: dict[Key, Service] = Field(default_factory=dict[str, Service])
    spare: Scaling | None = None
    given: Scaling = Field(default_factory=lambda: Scaling(most=3))
    log: Annotated[Literal["all", "none"], Development("none")] = "all"


ROOT = Object(Tree)


def filled(data: dict[str, Any]) -> dict[str, Any]:
    apply_profile(ROOT, data)
    return data


def test_development_values_reach_maps_lists_choices_and_what_was_left_out() -> None:
    data = filled({"services": {"web": {"sidecars": [{}], "channel": {"kind": "queue"}}}})
    assert data["services"]["web"] == {
        "scaling": {"most": 2},
        "sidecars": [{"most": 2}],
        "channel": {"kind": "queue", "delaySeconds": 0},
    }
    assert data["log"] == "none"


def test_development_values_replace_nothing_that_was_set() -> None:
    data = filled({"services": {"web": {"scaling": {"most": 7}}}, "log": "all"})
    assert (data["services"]["web"]["scaling"], data["log"]) == ({"most": 7}, "all")
    assert "given" not in data
    assert "spare" not in data


def test_the_paths_of_development_values_are_told() -> None:
    data: dict[str, Any] = {"services": {"web": {}}}
    assert apply_profile(ROOT, data) == {("services", "web", "scaling", "most"), ("log",)}


def errors(data: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate(data, by_alias=True, by_name=False, strict=False)
    return [(finding.path, finding.kind) for finding in findings(caught.value, data, ROOT)]


def test_the_tag_of_a_choice_is_no_part_of_a_path() -> None:
    channel = {"kind": "queue", "delaySeconds": "soon"}
    assert errors({"services": {"web": {"channel": channel}}}) == [
        (("services", "web", "channel", "delaySeconds"), "int_parsing")
    ]


@pytest.mark.parametrize(
    ("channel", "kind"), [({"kind": "pigeon"}, "choice"), ({"display": "x"}, "missing")]
)
def test_what_should_tell_the_options_apart_is_pointed_at(
    channel: dict[str, str], kind: str
) -> None:
    path = ("services", "web", "channel", "kind")
    data = {"services": {"web": {"channel": channel}}}
    assert errors(data) == [(path, kind)]
    words = [word for shape in at(ROOT, path, data) for word in getattr(shape, "choices", ())]
    assert sorted(set(words)) == ["fifo", "queue", "topic"]


def test_of_an_untagged_choice_the_fitting_option_speaks() -> None:
    uses = [{"table": "t", "indexes": [5]}, {"bucket": "B"}]
    assert errors({"services": {"web": {"uses": uses}}}) == [
        (("services", "web", "uses", 0, "indexes", 0), "string_type"),
        (("services", "web", "uses", 1, "bucket"), "string_pattern_mismatch"),
    ]


def test_where_no_option_fits_one_finding_speaks_for_all() -> None:
    assert errors({"services": {"web": {"uses": ["bucket"]}}}) == [
        (("services", "web", "uses", 0), "choice")
    ]


def test_a_wrong_chosen_key_is_its_own_path() -> None:
    assert errors({"services": {"Web": {}}})[0][0] == ("services", "Web")


def test_a_choice_is_described_by_its_options() -> None:
    (uses,) = at(ROOT, ("services", "web", "uses"), {"services": {"web": {}}})
    assert described(uses) == "a list, each a mapping"
    path = ("services", "web", "uses", 0)
    assert [described(element) for element in at(ROOT, path, None)] == [
        "a mapping of bucket",
        "a mapping of table, indexes",
    ]
    assert keys_at(ROOT, path, {"services": {"web": {"uses": [{"table": "t"}]}}}) == [
        "table",
        "indexes",
    ]


def test_a_field_is_found_below_chosen_keys() -> None:
    field = field_at(ROOT, ("services", "anything", "scaling", "most"))
    assert field is not None
    assert (field.doc, field.name) == ("Tasks at most.", "most")


def test_merging_changes_neither_side() -> None:
    over: dict[str, Any] = {"a": {"b": 1, "c": None}, "l": [1]}
    under: dict[str, Any] = {"a": {"c": 2, "d": {"e": 3}}, "l": [2, 3]}
    result = merged(over, under)
    result["a"]["d"]["e"] = 4
    assert result == {"a": {"b": 1, "d": {"e": 4}}, "l": [1]}
    assert (over["a"], under["a"]) == ({"b": 1, "c": None}, {"c": 2, "d": {"e": 3}})


class Secretive(SystemSettings):
    token: Annotated[str, Confidential()] | None = None
    level: Literal["high", "low"] = "low"


@pytest.fixture
def secretive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system with one setting that may be encrypted."""
    for module in (findings_module, layers_module, resolution):
        monkeypatch.setattr(module, "SYSTEM", Object(Secretive))
    for module in (layers_module, resolution):
        monkeypatch.setattr(module, "SystemSettings", Secretive)


CONFIG = {"aws:region": "us-east-1", "trellis:name": "shop", "trellis:environment": "dev"}


@pytest.mark.usefixtures("secretive")
def test_an_encrypted_value_is_taken_where_a_secret_belongs(tmp_path: Any) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  trellis:name: shop\n  trellis:environment: dev\n"
        "  trellis:token: {secure: v1:abc}\n"
    )
    files = loading.read_stack(tmp_path, "dev")
    resolution = resolve(files.config, files)
    assert resolution.problems == ()
    assert isinstance(resolution.settings, Secretive)
    assert resolution.settings.token == ENCRYPTED


@pytest.mark.usefixtures("secretive")
def test_a_wrong_secret_is_refused_without_being_shown() -> None:
    problems = resolve({**CONFIG, "trellis:level": "hunter2"}, None, {"trellis:level"}).problems
    assert [problem.path for problem in problems] == [("level",)]
    assert "hunter2" not in str(StackFileError(problems))


def test_what_may_be_encrypted_has_no_form_to_keep() -> None:
    """Without the passphrase a placeholder is validated in its place."""
    for shape in _scalars(Object(SystemSettings), set()):
        if shape.confidential:
            assert (shape.kind, shape.pattern, shape.shortest, shape.longest) == (
                "text", None, None, None,
            )  # fmt: skip


def _scalars(shape: Shape, seen: set[type]) -> Iterator[Scalar]:
    for element in flat(shape):
        if isinstance(element, Scalar):
            yield element
        elif isinstance(element, ListOf):
            yield from _scalars(element.element, seen)
        elif isinstance(element, MapOf):
            yield from _scalars(element.value, seen)
        elif isinstance(element, Object) and element.model not in seen:
            seen.add(element.model)
            for field in element.fields.values():
                yield from _scalars(field.shape, seen)


def _models(type_: object, seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Every model that a type is made of."""
    if isinstance(type_, type) and issubclass(type_, BaseModel) and type_ not in seen:
        seen.add(type_)
        for field in type_.model_fields.values():
            _models(field.annotation, seen)
    for part in get_args(type_):
        _models(part, seen)
    return seen


def test_what_has_a_default_of_its_own_is_not_switched_off_by_null():
    """`null` takes an inherited key away, so the default would hold: such a setting has `none`."""
    models = _models(SystemSettings, set())
    assert len(models) > 200
    assert [
        f"{model.__name__}.{name}"
        for model in models
        for name, field in model.model_fields.items()
        if type(None) in get_args(field.annotation)
        and (field.default_factory is not None or field.default not in (None, PydanticUndefined))
    ] == []
