"""Draw the phone page's icons as PNG, the same shield and clock hands as static/icons/phone.svg.

Run from the project's root: .venv/bin/python .ci/draw_icons.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

BLUE, WHITE, YELLOW = "#0b3f73", "#ffffff", "#ffd60a"
OVERSAMPLING = 4
FOLDER = Path("static/icons")
# The shield of the SVG, its curves as polygons: x, y on a field of 64.
SHIELD = [(32, 8), (52, 15), (52, 30), (51, 36), (48, 42.5), (44, 48), (38.5, 52.5), (32, 56)]


def draw(size: int, margin: float, corner: float) -> Image.Image:
    """Return the icon; `margin` shrinks the shield for masks, `corner` rounds the ground (both in 64ths)."""
    side = size * OVERSAMPLING
    unit = side / 64
    scale = (64 - 2 * margin) / 64
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[float, float]:
        return (margin + x * scale) * unit, (margin + y * scale) * unit

    pen.rounded_rectangle((0, 0, side - 1, side - 1), corner * unit, fill=BLUE)
    outline = SHIELD + [(64 - x, y) for x, y in reversed(SHIELD)]
    pen.polygon([at(x, y) for x, y in outline], fill=WHITE)
    for end in ((32, 17), (42, 41)):
        pen.line([at(32, 34), at(*end)], fill=BLUE, width=round(6 * scale * unit))
        round_dot(pen, at(*end), 3 * scale * unit, BLUE)
    round_dot(pen, at(32, 34), 5.5 * scale * unit, BLUE)
    round_dot(pen, at(32, 34), 3.5 * scale * unit, YELLOW)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def round_dot(pen: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, colour: str) -> None:
    """Draw a filled circle."""
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def save(image: Image.Image, name: str) -> None:
    """Write a small palette PNG."""
    small = image.quantize(64, method=Image.Quantize.FASTOCTREE)
    small.save(FOLDER / name, optimize=True)


save(draw(192, 0, 14), "phone-192.png")
save(draw(512, 0, 14), "phone-512.png")
save(draw(512, 8, 0), "phone-maskable-512.png")
