"""PostgreSQL killed and stopped under load: nothing acknowledged is lost, nothing happens twice."""
