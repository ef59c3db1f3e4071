"""Answers a question about the logs: a language model writes the SQL, Athena answers it.

Called by the API: `POST /questions {"question": "..."}`. The model sees the tables' columns and the
question, never a record. What it writes is run only if it is one SELECT; the workgroup's role can
read the catalog and nothing else, and its limit ends what reads too much.
"""

from __future__ import annotations

import json
import logging
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from athena import Lake, QueryError
from web import readable, reply

MOST_QUESTION = 2000
"""Characters."""

MOST_ROWS = 100
MODEL_SECONDS, QUERY_SECONDS = 12, 14
"""Together less than the 29 s that API Gateway waits ("Quotas", API Gateway, 2026-11)."""

MOST_TOKENS = 1024
ANTHROPIC_MODEL, OPENAI_MODEL = "claude-sonnet-4-5", "gpt-5-mini"
"""Where the stack file names no other."""

ALLOWED = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|UNLOAD|CALL|EXECUTE|"
    r"PREPARE|MSCK|VACUUM|OPTIMIZE)\b",
    re.IGNORECASE,
)
TEXT = re.compile(r"'(?:[^']|'')*'")

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

Ask = Callable[[str], str]
"""Sends a prompt to the model, gives its answer."""


class ModelError(Exception):
    """The model gave no answer, or none that may be run; the text never holds a key."""


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Lambda's entry, as API Gateway's proxy integration calls it."""
    lake = Lake(
        boto3.client("athena"),
        os.environ["ATHENA_MAIN_WORKGROUP"],
        os.environ["ATHENA_MAIN_DATABASE"],
        seconds=QUERY_SECONDS,
    )
    return readable(event, answer(event, lake, model()))


def answer(event: Mapping[str, Any], lake: Lake, ask: Ask) -> dict[str, Any]:
    """The answer to one request."""
    question = _question(event.get("body"))
    if question is None:
        text = f'a body like {{"question": "..."}} with at most {MOST_QUESTION} characters'
        return reply(400, {"error": text})
    try:
        sql = safe(ask(prompt(question, tables(lake.database))))
        rows = lake.ask(sql, MOST_ROWS)
    except (ModelError, QueryError) as error:
        log.warning("no answer: %s", error)
        return reply(422, {"error": str(error)})
    return reply(200, {"sql": sql, "rows": rows, "complete": len(rows) < MOST_ROWS})


def tables(database: str) -> dict[str, dict[str, str]]:
    """Columns with their types, by table or view."""
    found: dict[str, dict[str, str]] = {}
    pages = boto3.client("glue").get_paginator("get_tables").paginate(DatabaseName=database)
    for page in pages:
        for table in page["TableList"]:
            columns = [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]
            if table["Name"] != "delivery_schema":
                found[table["Name"]] = {column["Name"]: column["Type"] for column in columns}
    return found


def prompt(question: str, columns: Mapping[str, Mapping[str, str]]) -> str:
    """What the model is asked."""
    return (
        "Write one SELECT for Amazon Athena (Trino SQL) that answers the question. Answer with the "
        "SQL alone. Bound the partition column `day`, text of the form 2026/11/29, wherever a "
        f"table has it. Tables: {json.dumps(columns, sort_keys=True)}\nQuestion: {question}"
    )


def safe(text: str) -> str:
    """The model's SQL, if it only reads.

    Raises:
        ModelError: it is not one SELECT.
    """
    sql = text.strip().removeprefix("```sql").removeprefix("```").removesuffix("```")
    sql = sql.strip().rstrip(";").strip()
    bare = TEXT.sub("''", sql)
    if not ALLOWED.match(bare) or ";" in bare or FORBIDDEN.search(bare):
        raise ModelError("the model wrote something else than one SELECT")
    return sql


def model() -> Ask:
    """The model that the stack file names."""
    provider = os.environ["MODEL_ANALYST_PROVIDER"]
    named = os.environ.get("MODEL_ANALYST_ID")
    if provider == "bedrock":
        return lambda text: _bedrock(str(named), text)
    key = _key()
    if provider == "anthropic":
        return lambda text: _anthropic(key, named or ANTHROPIC_MODEL, text)
    return lambda text: _openai(key, named or OPENAI_MODEL, text)


def _bedrock(identifier: str, text: str) -> str:
    client = boto3.client("bedrock-runtime")
    reply = client.converse(
        modelId=identifier,
        messages=[{"role": "user", "content": [{"text": text}]}],
        inferenceConfig={"maxTokens": MOST_TOKENS, "temperature": 0},
    )
    return str(reply["output"]["message"]["content"][0]["text"])


def _anthropic(key: str, identifier: str, text: str) -> str:
    reply = _post(
        "https://api.anthropic.com/v1/messages",
        {"x-api-key": key, "anthropic-version": "2023-06-01"},
        {
            "model": identifier,
            "max_tokens": MOST_TOKENS,
            "messages": [{"role": "user", "content": text}],
        },
    )
    return str(reply["content"][0]["text"])


def _openai(key: str, identifier: str, text: str) -> str:
    reply = _post(
        "https://api.openai.com/v1/chat/completions",
        {"Authorization": f"Bearer {key}"},
        {"model": identifier, "messages": [{"role": "user", "content": text}]},
    )
    return str(reply["choices"][0]["message"]["content"])


def _post(url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=MODEL_SECONDS) as reply:
            return json.loads(reply.read())
    except urllib.error.HTTPError as error:
        raise ModelError(f"the model's provider answered {error.code}") from None
    except OSError as error:
        raise ModelError(f"the model's provider could not be reached: {error}") from None


def _key() -> str:
    secret = os.environ["MODEL_ANALYST_SECRET_ARN"]
    held = boto3.client("secretsmanager").get_secret_value(SecretId=secret)
    return str(held["SecretString"]).strip()


def _question(body: object) -> str | None:
    try:
        given = json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return None
    question = given.get("question") if isinstance(given, dict) else None
    fits = isinstance(question, str) and 0 < len(question) <= MOST_QUESTION
    return question if fits else None
