"""Every command leaves nothing behind when PostgreSQL refuses any one of its statements."""
