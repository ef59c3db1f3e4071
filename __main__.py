"""Pulumi's entry: the stack file becomes settings, the settings a system, the system exports."""

from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
