"""The demo city: an invented network on approximate ground, its units, people, places and base map.

Pure data and geometry (domain reference, section 10); a real city replaces it by loading its own. The parts:
`ground` boxes, rivers, parks · `roads` named roads · `streets` the whole network · `stations` organisations and areas ·
`fleet` units · `people` users and logins · `gazetteer` named places · `base_map` what the browser draws.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def digest() -> str:
    """Return a short digest of this package's sources: what was built from it is fresh while the digest is the same."""
    whole = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:16]
