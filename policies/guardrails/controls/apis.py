"""APIs and their users: authenticated, logged, throttled, over modern TLS."""

from typing import Final

from .. import aws
from ..control import (
    Control,
    Level,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
    where,
)
from ..define import Facts, graph_control, resource_control
from ..evidence import Companion, Resource, Stack
from ..openapi import open_operations
from ..reading import Reading
from ..unknown import Tri, any_of

_API = "apigateway/latest/developerguide/"
_COGNITO = "cognito/latest/developerguide/"
_STAGES = (aws.REST_STAGE, aws.HTTP_STAGE)

# "Password strength" of Cognito.3, FSBP, 2026-11.
MINIMUM_PASSWORD_LENGTH: Final = 8
_DEFAULT_ROUTE: Final = "$default"


@resource_control(
    Facts(
        "APIGateway.8",
        "Every method asks who is calling",
        Severity.MEDIUM,
        "apis.<key>.authorizer says who may call, and so may each of functions.<key>.routes",
        "authorization='COGNITO_USER_POOLS' (or AWS_IAM, CUSTOM, JWT)",
        _API + "apigateway-control-access-to-api.html",
    ),
    aws.REST_METHOD,
    aws.HTTP_ROUTE,
    aws.HTTP_API,
    aws.REST_API,
)
def authenticated(method: Resource) -> Verdict:
    if method.type in (aws.HTTP_API, aws.REST_API):
        return _api_by_itself(method)
    if method.type == aws.REST_METHOD:
        preflight = method["httpMethod"].equals("OPTIONS")
        # A key that comes with every request names a plan, not a caller: it is no authorization.
        chosen = ~method["authorization"].equals("NONE")
    else:
        if (answer := _of_messages(method)) is not None:
            return answer
        preflight = method["routeKey"].matches("^OPTIONS ")
        chosen = ~method["authorizationType"].equals("NONE")
    return where(
        ~preflight | chosen,
        require(chosen, "anyone may call it"),
        "browsers ask OPTIONS without credentials",
    )


def _of_messages(route: Resource) -> Verdict | None:
    """The answer for a route that takes messages of a WebSocket API, which asks only who connects.

    A route of an HTTP API is a method and a path, or `$default`: a name that both kinds know.
    """
    key = route["routeKey"]
    if key.equals(_DEFAULT_ROUTE) is Tri.YES:
        return not_applicable("APIGateway.default-route asks it together with its API")
    if key.matches(r"^(?!\$connect$)\S+$") is Tri.YES:
        return not_applicable("who connects to the socket is asked by its route $connect")
    return None


def _api_by_itself(api: Resource) -> Verdict:
    """The routes that an API makes by itself: by its quick start, or from a description."""
    body = api["body"]
    if body.is_unknown:
        return require(Tri.UNKNOWN, "its description may let anyone call a route")
    if body.text():
        operations = open_operations(body.text() or "")
        if operations is None:
            return require(Tri.UNKNOWN, "its description cannot be read")
        listed = ", ".join(operations[:3])
        return require(Tri.of(not operations), f"anyone may call {listed} of its description")
    target = api["target"]
    if api.type == aws.HTTP_API and (not target.is_absent or not api["routeKey"].is_absent):
        preflight = api["routeKey"].matches("^OPTIONS ")
        # The route of a quick start has no authorization, and no setting for one.
        return where(
            ~preflight & (target.present() | api["routeKey"].present()),
            require(Tri.NO, "anyone may call the route of its quick start"),
            "browsers ask OPTIONS without credentials",
        )
    return not_applicable("its routes are resources of their own")


@graph_control(
    Facts(
        "APIGateway.default-route",
        "Default routes of HTTP APIs ask who is calling",
        Severity.MEDIUM,
        "apis.<key>.authorizer says who may call, and so may each of functions.<key>.routes",
        "authorization_type='JWT' (or AWS_IAM, CUSTOM)",
        _API + "http-api-develop-routes.html",
    ),
    aws.HTTP_ROUTE,
)
def default_authenticated(route: Resource, stack: Stack) -> Verdict:
    apis = stack.follow(route, "apiId", aws.HTTP_API).found
    socket = any_of(api["protocolType"].equals("WEBSOCKET") for api in apis)
    return where(
        route["routeKey"].equals(_DEFAULT_ROUTE) & ~socket,
        require(~route["authorizationType"].equals("NONE"), "anyone may call it"),
        "it is no default route, or one of a WebSocket API, which asks who connects",
    )


@graph_control(
    Facts(
        "APIGateway.1",
        "REST and WebSocket APIs log how they run",
        Severity.MEDIUM,
        "a REST API of apis.<key> logs its errors (the default)",
        "MethodSettings(method_path='*/*', settings={'logging_level': 'ERROR'}), or "
        "default_route_settings={'logging_level': 'ERROR'} of a WebSocket API's stage",
        _API + "set-up-logging.html",
    ),
    *_STAGES,
)
def runs_logged(stage: Resource, stack: Stack) -> Verdict:
    if stage.type == aws.REST_STAGE:
        logged = any_of(
            one.belongs & _of_all_methods(stage, one.resource) & _logs(one.resource["settings"])
            for one in _settings_of(stage, stack)
        )
        return require(logged, "loggingLevel is OFF")
    apis = stack.follow(stage, "apiId", aws.HTTP_API).found
    sockets = [api["protocolType"].equals("WEBSOCKET") for api in apis]
    return where(
        any_of(sockets) if sockets else Tri.UNKNOWN,
        require(_logs(stage["defaultRouteSettings"]), "loggingLevel is OFF"),
        "HTTP APIs have access logs only",
    )


def _logs(settings: Reading) -> Tri:
    return settings["loggingLevel"].one_of(("ERROR", "INFO"))


@resource_control(
    Facts(
        "APIGateway.9",
        "APIs log every request",
        Severity.MEDIUM,
        "apis.<key>.accessLogDays: every request leaves a line (the default)",
        "access_log_settings={'destination_arn': group.arn, 'format': ...}",
        _API + "set-up-logging.html",
    ),
    *_STAGES,
)
def api_logged(stage: Resource) -> Verdict:
    return require(
        stage.provided(stage.at("accessLogSettings.destinationArn"), aws.LOG_GROUP, aws.FIREHOSE),
        "accessLogSettings is not set",
    )


@resource_control(
    Facts(
        "APIGateway.tls",
        "APIs accept TLS 1.2 or later",
        Severity.MEDIUM,
        "apis.<key>.domain accepts TLS 1.2 and later (the default)",
        "security_policy='TLS_1_2'",
        _API + "apigateway-custom-domain-tls-version.html",
    ),
    aws.REST_DOMAIN,
    aws.HTTP_DOMAIN,
)
def api_tls(domain: Resource) -> Verdict:
    if domain.type == aws.REST_DOMAIN:
        policy = domain["securityPolicy"]
    else:
        policy = domain.at("domainNameConfiguration.securityPolicy")
    modern = policy.equals("TLS_1_2") | policy.matches(r"^SecurityPolicy_TLS1[23]_")
    return require(modern, "securityPolicy accepts TLS 1.0")


def _limited(settings_of: Resource, path: str) -> Tri:
    settings = settings_of.at(path)
    return settings["throttlingRateLimit"].at_least(0.001) & settings[
        "throttlingBurstLimit"
    ].at_least(1)


@graph_control(
    Facts(
        "APIGateway.throttle",
        "APIs limit how often they are called",
        Severity.MEDIUM,
        "apis.<key>.throttle: {rate: 100, burst: 200}",
        "MethodSettings(method_path='*/*', settings={'throttling_rate_limit': 100, ...})",
        _API + "api-gateway-request-throttling.html",
    ),
    *_STAGES,
)
def throttled(stage: Resource, stack: Stack) -> Verdict:
    if stage.type == aws.HTTP_STAGE:
        limited = _limited(stage, "defaultRouteSettings")
    else:
        limited = any_of(
            one.belongs & _of_all_methods(stage, one.resource) & _limited(one.resource, "settings")
            for one in _settings_of(stage, stack)
        )
    return require(limited, "no limit for all methods is set")


def _settings_of(stage: Resource, stack: Stack) -> tuple[Companion, ...]:
    by_stage = stack.companions(stage, aws.REST_METHOD_SETTINGS, "stageName")
    seen = {one.resource.urn for one in by_stage}
    name = stage["stageName"].text()
    # Stages of several APIs share names, so a name alone does not tell; the API does.
    by_name = [
        Companion(one, Tri.YES)
        for one in stack.of_type(aws.REST_METHOD_SETTINGS)
        if one.urn not in seen and name is not None and one["stageName"].text() == name
    ]
    return (*by_stage, *by_name)


def _of_all_methods(stage: Resource, settings: Resource) -> Tri:
    return _same_api(stage, settings) & settings["methodPath"].equals("*/*")


def _same_api(stage: Resource, settings: Resource) -> Tri:
    one, other = stage["restApi"], settings["restApi"]
    if one.text() is not None and other.text() is not None:
        return Tri.of(one.text() == other.text())
    first = set(stage.facts.property_dependencies.get("restApi", ()))
    second = set(settings.facts.property_dependencies.get("restApi", ()))
    if not first or not second:
        return Tri.UNKNOWN
    return Tri.of(bool(first & second))


@graph_control(
    Facts(
        "APIGateway.4",
        "APIs stand behind a firewall",
        Severity.MEDIUM,
        "firewalls: {main: {apis: all}} stands before REST APIs",
        "wafv2.WebAclAssociation(resource_arn=stage.arn, web_acl_arn=acl.arn)",
        _API + "apigateway-control-access-aws-waf.html",
        # A firewall before an API is a choice of its price; only public systems default to it.
        level=Level.ADVISORY,
    ),
    aws.REST_STAGE,
)
def api_behind_firewall(stage: Resource, stack: Stack) -> Verdict:
    associated = any_of(
        one.belongs for one in stack.companions(stage, aws.WEB_ACL_ASSOCIATION, "resourceArn")
    )
    return require(associated, "no web ACL is associated")


@resource_control(
    Facts(
        "Cognito.5",
        "Users may or must give a second factor",
        Severity.MEDIUM,
        "userPools.<key>.mfa: optional (the default) or required",
        "mfa_configuration='OPTIONAL', software_token_mfa_configuration={'enabled': True}",
        _COGNITO + "user-pool-settings-mfa.html",
    ),
    aws.USER_POOL,
)
def second_factor(pool: Resource) -> Verdict:
    return require(pool["mfaConfiguration"].one_of(("ON", "OPTIONAL")), "mfaConfiguration is OFF")


@resource_control(
    Facts(
        "Cognito.6",
        "User pools are protected from deletion",
        Severity.MEDIUM,
        "userPools.<key> of production is always protected",
        "deletion_protection='ACTIVE'",
        _COGNITO + "user-pool-settings-deletion-protection.html",
        in_development=Level.ADVISORY,
    ),
    aws.USER_POOL,
)
def pool_protected(pool: Resource) -> Verdict:
    return require(pool["deletionProtection"].equals("ACTIVE"), "deletionProtection is not ACTIVE")


@resource_control(
    Facts(
        "Cognito.3",
        "Passwords are strong",
        Severity.MEDIUM,
        "userPools.<key>.passwords.length of 8 or more (the default is 14)",
        "password_policy={'minimum_length': 12, 'require_lowercase': True, ...}",
        _COGNITO + "user-pool-settings-policies.html",
    ),
    aws.USER_POOL,
)
def strong_passwords(pool: Resource) -> Verdict:
    policy = pool["passwordPolicy"]
    return first_failure(
        require(
            policy["minimumLength"].at_least(MINIMUM_PASSWORD_LENGTH),
            f"passwordPolicy.minimumLength is below {MINIMUM_PASSWORD_LENGTH}",
        ),
        *(
            require(policy[rule].is_true(), f"passwordPolicy.{rule} is not true")
            for rule in ("requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols")
        ),
        require(
            policy["temporaryPasswordValidityDays"].absent()
            | policy["temporaryPasswordValidityDays"].at_most(7),
            "temporary passwords live longer than a week",
        ),
    )


@resource_control(
    Facts(
        "Cognito.2",
        "Nobody gets credentials as a guest",
        Severity.MEDIUM,
        "no tier of a stack file makes identity pools",
        "allow_unauthenticated_identities=False",
        _COGNITO + "identity-pools.html",
    ),
    aws.IDENTITY_POOL,
)
def no_guests(pool: Resource) -> Verdict:
    return require(
        ~pool["allowUnauthenticatedIdentities"].is_true(), "allowUnauthenticatedIdentities is true"
    )


CONTROLS: Final[tuple[Control, ...]] = (
    authenticated,
    default_authenticated,
    runs_logged,
    api_logged,
    api_tls,
    throttled,
    api_behind_firewall,
    second_factor,
    pool_protected,
    strong_passwords,
    no_guests,
)
