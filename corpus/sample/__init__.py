"""Where does `make demo` get its documents? From a fictional district government's website, written for it."""

from corpus.sample.errors import SampleError
from corpus.sample.manifest import Manifest, ManifestEntry, manifest
from corpus.sample.portal import SITE_ID, SamplePortal

__all__ = ["SITE_ID", "Manifest", "ManifestEntry", "SampleError", "SamplePortal", "manifest"]
