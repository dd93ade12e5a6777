"""A small load of real commands over HTTP, each with its key, the doubtful ones sent again with the same key."""
