"""The offline address index: `keys` of a name (pure) · `query` what was typed (pure) · `search` · `editions` writing and
switching · `tables` reading a file."""
