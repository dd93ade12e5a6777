"""A worker that loses Redis with a message in hand goes on (style rule 57).

The moment between a message and its acknowledgement is too short to be hit by killing Redis under a running worker, so
the steps of its consumer are gone through one by one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.stack import without_servers
from zz110.embedded import Servers, start_servers
from zz110.home import CHECKOUT

NO_DATABASE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def servers(stacks_folder: Path) -> Iterator[Servers]:
    """A Redis of this test's own, which may be killed; no database is needed."""
    with start_servers(stacks_folder / "broker", without_servers() | {"DATABASE_URL": NO_DATABASE}) as found:
        yield found


def test_a_message_in_hand_when_redis_dies_does_not_end_the_worker(servers: Servers) -> None:
    assert servers.redis is not None
    assert servers.redis.process is not None
    broker = servers.redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.lose_broker", broker, str(servers.redis.process.pid)],
        cwd=CHECKOUT,
        env=without_servers() | {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "closed"), ended.stderr[-2000:]
