"""Judging dispatch policies offline: an event simulation of the demo city on its own road network (M28, design 7)."""
