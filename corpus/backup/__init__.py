"""A consistent copy of what is truth: the store and the originals that it names.

A backup is a folder that any machine reads: ``store-<time>.db`` (SQLite, whatever database the store is in), ``blobs/``
laid out as in the data folder, and ``manifest.json``, which says what belongs to it. It changes at one moment, when the
manifest takes its name: until then the earlier backup is whole. Derived things (the index) are not in it.
"""

from corpus.backup.manifest import Manifest, read_manifest
from corpus.backup.reading import Restored, restore
from corpus.backup.writing import Saved, backup

__all__ = ["Manifest", "Restored", "Saved", "backup", "read_manifest", "restore"]
