"""moto as a server in this process, with the operation of each request noted by who sent it."""

from __future__ import annotations

import io
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs

SETTINGS = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_ACM_VALIDATION_WAIT": "1",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_LAMBDA_STUB_ECR": "true",
}

REST = {
    "access-analyzer": ("accessanalyzer",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "elasticfilesystem": ("efs",),
    "s3": ("s3", "s3control"),
    "ses": ("sesv2",),
}
"""botocore's names of services whose requests are signed for another name."""

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Calls:
    """The operations that were asked for, by the key that signed each."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._by_key: dict[str, list[str]] = {}
        self._routers: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Note a request and hand it on."""
        signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed:
            with self._lock:
                noted = self._by_key.setdefault(signed[1], [])
                noted.append(self._operation(signed[2], environ))
        return self._application(environ, start)

    def taken(self, key: str) -> list[str]:
        """What a key has asked for since this was asked last."""
        with self._lock:
            return self._by_key.pop(key, [])

    def _operation(self, service: str, environ: dict[str, Any]) -> str:
        if target := environ.get("HTTP_X_AMZ_TARGET"):
            return f"{service}:{target.rpartition('.')[2]}"
        if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            return f"{service}:{parse_qs(body.decode())['Action'][0]}"
        if service == "apigateway":
            # IAM knows its calls by their HTTP method alone.
            return f"{service}:{environ['REQUEST_METHOD']}"
        return f"{service}:{self._routed(service, environ)}"

    def _routed(self, service: str, environ: dict[str, Any]) -> str:
        from moto.core.request import Request
        from moto.core.routing import get_service_router
        from werkzeug.exceptions import NotFound

        for name in REST.get(service, (service,)):
            if name not in self._routers:
                self._routers[name] = get_service_router(name)
            try:
                return self._routers[name].match(Request(dict(environ)))[0].name
            except (NotFound, NotImplementedError):
                continue
        return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


@contextmanager
def moto() -> Iterator[tuple[str, Calls]]:
    """moto's address, and the calls that it has noted."""
    with patch.dict(os.environ, SETTINGS):
        from moto.backends import list_of_moto_modules  # noqa: F401 - reads the settings
        from moto.core.config import default_user_config
        from moto.ecs.models import Service
        from moto.iam.access_control import PermissionResult
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from moto.s3.models import FakeBucket
        from moto.sqs.models import Queue
        from werkzeug.serving import make_server

        # A function that is invoked answers at once: nothing of it is run.
        lambdas = patch.dict(default_user_config["lambda"], {"use_docker": False})
        # It reads a bucket's policy without its conditions: TLS alone would be nobody at all.
        policies = patch.object(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
        calls = Calls(DomainDispatcherApplication(create_backend_app))
        server = make_server(
            "127.0.0.1", 0, calls, True, request_handler=_Quiet(MotoRequestHandler)
        )
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        # It keeps who may send dead letters to a queue and never tells: the provider waits for it.
        allowing = patch.object(Queue, "attributes", property(_attributes_of(Queue)))
        # It starts no tasks: the provider waits until as many run as were asked for.
        running = patch.object(Service, "__init__", _running(Service.__init__))
        with lambdas, policies, allowing, running:
            serving.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}", calls
            finally:
                server.shutdown()
                server.server_close()
                serving.join()


def _running(make: Any) -> Callable[..., None]:
    def made(service: Any, *given: Any, **more: Any) -> None:
        make(service, *given, **more)
        service.running_count, service.pending_count = service.desired_count, 0
        for deployment in service.deployments:
            deployment.update(runningCount=service.desired_count, pendingCount=0,
                              rolloutState="COMPLETED")  # fmt: skip

    return made


def _attributes_of(queues: Any) -> Callable[[Any], dict[str, Any]]:
    answer = queues.attributes.fget

    def attributes(queue: Any) -> dict[str, Any]:
        allowed = getattr(queue, "redrive_allow_policy", None)
        return answer(queue) | ({"RedriveAllowPolicy": allowed} if allowed else {})

    return attributes


def _Quiet(handler: type[Any]) -> type[Any]:  # noqa: N802 - makes a class
    return type("Quiet", (handler,), {"log": lambda *_: None})
