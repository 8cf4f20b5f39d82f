"""How good and how fast are the answers, beside those of other engines? Run by hand: `make eval`, `make bench`."""
