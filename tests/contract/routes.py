"""The contract: who may call what. A route that is not named here fails the build; so does a named one that is gone.

`desk` = call-taker, dispatcher, watch commander. "open" needs no sign-in; "signed in" needs any role or none.
"""

from __future__ import annotations

DESK = {"call_taker", "dispatcher", "watch_commander"}
ORDERING = {"dispatcher", "watch_commander"}
OVERVIEW = {"leader", "inspector", "reviewer", "callback_agent", "video", "analyst"}
WATCHING = DESK | OVERVIEW | {"station_duty"}
STREET = {"officer"}
SUPERVISING = {"leader", "watch_commander", "inspector", "reviewer"}
ALL = WATCHING | STREET | {"grid_worker", "partner", "administrator", "adapter"}
MOVES = ORDERING | STREET

API: dict[str, dict[str, set[str]]] = {
    "me/": {"GET": ALL, "PATCH": ALL},
    "ticket/": {"POST": WATCHING | STREET},
    "codes/": {"GET": ALL},
    "codes/<slug:table>/<slug:code>/": {"PATCH": {"administrator"}},
    "users/": {"GET": {"administrator"}, "POST": {"administrator"}},
    "users/<id:user_id>/": {"PATCH": {"administrator"}},
    "map/": {"GET": WATCHING | STREET},
    "areas/": {"GET": WATCHING | STREET},
    "places/at/": {"GET": WATCHING | STREET},
    "places/": {"GET": WATCHING | STREET},
    "calls/": {"POST": DESK | {"adapter"}},
    "calls/<id:call_id>/": {"PATCH": DESK},
    "calls/<id:call_id>/answer/": {"POST": DESK},
    "calls/<id:call_id>/hang-up/": {"POST": DESK | {"adapter"}},
    "calls/<id:call_id>/lose/": {"POST": DESK | {"adapter"}},
    "calls/<id:call_id>/call-back/": {"POST": DESK},
    "calls/<id:call_id>/supplement/": {"POST": DESK},
    "calls/<id:call_id>/incident/": {"POST": DESK},
    "calls/<id:call_id>/join/": {"POST": DESK},
    "calls/<id:call_id>/finish/": {"POST": DESK},
    "calls/<id:call_id>/reopen/": {"POST": {"watch_commander"}},
    "calls/<id:call_id>/texts/": {"POST": DESK},
    "messages/<id:message_id>/picture/": {"GET": DESK | {"inspector"}},
    "number-flags/": {"GET": DESK | {"inspector"}, "POST": DESK},
    "number-flags/<id:flag_id>/approve/": {"POST": {"watch_commander"}},
    "number-flags/<id:flag_id>/end/": {"POST": {"watch_commander"}},
    "incidents/": {"GET": WATCHING},
    "incidents/<id:incident_id>/": {"GET": WATCHING | STREET, "PATCH": DESK},
    "incidents/<id:incident_id>/timeline/": {"GET": WATCHING | STREET},
    "incidents/<id:incident_id>/candidates/": {"GET": DESK},
    "incidents/<id:incident_id>/place/": {"POST": DESK},
    "incidents/<id:incident_id>/priority/": {"POST": DESK},
    "incidents/<id:incident_id>/note/": {"POST": DESK | STREET | {"station_duty"}},
    "incidents/<id:incident_id>/mode/": {"POST": ORDERING},
    "incidents/<id:incident_id>/orders/": {"POST": ORDERING},
    "incidents/<id:incident_id>/no-attendance/": {"POST": DESK},
    "incidents/<id:incident_id>/submit/": {"POST": DESK},
    "incidents/<id:incident_id>/approve/": {"POST": {"reviewer", "watch_commander"}},
    "incidents/<id:incident_id>/return/": {"POST": {"reviewer", "watch_commander"}},
    "incidents/<id:incident_id>/merge/": {"POST": ORDERING},
    "incidents/<id:incident_id>/hand-over/": {"POST": ORDERING},
    "incidents/<id:incident_id>/cancel/": {"POST": ORDERING},
    "incidents/<id:incident_id>/invalidate/": {"POST": {"watch_commander"}},
    "incidents/<id:incident_id>/reopen/": {"POST": {"watch_commander"}},
    "outlook/": {"GET": DESK},
    "routes/": {"GET": DESK},
    "proposals/": {"GET": DESK},
    "assignments/<id:assignment_id>/route/": {"GET": WATCHING | {"officer"}},
    "assignments/<id:assignment_id>/deliver/": {"POST": MOVES},
    "assignments/<id:assignment_id>/accept/": {"POST": MOVES},
    "assignments/<id:assignment_id>/depart/": {"POST": MOVES},
    "assignments/<id:assignment_id>/arrive/": {"POST": MOVES},
    "assignments/<id:assignment_id>/finish/": {"POST": MOVES},
    "assignments/<id:assignment_id>/refuse/": {"POST": STREET},
    "assignments/<id:assignment_id>/withdraw/": {"POST": ORDERING},
    "assignments/<id:assignment_id>/swap/": {"POST": ORDERING},
    "assignments/<id:assignment_id>/confirm-withdrawal/": {"POST": MOVES},
    "assignments/<id:assignment_id>/delay/": {"POST": MOVES},
    "assignments/<id:assignment_id>/caller-told/": {"POST": DESK},
    "assignments/<id:assignment_id>/reports/": {"POST": MOVES},
    "alerts/<id:alert_id>/acknowledge/": {"POST": DESK},
    "units/": {"GET": WATCHING | STREET},
    "units/<id:unit_id>/track/": {"GET": WATCHING},
    "units/<id:unit_id>/status/": {"POST": ORDERING},
    "units/<id:unit_id>/emergency/end/": {"POST": ORDERING},
    "positions/": {"POST": {"adapter"}},
    "coverage/": {"GET": WATCHING},
    "isochrone/": {"GET": WATCHING},
    "closures/": {"GET": WATCHING | STREET, "POST": ORDERING},
    "closures/<id:closure_id>/end/": {"POST": ORDERING},
    "my-unit/": {"GET": STREET},
    "my-unit/shift/": {"POST": STREET},
    "my-unit/shift/end/": {"POST": STREET},
    "my-unit/status/": {"POST": STREET},
    "my-unit/position/": {"POST": STREET},
    "my-unit/backup/": {"POST": STREET},
    "my-unit/emergency/": {"POST": STREET},
    "my-unit/discovery/": {"POST": STREET},
    "photos/": {"POST": STREET},
    "photos/<id:photo_id>/": {"GET": WATCHING | STREET},
    "snapshot/": {"GET": WATCHING | STREET},
    "journal/": {"GET": {"inspector", "watch_commander"}},
    "statistics/today/": {"GET": SUPERVISING | {"dispatcher", "call_taker"}},
    "statistics/days/": {"GET": SUPERVISING},
    "statistics/misses/": {"GET": SUPERVISING},
}
# Granted by role, refused for this row: the caller's facts are the call-taker's who has the call.
FINER = {
    ("dispatcher", "calls/<id:call_id>/incident/"),
    ("dispatcher", "calls/<id:call_id>/finish/"),
}
# Routes with a test of their own: the way in, the schema, and the long poll (asynchronous).
APART = {
    "session/": "open",
    "schema/": "signed in",
    "events/": "has an audience",
    "gateway/exchange/": "signed",
    "gateway/text/": "signed",
    "gateway/device/": "signed",
    "public/map/": "open",
    "public/reports/": "open",
    "public/reports/<str:token>/": "secret link",
    "public/reports/<str:token>/texts/": "secret link",
    "public/reports/<str:token>/pictures/": "secret link",
}

PAGES: dict[str, set[str]] = {
    "console/": DESK | {"station_duty"},
    "m/": STREET,
    "dashboard/": SUPERVISING | {"dispatcher", "call_taker"},
    "manage/": {"administrator"},
}
OPEN = {
    "",
    "login/",
    "report/",
    "report/<str:token>/",
    "m/sw.js",
    "m/manifest.webmanifest",
    "jsi18n/",
    "livez",
    "readyz",
    "metrics",
}
