"""The page of what a stack file can say, as Markdown, made from the declarations."""

from __future__ import annotations

from collections.abc import Iterator

from components.parts.identifiers import ID_FORMS, IdForm
from components.parts.uses import ELSEWHERE, UseSettings
from trellis.registry import EXISTING, TIERS, AnyTier, camel, part_of
from trellis.stackfile.adopting import KEYS, LOGS
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.shape import meaning

HEAD = """\
# What Trellis can say

Made from the declarations of the tiers by `trellis schema --write docs`; a test holds it current.
Every setting is in [reference.md](reference.md), what a team brings along in
[migrating.md](migrating.md), and what isn't there yet at the end of
[CHANGELOG.md](../CHANGELOG.md).
"""

PARTS = """\
## Parts

What a part of the stack file is, the lines of `uses:` that lead to it (access by access, the
default in bold), whether somebody else may have made it, and the AWS resources that it alone makes.

| part | what it is | `uses:` | may exist already | makes |
| --- | --- | --- | --- | --- |
"""

LINES = """\
## Lines to what no part has

| line | what it leads to |
| --- | --- |
"""

TAKING_OVER = """\
## Taking over

Parts with `adopt`, what it names (the identifier that AWS's provider imports by, with an example),
the setting that says the thing's own name, and what becomes of the entry's other resources: see
[migrating.md](migrating.md#take-it-over). `adopt: {also: [...]}` names those that exist and can't
be made a second time, in the forms of the last table.

| part | resource | `adopt` | its name | put over what AWS has | made new | exists: under `also` |
| --- | --- | --- | --- | --- | --- | --- |
"""

ALSO = """\
| type under `also` | its `id` |
| --- | --- |
"""

OWN = "a setting of its own"


def sayable() -> str:
    """The text of docs/what-it-can-say.md."""
    parts = "\n".join(_rows())
    lines = "\n".join(f"| `{name}` | {_described(name)} |" for name in ELSEWHERE)
    taken = "\n".join(_taking_over())
    also = "\n".join(_also())
    return f"{HEAD}\n{PARTS}{parts}\n\n{LINES}{lines}\n\n{TAKING_OVER}{taken}\n\n{ALSO}{also}\n"


def _taking_over() -> Iterator[str]:
    rows = {camel(tier.field): tier.adopts for tier in TIERS.values() if tier.adopts is not None}
    for part, adopts in sorted({**rows, "keys": KEYS, "monitoring.logs": LOGS}.items()):
        for type_ in adopts.types:
            name = f"`{adopts.setting}`" if adopts.setting else ""
            others = (", ".join(adopt) for adopt in (adopts.over, adopts.made, adopts.also))
            cells = (f"`{part}`", _short(type_), _form(adopts.form_of(type_)), name, *others)
            yield "| " + " | ".join(cells) + " |"


def _also() -> Iterator[str]:
    for type_ in sorted(ID_FORMS):
        yield f"| `{type_}` | {_form(ID_FORMS[type_])} |"


def _form(form: IdForm) -> str:
    return f"{form.what}: `{form.example}`"


def _short(type_: str) -> str:
    module, _, name = type_.removeprefix("aws:").partition(":")
    return f"{module.split('/')[0]}.{name}"


def _rows() -> Iterator[str]:
    for tier in sorted(TIERS.values(), key=lambda shown: camel(shown.field)):
        part = camel(tier.field)
        cells = (
            f"`{part}`",
            " ".join(meaning(SYSTEM.fields[part]).split()),
            "; ".join(_uses(tier)),
            ", ".join(_existing(tier)),
            ", ".join(_types(tier)),
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _uses(tier: AnyTier) -> Iterator[str]:
    made = (*((tier.offer,) if tier.offer is not None else ()), *tier.more_offers)
    others = (already.offer for already in tier.existing if already.offer.part)
    for offer in (*made, *others):
        accesses = [
            f"**{access}**" if access == offer.default else access for access in offer.accesses
        ]
        place = f" (keys of `{part_of(offer.kind)}`)" if offer.part else ""
        yield f"`{offer.kind}`{place}: {', '.join(accesses)}"


def _existing(tier: AnyTier) -> Iterator[str]:
    declared = {already.field for already in tier.existing}
    yield from (f"`existing.{field}`" for field in EXISTING if field in declared)
    if tier.named is not None:
        yield f"`existing.{camel(tier.named.field)}`"
    if any("existing" in model.model_fields for model in _models(tier)):
        yield OWN


def _models(tier: AnyTier) -> tuple[type, ...]:
    return (tier.settings,) if hasattr(tier.settings, "model_fields") else ()


def _types(tier: AnyTier) -> Iterator[str]:
    return map(_short, tier.resources)


def _described(name: str) -> str:
    texts = {
        "link": "what the program itself made beside the stack file",
        "address": "an address beyond the system, with its port",
        "grant": "a statement in IAM's own words, judged by the pack",
    }
    assert name in UseSettings.model_fields
    return texts[name]
