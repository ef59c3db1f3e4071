"""The Trellis policy pack; publish it with this folder as the root."""
