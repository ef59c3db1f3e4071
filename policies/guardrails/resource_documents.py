"""Where resources keep the policies that say who may use them, and the principals they share with.

Source: the inputs of pulumi-aws 7.51.1 that hold a policy document. A test derives them from the
installed SDK and refuses one that is not sorted: judged by a control of its own service, here, or
left out below with its reason.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import aws
from .iam.principals import account_of
from .reading import Reading
from .resource import Resource
from .unknown import Tri, Unknown, is_unknown

# A bucket on Outposts: another thing than a bucket, with a policy of the same form.
OUTPOST_BUCKET_POLICY: Final = "aws:s3control/bucketPolicy:BucketPolicy"

# Types that no other control reads, with the input (a dotted path) that holds the document.
OTHER_POLICIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aws:acmpca/policy:Policy": "policy",
        "aws:amp/resourcePolicy:ResourcePolicy": "policyDocument",
        "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy": "policy",
        "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy": "accessPolicy",
        "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": (
            "deliveryDestinationPolicy"
        ),
        "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": "accessPolicy",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
        "aws:codeartifact/domainPermissions:DomainPermissions": "policyDocument",
        "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": (
            "policyDocument"
        ),
        "aws:codebuild/resourcePolicy:ResourcePolicy": "policy",
        "aws:dsql/clusterPolicy:ClusterPolicy": "policy",
        "aws:glacier/vault:Vault": "accessPolicy",
        "aws:glacier/vaultLock:VaultLock": "policy",
        "aws:glue/resourcePolicy:ResourcePolicy": "policy",
        "aws:mediastore/containerPolicy:ContainerPolicy": "policy",
        "aws:networkfirewall/resourcePolicy:ResourcePolicy": "policy",
        "aws:oam/sinkPolicy:SinkPolicy": "policy",
        "aws:opensearchingest/resourcePolicy:ResourcePolicy": "policy",
        "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy": "policy",
        "aws:redshift/resourcePolicy:ResourcePolicy": "policy",
        "aws:redshiftserverless/resourcePolicy:ResourcePolicy": "policy",
        "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy": "policy",
        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": "policy",
        "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy": (
            "policy"
        ),
        "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": "policy",
        "aws:s3tables/tableBucketPolicy:TableBucketPolicy": "resourcePolicy",
        "aws:s3tables/tablePolicy:TablePolicy": "resourcePolicy",
        "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": "resourcePolicy",
        "aws:schemas/registryPolicy:RegistryPolicy": "policy",
        "aws:ses/identityPolicy:IdentityPolicy": "policy",
        "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": "policy",
        "aws:vpclattice/resourcePolicy:ResourcePolicy": "policy",
        "aws:xray/resourcePolicy:ResourcePolicy": "policyDocument",
    }
)

# Types that name whom they share with as a principal, an account or an ARN.
PRINCIPALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        aws.EVENT_PERMISSION: "principal",
        aws.LAYER_PERMISSION: "principal",
        "aws:ec2/vpcEndpointService:VpcEndpointService": "allowedPrincipals",
        "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": (
            "principalArn"
        ),
        "aws:eks/accessEntry:AccessEntry": "principalArn",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "principalArn",
        "aws:lakeformation/permissions:Permissions": "principal",
        "aws:ram/principalAssociation:PrincipalAssociation": "principal",
        "aws:ram/resourceShareAssociationsExclusive:ResourceShareAssociationsExclusive": (
            "principals"
        ),
        "aws:redshift/endpointAuthorization:EndpointAuthorization": "account",
        "aws:servicecatalog/portfolioShare:PortfolioShare": "principalId",
        "aws:signer/signingProfilePermission:SigningProfilePermission": "principal",
    }
)

# Where the document of a type stands whose controls are its own service's.
_ELSEWHERE: Final[Mapping[str, str]] = {
    aws.SEARCH_DOMAIN: "accessPolicies",
    aws.SEARCH_POLICY: "accessPolicies",
    aws.ELASTICSEARCH: "accessPolicies",
    aws.ELASTICSEARCH_POLICY: "accessPolicies",
    aws.REPOSITORY_TEMPLATE: "repositoryPolicy",
    aws.MULTI_REGION_ACCESS_POLICY: "details.policy",
}

# Documents that are not asked who may use the resource, and why.
NOT_ASKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aws:apigateway/restApi:RestApi": "APIGateway.8 asks each method who may call it",
        "aws:apigateway/restApiPolicy:RestApiPolicy": "APIGateway.8 asks each method",
        "aws:ec2/vpcEndpoint:VpcEndpoint": "it limits what passes, and admits nobody by itself",
        "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": "it limits what passes",
        "aws:ecrpublic/repositoryPolicy:RepositoryPolicy": "public galleries are for everybody",
        "aws:vpclattice/authPolicy:AuthPolicy": "only networks that are associated reach it",
    }
)


def document_of(resource: Resource) -> Reading:
    """The policy document that says who may use a resource."""
    path = OTHER_POLICIES.get(resource.type) or _ELSEWHERE.get(resource.type, "policy")
    return resource.at(path)


def known_principal(principal: Reading, account: str | Unknown, trusted: tuple[str, ...]) -> Tri:
    """Whether a principal is of this account, of one that is trusted, or a service of AWS."""
    text = principal.text()
    if text is None:
        return Tri.UNKNOWN
    named = account_of(text)
    if named is None:
        # A service of AWS, or an organisation.
        return Tri.of("*" not in text)
    if named in trusted:
        return Tri.YES
    return Tri.UNKNOWN if is_unknown(account) else Tri.of(named == account)
