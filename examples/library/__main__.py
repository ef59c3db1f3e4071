"""A table and a queue, and what a service of one's own needs to use them."""

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion
from components.messaging.queue import Queue
from components.messaging.settings import QueueSettings
from components.naming import Naming
from components.parts.policy_document import identity_document
from components.table.settings import TableSettings
from components.table.table import Table

naming = Naming("shop", "dev")
where = AccountRegion("123456789012", "eu-central-1", "aws")
key = aws.kms.Key("data", enable_key_rotation=True)

orders = Table(
    "orders",
    TableSettings.model_validate({"partition_key": {"name": "id"}}),
    naming=naming,
    where=where,
    key_arn=key.arn,
)
work = Queue("work", QueueSettings(), naming=naming, where=where, key_arn=key.arn)

links = [orders.link("readWrite"), work.link("send")]
aws.iam.Policy(
    "app",
    policy=identity_document([grant for link in links for grant in link.grants]),
)
for link in links:
    for name, value in link.environment.items():
        pulumi.export(name, value)
