"""How many readers does one machine serve? Whole pages over HTTP on loopback, ours beside the plainest peer's."""
