"""The live feed: hints over the Channels layer, one hub per process, one socket consumer (design 3)."""
