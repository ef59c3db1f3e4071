"""What an API of either kind shows to whoever calls it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.api.links import api_link, api_url
from components.api.routes import Address, exported
from components.api.settings import ApiSettings
from components.contracts import AccountRegion, Arn, Link


class Called:
    """The part of a REST API and an HTTP API that callers see."""

    _key: str
    _settings: ApiSettings
    _where: AccountRegion
    _api_name: str
    _address: Address | None

    @property
    def resource(self) -> aws.apigateway.RestApi | aws.apigatewayv2.Api:
        """The API."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """Its name in API Gateway."""
        return self._api_name

    @property
    def arn(self) -> Arn:
        """ARN of the API, decided by AWS."""
        return self.resource.arn

    @property
    def url(self) -> pulumi.Input[str]:
        """Where it is called, with its stage."""
        return api_url(self._settings, self.resource.id, self._where)

    @property
    def address(self) -> Address | None:
        """What the record of its own name leads to, once `serve` has made it; None without one."""
        return self._address

    def exports(self) -> dict[str, pulumi.Input[str]]:
        """Where it is called; with a name of its own, what that name's record leads to."""
        return exported(self.url, self._address)

    def link(self, access: str | None = None) -> Link:
        """What a caller needs who signs with IAM; whoever brings a token needs the address only.

        Raises:
            UnknownAccessError: `access` is not `call`.
        """
        return api_link(
            self._key,
            self._settings,
            access,
            execution_arn=self.resource.execution_arn,
            url=self.url,
        )
