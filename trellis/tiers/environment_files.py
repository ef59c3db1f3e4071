"""Files of environment variables that tasks read from buckets as they start."""

from __future__ import annotations

from collections.abc import Iterator

from components.bucket.bucket import Bucket
from components.bucket.existing import existing_environment_file
from components.contracts import Link
from components.services.task.settings import TaskSettings
from trellis.tiers.stack_context import StackContext
from trellis.tiers.uses import Producers


def environment_files(
    stack: StackContext, producers: Producers, task: TaskSettings
) -> Iterator[Link]:
    """The links of a task's files. `checks` has refused buckets that are not there."""
    for file in task.environment_files:
        bucket = producers.by_kind["bucket"][file.bucket]
        if isinstance(bucket, Bucket):
            yield bucket.environment_file(file.file)
        else:
            there = stack.settings.existing.buckets[file.bucket]
            yield existing_environment_file(file.bucket, there, file.file, stack.where)
