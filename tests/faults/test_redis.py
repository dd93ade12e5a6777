"""Redis killed, stopped, emptied and restarted: commands answer, sockets deliver, deadlines fire."""
