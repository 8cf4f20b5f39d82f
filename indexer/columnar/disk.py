"""Is it on the disk? What was written waits in the system's memory until it is asked for there."""

from __future__ import annotations

import os
from pathlib import Path


def wait_for_disk(path: Path) -> None:
    """Return when a file, or what a folder says of its files (their names), would outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
