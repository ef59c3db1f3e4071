"""What APIs call and keep: backends that know who calls, TLS on private links, encrypted caches."""

from typing import Final

from .. import aws
from ..control import Control, Level, Severity, Verdict, not_applicable, require, where
from ..define import Facts, graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..unknown import Tri

_API: Final = "apigateway/latest/developerguide/"
# Integrations that open no connection with a certificate: functions, services of AWS, and none.
_WITHOUT_CERTIFICATE: Final = ("AWS", "AWS_PROXY", "MOCK")


@graph_control(
    Facts(
        "APIGateway.2",
        "Backends can tell that a REST API calls them",
        Severity.MEDIUM,
        "REST APIs of apis.<key> call functions only, which take no certificate",
        "client_certificate_id=certificate.id",
        _API + "getting-started-client-side-ssl-authentication.html",
        # Whether a backend checks the certificate is its own matter, which no program shows.
        level=Level.ADVISORY,
    ),
    aws.REST_STAGE,
)
def backend_knows(stage: Resource, stack: Stack) -> Verdict:
    apis = stack.follow(stage, "restApi", aws.REST_API).found
    called = [
        one.resource["type"]
        for api in apis
        for one in stack.companions(api, aws.REST_INTEGRATION, "restApi")
    ]
    if called and all(kind.one_of(_WITHOUT_CERTIFICATE) is Tri.YES for kind in called):
        return not_applicable("no integration of it calls a backend over HTTP")
    return require(stage["clientCertificateId"].present(), "clientCertificateId is not set")


@resource_control(
    Facts(
        "APIGateway.5",
        "Caches of REST APIs are encrypted",
        Severity.MEDIUM,
        "no stage of apis.<key> has a cache",
        "settings={'caching_enabled': True, 'cache_data_encrypted': True}",
        _API + "api-gateway-caching.html",
    ),
    aws.REST_METHOD_SETTINGS,
)
def cache_encrypted(methods: Resource) -> Verdict:
    settings = methods["settings"]
    return where(
        settings["cachingEnabled"].is_true(),
        require(settings["cacheDataEncrypted"].is_true(), "cacheDataEncrypted is not true"),
        "it turns no cache on",
    )


@resource_control(
    of_own_code(
        "APIGateway.10",
        "HTTP and WebSocket APIs use TLS on private connections",
        Severity.MEDIUM,
        "tls_config={'server_name_to_verify': 'orders.internal.example.org'}",
        _API + "http-api-develop-integrations-private.html",
        stack="services.<key>.apiRoutes are always reached over TLS",
    ),
    aws.HTTP_INTEGRATION,
)
def private_over_tls(integration: Resource) -> Verdict:
    return where(
        integration["connectionType"].equals("VPC_LINK"),
        require(integration.at("tlsConfig.serverNameToVerify").present(), "tlsConfig is not set"),
        "its connection is over the internet, or to AWS",
    )


CONTROLS: Final[tuple[Control, ...]] = (backend_knows, cache_encrypted, private_over_tls)
