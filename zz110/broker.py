"""How Celery's programs lose Redis: without handing back what they had in hand (targets F, "Redis gone")."""

from kombu.transport.redis import Channel


def lose_without_restoring() -> None:
    """Let a closed channel forget its unacknowledged messages.

    A task here means "sweep" or "drain", and beat sends the next one within seconds: handing one back gains nothing.
    Trying costs the worker: when Redis dies between a message and its acknowledgement, kombu 5.7 restores over a
    transport that is already taken apart, and the AttributeError ends the process.
    """
    Channel.do_restore = False
