"""Sessions in the database, read by prepared text: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from incidents import statements


class SessionStore(DatabaseStore):
    """Django's store of sessions in the database."""

    def _get_session_from_db(self) -> Any:
        rows = statements.fetch(self.model, "session_key = %s AND expire_date > %s", [self.session_key, timezone.now()])
        if rows:
            return rows[0]
        self._session_key = None
        return None
