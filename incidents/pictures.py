"""Pictures from the street and from callers: re-encoded, EXIF stripped, random names outside the web root (targets 3.2, A34)."""

from __future__ import annotations

import hashlib
import io
import secrets
import warnings
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from incidents.refusals import BadInput, TooLarge

LONGEST_SIDE = 2_560
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def store(data: bytes) -> dict[str, Any]:
    """Re-encode a picture and store it; returns its columns. Raises BadInput for what is no picture."""
    if len(data) > settings.PHOTO_MAX_BYTES:
        raise TooLarge()
    encoded, size = encode(data)
    name = f"{secrets.token_hex(16)}.jpg"
    folder = Path(settings.MEDIA_ROOT) / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(encoded)
    return {
        "file": f"{name[:2]}/{name}",
        "sha256": hashlib.sha256(encoded).hexdigest(),
        "width": size[0],
        "height": size[1],
    }


def encode(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """Decode, turn upright, shrink, and write as a JPEG without any metadata."""
    wrong = BadInput(file=_("This is not a picture (JPEG, PNG or WebP)."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TooLarge()
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                plain = upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise wrong from error
    except Warning as error:
        raise TooLarge() from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85)
    return out.getvalue(), plain.size


def path_of(file: str) -> Path:
    """Return where a picture lies."""
    return Path(settings.MEDIA_ROOT) / file
