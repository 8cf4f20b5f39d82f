"""Is it already published? Signatures, candidates, alignment, verdicts, and the report over the corpus."""
