"""The people of the live feed tests."""

from __future__ import annotations

import pytest

from tests.stack.session import Session
from tests.stack.stack import Stack


@pytest.fixture
def dana(stack: Stack) -> Session:
    """A dispatcher."""
    return stack.sign_in("paijing1", seat="P12")


@pytest.fixture
def tess(stack: Stack) -> Session:
    """A call-taker."""
    return stack.sign_in("jiejing1", seat="J02")
