"""Which operations of an OpenAPI description anyone may call, as API Gateway imports it.

Sources: "Working with OpenAPI" of the API Gateway Developer Guide (REST and HTTP APIs), 2026-11:
an operation asks who is calling by a scheme with an authorizer, by `x-amazon-apigateway-authtype`
of its scheme, or by `x-amazon-apigateway-auth`. A key for a usage plan is no authorization.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import yaml

_METHODS: Final = frozenset(
    {"get", "put", "post", "delete", "patch", "head", "trace", "x-amazon-apigateway-any-method"}
)
_AUTHORIZER: Final = "x-amazon-apigateway-authorizer"
_AUTHTYPE: Final = "x-amazon-apigateway-authtype"
_AUTH: Final = "x-amazon-apigateway-auth"

_Block = Mapping[str, object]


def open_operations(text: str) -> tuple[str, ...] | None:
    """The operations without authorization (``GET /orders``); ``None`` when it can't be read."""
    try:
        document: object = yaml.safe_load(text)
    except yaml.YAMLError:
        return None
    if not isinstance(document, Mapping):
        return None
    whole = cast("_Block", document)
    strong = frozenset(_strong_schemes(whole))
    return tuple(
        f"{'ANY' if method.startswith('x-') else method.upper()} {path}"
        for path, method, operation in _operations(whole)
        if not _asks(operation, whole, strong)
    )


def _block(value: object) -> _Block:
    return cast("_Block", value) if isinstance(value, Mapping) else {}


def _operations(document: _Block) -> Iterator[tuple[str, str, _Block]]:
    for path, path_item in _block(document.get("paths")).items():
        for method, operation in _followed(_block(path_item), document).items():
            if str(method).lower() in _METHODS:
                yield str(path), str(method), _block(operation)


def _followed(path_item: _Block, document: _Block) -> _Block:
    """A path's operations, also where it refers to another place of the document."""
    target = path_item.get("$ref")
    if not isinstance(target, str) or not target.startswith("#/"):
        return path_item
    found: object = document
    for key in target.removeprefix("#/").split("/"):
        found = _block(found).get(key.replace("~1", "/").replace("~0", "~"))
    return {**_block(found), **path_item}


def _strong_schemes(document: _Block) -> Iterator[str]:
    """The schemes by which API Gateway checks who is calling."""
    schemes = {
        **_block(document.get("securityDefinitions")),
        **_block(_block(document.get("components")).get("securitySchemes")),
    }
    for name, scheme in schemes.items():
        facts = _block(scheme)
        if _AUTHORIZER in facts or _AUTHTYPE in facts:
            yield name


def _asks(operation: _Block, document: _Block, strong: frozenset[str]) -> bool:
    auth = _block(operation.get(_AUTH)).get("type")
    if auth is not None:
        return str(auth).upper() != "NONE"
    stated = operation.get("security", document.get("security"))
    if not isinstance(stated, Sequence) or isinstance(stated, str):
        return False
    # One of the alternatives is enough for a caller; an empty one asks nothing.
    listed = [_block(one) for one in cast("Sequence[object]", stated)]
    return bool(listed) and all(strong & set(one) for one in listed)
