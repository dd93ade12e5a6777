"""Wiring: settings, routes, servers."""
