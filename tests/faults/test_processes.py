"""Worker, beat and web processes killed: deadlines still fire once, requests in flight are settled by their key."""
