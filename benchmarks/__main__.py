"""How fast is it, and in how much memory? `make bench` prints what each part takes, beside others."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import GROWTH, comparison
from benchmarks.corpora import SIZES
from benchmarks.datasets import DatasetMissingError, data_folder
from benchmarks.duplicates import duplicates
from benchmarks.indexing import work_folder
from benchmarks.parsing import parsing
from benchmarks.product import product
from benchmarks.tables import machine, show
from benchmarks.throughput import throughput

_CHART = Path(__file__).resolve().parent.parent / "docs" / "latency.svg"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parts = ("throughput", "engines", "product", "parsing", "duplicates")
    parser.add_argument("--only", choices=parts, help="only these tables")
    parser.add_argument("--work", type=Path, help="keep the indexes here and use them again (or GONGKAI_BENCH_DIR)")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="instead of corpora of 10k, 60k and 200k")
    parser.add_argument("--chart", type=Path, default=_CHART, help="where the chart of the engines is written")
    options = parser.parse_args(arguments)
    sizes = options.size or GROWTH
    started = time.perf_counter()
    try:
        data = data_folder()
        with work_folder(options.work) as work:
            if options.only in (None, "throughput"):
                show(throughput(data, work, _say))
            with TemporaryDirectory(prefix="engines-", dir=work) as temporary:
                if options.only in (None, "engines"):
                    for made in comparison(data, work, Path(temporary), sizes, options.chart, _say):
                        show(made)
                if options.only in (None, "product"):
                    for made in product(data, work, Path(temporary), [size for size in sizes if size != "10k"], _say):
                        show(made)
                if options.only in (None, "duplicates"):
                    for made in duplicates(data, work, Path(temporary), _say):
                        show(made)
            if options.only in (None, "parsing"):
                show(*parsing(data, _say))
    except DatasetMissingError as error:
        _say(str(error))
        return 1
    print(f"{machine()}; {time.perf_counter() - started:.0f} s in all")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
