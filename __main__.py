"""Pulumi's entry: the stack file becomes settings, the settings a system, the system exports."""

from trellis.stackfile.loading import load

from trellis.assembly import build

build(load())
