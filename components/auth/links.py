"""What using a pool of users takes: to look at them, or to keep them.

Signing in needs no right of AWS: an application brings its client's id, which is no secret.
"""

from __future__ import annotations

import pulumi

from components.auth.settings import UserPoolSettings
from components.contracts import Grant
from components.parts.access import sid_part
from components.parts.offer import Offer

READ = (
    "cognito-idp:AdminGetUser",
    "cognito-idp:AdminListGroupsForUser",
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUsers",
    "cognito-idp:ListUsersInGroup",
)
KEEP = (
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminDeleteUser",
    "cognito-idp:AdminDisableUser",
    "cognito-idp:AdminEnableUser",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminResetUserPassword",
    "cognito-idp:AdminUpdateUserAttributes",
    "cognito-idp:AdminUserGlobalSignOut",
)

OFFER = Offer[UserPoolSettings](
    kind="users",
    accesses=("read", "admin"),
    default="read",
    variables={"id": "{KEY}_USER_POOL_ID"},
    interface="cognito-idp",
)


def grants_of(key: str, access: str, arn: pulumi.Input[str]) -> tuple[Grant, ...]:
    """Statements of one access; `admin` may do all that `read` may, and set nobody's password."""
    label = sid_part(f"users-{key}")
    grants = [Grant(f"Read{label}", READ, (arn,))]
    if access == "admin":
        grants.append(Grant(f"Keep{label}", KEEP, (arn,)))
    return tuple(grants)
