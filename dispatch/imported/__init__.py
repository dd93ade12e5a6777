"""Histories of other systems (calls for service): kept apart from our own rows, marked, and counted by themselves."""
