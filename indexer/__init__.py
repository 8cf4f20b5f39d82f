"""Documents → index → answers."""
