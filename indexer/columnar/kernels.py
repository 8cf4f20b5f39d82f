"""Which kernels does this machine have? Here it is chosen, once for a process.

They come from numba, which the extra ``fast`` installs. It compiles each kernel for the kinds of numbers that it is
given (seconds, once for a machine), and keeps the machine code beside the module, or where that is read-only in the
user's cache folder, or in ``NUMBA_CACHE_DIR``. From then on a process takes half a second to load numba and the code.
"""

from __future__ import annotations

import logging
from functools import cache

from indexer.columnar.word_groups import Kernels

log = logging.getLogger(__name__)


@cache
def kernels() -> Kernels | None:
    """The compiled kernels; None where numba is not installed, or has no folder to keep what it compiled."""
    try:
        from indexer.columnar import compiled
    except ImportError:
        return None
    except RuntimeError as error:  # numba's, for want of a folder
        log.warning("queries are evaluated without kernels: %s; set NUMBA_CACHE_DIR to a folder of your own", error)
        return None
    return Kernels(compiled.find, compiled.follow)
