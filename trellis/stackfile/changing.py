"""A configuration with some settings changed, for plans of what would be."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from trellis.stackfile.layers import PREFIX, value_of
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import fields
from trellis.stackfile.tree import is_mapping


def changed(config: Mapping[str, str], changes: Mapping[KeyPath, Any]) -> dict[str, str]:
    """Pulumi's configuration as it would be with settings changed in the stack's own file.

    Args:
        changes: values by path from the top, as JSON has them; lists are replaced whole.
    """
    new = dict(config)
    for path, value in changes.items():
        top = f"{PREFIX}{path[0]}"
        shape = fields(SystemSettings)[str(path[0])].shape
        own = value_of(new[top], shape) if top in new else None
        text = _with(own, path[1:], value)
        new[top] = text if isinstance(text, str) else json.dumps(text)
    return new


def _with(value: Data, path: KeyPath, new: Any) -> Any:
    if not path:
        return new
    whole: dict[str, Any] = copy.copy(value) if is_mapping(value) else {}
    whole[str(path[0])] = _with(whole.get(str(path[0])), path[1:], new)
    return whole
