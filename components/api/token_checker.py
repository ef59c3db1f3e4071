"""The function that checks tokens signed with a shared secret, as an authorizer of an API."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, MetricQuery
from components.naming import Kind, Naming
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.api_routes import SharedSecretSettings
from components.parts.invocation_arn import invocation_arn
from components.parts.small_function import SmallFunction, small_function

FEW_CHECKS = 10
"""In five minutes: among fewer, somebody's bad tokens may be all there are."""

FIVE_MINUTES = 300
"""Seconds."""


class TokenChecker(pulumi.ComponentResource):
    """One such function, with its role, log group and alarm. It reads exactly its secret."""

    def __init__(
        self,
        name: str,
        settings: SharedSecretSettings,
        link: Link,
        secret_arn: pulumi.Input[str],
        *,
        naming: Naming,
        where: AccountRegion,
        log_days: int,
        log_key_arn: Arn | None = None,
        environment_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the function.

        Args:
            name: of the authorizer, as in `jwt-secret-tokens`.
            link: what reading the secret takes.
        """
        super().__init__("trellis:api:TokenChecker", name, None, opts)
        self._key = key = name
        expected = {
            "FIELD": settings.field,
            "ISSUER": settings.issuer,
            "AUDIENCE": settings.audience,
        }
        environment: dict[str, pulumi.Input[str]] = {"SECRET_ARN": secret_arn}
        environment.update({name: text for name, text in expected.items() if text is not None})
        self._function_name = naming.of(Kind.FUNCTION, key)
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._function: SmallFunction = small_function(
            key,
            "jwt_authorizer",
            naming=naming,
            where=where,
            description=f"Lets requests through whose token {settings.secret} signed",
            grants=link.grants,
            timeout=10,
            log_days=log_days,
            log_key_arn=log_key_arn,
            environment=environment,
            environment_key_arn=environment_key_arn,
            memory=256,
            after=link.depends_on,
            opts=self._child,
        )
        self.register_outputs({"name": self._function_name})

    @property
    def name(self) -> str:
        """The function's name."""
        return self._function_name

    @property
    def arn(self) -> Arn:
        """ARN of the function, known before it is made."""
        return self._where.arn("lambda", f"function:{self._function_name}")

    @property
    def resource(self) -> aws.lambda_.Function:
        """The function."""
        return self._function.resource

    @property
    def invoke_arn(self) -> Arn:
        """What an authorizer names."""
        return invocation_arn(self._where, self.arn)

    def permit(self, name: str, source_arn: pulumi.Input[str]) -> pulumi.Resource:
        """Let one authorizer call it."""
        return aws.lambda_.Permission(
            name,
            action="lambda:InvokeFunction",
            function=self._function.resource.name,
            principal="apigateway.amazonaws.com",
            source_arn=source_arn,
            opts=self._child,
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Tell when it lets nobody through: a bad token is an error to Lambda, and no news."""
        own = {"FunctionName": self._function_name}
        metrics = (
            measured("AWS/Lambda", "Errors", own, "Sum", FIVE_MINUTES, id_="errors", shown=False),
            measured(
                "AWS/Lambda", "Invocations", own, "Sum", FIVE_MINUTES, id_="runs", shown=False
            ),
            MetricQuery(
                id="share",
                expression=f"IF(runs >= {FEW_CHECKS}, 100 * errors / runs, 0)",
                label="refused (%)",
            ),
        )
        return (
            alarm(
                f"{self._key}-nobody",
                AlarmText(
                    f"Authorizer {self._key}: lets nobody through",
                    "Every token was refused in two of the last three five-minute periods.",
                    f"Read /aws/lambda/{self._function_name}: the secret may be empty or too "
                    "short, or tokens are signed with another.",
                ),
                metrics,
                Limit(99.9, periods=3, datapoints=2),
                parent=f"authorizer-{self._key}",
            ),
        )
