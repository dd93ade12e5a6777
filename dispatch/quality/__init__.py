"""The monthly quality sample of reports (质检, R26): drawn by a rule that anybody can repeat, marked by reviewers."""
