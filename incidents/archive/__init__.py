"""What becomes of incidents after their end: classes and periods, personal data, redaction (R12)."""
