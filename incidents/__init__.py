"""What happened, and what is known about it: centres, people, calls, incidents, the journal and the live feed."""
