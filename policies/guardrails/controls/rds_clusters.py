"""Clusters of databases (Aurora and Multi-AZ), and the proxies before databases."""

from typing import Final

from .. import aws
from ..control import Control, Level, Severity, Verdict, not_applicable, require, where
from ..define import Facts, graph_control, resource_control
from ..evidence import Resource, Stack
from ..unknown import Tri

_GUIDE: Final = "AmazonRDS/latest/UserGuide/"
_AURORA: Final = "AmazonRDS/latest/AuroraUserGuide/"
_MYSQL: Final = "aurora-mysql"


@graph_control(
    Facts(
        "RDS.15",
        "Clusters of databases stand in two zones",
        Severity.MEDIUM,
        stack="databases.<key>.instances: two or more (the default in production)",
        code="two ClusterInstances, or more, of one cluster",
        doc=_AURORA + "Concepts.AuroraHighAvailability.html",
        in_development=Level.ADVISORY,
    ),
    aws.DB_CLUSTER,
)
def several_zones(cluster: Resource, stack: Stack) -> Verdict:
    engine = cluster["engine"]
    if engine.one_of(("mysql", "postgres")) is Tri.YES:
        return require(Tri.YES, "a Multi-AZ cluster stands in three zones")
    if cluster["engineMode"].equals("serverless") is Tri.YES:
        return not_applicable("Aurora Serverless v1 chooses its zones by itself")
    found = stack.companions(cluster, aws.DB_CLUSTER_INSTANCE, "clusterIdentifier")
    sure = sum(1 for one in found if one.belongs is Tri.YES)
    enough = Tri.YES if sure > 1 else Tri.NO
    if enough is Tri.NO and len(found) > 1:
        enough = Tri.UNKNOWN
    return require(enough, "it has fewer than two instances")


def _of_aurora_mysql(cluster: Resource, verdict: Verdict) -> Verdict:
    return where(cluster["engine"].equals(_MYSQL), verdict, "its engine is not Aurora MySQL")


@resource_control(
    Facts(
        "RDS.34",
        "Aurora MySQL sends audit logs to CloudWatch Logs",
        Severity.MEDIUM,
        stack="databases.<key>.logs: [error, audit], with parameters server_audit_logging: 1 and "
        "server_audit_events: CONNECT",
        code="enabled_cloudwatch_logs_exports=['audit', 'error']",
        doc=_AURORA + "AuroraMySQL.Integrating.CloudWatch.html",
        # An audit log of every query costs as much as it tells; who connects is asked by choice.
        level=Level.ADVISORY,
    ),
    aws.DB_CLUSTER,
)
def audit_exported(cluster: Resource) -> Verdict:
    exports = cluster["enabledCloudwatchLogsExports"]
    return _of_aurora_mysql(
        cluster, require(exports.includes("audit"), "enabledCloudwatchLogsExports lacks audit")
    )


@graph_control(
    Facts(
        "RDS.45",
        "Aurora MySQL writes an audit log",
        Severity.MEDIUM,
        stack="databases.<key>.parameters: {server_audit_logging: 1, server_audit_events: CONNECT}",
        code="ClusterParameterGroup(parameters=[{'name': 'server_audit_logging', 'value': '1'}, "
        "{'name': 'server_audit_events', 'value': 'CONNECT'}])",
        doc=_AURORA + "AuroraMySQL.Auditing.html",
        level=Level.ADVISORY,
    ),
    aws.DB_CLUSTER,
)
def audited(cluster: Resource, stack: Stack) -> Verdict:
    groups = stack.follow(cluster, "dbClusterParameterGroupName", aws.CLUSTER_PARAMETER_GROUP)
    named = cluster["dbClusterParameterGroupName"]
    if not groups.found:
        as_made = named.is_absent or (named.text() or "").startswith("default.")
        answer = Tri.NO if as_made else Tri.UNKNOWN
    else:
        answer = _writes_audit(groups.found[0]) & groups.complete
    found = "its parameter group has no server_audit_logging: 1 with server_audit_events"
    return _of_aurora_mysql(cluster, require(answer, found))


def _writes_audit(group: Resource) -> Tri:
    parameters = group["parameters"]
    on = parameters.some(
        lambda one: one["name"].equals("server_audit_logging") & one["value"].one_of(("1", "ON"))
    )
    events = parameters.some(
        lambda one: one["name"].equals("server_audit_events") & one["value"].present()
    )
    return on & events


@resource_control(
    Facts(
        "RDS.43",
        "Proxies of databases take clients over TLS only",
        Severity.MEDIUM,
        stack="databases.<key>.proxy always asks for TLS",
        code="require_tls=True",
        doc=_GUIDE + "rds-proxy-security.html",
    ),
    aws.DB_PROXY,
)
def proxy_over_tls(proxy: Resource) -> Verdict:
    return require(proxy["requireTls"].is_true(), "requireTls is not true")


CONTROLS: Final[tuple[Control, ...]] = (several_zones, audit_exported, audited, proxy_over_tls)
