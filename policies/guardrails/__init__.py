"""The Trellis policy pack: evidence, controls, IAM analysis and reachability."""
