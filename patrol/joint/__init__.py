"""Joint operations: several units, teams and branches on one operation, with a roll of who was where when."""
