"""The search engine on an OpenSearch cluster: the answers of the embedded one, from an index that others operate."""
