"""The hint "the head of centre c is now n": may be lost, never raised (style rules 28, 43; traps 1–4)."""

from __future__ import annotations

import logging
import time

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from incidents import metrics

GROUP = "heads"
SILENT_AFTER_FAILURE_S = 5.0
log = logging.getLogger(__name__)
_quiet_until = 0.0


def send(numbers: dict[int, int]) -> None:
    """Tell every process that journals have grown. After a failure the process sends none for five seconds: Redis
    that hangs must not slow the commands down; processes look by themselves anyway."""
    global _quiet_until
    layer = get_channel_layer()
    if layer is None or time.monotonic() < _quiet_until:
        return
    try:
        async_to_sync(layer.group_send)(GROUP, {"type": "head", "numbers": {str(c): n for c, n in numbers.items()}})
    except Exception as error:
        _quiet_until = time.monotonic() + SILENT_AFTER_FAILURE_S
        metrics.CHANNEL_DROP.inc()
        log.warning("hint not sent: %s", error)
