"""The rotation function: one Lambda package that makes and rotates every secret Trellis owns."""
