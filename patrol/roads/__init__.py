"""The road network and what follows from it: times, routes, coverage (domain M3, M5, M13, M16)."""
