"""A real calls-for-service export, played through the public API into a centre of its own, and compared afterwards.

`rows` reads the file · `mapping` their codes to ours · `plan` the stated rules and the steps in their order · `opening`
centre, units and accounts · `crews` their sessions · `player` the steps over HTTP · `progress` what is done, for a
resume · `check` the file against what the API says · `run` the whole.
"""
