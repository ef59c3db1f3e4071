"""A secret's versions and labels in Secrets Manager: the only file that reads or writes them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .errors import RotationError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


def error_code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


@dataclass(frozen=True)
class Labels:
    """Which version holds which label, and whether rotation is on. Version ids, never values."""

    versions: frozenset[str]
    current: str | None
    pending: str | None
    previous: str | None
    rotation_enabled: bool


class SecretVersions:
    """The versions of one secret."""

    def __init__(self, client: "SecretsManagerClient", secret: str) -> None:
        self._client = client
        self.secret = secret

    def labels(self) -> Labels:
        description = self._client.describe_secret(SecretId=self.secret)
        stages = description.get("VersionIdsToStages", {})
        holder = {label: version for version, labels in stages.items() for label in labels}
        return Labels(
            versions=frozenset(stages),
            current=holder.get(CURRENT),
            pending=holder.get(PENDING),
            previous=holder.get(PREVIOUS),
            rotation_enabled=description.get("RotationEnabled", False),
        )

    def value(self, version: str) -> str | None:
        """The value of a version, or None while it has a label but no value yet."""
        try:
            answer = self._client.get_secret_value(SecretId=self.secret, VersionId=version)
        except ClientError as error:
            if error_code(error) == "ResourceNotFoundException":
                return None
            raise
        return self._text(answer)

    def current_value(self) -> str:
        """The live value. Needs no right to describe the secret."""
        return self._text(self._client.get_secret_value(SecretId=self.secret))

    def _text(self, answer: "GetSecretValueResponseTypeDef") -> str:
        if "SecretString" not in answer:
            raise RotationError(f"{self.secret} holds binary data; allowed is text")
        return answer["SecretString"]

    def stage(self, version: str, value: str) -> None:
        """Give a version its value, once.

        A version's value cannot be changed: when another invocation of the same step was faster,
        Secrets Manager refuses ours and theirs stands, so both go on with one value.
        """
        try:
            self._client.put_secret_value(
                SecretId=self.secret,
                ClientRequestToken=version,
                SecretString=value,
                VersionStages=[PENDING],
            )
        except ClientError as error:
            if error_code(error) != "ResourceExistsException":
                raise

    def make_current(self, version: str, instead_of: str | None) -> None:
        if instead_of is None:
            self._client.update_secret_version_stage(
                SecretId=self.secret, VersionStage=CURRENT, MoveToVersionId=version
            )
        else:
            self._client.update_secret_version_stage(
                SecretId=self.secret,
                VersionStage=CURRENT,
                MoveToVersionId=version,
                RemoveFromVersionId=instead_of,
            )

    def drop_pending(self, version: str) -> None:
        """Take the pending label off `version`; well if somebody else already did."""
        try:
            self._client.update_secret_version_stage(
                SecretId=self.secret, VersionStage=PENDING, RemoveFromVersionId=version
            )
        except ClientError:
            if self.labels().pending == version:
                raise
