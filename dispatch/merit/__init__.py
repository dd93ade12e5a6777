"""The merit ledger (快奖快惩, M10): entries from events by rules that are data; people decide, nothing follows by itself."""
