"""A seeded city of agents on the public API: the demo, the load test, the training mode, the acceptance test (design 8).

Nothing here touches the database: what it cannot do through the API, the API lacks. The parts:
`volumes` how much and of what kind · `scenes`, `words` what callers report · `plan` the calls of a seed · `city` streets
and places · `vehicles` movement and GPS noise · `people` who plays · `clock`, `client`, `live`, `board` the tools of the
agents · `callers`, `call_takers`, `dispatchers`, `back_office`, `officers` the agents · `report` counts and rates ·
`run` the whole.
"""
