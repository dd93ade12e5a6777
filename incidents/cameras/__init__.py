"""Cameras: what they see, which are near, which comes next, areas to look through, and where pictures come from."""
