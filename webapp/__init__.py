"""The faces that people and programs see: pages, downloads, command line."""
