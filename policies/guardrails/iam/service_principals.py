"""What AWS's own services are called in policies, and what may be asked of them.

Service principals for which `aws:SourceArn` or `aws:SourceAccount` is not asked for.

Source: IAM User Guide, "The confused deputy problem", and each service's page on its role
(2026-11). A role reaches these services only by iam:PassRole, which never crosses an account, and
they use it for nothing but the passing account's own code or instances; or the service assumes
the role without sending either key.
"""

from __future__ import annotations

from typing import Final

SOURCE_NOT_APPLICABLE: Final = frozenset(
    {
        # Run the account's own code with the role.
        "ec2.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "edgelambda.amazonaws.com",
        "eks-fargate-pods.amazonaws.com",
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
        # Operate the account's own clusters, fleets and stacks with the role.
        "autoscaling.amazonaws.com",
        "ecs.amazonaws.com",
        "eks.amazonaws.com",
        "spotfleet.amazonaws.com",
        # One role for the whole account, assumed without either key.
        "apigateway.amazonaws.com",
    }
)

# Services that send the account of their customer as the external id, and no source keys: "Step 1:
# Create a Firehose delivery stream", CloudWatch Logs User Guide, 2026-11.
SENDS_EXTERNAL_ID: Final = frozenset({"firehose.amazonaws.com"})

# Accounts of AWS from which load balancers write access logs in regions older than 2022-08: "Access
# logs for your Application Load Balancer", Elastic Load Balancing User Guide, 2026-11.
LOAD_BALANCER_ACCOUNTS: Final = frozenset(
    [
        "127311923021",
        "033677994240",
        "027434742980",
        "797873946194",
        "098369216593",
        "754344448648",
        "589379963580",
        "718504428378",
        "383597477331",
        "600734575887",
        "114774131450",
        "783225319266",
        "582318560864",
        "985666609251",
        "054676820928",
        "156460612806",
        "652711504416",
        "635631232127",
        "009996457667",
        "897822967062",
        "076674570225",
        "507241528517",
        "048591011584",
        "190560391635",
        "638102146993",
        "037604701340",
    ]
)
