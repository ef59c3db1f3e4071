"""Renews the prices of a region by AWS's Price List, for what `offers` knows; the rest stays.

Asks `GetProducts` of the Price List Query API (AWS Billing and Cost Management API Reference,
2026-11), which needs credentials with `pricing:GetProducts`, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from components.parts.charges import HOURS
from trellis.price.document import number
from trellis.price.offers import SERVICES, keys_of
from trellis.price.prices import SCHEMA, bundled

ENDPOINT_REGION = "us-east-1"
"""Where the Price List is asked, whatever region is asked for."""

MOST_ON_A_PAGE = 100


@dataclass
class Renewed:
    """What came of a refresh."""

    document: dict[str, Any]
    """The new price file."""
    renewed: list[str] = field(default_factory=list[str])
    """Keys whose price AWS answered."""
    changed: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Key, price before, price now."""
    doubtful: list[str] = field(default_factory=list[str])
    """Keys for which AWS answered several prices, which stay as they were."""
    kept: int = 0
    """Prices that were not asked for and stay."""


def refresh(
    region: str, client: Any, today: date, before: Mapping[str, Any] | None = None
) -> Renewed:
    """The prices of a region, asked anew.

    Args:
        client: boto3's `pricing` client.
        before: the region's price file as it is; what Trellis brings where it is left out.

    Raises:
        botocore.exceptions.ClientError, BotoCoreError: AWS refused or could not be reached.
    """
    old = before if before is not None else _bundled(region)
    rows: dict[str, dict[str, Any]] = {row["key"]: dict(row) for row in old.get("prices", ())}
    found: dict[str, list[dict[str, Any]]] = {}
    for service in SERVICES:
        for product in _products(client, service, region):
            for key, row in _rows(service, product, today):
                found.setdefault(key, []).append(row)
    result = Renewed({})
    for key, answers in sorted(found.items()):
        distinct = {json.dumps([row["usd"], row.get("tiers")]) for row in answers}
        if len(distinct) > 1:
            result.doubtful.append(key)
            continue
        row = answers[0]
        if key in rows:
            # The Price List knows nothing of free quantities.
            row |= {name: rows[key][name] for name in ("free", "note") if name in rows[key]}
            was = number(Decimal(str(rows[key]["usd"])))
            if Decimal(was) != Decimal(row["usd"]):
                result.changed.append((key, was, row["usd"]))
        rows[key] = row
        result.renewed.append(key)
    result.kept = len(rows) - len(result.renewed)
    result.document = {
        "schema": SCHEMA,
        "region": region,
        "currency": "USD",
        "hoursPerMonth": HOURS,
        "compiled": today.isoformat(),
        "taxIncluded": False,
        "prices": [rows[key] for key in sorted(rows)],
    }
    return result


def text_of(document: Mapping[str, Any]) -> str:
    """A price file as text: a price a line, so that differences are read."""
    head = {key: value for key, value in document.items() if key != "prices"}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    prices = ",\n".join(f"    {_json(row)}" for row in document["prices"])
    return "\n".join(["{", *lines, '  "prices": [', prices, "  ]", "}", ""])


def _json(row: Mapping[str, Any]) -> str:
    """A price with its decimals as numbers, exactly as they are."""
    plain = json.dumps({**row, "usd": 0, "tiers": 0}, ensure_ascii=False)
    usd = number(Decimal(str(row["usd"])))
    text = plain.replace('"usd": 0', f'"usd": {usd}', 1)
    if not row.get("tiers"):
        return text.replace(', "tiers": 0', "", 1)
    tiers = ", ".join(
        f'{{"upTo": {"null" if tier["upTo"] is None else number(Decimal(str(tier["upTo"])))}, '
        f'"usd": {number(Decimal(str(tier["usd"])))}}}'
        for tier in row["tiers"]
    )
    return text.replace('"tiers": 0', f'"tiers": [{tiers}]', 1)


def _bundled(region: str) -> Mapping[str, Any]:
    text = bundled(region)
    return {} if text is None else json.loads(text, parse_float=Decimal)


def _products(client: Any, service: str, region: str) -> Iterator[Mapping[str, Any]]:
    token: str | None = None
    while True:
        more = {"NextToken": token} if token else {}
        answer = client.get_products(
            ServiceCode=service,
            Filters=[{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}],
            FormatVersion="aws_v1",
            MaxResults=MOST_ON_A_PAGE,
            **more,
        )
        for text in answer.get("PriceList", ()):
            yield json.loads(text, parse_float=Decimal)
        token = answer.get("NextToken")
        if not token:
            return


def _rows(
    service: str, product: Mapping[str, Any], today: date
) -> Iterator[tuple[str, dict[str, Any]]]:
    described: Mapping[str, Any] = product.get("product", {})
    attributes: Mapping[str, Any] = described.get("attributes", {})
    family = str(described.get("productFamily", ""))
    for key in keys_of(service, family, attributes):
        tiers = _tiers(product)
        if tiers:
            yield key, _row(key, service, tiers, product, today)


def _row(
    key: str,
    service: str,
    tiers: list[tuple[Decimal | None, Decimal]],
    product: Mapping[str, Any],
    today: date,
) -> dict[str, Any]:
    published = str(product.get("publicationDate", today.isoformat()))[:10]
    row: dict[str, Any] = {
        "key": key,
        "usd": number(tiers[0][1]),
        "unit": key.rpartition("/")[2],
        "source": f"AWS Price List API, {service}, published {published}",
        "seen": published[:7],
    }
    if len(tiers) > 1:
        row["tiers"] = [
            {"upTo": None if top is None else number(top), "usd": number(usd)} for top, usd in tiers
        ]
    return row


def _tiers(product: Mapping[str, Any]) -> list[tuple[Decimal | None, Decimal]]:
    """Upper bound and price of each step on demand, ascending; none without a price in dollars.

    Steps at nought that come first are free quantities, which stand apart here.
    """
    terms: Mapping[str, Any] = product.get("terms", {}).get("OnDemand", {})
    steps: list[tuple[Decimal, Decimal | None, Decimal]] = []
    for term in terms.values():
        for dimension in term.get("priceDimensions", {}).values():
            usd = dimension.get("pricePerUnit", {}).get("USD")
            if usd is None:
                continue
            end = str(dimension.get("endRange", "Inf"))
            top = None if end == "Inf" else Decimal(end)
            steps.append((Decimal(str(dimension.get("beginRange", "0"))), top, Decimal(str(usd))))
    steps.sort(key=lambda step: step[0])
    while len(steps) > 1 and steps[0][2] == 0:
        steps.pop(0)
    return [(top, usd) for _, top, usd in steps]
