"""Directives (指令) from the fusion and the video desk straight to units, and the modes that they are carried out in."""
