"""Who goes where, by when, and how well it went."""
