"""The video stream component."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Link, WidgetSpec
from components.naming import Naming
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.chart import Line, chart
from components.tags import name_tag
from components.video.links import video_link
from components.video.names import VIDEO_NAME
from components.video.settings import VideoSettings

NAMESPACE = "AWS/KinesisVideo"
ERRORS = "PutMedia.ErrorAckCount"


class Video(pulumi.ComponentResource):
    """One video stream."""

    def __init__(
        self,
        name: str,
        settings: VideoSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("trellis:video:Video", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._physical_name = naming.of(VIDEO_NAME, name)
        self._stream = aws.kinesis.VideoStream(
            name,
            name=self._physical_name,
            data_retention_in_hours=settings.retention_hours,
            kms_key_id=key_arn,
            media_type="video/h264",
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"name": self._physical_name})

    @property
    def name(self) -> str:
        """Kinesis' name of it, known before it is made."""
        return self._physical_name

    @property
    def arn(self) -> Arn:
        """Known before it is made; AWS adds when it was."""
        return self._where.arn("kinesisvideo", f"stream/{self._physical_name}/*")

    @property
    def resource(self) -> aws.kinesis.VideoStream:
        """The stream."""
        return self._stream

    def link(self, access: str | None = None) -> Link:
        """What somebody needs who puts or watches it."""
        return video_link(
            self._key,
            self._settings,
            access,
            name=self._physical_name,
            arn=self.arn,
            stream=self._stream,
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Pictures that were refused."""
        producer = f"video-{self._key}"
        return (
            alarm(
                f"{producer}-refused",
                AlarmText(
                    f"{producer}: pictures are refused",
                    "Kinesis does not keep what cameras send, five minutes on end.",
                    "Look at what the camera's log says of its acknowledgements.",
                ),
                measured(NAMESPACE, ERRORS, {"StreamName": self._physical_name}, "Sum"),
                Limit(0, periods=5),
                parent=producer,
            ),
        )

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Pictures that were refused."""
        line = Line(ERRORS, ERRORS, {"StreamName": self._physical_name})
        title = f"video-{self._key}: refused"
        return (chart(title, "Video", NAMESPACE, [line], statistic="Sum"),)
