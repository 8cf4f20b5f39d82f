"""What others give people in hand: their words, their readers of files, Whoosh's own searcher."""
