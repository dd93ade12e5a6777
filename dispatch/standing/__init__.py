"""Standing reports (定期报表): a question to the statistics that is answered as a workbook each day, week or month."""
