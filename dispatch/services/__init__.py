"""Commands about orders, moves, reports and decisions."""
