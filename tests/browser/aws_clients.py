"""boto3's own clients, made once: S3 for moto, and CloudFront whose sending alone is replaced."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3

Invalidate = Callable[[str, list[str]], None]
"""Takes the distribution's id and the paths."""


class AwsClients:
    """Clients with no account behind them."""

    def __init__(self) -> None:
        nobody: dict[str, Any] = {
            "aws_access_key_id": "testing",
            "aws_secret_access_key": "testing",
        }
        self.s3: Any = boto3.client("s3", region_name="eu-west-1", **nobody)
        self.cloudfront: Any = boto3.client("cloudfront", region_name="us-east-1", **nobody)
        self.invalidate: Invalidate = lambda _id, _paths: None
        """What an invalidation does; botocore has checked its form before."""
        events = self.cloudfront.meta.events
        events.register("before-parameter-build.cloudfront.CreateInvalidation", self._take)
        events.register("before-call.cloudfront.CreateInvalidation", self._sent)

    def _take(self, params: dict[str, Any], **_: Any) -> None:
        paths = params["InvalidationBatch"]["Paths"]
        if paths["Quantity"] != len(paths["Items"]):
            raise ValueError("CloudFront refuses: Quantity is not the number of paths")
        self.invalidate(params["DistributionId"], paths["Items"])

    def _sent(self, **_: Any) -> tuple[Any, dict[str, Any]]:
        return SimpleNamespace(status_code=201), {}
