"""Who can go: units, crews, shifts, positions and statuses."""
