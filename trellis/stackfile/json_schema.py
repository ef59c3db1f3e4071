"""The JSON Schema of stack files (draft 2020-12), for editors; made from the settings.

What stands in a stack file is merged over the shared system and may delete with `null`, so no key
is required there; inside lists, which replace as a whole, required keys are.
"""

from __future__ import annotations

import re
from typing import Any

from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.merging import jsonable
from trellis.stackfile.reading import STACK_FILE_KEYS
from trellis.stackfile.shape import Choice, Field, ListOf, MapOf, Object, Scalar, Shape, meaning

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
NULL: Schema = {"type": "null"}
NOTHING: Schema = {"enum": [None, ""]}
"""A top key without a value: the engine hands `null` on as empty text."""
SECURE: Schema = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
    "description": "Encrypted by `pulumi config set --secret`.",
}


def json_schema() -> Schema:
    """The schema of `Pulumi.<stack>.yaml`."""
    definitions: dict[str, Schema] = {}
    keys = {key: field for key, field in SYSTEM.fields.items() if key != "region"}
    region = SYSTEM.fields["region"]
    config: dict[str, Schema] = {
        "aws:region": _documented(_of(region.shape, definitions, merges=True), region),
        "trellis:system": {
            "description": "What all stacks of a project share; stands in Pulumi.yaml, under "
            "`value:`.",
            **_or({"$ref": "#/$defs/System"}, NOTHING),
        },
    }
    definitions["System"] = {
        "type": "object",
        "properties": {
            key: _documented(_or_null(_of(field.shape, definitions, merges=True)), field)
            for key, field in keys.items()
        },
        "additionalProperties": False,
    }
    for key, field in keys.items():
        shape = _or(_top(field.shape, _of(field.shape, definitions, merges=True)), NOTHING)
        config[f"trellis:{key}"] = _documented(shape, field)
    names = "|".join(re.escape(key) for key in keys)
    return {
        "$schema": DIALECT,
        "title": "Trellis stack file",
        "description": "Pulumi.<stack>.yaml of a project that Trellis runs.",
        "type": "object",
        "properties": {
            **{key: {"type": "string"} for key in STACK_FILE_KEYS},
            "environment": {},
            "config": {
                "type": ["object", "null"],
                "properties": config,
                "patternProperties": {
                    rf"^(?!aws:|trellis:|(?:{names}|system)$)": {
                        "description": "Configuration of something else than Trellis."
                    }
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(shape: Shape, definitions: dict[str, Schema], *, merges: bool) -> Schema:
    """The schema of a shape; `merges` where `null` deletes and other layers may hold the rest."""
    if isinstance(shape, Choice):
        return {"anyOf": [_of(option, definitions, merges=merges) for _, option in shape.options]}
    if isinstance(shape, ListOf):
        schema: Schema = {"type": "array", "items": _of(shape.element, definitions, merges=False)}
        _put(schema, minItems=shape.shortest, maxItems=shape.longest)
        return schema
    if isinstance(shape, MapOf):
        value = _of(shape.value, definitions, merges=merges)
        return {
            "type": "object",
            "propertyNames": _of(shape.key, definitions, merges=False),
            "additionalProperties": _or_null(value) if merges else value,
            # A `null` that takes an inherited key away counts there too, so no more than a hint.
            **({"maxProperties": shape.longest} if shape.longest and not merges else {}),
        }
    if isinstance(shape, Object):
        return _object(shape, definitions, merges=merges)
    return _scalar(shape)


def _object(shape: Object, definitions: dict[str, Schema], *, merges: bool) -> Schema:
    tier = shape.model.__module__.split(".")[1]
    name = f"{tier}.{shape.model.__name__}" + ("" if merges else ".whole")
    if name not in definitions:
        definitions[name] = {}  # so that a model inside itself ends
        properties: dict[str, Schema] = {}
        for key, field in shape.fields.items():
            inner = _of(field.shape, definitions, merges=merges)
            nullable = merges or (not field.info.is_required() and field.info.default is None)
            properties[key] = _documented(_or_null(inner) if nullable else inner, field)
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [key for key, field in shape.fields.items() if field.info.is_required()]
        if required and not merges:
            schema["required"] = required
        if shape.model.__doc__:
            schema["description"] = " ".join(shape.model.__doc__.split())
        definitions[name] = schema
    return {"$ref": f"#/$defs/{name}"}


def _scalar(shape: Scalar) -> Schema:
    if shape.kind == "anything":
        return {}
    if shape.kind == "choice":
        schema: Schema = {"enum": list(shape.choices)}
    elif shape.kind == "date":
        schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    else:
        kinds = {"text": "string"}
        schema = {"type": kinds.get(shape.kind, shape.kind)}
        _put(
            schema,
            minimum=None if shape.above else shape.least,
            exclusiveMinimum=shape.least if shape.above else None,
            maximum=shape.most,
            pattern=shape.pattern,
            minLength=shape.shortest,
            maxLength=shape.longest,
        )
    return {"anyOf": [schema, SECURE]} if shape.confidential else schema


def _top(shape: Shape, schema: Schema) -> Schema:
    """A top value may be text: `pulumi config set` writes numbers and truth values so."""
    if isinstance(shape, Scalar) and shape.kind in ("integer", "number"):
        return {"anyOf": [schema, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}
    if isinstance(shape, Scalar) and shape.kind == "boolean":
        return {"anyOf": [schema, {"enum": ["true", "false"]}]}
    return schema


def _documented(schema: Schema, field: Field) -> Schema:
    notes = [meaning(field)] if meaning(field) else []
    if field.development is not None:
        notes.append(f"Under the development profile: {_text(field.development.value)}.")
    result: Schema = {"description": " ".join(notes)} if notes else {}
    if not field.info.is_required():
        default = jsonable(field.info.get_default(call_default_factory=True))
        if default is not None:
            result["default"] = default
    return {**result, **schema}


def _text(value: Any) -> str:
    plain = jsonable(value)
    return plain if isinstance(plain, str) else str(plain).lower()


def _or_null(schema: Schema) -> Schema:
    return _or(schema, NULL)


def _or(schema: Schema, other: Schema) -> Schema:
    options = schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return {"anyOf": [*options, other]}


def _put(schema: Schema, **limits: Any) -> None:
    schema.update({key: value for key, value in limits.items() if value is not None})
