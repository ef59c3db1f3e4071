"""A network, a database, a table, a queue and a service of one's own, without a stack file."""

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Grant, Link, SubnetTier
from components.database.instance import RelationalDatabase
from components.database.settings import InstanceSettings
from components.messaging.queue import Queue
from components.messaging.settings import QueueSettings
from components.naming import Naming
from components.network.settings import NetworkSettings
from components.network.vpc import Network
from components.services.cluster import Cluster
from components.services.platform_settings import ClusterSettings
from components.services.service import Service
from components.services.settings import ServiceSettings
from components.services.task.task import Image, TaskLocation
from components.table.settings import TableSettings
from components.table.table import Table

naming = Naming("shop", "dev")
where = AccountRegion("123456789012", "eu-central-1", "aws")
key = aws.kms.Key("data", enable_key_rotation=True)

network = Network(
    "network",
    NetworkSettings(cidr="10.0.0.0/16", subnets={"public": {}, "private": {}}),
    naming=naming,
    where=where,
    zones=["eu-central-1a", "eu-central-1b"],
)
private = network.placement(SubnetTier.PRIVATE)

database = RelationalDatabase(
    "main",
    InstanceSettings(engine="postgres", version="17"),
    naming=naming,
    where=where,
    placement=private,
    key_arn=key.arn,
)
orders = Table(
    "orders",
    TableSettings(partition_key={"name": "id"}),
    naming=naming,
    where=where,
    key_arn=key.arn,
)
work = Queue("work", QueueSettings(), naming=naming, where=where, key_arn=key.arn)

reports = aws.s3.Bucket("reports", bucket="shop-dev-reports")
handover = Link(
    "bucket-reports",
    "write",
    grants=(Grant("PutReports", ("s3:PutObject",), ("arn:aws:s3:::shop-dev-reports/*",)),),
    environment={"REPORTS_BUCKET": reports.bucket},
    depends_on=(reports,),
)

image = f"docker.io/library/nginx@sha256:{'0' * 64}"
api = Service(
    "api",
    ServiceSettings(image={"uri": image}, port=8080, read_only_root=True),
    location=TaskLocation(naming, where, private),
    cluster=Cluster("cluster", ClusterSettings(), naming=naming, where=where),
    balancers={},
)
api.run(
    [database.link("connect"), orders.link("readWrite"), work.link("send"), handover],
    images={"main": Image(image)},
)

pulumi.export("table", orders.arn)
