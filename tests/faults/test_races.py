"""Many hands at one thing at once: one wins, the others are told so, nobody deadlocks."""
