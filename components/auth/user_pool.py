"""The user pool component: who signs in, and with which applications.

Builds a pool, its groups, its clients and, where asked, its sign-in pages. Promises:
- A pool that holds users is protected and kept in production, and AWS refuses to delete it.
- No client has a secret but a load balancer's. Who does not exist is told apart from a wrong
  password by nobody.
- Other providers' secrets are read inside AWS, by a function that tells Cognito of them.
- Mail goes out by SES where a domain of it is named, and Cognito may use no other.
- What can't be changed of a pool is written whole, so that nothing looks like a change of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.auth.links import OFFER, grants_of
from components.auth.names import USER_POOL_NAME
from components.auth.providers import ProviderPlace, create_providers, provider_alarms, ready
from components.auth.settings import FLOWS, ClientSettings, UserPoolSettings
from components.contracts import AccountRegion, AlarmSpec, Arn, Link
from components.naming import Naming
from components.tags import name_tag

USERNAMES = {"email": "email", "phone": "phone_number"}
TYPES = {"string": "String", "number": "Number", "boolean": "Boolean", "dateTime": "DateTime"}

MOST_CHARACTERS, MOST_NUMBER = 2048, 2**31 - 1
"""Of an attribute, where the stack file says nothing ("SchemaAttributeType", 2026-11)."""


@dataclass(frozen=True)
class PoolMail:
    """What a pool sends its mail by."""

    arn: Arn
    """ARN of the domain's identity."""
    configuration_set: str
    after: tuple[pulumi.Resource, ...]
    """What must be there before: Cognito tries it while the pool is made."""


Permit = Callable[[str, pulumi.Input[str]], pulumi.Resource]


class UserPool(pulumi.ComponentResource):
    """One user pool. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: UserPoolSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        functions: Mapping[str, Arn] | None = None,
        providers: ProviderPlace | None = None,
        mail: PoolMail | None = None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the pool and all that is in it, or refer to one that is there.

        Args:
            name: key in the stack file.
            functions: ARNs of functions by key, for triggers; known before those are made.
            providers: what others by whom users sign in are registered with.
            mail: of the domain that its settings name.
            protect: whether the users survive a mistaken deletion.
        """
        super().__init__("trellis:auth:UserPool", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._clients: dict[str, aws.cognito.UserPoolClient] = {}
        self._domain: aws.cognito.UserPoolDomain | None = None
        self._naming = naming
        self._others = ready(settings.providers, providers.secrets) if providers else {}
        self._pool_id: pulumi.Input[str]
        self._physical_name: str | None = None
        self._pool: aws.cognito.UserPool | None = None
        self._mail = mail
        if settings.existing is not None:
            self._pool_id = settings.existing
        else:
            self._physical_name = naming.of(USER_POOL_NAME, settings.name or name)
            self._pool = self._create_pool(self._physical_name, functions or {}, protect)
            self._pool_id = self._pool.id
            registered = (
                create_providers(
                    name, self._pool_id, self.arn, self._others, providers, self._child
                )
                if providers is not None and self._others
                else []
            )
            self._create_parts(registered)
        self.register_outputs({"id": self._pool_id})

    @property
    def name(self) -> str | None:
        """Its name in Cognito; None of one that exists, which only its id is known of."""
        return self._physical_name

    @property
    def resource(self) -> aws.cognito.UserPool | None:
        """The pool; None of one that exists."""
        return self._pool

    @property
    def pool_id(self) -> pulumi.Input[str]:
        """The pool's id."""
        return self._pool_id

    @property
    def arn(self) -> pulumi.Input[str]:
        """Its ARN."""
        if isinstance(self._pool_id, str):
            return self._where.arn("cognito-idp", f"userpool/{self._pool_id}")
        return pulumi.Output.from_input(
            self._where.arn("cognito-idp", pulumi.Output.concat("userpool/", self._pool_id))
        )

    @property
    def issuer(self) -> pulumi.Input[str]:
        """What its tokens say (`iss`)."""
        suffix = "amazonaws.com.cn" if self._where.partition == "aws-cn" else "amazonaws.com"
        head = f"https://cognito-idp.{self._where.region}.{suffix}/"
        return pulumi.Output.concat(head, self._pool_id)

    @property
    def client_ids(self) -> dict[str, pulumi.Input[str]]:
        """Ids of its clients by key."""
        made = {key: client.id for key, client in self._clients.items()}
        return {**self._settings.client_ids, **made}

    @property
    def providers(self) -> dict[str, str]:
        """What Cognito calls the other providers that are registered, by key."""
        return {key: provider.provider_name(key) for key, provider in self._others.items()}

    @property
    def pages(self) -> pulumi.Input[str] | None:
        """First part of the sign-in pages' address; None where it has none."""
        return self._domain.domain if self._domain is not None else self._settings.pages

    def exports(self) -> dict[str, pulumi.Input[Any]]:
        """What an application needs to sign users in."""
        found: dict[str, pulumi.Input[Any]] = {"id": self._pool_id, "clients": self.client_ids}
        domain = self._settings.domain
        if domain is not None:
            found["signIn"] = f"https://{domain.prefix}.auth.{self._where.region}.amazoncognito.com"
        return found

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """A provider of sign-in that could not be registered."""
        return provider_alarms(self._key, self._naming) if self._others else ()

    def link(self, access: str | None = None) -> Link:
        """What a consumer needs to look at users, or to keep them.

        Raises:
            UnknownAccessError: there is no such access.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        return Link(
            f"users-{self._key}",
            access,
            grants=grants_of(self._key, access, self.arn),
            environment=OFFER.environment(self._key, self._settings, {"id": self._pool_id}),
        )

    def stand_behind(self, acl_arn: pulumi.Input[str]) -> None:
        """Have a firewall before its sign-in pages and before Cognito's own calls."""
        aws.wafv2.WebAclAssociation(
            self._key,
            resource_arn=self.arn,
            web_acl_arn=acl_arn,
            # A pool has one; the other way round, none would be left.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def let_call(self, permits: Mapping[str, Permit]) -> None:
        """Let the pool call its triggers' functions, once those are made.

        Args:
            permits: by key of the function.
        """
        for name, function in sorted(triggers_of(self._settings).items()):
            permits[function](f"{self._key}-{name}", self.arn)

    def _create_pool(
        self, name: str, functions: Mapping[str, Arn], protect: bool
    ) -> aws.cognito.UserPool:
        settings = self._settings
        called: Any = {trigger: functions[key] for trigger, key in triggers_of(settings).items()}
        usernames = [USERNAMES[sign_in] for sign_in in settings.sign_in if sign_in in USERNAMES]
        return aws.cognito.UserPool(
            self._key,
            name=name,
            username_attributes=usernames or None,
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"] if "email" in settings.sign_in else None,
            user_attribute_update_settings={
                "attributes_require_verification_before_updates": ["email"]
            }
            if "email" in settings.sign_in
            else None,
            schemas=[
                _attribute(key, attribute) for key, attribute in sorted(settings.attributes.items())
            ]
            or None,
            password_policy={
                "minimum_length": settings.passwords.length,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "temporary_password_validity_days": settings.passwords.temporary_days,
            },
            mfa_configuration="ON" if settings.mfa == "required" else "OPTIONAL",
            software_token_mfa_configuration={"enabled": True},
            admin_create_user_config={"allow_admin_create_user_only": not settings.self_sign_up},
            account_recovery_setting={
                "recovery_mechanisms": [
                    {
                        "name": "verified_email" if settings.recovery == "email" else "admin_only",
                        "priority": 1,
                    }
                ]
            },
            user_pool_tier=settings.tier.upper(),
            user_pool_add_ons={"advanced_security_mode": "ENFORCED"}
            if settings.tier == "plus"
            else None,
            lambda_config=called or None,
            email_configuration=self._email(),
            deletion_protection="ACTIVE" if protect else "INACTIVE",
            tags=name_tag(name),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                retain_on_delete=protect,
                depends_on=list(self._mail.after) if self._mail is not None else None,
            ),
        )

    def _email(self) -> Any:
        """By whom it sends mail; always said, as AWS's provider takes nothing for no change."""
        mail, source = self._settings.mail, self._mail
        if mail is None or source is None:
            return {"email_sending_account": "COGNITO_DEFAULT"}
        answers = {} if mail.reply_to is None else {"reply_to_email_address": mail.reply_to}
        return {
            "email_sending_account": "DEVELOPER",
            "source_arn": source.arn,
            "from_email_address": mail.shown,
            "configuration_set": source.configuration_set,
            **answers,
        }

    def _create_parts(self, registered: Sequence[pulumi.Resource]) -> None:
        settings = self._settings
        for name, group in settings.groups.items():
            aws.cognito.UserGroup(
                f"{self._key}-{name}",
                name=name,
                user_pool_id=self._pool_id,
                description=group.description,
                precedence=group.precedence,
                opts=self._child,
            )
        if settings.domain is not None:
            self._domain = aws.cognito.UserPoolDomain(
                self._key,
                domain=settings.domain.prefix,
                user_pool_id=self._pool_id,
                managed_login_version=1 if settings.tier == "lite" else 2,
                # A pool has one.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        for name, client in settings.clients.items():
            self._clients[name] = self._create_client(name, client, registered)

    def _create_client(
        self, name: str, client: ClientSettings, registered: Sequence[pulumi.Resource]
    ) -> aws.cognito.UserPoolClient:
        pages = bool(client.callbacks)
        offered = [
            self._others[key].provider_name(key)
            for key in self._settings.offered_by(client)
            if key in self._others
        ]
        return aws.cognito.UserPoolClient(
            f"{self._key}-{name}",
            name=name,
            user_pool_id=self._pool_id,
            generate_secret=client.secret,
            explicit_auth_flows=[
                *sorted(FLOWS[flow] for flow in set(client.flows)),
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            allowed_oauth_flows_user_pool_client=pages,
            allowed_oauth_flows=["code"] if pages else None,
            allowed_oauth_scopes=sorted(client.scopes) if pages else None,
            callback_urls=list(client.callbacks) or None,
            logout_urls=list(client.logouts) or None,
            supported_identity_providers=["COGNITO", *sorted(offered)],
            access_token_validity=client.token_minutes,
            id_token_validity=client.token_minutes,
            refresh_token_validity=client.refresh_days,
            token_validity_units={
                "access_token": "minutes",
                "id_token": "minutes",
                "refresh_token": "days",
            },
            # Cognito refuses a client that names a provider it does not have.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=list(registered) if offered else None
            ),
        )


def triggers_of(settings: UserPoolSettings) -> dict[str, str]:
    """Keys of functions by the trigger that calls them, as `lambda_config` names it."""
    found: dict[str, str] = settings.triggers.model_dump(exclude_none=True)
    return found


def _attribute(name: str, settings: Any) -> Any:
    """With all constraints written: what is left out AWS fills in, and it would look changed."""
    found: dict[str, Any] = {
        "name": name,
        "attribute_data_type": TYPES[settings.type],
        "mutable": settings.mutable,
        "required": False,
        "developer_only_attribute": False,
    }
    if settings.type == "string":
        most = MOST_CHARACTERS if settings.most is None else settings.most
        found["string_attribute_constraints"] = {
            "min_length": str(settings.least or 0),
            "max_length": str(most),
        }
    elif settings.type == "number":
        most = MOST_NUMBER if settings.most is None else settings.most
        found["number_attribute_constraints"] = {
            "min_value": str(settings.least or 0),
            "max_value": str(most),
        }
    return found
