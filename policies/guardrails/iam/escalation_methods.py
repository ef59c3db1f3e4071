"""The dated table of known ways to gain privileges with IAM permissions: facts only.

Sources: pathfinding.cloud (DataDog; ids, categories and required permissions as of 2026-11) and
Rhino Security Labs, "AWS IAM Privilege Escalation: Methods and Mitigation" (parts 1 and 2), for
the ids beginning with `rhino-`. Ids beginning with `more-` are this pack's own, for ways that the
lists lack: each follows from the services' pages on the roles they run code under, and from the
IAM and IAM Identity Center pages on providers, boundaries and permission sets. Service principals
that a role is passed to: each service's IAM role documentation (2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Category(Enum):
    """What a method does, in the words of its source."""

    SELF = "self-escalation"
    PRINCIPAL = "principal-access"
    NEW_PASSROLE = "new-passrole"
    EXISTING_PASSROLE = "existing-passrole"


@dataclass(frozen=True, slots=True)
class Method:
    """One method: all `permissions` are needed; the first one's resource is what is taken over.

    `passed_to` lists the service principals the role is passed to (new-passrole only).
    `same_target`: the first two permissions must reach the same user, role or policy holder.
    `targets`: resource types of the first permission that must each be unbounded; none listed
    means that any of its resources will do. `unbounded`: ARNs of resources that bound nothing.
    """

    id: str
    category: Category
    permissions: tuple[str, ...]
    passed_to: tuple[str, ...] = ()
    same_target: bool = False
    targets: tuple[str, ...] = ()
    unbounded: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The permissions joined, as the source names its methods."""
        return " + ".join(self.permissions)


AS_OF: Final = "2026-11"


def _self(method: str, *permissions: str) -> Method:
    return Method(method, Category.SELF, permissions)


def _principal(method: str, *permissions: str, same: bool = False) -> Method:
    return Method(method, Category.PRINCIPAL, permissions, same_target=same)


def _existing(method: str, *permissions: str, targets: tuple[str, ...] = ()) -> Method:
    return Method(
        method,
        Category.EXISTING_PASSROLE,
        permissions,
        targets=targets,
        unbounded=_ANY_COMMAND if "document" in targets else (),
    )


# Documents of AWS that run what their caller writes: who may send one of them may run anything.
# "Systems Manager Command document plugin reference" and the documents of Owner Amazon, 2026-12.
_ANY_COMMAND: Final = tuple(
    f"arn:*:ssm:*:*:document/{name}"
    for name in (
        "AWS-RunShellScript",
        "AWS-RunPowerShellScript",
        "AWS-RunRemoteScript",
        "AWS-RunDocument",
        "AWS-ApplyAnsiblePlaybooks",
        "AWS-RunSaltState",
    )
)


def _passing(method: str, services: str, *permissions: str) -> Method:
    principals = tuple(f"{service}.amazonaws.com" for service in services.split())
    return Method(method, Category.NEW_PASSROLE, ("iam:PassRole", *permissions), principals)


_AGENTCORE = "bedrock-agentcore"
_RUNTIME = (
    "bedrock-agentcore:CreateAgentRuntime",
    "bedrock-agentcore:CreateAgentRuntimeEndpoint",
    "bedrock-agentcore:CreateWorkloadIdentity",
)
_RUN_COMMAND = "bedrock-agentcore:InvokeAgentRuntimeCommand"
_BROWSE = (
    "bedrock-agentcore:StartBrowserSession",
    "bedrock-agentcore:ConnectBrowserAutomationStream",
)
_INTERPRET = (
    "bedrock-agentcore:StartCodeInterpreterSession",
    "bedrock-agentcore:InvokeCodeInterpreter",
)
_PIPELINE = (
    "datapipeline:CreatePipeline",
    "datapipeline:PutPipelineDefinition",
    "datapipeline:ActivatePipeline",
)
_BATCH_JOB = ("batch:RegisterJobDefinition", "batch:SubmitJob")
_IMAGE = (
    "imagebuilder:CreateComponent",
    "imagebuilder:CreateImageRecipe",
    "imagebuilder:CreateInfrastructureConfiguration",
    "imagebuilder:CreateImage",
)

METHODS: Final[tuple[Method, ...]] = (
    _self("iam-001", "iam:CreatePolicyVersion"),
    _principal("iam-002", "iam:CreateAccessKey"),
    _principal("iam-003", "iam:CreateAccessKey", "iam:DeleteAccessKey"),
    _principal("iam-004", "iam:CreateLoginProfile"),
    _self("iam-005", "iam:PutRolePolicy"),
    _principal("iam-006", "iam:UpdateLoginProfile"),
    _self("iam-007", "iam:PutUserPolicy"),
    _self("iam-008", "iam:AttachUserPolicy"),
    _self("iam-009", "iam:AttachRolePolicy"),
    _self("iam-010", "iam:AttachGroupPolicy"),
    _self("iam-011", "iam:PutGroupPolicy"),
    _principal("iam-012", "iam:UpdateAssumeRolePolicy"),
    _self("iam-013", "iam:AddUserToGroup"),
    _principal("iam-014", "iam:AttachRolePolicy", "sts:AssumeRole", same=True),
    _principal("iam-015", "iam:AttachUserPolicy", "iam:CreateAccessKey", same=True),
    _principal("iam-016", "iam:CreatePolicyVersion", "sts:AssumeRole"),
    _principal("iam-017", "iam:PutRolePolicy", "sts:AssumeRole", same=True),
    _principal("iam-018", "iam:PutUserPolicy", "iam:CreateAccessKey", same=True),
    _principal("iam-019", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", same=True),
    _principal("iam-020", "iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"),
    _principal("iam-021", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", same=True),
    _principal("sts-001", "sts:AssumeRole"),
    _self("rhino-set-default-policy-version", "iam:SetDefaultPolicyVersion"),
    _passing(
        "amplify-001",
        "amplify",
        "amplify:CreateApp",
        "amplify:CreateBranch",
        "amplify:StartJob",
    ),
    _passing("apprunner-001", "tasks.apprunner build.apprunner", "apprunner:CreateService"),
    _existing("apprunner-002", "apprunner:UpdateService"),
    _passing("batch-001", "ecs-tasks batch", *_BATCH_JOB),
    _existing("batch-002", "batch:SubmitJob"),
    _passing(
        "batch-003",
        "ecs-tasks batch ec2",
        "batch:CreateComputeEnvironment",
        "batch:CreateJobQueue",
        *_BATCH_JOB,
    ),
    _passing("bedrock-001", _AGENTCORE, "bedrock-agentcore:CreateCodeInterpreter", *_INTERPRET),
    _existing("bedrock-002", *_INTERPRET),
    _passing("bedrock-003", _AGENTCORE, *_RUNTIME, _RUN_COMMAND),
    _existing("bedrock-004", _RUN_COMMAND),
    _passing(
        "bedrock-005",
        _AGENTCORE,
        "bedrock-agentcore:CreateHarness",
        *_RUNTIME,
        "bedrock-agentcore:GetAgentRuntime",
        "bedrock-agentcore:GetHarness",
        _RUN_COMMAND,
    ),
    _passing("bedrock-006", _AGENTCORE, "bedrock-agentcore:CreateBrowser", *_BROWSE),
    _existing("bedrock-007", *_BROWSE),
    _passing("braket-001", "braket", "braket:CreateJob"),
    _passing("cloudformation-001", "cloudformation", "cloudformation:CreateStack"),
    _existing("cloudformation-002", "cloudformation:UpdateStack"),
    _passing(
        "cloudformation-003",
        "cloudformation",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ),
    _passing("cloudformation-004", "cloudformation", "cloudformation:UpdateStackSet"),
    _existing(
        "cloudformation-005", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"
    ),
    _passing("codebuild-001", "codebuild", "codebuild:CreateProject", "codebuild:StartBuild"),
    _existing("codebuild-002", "codebuild:StartBuild"),
    _existing("codebuild-003", "codebuild:StartBuildBatch"),
    _passing("codebuild-004", "codebuild", "codebuild:CreateProject", "codebuild:StartBuildBatch"),
    _existing(
        "codedeploy-001",
        "codedeploy:CreateDeployment",
        "codedeploy:RegisterApplicationRevision",
        "codedeploy:GetDeploymentConfig",
    ),
    _passing("cognitoidentity-001", "cognito-identity", "cognito-identity:SetIdentityPoolRoles"),
    _passing("datapipeline-001", "datapipeline elasticmapreduce ec2", *_PIPELINE),
    _passing("ec2-001", "ec2", "ec2:RunInstances"),
    _existing("ec2-002", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    _existing("ec2-003", "ec2-instance-connect:SendSSHPublicKey"),
    _passing("ec2-004", "ec2", "ec2:RequestSpotInstances"),
    _existing("ec2-005", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    _passing(
        "ecs-001",
        "ecs-tasks",
        "ecs:CreateCluster",
        "ecs:RegisterTaskDefinition",
        "ecs:CreateService",
    ),
    _passing(
        "ecs-002", "ecs-tasks", "ecs:CreateCluster", "ecs:RegisterTaskDefinition", "ecs:RunTask"
    ),
    _passing("ecs-003", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    _passing("ecs-004", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    _passing("ecs-005", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    _existing("ecs-006", "ecs:ExecuteCommand", "ecs:DescribeTasks", targets=("task",)),
    _passing("ecs-007", "ecs-tasks", "ecs:StartTask", "ecs:RegisterContainerInstance"),
    _passing("ecs-008", "ecs-tasks", "ecs:RunTask"),
    _passing("ecs-009", "ecs-tasks", "ecs:StartTask"),
    _passing("emr-001", "elasticmapreduce ec2", "elasticmapreduce:RunJobFlow"),
    _passing(
        "emrserverless-001",
        "emr-serverless",
        "emr-serverless:CreateApplication",
        "emr-serverless:StartJobRun",
    ),
    _passing(
        "gamelift-001",
        "gamelift ec2",
        "gamelift:CreateBuild",
        "gamelift:CreateFleet",
        "gamelift:RequestUploadCredentials",
    ),
    _passing("glue-001", "glue", "glue:CreateDevEndpoint"),
    _existing("glue-002", "glue:UpdateDevEndpoint"),
    _passing("glue-003", "glue", "glue:CreateJob", "glue:StartJobRun"),
    _passing("glue-004", "glue", "glue:CreateJob", "glue:CreateTrigger"),
    _passing("glue-005", "glue", "glue:UpdateJob", "glue:StartJobRun"),
    _passing("glue-006", "glue", "glue:UpdateJob", "glue:CreateTrigger"),
    _passing("glue-007", "glue", "glue:CreateSession", "glue:RunStatement"),
    _passing("imagebuilder-001", "ec2 imagebuilder", *_IMAGE),
    _passing(
        "kinesisanalytics-001",
        "kinesisanalytics",
        "kinesisanalytics:CreateApplication",
        "kinesisanalytics:StartApplication",
    ),
    _passing("lambda-001", "lambda", "lambda:CreateFunction", "lambda:InvokeFunction"),
    _passing("lambda-002", "lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    _existing("lambda-003", "lambda:UpdateFunctionCode"),
    _existing("lambda-004", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"),
    _existing("lambda-005", "lambda:UpdateFunctionCode", "lambda:AddPermission"),
    _passing("lambda-006", "lambda", "lambda:CreateFunction", "lambda:AddPermission"),
    _existing("rhino-lambda-layer", "lambda:UpdateFunctionConfiguration"),
    _passing("omics-001", "omics", "omics:CreateWorkflow", "omics:StartRun", "s3:GetObject"),
    _passing("sagemaker-001", "sagemaker", "sagemaker:CreateNotebookInstance"),
    _passing("sagemaker-002", "sagemaker", "sagemaker:CreateTrainingJob"),
    _passing("sagemaker-003", "sagemaker", "sagemaker:CreateProcessingJob"),
    _existing("sagemaker-004", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    _existing(
        "sagemaker-005",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ),
    _existing("ssm-001", "ssm:StartSession", targets=("instance",)),
    _existing("ssm-002", "ssm:SendCommand", targets=("document", "instance")),
    _passing("ssm-003", "ssm", "ssm:CreateDocument", "ssm:StartAutomationExecution"),
    # A launch configuration or template holds the instance profile that the group starts under.
    _passing(
        "more-autoscaling-1",
        "ec2",
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:CreateAutoScalingGroup",
    ),
    _passing(
        "more-autoscaling-2",
        "ec2",
        "ec2:CreateLaunchTemplate",
        "autoscaling:CreateAutoScalingGroup",
    ),
    _passing("more-autoscaling-3", "ec2", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"),
    _passing("more-instance-profile-1", "ec2", "ec2:AssociateIamInstanceProfile"),
    _passing("more-instance-profile-2", "ec2", "ec2:ReplaceIamInstanceProfileAssociation"),
    _passing("more-instance-profile-3", "ec2", "iam:AddRoleToInstanceProfile"),
    _passing("more-states-1", "states", "states:CreateStateMachine", "states:StartExecution"),
    _passing("more-states-2", "states", "states:UpdateStateMachine", "states:StartExecution"),
    _existing("more-states-3", "states:UpdateStateMachine", "states:StartExecution"),
    _passing("more-scheduler-1", "scheduler", "scheduler:CreateSchedule"),
    _passing("more-scheduler-2", "scheduler", "scheduler:UpdateSchedule"),
    _passing("more-events-1", "events", "events:PutRule", "events:PutTargets"),
    _passing("more-pipes-1", "pipes", "pipes:CreatePipe"),
    _passing("more-ssm-1", "ssm", "ssm:CreateAssociation"),
    _passing("more-iot-1", "iot", "iot:CreateTopicRule"),
    _passing("more-lambda-1", "lambda", "lambda:UpdateFunctionConfiguration"),
    _passing("more-codepipeline-1", "codepipeline", "codepipeline:CreatePipeline"),
    _passing("more-appsync-1", "appsync", "appsync:CreateDataSource", "appsync:UpdateResolver"),
    _passing("more-eks-1", "pods.eks", "eks:CreatePodIdentityAssociation"),
    _passing("more-transfer-1", "transfer", "transfer:CreateUser"),
    _passing("more-ec2-1", "ec2", "ec2:RequestSpotFleet"),
    # A service that runs starts the new definition, under the role that was passed to it.
    _passing("more-ecs-1", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:UpdateService"),
    # The call needs no other permission; `ecs:DescribeTasks` is the command line's.
    _existing("more-ecs-2", "ecs:ExecuteCommand", targets=("task",)),
    _existing("more-eks-2", "eks:CreateAccessEntry", "eks:AssociateAccessPolicy"),
    # Whoever may say whose word is taken speaks as any federated role.
    _principal("more-saml-1", "iam:UpdateSAMLProvider"),
    _principal("more-saml-2", "iam:CreateSAMLProvider", "iam:UpdateAssumeRolePolicy"),
    _principal("more-oidc-1", "iam:CreateOpenIDConnectProvider", "iam:UpdateAssumeRolePolicy"),
    _principal("more-oidc-2", "iam:AddClientIDToOpenIDConnectProvider"),
    _principal("more-anywhere-1", "rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"),
    # Boundaries that the holder may take away bind nobody.
    _self("more-boundary-1", "iam:DeleteRolePermissionsBoundary"),
    _self("more-boundary-2", "iam:DeleteUserPermissionsBoundary"),
    _self("more-boundary-3", "iam:PutRolePermissionsBoundary"),
    _self("more-boundary-4", "iam:PutUserPermissionsBoundary"),
    _self("more-sso-1", "sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"),
    _self("more-sso-2", "sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet"),
    _self(
        "more-sso-3",
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        "sso:ProvisionPermissionSet",
    ),
    _principal("more-sso-4", "sso:CreateAccountAssignment"),
    _self("more-sso-5", "identitystore:CreateGroupMembership"),
)
