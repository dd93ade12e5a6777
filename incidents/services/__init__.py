"""Commands about calls, incidents, people and codes."""
