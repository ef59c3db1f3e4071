"""Whole AWS systems from a stack file. A program begins with `trellis.assembly.build`."""

from trellis.packages import refuse_others_here

refuse_others_here()
