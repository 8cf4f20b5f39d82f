"""Pure readers of Chinese official text and of the reader's question; no I/O beyond their own data files."""
