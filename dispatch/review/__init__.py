"""After-action review (要案复盘, M62): the board as it stood at any second, played with map, timeline, notes and tasks."""
