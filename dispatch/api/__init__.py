"""Routes about the board, orders, reports, decisions and the own unit."""
