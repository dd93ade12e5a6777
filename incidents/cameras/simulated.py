"""The simulated source of pictures: a drawn street whose people and cars move on as time goes, with the camera's code and
the time in the picture, so that a still can be told from every other. Deterministic: the same moment is the same picture.
"""

from __future__ import annotations

import datetime as dt
import io
import zlib
from functools import lru_cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

WIDE, TALL = 960, 540
HORIZON: Final = 190
CITY = ZoneInfo("Asia/Shanghai")
COATS: Final = ["#c0392b", "#2c3e50", "#f1c40f", "#16a085", "#8e44ad", "#ecf0f1", "#34495e", "#d35400"]
CARS: Final = ["#dfe6e9", "#2d3436", "#b33939", "#227093", "#84817a", "#f7f1e3"]
POINTS: Final = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]


def picture(code: str, at: dt.datetime, bearing: float | None) -> bytes:
    """Return the picture of a camera at a moment as JPEG, 960 × 540."""
    drawn = street(code, is_night(at)).copy()
    pen = ImageDraw.Draw(drawn)
    for mover in movers(code):
        mover.draw(pen, at.timestamp())
    caption(pen, code, at, bearing)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=80)
    return out.getvalue()


def is_night(at: dt.datetime) -> bool:
    """Tell whether the street lamps burn."""
    return not 6 <= at.astimezone(CITY).hour < 19


@lru_cache(maxsize=64)
def street(code: str, night: bool) -> Image.Image:
    """Draw what does not move: sky, houses, pavement, road."""
    draw = Random(zlib.crc32(code.encode()))
    sky, ground, road = ("#1b2430", "#2b3036", "#3a3f45") if night else ("#a9c4d8", "#b9b4a8", "#6f747a")
    drawn = Image.new("RGB", (WIDE, TALL), sky)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, HORIZON, WIDE, TALL), fill=ground)
    left = 0
    while left < WIDE:
        wide, tall = draw.randint(60, 150), draw.randint(50, 165)
        shade = draw.randint(38, 70) if night else draw.randint(130, 190)
        pen.rectangle((left, HORIZON - tall, left + wide, HORIZON), fill=(shade, shade, shade + 8))
        windows(pen, draw, (left, HORIZON - tall, left + wide), night)
        left += wide + draw.randint(0, 18)
    pen.polygon([(400, HORIZON), (560, HORIZON), (WIDE + 160, TALL), (-160, TALL)], fill=road)
    for number in range(7):
        near = number / 6
        top, long = HORIZON + 12 + near**2 * 320, 6 + near * 40
        pen.polygon(
            [(478, top), (482, top), (484 + near * 5, top + long), (476 - near * 5, top + long)], fill="#d8d8c8"
        )
    return drawn


def windows(pen: ImageDraw.ImageDraw, draw: Random, box: tuple[int, int, int], night: bool) -> None:
    """Draw the windows of a house; at night some are lit."""
    left, top, right = box
    for x in range(left + 8, right - 12, 18):
        for y in range(top + 8, HORIZON - 14, 20):
            lit = draw.random() < 0.25
            colour = ("#e2c878" if lit else "#20262d") if night else "#5d6b78"
            pen.rectangle((x, y, x + 9, y + 11), fill=colour)


class Mover:
    """Somebody or something that crosses the picture again and again."""

    def __init__(self, draw: Random, number: int) -> None:
        self.is_car = number % 3 == 0
        self.period_s = draw.uniform(7, 14) if self.is_car else draw.uniform(22, 55)
        self.start = draw.uniform(0, self.period_s)
        self.goes_right = draw.random() < 0.5
        self.depth = draw.uniform(0.25, 0.55) if self.is_car else draw.choice([0.12, 0.7, 0.8])
        self.colour = draw.choice(CARS if self.is_car else COATS)
        self.cap = draw.choice(["#c0392b", "#222222", ""])

    def draw(self, pen: ImageDraw.ImageDraw, seconds: float) -> None:
        """Draw it where it is at a second."""
        share = ((seconds + self.start) % self.period_s) / self.period_s
        share = share if self.goes_right else 1 - share
        x = -80 + share * (WIDE + 160)
        foot, size = HORIZON + 40 + self.depth * 270, 0.35 + self.depth
        if self.is_car:
            pen.rectangle((x - 62 * size, foot - 40 * size, x + 62 * size, foot), fill=self.colour)
            pen.rectangle((x - 36 * size, foot - 66 * size, x + 34 * size, foot - 38 * size), fill="#31404c")
            for wheel in (-38, 38):
                pen.ellipse(
                    (x + (wheel - 12) * size, foot - 12 * size, x + (wheel + 12) * size, foot + 12 * size), "#111"
                )
            return
        stride = 9 * size * (1 if int(seconds * 3 + self.start) % 2 else -1)
        for leg in (stride, -stride):
            pen.line((x, foot - 34 * size, x + leg, foot), fill="#1c1f24", width=max(2, int(6 * size)))
        pen.rounded_rectangle((x - 12 * size, foot - 78 * size, x + 12 * size, foot - 30 * size), 5, fill=self.colour)
        pen.ellipse((x - 9 * size, foot - 98 * size, x + 9 * size, foot - 78 * size), fill="#d9b08c")
        if self.cap:
            pen.pieslice((x - 10 * size, foot - 102 * size, x + 10 * size, foot - 80 * size), 180, 360, fill=self.cap)


@lru_cache(maxsize=256)
def movers(code: str) -> tuple[Mover, ...]:
    """Return what moves before a camera, the farthest first."""
    draw = Random(zlib.crc32(code.encode()) ^ 0x5A5A)
    return tuple(sorted((Mover(draw, number) for number in range(7)), key=lambda one: one.depth))


def caption(pen: ImageDraw.ImageDraw, code: str, at: dt.datetime, bearing: float | None) -> None:
    """Write code, time and direction into the picture, on dark bars that keep them readable."""
    here = at.astimezone(CITY)
    moment = f"{here:%Y-%m-%d %H:%M:%S}.{here.microsecond // 100_000}"
    looks = "" if bearing is None else f"{bearing:03.0f} {POINTS[round(bearing / 45) % 8]}   "
    bar = (0, 0, 0)
    pen.rectangle((0, 0, WIDE, 34), fill=bar)
    pen.rectangle((0, TALL - 30, WIDE, TALL), fill=bar)
    pen.text((12, 5), code, fill="#ffffff", font=letters(22))
    pen.text((WIDE - 12, 5), moment, fill="#ffffff", font=letters(22), anchor="ra")
    pen.text((12, TALL - 26), f"{looks}SIMULATED PICTURE", fill="#ffd479", font=letters(18))


@lru_cache(maxsize=4)
def letters(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own letters: a picture must not depend on the fonts of a server."""
    return ImageFont.load_default(size)
