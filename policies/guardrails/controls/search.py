"""Search domains (OpenSearch and Elasticsearch): private, encrypted, logged, in three nodes."""

from typing import Final

from .. import aws
from ..control import Control, Severity, Verdict, not_applicable, require
from ..define import graph_control, of_own_code, resource_control
from ..evidence import Resource, Stack
from ..policies import open_to_anyone
from ..unknown import Tri

_GUIDE: Final = "opensearch-service/latest/developerguide/"
_DOMAINS: Final = (aws.SEARCH_DOMAIN, aws.ELASTICSEARCH)
_NODES: Final = 3
# The policy that Opensearch.8 and ES.8 ask for, and the one with forward secrecy added to 1.3.
_TLS_POLICIES: Final = ("Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08")


@resource_control(
    of_own_code(
        "Opensearch.1",
        "Search domains are encrypted at rest",
        Severity.MEDIUM,
        "encrypt_at_rest={'enabled': True, 'kms_key_id': key.arn}",
        _GUIDE + "encryption-at-rest.html",
    ),
    *_DOMAINS,
)
def encrypted_at_rest(domain: Resource) -> Verdict:
    return require(
        domain.at("encryptAtRest.enabled").is_true(), "encryptAtRest.enabled is not true"
    )


@resource_control(
    of_own_code(
        "Opensearch.2",
        "Search domains stand in a network",
        Severity.CRITICAL,
        "vpc_options={'subnet_ids': [...], 'security_group_ids': [...]}",
        _GUIDE + "vpc.html",
    ),
    *_DOMAINS,
)
def in_network(domain: Resource) -> Verdict:
    return require(
        domain.at("vpcOptions.subnetIds").present(), "without vpcOptions its address is public"
    )


@resource_control(
    of_own_code(
        "Opensearch.3",
        "Traffic between the nodes of search domains is encrypted",
        Severity.MEDIUM,
        "node_to_node_encryption={'enabled': True}",
        _GUIDE + "ntn.html",
    ),
    *_DOMAINS,
)
def encrypted_between_nodes(domain: Resource) -> Verdict:
    return require(
        domain.at("nodeToNodeEncryption.enabled").is_true(),
        "nodeToNodeEncryption.enabled is not true",
    )


def _publishes(domain: Resource, log: str) -> Verdict:
    return require(
        domain["logPublishingOptions"].some(
            lambda one: one["logType"].equals(log) & ~one["enabled"].equals(False)
        ),
        f"logPublishingOptions has no {log}",
    )


@resource_control(
    of_own_code(
        "Opensearch.4",
        "Errors of search domains are logged",
        Severity.MEDIUM,
        "log_publishing_options=[{'log_type': 'ES_APPLICATION_LOGS', ...}]",
        _GUIDE + "createdomain-configure-slow-logs.html",
    ),
    *_DOMAINS,
)
def errors_logged(domain: Resource) -> Verdict:
    return _publishes(domain, "ES_APPLICATION_LOGS")


@resource_control(
    of_own_code(
        "Opensearch.5",
        "Requests to search domains are audited",
        Severity.MEDIUM,
        "log_publishing_options=[{'log_type': 'AUDIT_LOGS', ...}]",
        _GUIDE + "audit-logs.html",
    ),
    *_DOMAINS,
)
def audited(domain: Resource) -> Verdict:
    return _publishes(domain, "AUDIT_LOGS")


@resource_control(
    of_own_code(
        "Opensearch.6",
        "Search domains have three data nodes in several zones",
        Severity.MEDIUM,
        "cluster_config={'instance_count': 3, 'zone_awareness_enabled': True}",
        _GUIDE + "managedomains-multiaz.html",
    ),
    *_DOMAINS,
)
def three_nodes(domain: Resource) -> Verdict:
    config = domain["clusterConfig"]
    return require(
        config["instanceCount"].at_least(_NODES) & config["zoneAwarenessEnabled"].is_true(),
        "fewer than three data nodes, or zoneAwarenessEnabled is not true",
    )


@resource_control(
    of_own_code(
        "Opensearch.7",
        "Search domains check who may see which documents",
        Severity.HIGH,
        "advanced_security_options={'enabled': True, ...}",
        _GUIDE + "fgac.html",
    ),
    *_DOMAINS,
)
def fine_grained(domain: Resource) -> Verdict:
    options = domain["advancedSecurityOptions"]
    return require(
        options["enabled"].is_true() & ~options["anonymousAuthEnabled"].is_true(),
        "advancedSecurityOptions are not enabled, or let in anonymous requests",
    )


@resource_control(
    of_own_code(
        "Opensearch.8",
        "Search domains take requests over current TLS only",
        Severity.MEDIUM,
        "domain_endpoint_options={'enforce_https': True, "
        "'tls_security_policy': 'Policy-Min-TLS-1-2-PFS-2023-10'}",
        _GUIDE + "infrastructure-security.html",
    ),
    *_DOMAINS,
)
def current_tls(domain: Resource) -> Verdict:
    options = domain["domainEndpointOptions"]
    return require(
        options["enforceHttps"].is_true() & options["tlsSecurityPolicy"].one_of(_TLS_POLICIES),
        "enforceHttps is not true, or tlsSecurityPolicy is not the current one",
    )


@resource_control(
    of_own_code(
        "Opensearch.11",
        "Search domains have three nodes that only lead",
        Severity.LOW,
        "cluster_config={'dedicated_master_enabled': True, 'dedicated_master_count': 3}",
        _GUIDE + "managedomains-dedicatedmasternodes.html",
    ),
    *_DOMAINS,
)
def three_leaders(domain: Resource) -> Verdict:
    config = domain["clusterConfig"]
    return require(
        config["dedicatedMasterEnabled"].is_true()
        & config["dedicatedMasterCount"].at_least(_NODES),
        "fewer than three dedicated master nodes",
    )


_POLICIES: Final = {
    aws.SEARCH_POLICY: aws.SEARCH_DOMAIN,
    aws.ELASTICSEARCH_POLICY: aws.ELASTICSEARCH,
}


@graph_control(
    of_own_code(
        "Opensearch.private-policy",
        "Search domains with a public address are not open to anyone",
        Severity.CRITICAL,
        "name roles as principals in access_policies",
        _GUIDE + "ac.html",
    ),
    *_DOMAINS,
    *_POLICIES,
)
def policy_not_public(resource: Resource, stack: Stack) -> Verdict:
    domains = (resource,)
    if resource.type in _POLICIES:
        domains = stack.follow(resource, "domainName", _POLICIES[resource.type]).found
    # In a network, security groups say who comes as far as the policy.
    if domains and all(one.at("vpcOptions.subnetIds").present() is Tri.YES for one in domains):
        return not_applicable("it stands in a network")
    return open_to_anyone(resource["accessPolicies"])


CONTROLS: Final[tuple[Control, ...]] = (
    encrypted_at_rest,
    in_network,
    encrypted_between_nodes,
    errors_logged,
    audited,
    three_nodes,
    fine_grained,
    current_tls,
    three_leaders,
    policy_not_public,
)
