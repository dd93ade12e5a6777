"""What is measured while it happens (targets 5). Labels are bounded: verbs, results, roles, reasons, routes; no ids.

Figures that need a query are collected in zz110/metrics.py when `/metrics` is read.
"""

from prometheus_client import Counter, Gauge, Histogram

_COMMAND = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2, 5)
_HANDSHAKE = (1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600)  # the buckets of the city bulletins (R25) lie on these
_LAG = (0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 5, 15)

COMMAND_SECONDS = Histogram("cad_command_seconds", "Seconds a command took.", ["verb", "result"], buckets=_COMMAND)
ORDER_ACK_SECONDS = Histogram(
    "cad_order_ack_seconds", "Seconds from an order to its acceptance.", ["priority"], buckets=_HANDSHAKE
)
FEED_LAG_SECONDS = Histogram(
    "cad_feed_lag_seconds", "Seconds from an entry's moment to its frame in the sockets' queues.", buckets=_LAG
)
WS_CONNECTIONS = Gauge("cad_ws_connections", "Open sockets.", ["role"], multiprocess_mode="livesum")
WS_RESYNC = Counter("cad_ws_resync_total", "Clients that had to catch up.", ["reason"])
CHANNEL_DROP = Counter("cad_channel_drop_total", "Hints that the channel layer did not take.")
VIEW_DIVERGENCE = Counter("cad_view_divergence_total", "Clients whose view differed from the server's.")
AUTHZ_DENIED = Counter("cad_authz_denied_total", "Requests refused with 401 or 403.", ["route"])
ALARMS = Counter("cad_alarms_total", "Alerts raised.", ["kind", "sev"])
