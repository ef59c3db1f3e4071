"""What AWS's documentation calls "Update requires: Replacement" is in the table."""

from __future__ import annotations

import json

import pytest

from trellis.compare import replacing

GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"

PAGES = """
aws-resource-cognito-userpooldomain.html cognito/userPoolDomain:UserPoolDomain domain userPoolId
aws-resource-dynamodb-table.html dynamodb/table:Table name
aws-resource-ec2-natgateway.html ec2/natGateway:NatGateway subnetId connectivityType allocationId
aws-resource-ec2-securitygroup.html ec2/securityGroup:SecurityGroup name description vpcId
aws-resource-ec2-subnet.html ec2/subnet:Subnet availabilityZone cidrBlock vpcId
aws-resource-ec2-vpc.html ec2/vpc:Vpc cidrBlock
aws-resource-ec2-vpcendpoint.html ec2/vpcEndpoint:VpcEndpoint serviceName vpcEndpointType vpcId
aws-resource-ecr-repository.html ecr/repository:Repository name encryptionConfigurations
aws-resource-ecs-cluster.html ecs/cluster:Cluster name
aws-resource-ecs-service.html ecs/service:Service cluster schedulingStrategy
aws-resource-ecs-taskdefinition.html ecs/taskDefinition:TaskDefinition containerDefinitions cpu \
family memory networkMode volumes
aws-resource-elasticache-replicationgroup.html elasticache/replicationGroup:ReplicationGroup \
atRestEncryptionEnabled kmsKeyId port replicationGroupId subnetGroupName
aws-resource-elasticache-user.html elasticache/user:User userId userName
aws-resource-elasticloadbalancingv2-listener.html lb/listener:Listener loadBalancerArn
aws-resource-elasticloadbalancingv2-listenerrule.html lb/listenerRule:ListenerRule listenerArn
aws-resource-elasticloadbalancingv2-loadbalancer.html lb/loadBalancer:LoadBalancer internal \
loadBalancerType name
aws-resource-elasticloadbalancingv2-targetgroup.html lb/targetGroup:TargetGroup name port protocol \
protocolVersion targetType vpcId
aws-resource-iam-role.html iam/role:Role name path
aws-resource-kms-alias.html kms/alias:Alias name
aws-resource-lambda-function.html lambda/function:Function name packageType
aws-resource-rds-dbcluster.html rds/cluster:Cluster clusterIdentifier databaseName engineMode \
kmsKeyId storageEncrypted dbSubnetGroupName
aws-resource-rds-dbinstance.html rds/instance:Instance characterSetName dbName kmsKeyId \
storageEncrypted username
aws-resource-rds-dbparametergroup.html rds/parameterGroup:ParameterGroup family name
aws-resource-route53-hostedzone.html route53/zone:Zone name
aws-resource-s3-bucket.html s3/bucket:Bucket bucket
aws-resource-secretsmanager-secret.html secretsmanager/secret:Secret name
aws-resource-sns-topic.html sns/topic:Topic name fifoTopic
aws-resource-sqs-queue.html sqs/queue:Queue fifoQueue name
aws-resource-wafv2-webacl.html wafv2/webAcl:WebAcl name scope
"""
"""Page of the CloudFormation User Guide (2026-11), type, and properties."""

ROWS = [line.split() for line in PAGES.replace("\\\n", "").strip().splitlines()]


def test_at_least_sixty_properties_are_named():
    assert sum(len(properties) for _, _, *properties in ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_what_a_page_says_is_in_the_table_and_both_sources_say_so(row: list[str]):
    page, type_, *properties = row
    found = json.loads(replacing.FILE.read_text())["types"][f"aws:{type_}"]
    service, resource = found["cloudFormation"].removeprefix("AWS::").lower().split("::")
    assert f"{GUIDE}{page}" == f"{GUIDE}aws-resource-{service}-{resource}.html"
    entries = replacing.rules(f"aws:{type_}").entries
    for name in properties:
        assert "change" in entries[name].kinds, name
        assert entries[name].sources == ("provider", "cloudformation"), name
