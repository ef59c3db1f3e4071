"""Registers a provider of sign-in with a user pool, with its secret out of Secrets Manager.

Called by `pulumi up` and `pulumi destroy`, synchronously, as the provider comes, changes and goes
(Pulumi's and Terraform's `aws_lambda_invocation` with the lifecycle `CRUD`). Cognito keeps the
provider's secret beside its settings, and a resource of the program would have it in the state; so
it is read here, and is in no program, plan, state, answer or log.

Sources: CreateIdentityProvider, UpdateIdentityProvider, DeleteIdentityProvider,
DescribeIdentityProvider (Amazon Cognito user pools API Reference), 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

GONE = "ResourceNotFoundException"

RETRIES = Config(
    retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5, read_timeout=20
)
"""What AWS can not answer now is asked again, with growing pauses, for about a minute."""


class ProviderError(Exception):
    """The provider can't be registered; the text says why, and quotes no value."""


def handle(
    request: Mapping[str, Any], _context: object, *, cognito: Any = None, secrets: Any = None
) -> dict[str, str]:
    """Make, change or take away one provider.

    Args:
        request: `pool` (its id), `name`, `type` as Cognito has it, `details` and `attributes`;
            `secret` with `arn`, `detail` (what it becomes among the details) and perhaps `field`
            of its JSON value; `tf.action` is `create`, `update` or `delete`.

    Returns:
        The provider's name; nothing that the secret holds.

    Raises:
        ProviderError: the secret has no such value, or AWS refuses.
    """
    _same(request)
    client = cognito or boto3.client("cognito-idp", config=RETRIES)
    named = {"UserPoolId": request["pool"], "ProviderName": request["name"]}
    try:
        if request["tf"]["action"] == "delete":
            _take_away(client, named)
        else:
            details = dict(request["details"])
            if request.get("secret"):
                detail, value = _value(
                    secrets or boto3.client("secretsmanager", config=RETRIES), request["secret"]
                )
                details[detail] = value
            _register(client, named, request, details)
    except ClientError as error:
        # AWS's own text may quote a parameter.
        code = error.response.get("Error", {}).get("Code", "")
        failure = f"AWS refused {error.operation_name} for {request['name']}: {code}"
    except BotoCoreError as error:
        failure = f"AWS can't be asked about {request['name']}: {type(error).__name__}"
    else:
        return {"provider": request["name"]}
    raise ProviderError(failure)


def _same(request: Mapping[str, Any]) -> None:
    """An update of a provider to one of another name would leave the former one for ever."""
    former: Mapping[str, Any] = request["tf"].get("prev_input") or {}
    if (
        request["tf"]["action"] == "update"
        and former.get("name", request["name"]) != request["name"]
    ):
        raise ProviderError(
            f"{former['name']} can't become {request['name']}; give the new one another key"
        )


def _take_away(client: Any, named: Mapping[str, str]) -> None:
    try:
        client.delete_identity_provider(**named)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != GONE:
            raise


def _register(
    client: Any, named: Mapping[str, str], request: Mapping[str, Any], details: Mapping[str, str]
) -> None:
    said = {"ProviderDetails": details, "AttributeMapping": dict(request["attributes"])}
    former = _former_type(client, named)
    if former is None:
        client.create_identity_provider(**named, ProviderType=request["type"], **said)
    elif former == request["type"]:
        client.update_identity_provider(**named, **said)
    else:
        raise ProviderError(
            f"{named['ProviderName']} is a provider of the type {former} already; give one of the "
            f"type {request['type']} another key"
        )


def _former_type(client: Any, named: Mapping[str, str]) -> str | None:
    try:
        found = client.describe_identity_provider(**named)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == GONE:
            return None
        raise
    return str(found["IdentityProvider"]["ProviderType"])


def _value(client: Any, secret: Mapping[str, Any]) -> tuple[str, str]:
    """The detail that the secret is, and its value."""
    arn, field = str(secret["arn"]), secret.get("field")
    text = str(client.get_secret_value(SecretId=arn).get("SecretString", ""))
    if field:
        try:
            held: Any = json.loads(text)
        except ValueError:
            held = None
        fields = cast("dict[str, Any]", held) if isinstance(held, dict) else {}
        text = str(fields.get(str(field)) or "")
    if not text.strip():
        what = f"the field {field} of " if field else ""
        raise ProviderError(f"{what}the secret {arn} has no value")
    return str(secret["detail"]), text.strip()
