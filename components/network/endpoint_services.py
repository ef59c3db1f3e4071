"""The AWS services that have endpoints in a VPC, by the end of the endpoint's name."""

from __future__ import annotations

import re
from difflib import get_close_matches

SERVICES = frozenset(
    (  # noqa: SIM905 - a line for each would hide what is missing
        "access-analyzer account acm acm-pca aiops airflow.api airflow.env airflow.ops amplify "
        "amplifybackend analytics-omics app-integrations appconfig appconfigdata "
        "application-autoscaling application-signals apprunner apprunner.requests appstream.api "
        "appstream.streaming appsync-api aps aps-workspaces arc-zonal-shift athena auditmanager "
        "autoscaling autoscaling-plans b2bi backup backup-gateway batch bcm-data-exports "
        "bedrock bedrock-agent bedrock-agent-runtime bedrock-runtime billing billingconductor "
        "braket cassandra ce cleanrooms cleanrooms-ml cloud9 cloudcontrolapi clouddirectory "
        "cloudformation cloudhsmv2 cloudtrail cloudtrail-data cloudwatch codeartifact.api "
        "codeartifact.repositories codebuild codecommit codeconnections codedeploy "
        "codedeploy-commands-secure codeguru-profiler codeguru-reviewer codepipeline "
        "codestar-connections.api cognito-identity cognito-idp comprehend comprehendmedical "
        "compute-optimizer config connect-campaigns console-signin controltower "
        "cost-optimization data-servicediscovery databrew dataexchange datasync datazone "
        "deadline.management deadline.scheduling detective devicefarm devops-guru directconnect "
        "dms drs ds dynamodb dynamodb-streams ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent "
        "ecs-telemetry eks eks-auth elastic-inference.runtime elasticache elasticbeanstalk "
        "elasticbeanstalk-health elasticfilesystem elasticloadbalancing elasticmapreduce email "
        "email-smtp emr-containers emr-serverless emr-serverless-services.livy emrwal.prod "
        "entityresolution events evidently execute-api finspace fis forecast forecastquery "
        "frauddetector freetier fsx git-codecommit glue glue.dashboard grafana "
        "grafana-workspace greengrass groundstation guardduty guardduty-data healthlake iam "
        "iamroles identitystore imagebuilder inspector-scan inspector2 internetmonitor "
        "invoicing iot.credentials iot.data iot.fleethub.api iotfleetwise iotsitewise.api "
        "iotsitewise.data iottwinmaker.api iottwinmaker.data iotwireless.api ivs.contribute "
        "kafka kafkaconnect kendra kinesis-firehose kinesis-streams kinesisanalytics kms "
        "lakeformation lambda launchwizard license-manager license-manager-linux-subscriptions "
        "license-manager-user-subscriptions logs lookoutequipment lookoutmetrics lookoutvision "
        "m2 macie2 mail-manager managedblockchain-query mediaconnect medialive mediatailor "
        "medical-imaging memory-db mgn migrationhub-orchestrator migrationhub-strategy "
        "models-v2-lex monitoring mq neptune-graph network-firewall network-firewall-fips "
        "networkflowmonitor networkflowmonitorreports networkmonitor notifications oam "
        "observabilityadmin organizations osis outposts panorama "
        "payment-cryptography.controlplane payment-cryptography.dataplane pca-connector-ad "
        "pca-connector-scep pcs personalize personalize-events personalize-runtime pinpoint "
        "pinpoint-sms-voice-v2 pipes polly pricing private-networks profile proton qapps "
        "qbusiness qldb.session quicksight ram rbin rds rds-data redshift redshift-data "
        "redshift-serverless refactor-spaces rekognition repostspace resiliencehub "
        "resource-explorer-2 resource-groups robomaker rolesanywhere rum rum-dataplane "
        "runtime-medical-imaging runtime-v2-lex s3 s3-global.accesspoint s3-outposts s3express "
        "s3tables sagemaker.api sagemaker.featurestore-runtime sagemaker.metrics "
        "sagemaker.runtime savingsplans scheduler schemas scn sdb secretsmanager securityhub "
        "securitylake servicecatalog servicecatalog-appregistry servicediscovery servicequotas "
        "ses signin simspaceweaver sms-voice snow-device-management sns social-messaging sqs "
        "ssm ssm-contacts ssm-incidents ssm-quicksetup ssm-sap ssmmessages sso states "
        "storagegateway streaming-rekognition sts supplychain support swf sync-states "
        "synthetics synthetics-fips tagging tax textract timestream-influxdb timestream.ingest "
        "timestream.query tnb transcribe transcribestreaming transfer transfer.server translate "
        "trustedadvisor user-subscriptions verifiedpermissions voiceid vpc-lattice wafv2 "
        "wellarchitected wisdom workmail workspaces workspaces-web xray"
    ).split()
)
"""What follows `com.amazonaws.<region>.` ("AWS services that integrate with AWS PrivateLink", AWS
PrivateLink Guide, 2026-11); one that is newer can be named whole."""

OFTEN_MEANT = {
    "ecr": "ecr.api and ecr.dkr",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "cloudwatch-logs": "logs",
    "cloudwatchlogs": "logs",
    "stepfunctions": "states",
    "eventbridge": "events",
    "ses-smtp": "email-smtp",
    "sagemaker": "sagemaker.api and sagemaker.runtime",
    "codeartifact": "codeartifact.api and codeartifact.repositories",
    "parameter-store": "ssm",
    "cognito": "cognito-idp",
    "secrets-manager": "secretsmanager",
    "secrets": "secretsmanager",
    "timestream": "timestream.ingest and timestream.query",
    "api-gateway": "execute-api",
    "apigateway": "execute-api",
}
"""Other names of services, as people know them."""

WHOLE = re.compile(r"com\.amazonaws\.[a-z0-9-]+(\.[a-z0-9-]+)+")


def is_whole(service: str) -> bool:
    """Whether a name is that of the endpoint service itself."""
    return WHOLE.fullmatch(service) is not None


def endpoint_service(service: str) -> str:
    """The service as it was named.

    Raises:
        ValueError: no such service; says which one was likely meant.
    """
    if service in SERVICES or is_whole(service):
        return service
    plain = service.strip().lower()
    near = get_close_matches(plain, SERVICES, 1)
    meant = OFTEN_MEANT.get(plain) or (plain if plain in SERVICES else near[0] if near else "")
    raise ValueError(
        "a service that has endpoints, as in ecr.api or secretsmanager, or the whole name of "
        "one (com.amazonaws.us-east-1.newservice)" + (f"; did you mean {meant}?" if meant else "")
    )
