"""Routes about sessions, calls, incidents, codes and people."""
