"""How fast is it, and in how much memory? `make bench` prints throughput and latency beside other engines."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.datasets import DatasetMissingError, data_folder
from benchmarks.indexing import work_folder
from benchmarks.latency import MEASURED, latency
from benchmarks.tables import machine, show
from benchmarks.throughput import throughput


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("throughput", *MEASURED), help="only this table")
    parser.add_argument("--work", type=Path, help="keep the indexes here and use them again (or GONGKAI_BENCH_DIR)")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        data = data_folder()
        with work_folder(options.work) as work:
            if options.only in (None, "throughput"):
                show(throughput(data, work, _say))
            for name in MEASURED:
                if options.only in (None, name):
                    _say(f"latency: {name} …")
                    show(latency(name, data, work))
    except DatasetMissingError as error:
        _say(str(error))
        return 1
    print(f"{machine()}; {time.perf_counter() - started:.0f} s in all")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
