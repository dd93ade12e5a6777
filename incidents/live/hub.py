"""One hub per process: reads each new entry once, serialises it once per audience, fans it out in memory.

A thread of its own does the reading, with a database connection of its own; the event loop only moves finished text
into the sockets' bounded queues. Hints wake the thread; without one it looks every 250 ms.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from incidents import metrics
from incidents.audience import EVERYONE
from incidents.journal import canonical
from incidents.live import frames, hint
from incidents.live.rights import ended_rights
from incidents.live.socket import TOO_SLOW, Socket
from incidents.row import stamp

__all__ = ["Hub", "Socket", "hub"]
READ_AT_ONCE = 200
REST_S = 0.01  # between two looks: a burst of hints is one look
RIGHTS_EVERY_S = 0.5
MOVED_EVERY_S = 1.0
LEASE_S, LEASES_EVERY_S = 30, 5
RIGHTS_ENDED = 4403
# Whose entry says that somebody's rights may have ended: looked at before it is told.
ENDS_RIGHTS = {"user.signed_out", "user.roles_set", "user.disabled", "unit.came_on_duty", "unit.went_off_duty"}
log = logging.getLogger(__name__)

Delivery = tuple[int, str, list[str]]  # centre, audience, finished frames
Frames = dict[str, str]  # by audience, "" for all who are not named
MovedReader = Callable[[int, float], tuple[Frames, float]]  # centre, since -> frames, until (seconds since 1970)
FixTaker = Callable[[int, int, dict[str, Any]], None]  # person, unit, the fix as sent


@dataclass(slots=True)
class Feed:
    """What the hub knows of one centre's journal."""

    seq: int
    epoch: str
    last_of: dict[str, int] = field(default_factory=dict)  # last number that each audience was shown

    def last(self, audience: str) -> int:
        """Return the number of the last entry that the audience saw, or where this hub began to look."""
        return self.last_of.setdefault(audience, self.seq)


class Hub:
    """The process's one reader and distributor."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.groups: dict[tuple[int, str], set[Socket]] = {}  # by centre and audience
        self.feeds: dict[int, Feed] = {}
        self.feeds_wanted: set[int] = set()
        # Held for microseconds: who has joined, and up to which number the thread has claimed entries for them.
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread: threading.Thread | None = None
        self.fresh_at = 0.0  # monotonic moment at which PostgreSQL last answered
        # Wired by zz110: patrol reads positions for the batch and takes the fixes that phones send.
        self.moved_reader: MovedReader | None = None
        self.take_fix: FixTaker | None = None
        self.moved_since: dict[int, float] = {}

    # --- on the event loop ---

    async def ready(self, centre_id: int) -> None:
        """Follow a centre's journal: returns when the thread knows its head."""
        self.begin()
        while centre_id not in self.feeds:
            self.feeds_wanted.add(centre_id)
            self.wake.set()
            await asyncio.sleep(0.01)

    async def join(self, socket: Socket) -> Feed:
        """Register a socket; from now on it gets every entry after the returned feed's number."""
        await self.ready(socket.centre_id)
        with self.lock:
            self.sockets.add(socket)
            self.groups.setdefault((socket.centre_id, socket.audience), set()).add(socket)
            feed = self.feeds[socket.centre_id]
            joined = Feed(feed.last(socket.audience), feed.epoch)
        metrics.WS_CONNECTIONS.labels(socket.role).inc()
        return joined

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        with self.lock:
            if socket not in self.sockets:
                return
            self.sockets.discard(socket)
            group = self.groups[socket.centre_id, socket.audience]
            group.discard(socket)
            if not group:
                del self.groups[socket.centre_id, socket.audience]
        metrics.WS_CONNECTIONS.labels(socket.role).dec()

    def count(self, user_id: int) -> int:
        """Return how many sockets a person holds in this process."""
        return sum(1 for socket in self.sockets if socket.user_id == user_id)

    def begin(self) -> None:
        """Start the reader thread with the first socket."""
        if self.thread is None or not self.thread.is_alive():
            self.loop = asyncio.get_running_loop()
            hint.listeners[:] = [self.wake.set]
            self.thread = threading.Thread(target=self.run, name="hub", daemon=True)
            self.thread.start()
            self.tasks = [asyncio.ensure_future(self.listen()), asyncio.ensure_future(self.end_leases())]

    async def listen(self) -> None:
        """Wait for hints on the process's one subscription; when Redis is away, try again each second."""
        while True:
            layer: Any = get_channel_layer()
            try:
                channel = await layer.new_channel()
                await layer.group_add(hint.GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self.wake.set()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("no hints: %s", error)
                await asyncio.sleep(1)

    async def end_leases(self) -> None:
        """Close the sockets of clients that have sent nothing, not even a ping, for a whole lease."""
        while True:
            await asyncio.sleep(LEASES_EVERY_S)
            oldest = time.monotonic() - LEASE_S
            self.end_sockets([socket for socket in self.sockets if socket.heard_at < oldest], TOO_SLOW)

    def deliver(self, deliveries: list[Delivery]) -> None:
        """Put finished frames into the queues of their audiences."""
        for centre_id, audience, texts in deliveries:
            for socket in self.groups.get((centre_id, audience), ()):
                for text in texts:
                    socket.put(text)

    def deliver_moved(self, centre_id: int, texts: Frames) -> None:
        """Put a batch of positions into the queues of those who watch the map; a station sees its own units."""
        for (centre, audience), sockets in self.groups.items():
            text = texts.get(audience if audience.startswith("station.") else "")
            if centre == centre_id and text:
                for socket in sockets:
                    if socket.wants_positions:
                        socket.put_if_half_empty(text)

    def end_sockets(self, sockets: list[Socket], code: int) -> None:
        """Close sockets whose rights ended."""
        for socket in sockets:
            socket.end(code)
            self.leave(socket)

    # --- on the thread ---

    def run(self) -> None:
        """Look for new entries, positions and ended rights until the process ends."""
        looks: dict[str, float] = {"rights": 0.0, "moved": 0.0, "heartbeat": 0.0}
        while True:
            self.wake.wait(settings.LOOK_EVERY_S)
            self.wake.clear()
            try:
                self.look(looks)
                time.sleep(REST_S)
            except Exception:
                log.exception("the hub's look failed")
                time.sleep(0.2)
                self.give_connection_back()

    def look(self, looks: dict[str, float]) -> None:
        """Do one round."""
        now = time.monotonic()
        self.open_feeds()
        with connection.cursor() as cursor:
            cursor.execute("SELECT centre_id, seq, epoch FROM incidents_head")
            heads = {centre: (seq, str(epoch)) for centre, seq, epoch in cursor.fetchall()}
        self.fresh_at = time.monotonic()
        for centre_id, feed in list(self.feeds.items()):
            seq, epoch = heads.get(centre_id, (feed.seq, feed.epoch))
            if epoch != feed.epoch or seq < feed.seq:
                self.restart(centre_id, seq, epoch)
            elif seq > feed.seq:
                self.forward(centre_id, feed)
        if now - looks["moved"] >= MOVED_EVERY_S:
            looks["moved"] = now
            self.look_at_positions()
        if now - looks["rights"] >= RIGHTS_EVERY_S:
            looks["rights"] = now
            self.look_at_rights()
        if now - looks["heartbeat"] >= settings.HEARTBEAT_EVERY_S:
            looks["heartbeat"] = now
            self.beat()
            self.give_connection_back()

    def open_feeds(self) -> None:
        """Begin to follow the centres that a socket asked for."""
        if not self.feeds_wanted:
            return
        wanted = list(self.feeds_wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT centre_id, seq, epoch FROM incidents_head WHERE centre_id = ANY(%s)", [wanted])
            for centre_id, seq, epoch in cursor.fetchall():
                self.feeds.setdefault(centre_id, Feed(seq, str(epoch)))
        self.feeds_wanted.difference_update(wanted)

    def forward(self, centre_id: int, feed: Feed) -> None:
        """Read the new entries of a centre and hand each audience its frames."""
        while lines := frames.read(centre_id, feed.seq, READ_AT_ONCE):
            if any(line.kind in ENDS_RIGHTS for line in lines):
                self.look_at_rights()
            # Claimed before they are framed: whoever joins from here on is told the number of the last one, and takes
            # its snapshot after it.
            with self.lock:
                audiences = {name for centre, name in self.groups if centre == centre_id}
                feed.last_of = {name: seq for name, seq in feed.last_of.items() if name in audiences}
                feed.seq = lines[-1].seq
            try:
                self.on_loop(self.deliver, self.framed(centre_id, feed, lines, audiences))
            except Exception:
                self.restart(centre_id, feed.seq, feed.epoch)  # nobody may go on with a hole in the numbers
                raise
            metrics.FEED_LAG_SECONDS.observe(max(0.0, (timezone.now() - lines[-1].at).total_seconds()))
            if len(lines) < READ_AT_ONCE:
                return

    def framed(self, centre_id: int, feed: Feed, lines: list[frames.Line], audiences: set[str]) -> list[Delivery]:
        """Return the frames of some entries for each audience that sees any of them."""
        texts: dict[str, list[str]] = {}
        for line in lines:
            reached = line.audiences()
            for audience in audiences if EVERYONE in reached else audiences & reached:
                text = frames.frame(line, audience, feed.last(audience))
                if text is not None:
                    texts.setdefault(audience, []).append(text)
                    feed.last_of[audience] = line.seq
        return [(centre_id, audience, found) for audience, found in texts.items()]

    def restart(self, centre_id: int, seq: int, epoch: str) -> None:
        """The journal is another one (restored, rebuilt): close everybody, they start over."""
        with self.lock:
            self.feeds[centre_id] = Feed(seq, epoch)
            sockets = [socket for socket in self.sockets if socket.centre_id == centre_id]
        self.on_loop(self.end_sockets, sockets, TOO_SLOW)

    def look_at_positions(self) -> None:
        """Send one batch of moved units per centre."""
        if self.moved_reader is None:
            return
        for centre_id in list(self.feeds):
            texts, self.moved_since[centre_id] = self.moved_reader(centre_id, self.moved_since.get(centre_id, 0.0))
            if texts:
                self.on_loop(self.deliver_moved, centre_id, texts)

    def look_at_rights(self) -> None:
        """Close sockets of sessions that ended, people who were disabled, roles that changed."""
        with self.lock:
            sockets = list(self.sockets)
        ended = ended_rights([(s.user_id, s.session_key, s.access_version) for s in sockets])
        if ended:
            gone = [s for s in sockets if (s.user_id, s.session_key, s.access_version) in ended]
            self.on_loop(self.end_sockets, gone, RIGHTS_ENDED)

    def beat(self) -> None:
        """Send the heads with proof that PostgreSQL answers: this runs only after it did."""
        at = stamp(timezone.now())
        with self.lock:
            lasts = [(centre, name, self.feeds[centre], self.feeds[centre].last(name)) for centre, name in self.groups]
        self.on_loop(
            self.deliver,
            [
                (centre, name, [canonical({"t": "heartbeat", "seq": feed.seq, "prev_seq": last, "at": at})])
                for centre, name, feed, last in lasts
            ],
        )

    def on_loop(self, function: Callable[..., None], *args: Any) -> None:
        """Call a function on the event loop."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(function, *args)

    def give_connection_back(self) -> None:
        """Close the connection when it is broken or old; the next look opens another."""
        close_old_connections()


hub = Hub()
