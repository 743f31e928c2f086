"""Draw the pictures of the demo newsroom.

Every picture is a function that writes one SVG (gouache- and riso-like, drawn from seeded noise, so that each
run gives the same drawing). The SVG is rendered by headless Chromium and saved as JPEG with Pillow, the only
package needed beyond the standard library.

    python tools/demo_pictures.py                     # all pictures
    python tools/demo_pictures.py lake-dawn bus-stop  # some of them
"""

from __future__ import annotations

import argparse
import base64
import math
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "articles/management/demo/pictures"
CHROMIUM = "/usr/bin/chromium"
LIMIT = 160_000  # bytes per picture
QUALITIES = range(84, 58, -2)  # the first one that keeps the limit is taken

Point = tuple[float, float]
PICTURES: dict[str, Picture] = {}

# Coordinates are laid out by hand below, so the formatter stays out.
# fmt: off

# --- Numbers, noise and colour ---------------------------------------------------------------------------------


def clamp(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """Keep a value between two bounds."""
    return max(low, min(high, value))


def lerp(start: float, end: float, t: float) -> float:
    """Walk from start (t = 0) to end (t = 1)."""
    return start + (end - start) * t


def mix(first: str, second: str, t: float) -> str:
    """Blend two #rrggbb colours."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(lerp(a, b, clamp(t))):02x}" for a, b in pairs)


class Noise:
    """Smooth one-dimensional value noise in 0…1, with octaves."""

    def __init__(self, rng: random.Random) -> None:
        """Draw the table of values."""
        self.table = [rng.random() for _ in range(512)]

    def at(self, x: float) -> float:
        """Return one octave of noise."""
        cell = math.floor(x)
        t = x - cell
        t = t * t * (3 - 2 * t)
        return lerp(self.table[cell % 512], self.table[(cell + 1) % 512], t)

    def fbm(self, x: float, octaves: int = 5, gain: float = 0.5, sharp: float = 0.0) -> float:
        """Sum octaves; sharp = 1 folds each one into a crest, as mountain ridges have it."""
        total = weight = 0.0
        amplitude, frequency = 1.0, 1.0
        for octave in range(octaves):
            value = self.at(x * frequency + octave * 37.1)
            value = lerp(value, 1 - abs(2 * value - 1), sharp)
            total += value * amplitude
            weight += amplitude
            amplitude *= gain
            frequency *= 2.03
        return total / weight


# --- The sheet: a small SVG writer -----------------------------------------------------------------------------


def num(value: float) -> str:
    """Write a coordinate briefly."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def attributes(values: dict[str, object]) -> str:
    """Turn keyword arguments into SVG attributes."""
    return "".join(
        f' {key.rstrip("_").replace("_", "-")}="{round(value, 3) if isinstance(value, float) else value}"'
        for key, value in values.items()
        if value is not None
    )


def trace(points: Iterable[Point], closed: bool = False) -> str:
    """Path data with straight segments."""
    data = "M" + "L".join(f"{num(x)},{num(y)}" for x, y in points)
    return data + "Z" if closed else data


def flow(points: Sequence[Point], closed: bool = False) -> str:
    """Path data through the points as a Catmull-Rom curve."""
    count = len(points)
    last = count if closed else count - 1

    def pick(index: int) -> Point:
        return points[index % count] if closed else points[int(clamp(index, 0, count - 1))]

    parts = [f"M{num(points[0][0])},{num(points[0][1])}"]
    for i in range(last):
        before, start, end, after = pick(i - 1), pick(i), pick(i + 1), pick(i + 2)
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append("C" + " ".join(f"{num(x)},{num(y)}" for x, y in (one, two, end)))
    return "".join(parts) + ("Z" if closed else "")


class Sheet:
    """One picture under way: collects definitions and drawn elements."""

    def __init__(self, slug: str, width: int = 1600, height: int = 1067) -> None:
        """Open a blank sheet, seeded by its slug."""
        self.width, self.height = width, height
        self.rng = random.Random(f"langtso {slug}")
        self.defs: dict[str, str] = {}
        self.body: list[str] = []

    # Definitions

    def define(self, kind: str, inner: str, **attrs: object) -> str:
        """Store a definition once and return its id."""
        xml = f"<{kind} id=@{attributes(attrs)}>{inner}</{kind}>"
        if xml not in self.defs:
            self.defs[xml] = f"d{len(self.defs)}"
        return self.defs[xml]

    def linear(self, *stops: tuple, x1: float = 0.0, y1: float = 0.0, x2: float = 0.0, y2: float = 1.0,
               user: bool = False) -> str:
        """Linear gradient; stops are (offset, colour[, opacity])."""
        return self._gradient("linearGradient", stops, user, x1=x1, y1=y1, x2=x2, y2=y2)

    def radial(self, *stops: tuple, user: bool = False, **where: float) -> str:
        """Radial gradient; stops are (offset, colour[, opacity])."""
        return self._gradient("radialGradient", stops, user, **where)

    def _gradient(self, kind: str, stops: Sequence[tuple], user: bool, **where: float) -> str:
        inner = "".join(
            f'<stop offset="{stop[0]}" stop-color="{stop[1]}" stop-opacity="{stop[2] if len(stop) > 2 else 1}"/>'
            for stop in stops
        )
        where = {key: str(round(value, 3)) for key, value in where.items()}
        units = "userSpaceOnUse" if user else "objectBoundingBox"
        return f"url(#{self.define(kind, inner, gradientUnits=units, **where)})"

    def clip(self, data: str) -> str:
        """Clip path from path data."""
        name = self.define("clipPath", f'<path d="{data}"/>')
        return f"url(#{name})"

    def filter(self, inner: str, pad: str = "-20% -20% 140% 140%") -> str:
        """Filter with its region given as x, y, width, height."""
        x, y, w, h = pad.split()
        name = self.define("filter", inner, x=x, y=y, width=w, height=h, color_interpolation_filters="sRGB")
        return f"url(#{name})"

    def blur(self, amount: float, across: float | None = None) -> str:
        """Gaussian blur, if wanted different in the two directions (amount is the horizontal one)."""
        spread = f"{amount} {amount if across is None else across}"
        return self.filter(f'<feGaussianBlur stdDeviation="{spread}"/>', "-60% -60% 220% 220%")

    def rough(self, scale: float = 4, frequency: str = "0.035", seed: int = 4) -> str:
        """Hand-cut edges: displace a shape by noise."""
        return self.filter(
            f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="3" seed="{seed}"/>'
            f'<feDisplacementMap in="SourceGraphic" scale="{scale}" xChannelSelector="R" yChannelSelector="G"/>',
            "-5% -5% 110% 110%",
        )

    def stipple(self, frequency: float = 0.42, slope: float = 3.5, seed: int = 8) -> str:
        """Riso-like grain shading: break the soft edge of a shape into specks."""
        return self.filter(
            f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="2" seed="{seed}"/>'
            '<feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0" result="n"/>'
            '<feComposite in="SourceGraphic" in2="n" operator="arithmetic" k1="0" k2="1" k3="1" k4="-0.72"/>'
            f'<feComponentTransfer result="t"><feFuncA type="linear" slope="{slope}" intercept="-0.35"/>'
            '</feComponentTransfer><feComposite in="SourceGraphic" in2="t" operator="in"/>',
            "0 0 100% 100%",
        )

    # Elements

    def add(self, xml: str) -> None:
        """Add ready-made SVG."""
        self.body.append(xml)

    def path(self, data: str, fill: str = "none", **attrs: object) -> None:
        """Draw path data."""
        self.add(f'<path d="{data}" fill="{fill}"{attributes(attrs)}/>')

    def poly(self, points: Iterable[Point], fill: str, **attrs: object) -> None:
        """Fill a polygon."""
        self.path(trace(points, closed=True), fill, **attrs)

    def blob(self, points: Sequence[Point], fill: str, **attrs: object) -> None:
        """Fill a closed curve."""
        self.path(flow(points, closed=True), fill, **attrs)

    def line(self, points: Sequence[Point], color: str, width: float, curved: bool = False, **attrs: object) -> None:
        """Draw an open line with round ends."""
        data = flow(points) if curved else trace(points)
        style = {"stroke_linecap": "round", "stroke_linejoin": "round", **attrs}
        self.path(data, stroke=color, stroke_width=round(width, 2), **style)

    def strokes(self, lines: Iterable[Sequence[Point]], color: str, width: float, **attrs: object) -> None:
        """Draw many lines of one colour and width as a single path."""
        data = "".join(trace(points) for points in lines)
        style = {"stroke_linecap": "round", "stroke_linejoin": "round", **attrs}
        self.path(data, stroke=color, stroke_width=round(width, 2), **style)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, **attrs: object) -> None:
        """Fill a rectangle."""
        self.add(f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" fill="{fill}"'
                 f"{attributes(attrs)}/>")

    def oval(self, x: float, y: float, rx: float, ry: float | None, fill: str, **attrs: object) -> None:
        """Fill an ellipse, or a circle when ry is None."""
        ry = rx if ry is None else ry
        self.add(f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"'
                 f"{attributes(attrs)}/>")

    def hoop(self, x: float, y: float, rx: float, ry: float, color: str, width: float, opacity: float = 1) -> None:
        """Outline of an ellipse."""
        self.oval(x, y, rx, ry, "none", stroke=color, stroke_width=round(width, 2), opacity=round(opacity, 2))

    def glow(self, x: float, y: float, radius: float, color: str, opacity: float = 1, squash: float = 1) -> None:
        """Light fading out from a point."""
        fill = self.radial((0, color, opacity), (0.35, color, opacity * 0.45), (1, color, 0))
        self.oval(x, y, radius, radius * squash, fill)

    def wash(self, fill: str, **attrs: object) -> None:
        """Cover the whole sheet."""
        self.rect(0, 0, self.width, self.height, fill, **attrs)

    @contextmanager
    def group(self, **attrs: object) -> Iterator[None]:
        """Group the elements drawn inside the with block."""
        self.add(f"<g{attributes(attrs)}>")
        yield
        self.add("</g>")

    def texture(self, data: str | None, frequency: str, strength: float, seed: int = 1, *, octaves: int = 4,
                relief: float = 14, azimuth: int = 215, elevation: int = 50, skew: float = 0,
                blend: str = "soft-light") -> None:
        """Lay lit relief (rock, snow, plaster, brush marks) over a path, or over the whole sheet."""
        relief_filter = self.filter(
            f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="{octaves}" seed="{seed}"/>'
            f'<feDiffuseLighting surfaceScale="{relief}" lighting-color="#fff" diffuseConstant="1">'
            f'<feDistantLight azimuth="{azimuth}" elevation="{elevation}"/></feDiffuseLighting>',
            "0 0 100% 100%",
        )
        extra = abs(math.tan(math.radians(skew))) * self.height
        clip = self.clip(data) if data else None
        with (
            self.group(clip_path=clip, style=f"mix-blend-mode:{blend}", opacity=strength),
            self.group(transform=f"skewX({skew})"),
        ):
            self.rect(-extra, 0, self.width + 2 * extra, self.height, "#888", filter=relief_filter)

    def finish(self, grain: float = 0.19, vignette: float = 0.16, tint: str = "#241a18") -> str:
        """Lay vignette, paper tooth and grain over the picture and return the SVG."""
        if vignette:
            self.wash(self.radial((0.55, tint, 0), (1, tint, vignette), cx=0.5, cy=0.48, r=0.78))
        for frequency, strength in (("0.45", grain), ("0.009 0.014", grain * 0.35)):
            noise = self.filter(
                f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="2" seed="7"/>'
                '<feColorMatrix values="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 0 0 0 1"/>',
                "0 0 100% 100%",
            )
            self.wash("#888", filter=noise, opacity=strength, style="mix-blend-mode:soft-light")
        defs = "".join(xml.replace("id=@", f'id="{name}"', 1) for xml, name in self.defs.items())
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{defs}</defs>{"".join(self.body)}</svg>'


Picture = Callable[[], str]


def picture(slug: str) -> Callable[[Picture], Picture]:
    """Register a picture under its slug."""

    def register(draw: Picture) -> Picture:
        PICTURES[slug] = draw
        return draw

    return register


# --- Motif: mountains, clouds, water ---------------------------------------------------------------------------


def ridge(s: Sheet, base: float, rise: float, scale: float, *, octaves: int = 6, gain: float = 0.48, sharp: float = 0.8,
          shape: Callable[[float], float] | None = None, left: float = -30, right: float | None = None,
          step: float = 7) -> list[Point]:
    """Skyline of fractal noise from left to right; shape scales its height along 0…1."""
    noise = Noise(s.rng)
    right = s.width + 30 if right is None else right
    points = []
    x = left
    while x <= right:
        lift = noise.fbm(x / scale, octaves, gain, sharp)
        if shape:
            lift *= shape((x - left) / (right - left))
        points.append((x, base - rise * lift))
        x += step
    return points


def under(points: Sequence[Point], floor: float) -> str:
    """Close a skyline down to the floor."""
    return trace([*points, (points[-1][0], floor), (points[0][0], floor)], closed=True)


def peaks(points: Sequence[Point], reach: int) -> list[int]:
    """Indices of the local summits of a skyline."""
    heights = [y for _, y in points]
    found = []
    for i in range(1, len(points) - 1):
        around = heights[max(0, i - reach) : i + reach + 1]
        if heights[i] == min(around) and (not found or i - found[-1] > reach // 2):
            found.append(i)
    return found


def massif(s: Sheet, points: Sequence[Point], floor: float, lit: str, foot: str, *, shade: str, depth: float = 0.55,
           snow: str | None = None, snow_depth: float = 120, light: int = -1, reach: int = 9, rock: float = 0.5,
           skew: float | None = None) -> None:
    """Mountain with sunlit and shaded facets, snow cover, rocky relief and a hazy foot.

    light is -1 when the sun stands on the left, 1 on the right; snow_depth is how far snow reaches down.
    """
    data = under(points, floor)
    top = min(y for _, y in points)
    body = s.linear((0, lit), (1, foot), y1=top, y2=floor, x1=0, x2=0, user=True)
    s.path(data, body)
    noise = Noise(s.rng)
    with s.group(clip_path=s.clip(data)):
        if snow:
            hem = []
            for x, y in reversed(points):
                streak = noise.fbm(x / 80, 5, 0.62, 0.9) ** 1.6
                share = clamp((floor - y) / (floor - top))
                hem.append((x + s.rng.uniform(-4, 4), y + snow_depth * (0.15 + 1.3 * streak) * share**1.3))
            s.poly([*points, *hem], snow, opacity=0.96)
        with s.group(filter=s.rough(9, "0.02")):
            for index in peaks(points, reach):
                _facet(s, points, index, floor, shade, depth, light)
    if rock:
        skew = s.rng.choice((-34, -22, 18, 30)) if skew is None else skew
        s.texture(data, "0.011 0.007", rock, seed=s.rng.randint(1, 99), relief=16, skew=skew,
                  azimuth=215 if light < 0 else 325)
    haze = s.linear((0, foot, 0), (1, foot, 0.95), y1=lerp(top, floor, 0.45), y2=floor, x1=0, x2=0, user=True)
    s.path(data, haze)


def _facet(s: Sheet, points: Sequence[Point], index: int, floor: float, shade: str, depth: float, light: int) -> None:
    """Shadow side of one summit: from its spine over to the next saddle."""
    step = -light
    end = index
    while 0 < end < len(points) - 1 and points[end + step][1] >= points[end][1] - 2.5:
        end += step
    crest = [points[i] for i in range(index, end + step, step)] if end != index else [points[index]]
    (x, y), spine = points[index], [points[index]]
    fall = (floor - y) * s.rng.uniform(0.5, 0.85)
    drift = -step * s.rng.uniform(0.05, 0.3)
    for part in range(1, 9):
        t = part / 8
        spine.append((x + drift * fall * t + s.rng.uniform(-1, 1) * fall * 0.055, y + fall * t))
    far = crest[-1]
    width = abs(far[0] - x)
    low = (far[0] + step * width * 0.2, min(floor, far[1] + fall * 0.45))
    inner = [(lerp(spine[-1][0], low[0], t) + s.rng.uniform(-8, 8), lerp(spine[-1][1], low[1], t)) for t in (0.35, 0.7)]
    fill = s.linear((0, shade, depth), (0.6, shade, depth * 0.75), (1, shade, 0), y1=y, y2=y + fall, x1=0, x2=0,
                    user=True)
    s.poly([*crest, low, *reversed(inner), *reversed(spine)], fill)


def mist(s: Sheet, y: float, thickness: float, color: str, opacity: float, puffs: int = 7) -> None:
    """Bank of mist lying across the sheet."""
    with s.group(filter=s.blur(46, thickness * 0.28), opacity=opacity):
        for _ in range(puffs):
            s.oval(s.rng.uniform(0, s.width), y + s.rng.uniform(-0.4, 0.4) * thickness,
                   s.rng.uniform(0.16, 0.34) * s.width, thickness * s.rng.uniform(0.25, 0.55), color)


def cloud(s: Sheet, x: float, y: float, width: float, height: float, light: str, shade: str, *, puffs: int = 26,
          opacity: float = 1) -> None:
    """Heaped cloud with flat base: shaded body, lit crowns."""
    rounds = []
    for _ in range(puffs):
        t = s.rng.betavariate(2, 2)
        crown = math.sin(math.pi * t) ** 0.8
        radius = height * s.rng.uniform(0.16, 0.34) * (0.45 + crown * 0.8)
        rounds.append((x + (t - 0.5) * width, y - radius * 0.6 - crown * height * s.rng.uniform(0, 0.72), radius))
    rounds.sort(key=lambda item: item[1])
    body = s.linear((0, light), (0.5, mix(light, shade, 0.35)), (1, shade), y1=y - height, y2=y, x1=0, x2=0, user=True)
    lump = s.radial((0, light, 0.95), (0.5, light, 0.5), (1, light, 0), cx=0.36, cy=0.28, r=0.62)
    dent = s.radial((0, shade, 0.5), (0.6, shade, 0.28), (1, shade, 0))
    flat = s.clip(f"M{num(x - width)},{num(y - 3 * height)}h{num(2 * width)}v{num(3 * height)}h{num(-2 * width)}Z")
    with s.group(opacity=opacity, filter=s.blur(2)), s.group(clip_path=flat), s.group(filter=s.rough(26, "0.02")):
        for cx, cy, radius in rounds:
            s.oval(cx, cy, radius * 1.25, radius, body)
        for n, (cx, cy, radius) in enumerate(rounds):
            if n > len(rounds) // 5:
                s.oval(cx - radius * 0.1, cy - radius * 0.5, radius * 1.3, radius * 0.9, dent)
            s.oval(cx, cy, radius * 1.2, radius * 0.96, lump, opacity=round(clamp(1.1 - 0.7
                * (cy - y + height) / height), 2))


def ripples(s: Sheet, top: float, bottom: float, color: str, count: int, opacity: float, *, left: float = 0,
            right: float | None = None, longest: float = 260) -> None:
    """Flat water lines, growing longer and wider apart towards the viewer."""
    right = s.width if right is None else right
    for _ in range(count):
        t = s.rng.random() ** 1.8
        y = lerp(top, bottom, t)
        x = s.rng.uniform(left, right)
        length = lerp(16, longest, t) * s.rng.uniform(0.4, 1)
        bend = lerp(0.2, 3, t)
        s.line([(x - length / 2, y), (x, y + s.rng.uniform(-bend, bend)), (x + length / 2, y)], color,
               lerp(0.8, 3.2, t), curved=True, opacity=round(opacity * s.rng.uniform(0.4, 1), 2))


def water_filter(s: Sheet, scale: float = 26, frequency: str = "0.004 0.07", blur: float = 1.2) -> str:
    """Break a mirrored image into horizontal ripples."""
    return s.filter(
        f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="2" seed="5"/>'
        f'<feDisplacementMap in="SourceGraphic" scale="{scale}" xChannelSelector="R" yChannelSelector="G"/>'
        f'<feGaussianBlur stdDeviation="{blur} {blur * 1.8}"/>',
        "-5% -5% 110% 110%",
    )


# --- Motif: plants ---------------------------------------------------------------------------------------------


def grass(s: Sheet, top: float, bottom: float, colors: Sequence[str], count: int, *, short: float = 4, tall: float = 40,
          lean: float = 0.15, left: float = 0, right: float | None = None, opacity: float = 0.8) -> None:
    """Blades over a stretch of ground, small at the top and tall at the bottom."""
    right = s.width if right is None else right
    bands = 6
    for band in range(bands):
        for color in colors:
            lines = []
            for _ in range(count // bands // len(colors)):
                t = (band + s.rng.random()) / bands
                x, y = s.rng.uniform(left, right), lerp(top, bottom, t)
                height = lerp(short, tall, t**1.4) * s.rng.uniform(0.5, 1.1)
                tilt = height * s.rng.gauss(lean, 0.28)
                lines.append([(x, y), (x + tilt * 0.35, y - height * 0.6), (x + tilt, y - height)])
            s.strokes(lines, color, lerp(0.9, 3.2, band / bands), opacity=opacity)


def tree(s: Sheet, x: float, y: float, height: float, color: str, light: str, *, slim: float = 0.2,
         bare: bool = False) -> None:
    """Poplar-like tree of leaf dabs, or a bare one."""
    s.line([(x, y), (x + height * 0.01, y - height * 0.6)], mix(color, "#1c1512", 0.6), max(1.2, height * 0.03))
    if bare:
        _twigs(s, x, y - height * 0.2, -90, height * 0.3, height * 0.03, color, slim)
        return
    for _ in range(int(40 + height * 0.9)):
        t = s.rng.random()
        wide = math.sin(math.pi * (0.08 + 0.9 * t) ** 0.7) * slim * height * 0.5
        offset = s.rng.uniform(-1, 1)
        dab = min(height * 0.05, 4 + height * 0.018) * s.rng.uniform(0.6, 1.1)
        tone = mix(color, light, clamp(0.5 - offset * 0.45 + s.rng.uniform(-0.25, 0.25)))
        s.oval(x + offset * wide, y - height * (0.12 + 0.88 * t), dab * 0.8, dab * 1.5, tone, opacity=0.9)


def _twigs(s: Sheet, x: float, y: float, angle: float, length: float, width: float, color: str, slim: float) -> None:
    """Branch of a bare tree with its smaller branches."""
    end = x + math.cos(math.radians(angle)) * length, y + math.sin(math.radians(angle)) * length
    bow = ((x + end[0]) / 2 + s.rng.uniform(-0.08, 0.08) * length, (y + end[1]) / 2)
    s.line([(x, y), bow, end], color, max(0.8, width), curved=True)
    if length < 5 or width < 0.7:
        return
    for _ in range(s.rng.choice((2, 3, 3))):
        fork = angle + s.rng.gauss(0, 55 * (0.4 + slim))
        _twigs(s, *end, lerp(fork, -90, 0.12), length * s.rng.uniform(0.62, 0.8), width * 0.62, color, slim)


def bush(s: Sheet, x: float, y: float, width: float, height: float, tones: Sequence[str]) -> None:
    """Rounded shrub of leaf dabs, darker below; (x, y) is the middle of its foot."""
    s.oval(x, y - height * 0.35, width * 0.46, height * 0.45, mix(tones[0], "#1c1a12", 0.45))
    for _ in range(int(14 + width * 0.3)):
        angle, reach = s.rng.uniform(0, math.tau), s.rng.random() ** 0.5
        up = 0.45 + 0.45 * reach * math.sin(angle)
        dab = min(13, 3 + width * 0.06) * s.rng.uniform(0.7, 1.2)
        s.oval(x + 0.5 * width * reach * math.cos(angle), y - height * up, dab * 1.2, dab,
               mix(s.rng.choice(tones), "#1c1a12", clamp(0.5 - up * 0.6)))


# --- Motif: people ---------------------------------------------------------------------------------------------

# Joints in units of body height, facing right, feet at the origin, y upwards: hip, neck, head, two arms
# (elbow, hand) and two legs (knee, foot).
POSES: dict[str, tuple] = {
    "stand": ((0, 0.5), (0.01, 0.81), (0.02, 0.92), ((0.06, 0.65), (0.08, 0.5)), ((-0.07, 0.65), (-0.05, 0.49)),
              ((0.03, 0.26), (0.04, 0.01)), ((-0.03, 0.26), (-0.04, 0.01))),
    "walk": ((0, 0.5), (0.03, 0.81), (0.05, 0.92), ((0.1, 0.68), (0.2, 0.58)), ((-0.09, 0.66), (-0.15, 0.5)),
             ((0.1, 0.28), (0.14, 0.01)), ((-0.02, 0.26), (-0.17, 0.04))),
    "run": ((0, 0.5), (0.1, 0.79), (0.15, 0.9), ((0.2, 0.62), (0.3, 0.72)), ((-0.08, 0.66), (-0.14, 0.5)),
            ((0.2, 0.4), (0.2, 0.14)), ((-0.07, 0.25), (-0.32, 0.22))),
    "kick": ((0, 0.5), (-0.07, 0.8), (-0.06, 0.91), ((0.1, 0.68), (0.22, 0.72)), ((-0.22, 0.72), (-0.33, 0.62)),
             ((0.18, 0.38), (0.36, 0.26)), ((-0.04, 0.26), (-0.09, 0.01))),
    "leap": ((0, 0.55), (0.03, 0.85), (0.05, 0.96), ((0.14, 0.94), (0.2, 1.1)), ((-0.1, 0.93), (-0.15, 1.08)),
             ((0.1, 0.36), (0.0, 0.14)), ((-0.06, 0.34), (-0.2, 0.2))),
    "save": ((0, 0.42), (0.03, 0.72), (0.04, 0.83), ((0.2, 0.78), (0.34, 0.9)), ((-0.16, 0.76), (-0.3, 0.86)),
             ((0.15, 0.24), (0.16, 0.0)), ((-0.14, 0.24), (-0.16, 0.0))),
    "bend": ((-0.1, 0.5), (0.15, 0.62), (0.26, 0.62), ((0.17, 0.42), (0.24, 0.24)), ((0.12, 0.42), (0.2, 0.22)),
             ((-0.02, 0.27), (-0.06, 0.01)), ((-0.12, 0.26), (-0.18, 0.01))),
    "toss": ((0, 0.5), (-0.04, 0.81), (-0.03, 0.92), ((0.12, 0.76), (0.2, 0.9)), ((0.06, 0.66), (0.16, 0.72)),
             ((0.1, 0.27), (0.13, 0.01)), ((-0.07, 0.26), (-0.12, 0.01))),
    "lift": ((0, 0.5), (0.03, 0.8), (0.06, 0.9), ((0.14, 0.62), (0.24, 0.6)), ((0.1, 0.6), (0.2, 0.5)),
             ((0.1, 0.27), (0.12, 0.01)), ((-0.07, 0.26), (-0.12, 0.01))),
    "draw": ((0, 0.5), (-0.01, 0.81), (0.0, 0.92), ((0.16, 0.77), (0.31, 0.79)), ((-0.16, 0.78), (-0.01, 0.8)),
             ((0.08, 0.26), (0.12, 0.01)), ((-0.07, 0.26), (-0.12, 0.01))),
    "sit": ((0, 0.3), (0.03, 0.62), (0.06, 0.73), ((0.1, 0.46), (0.22, 0.42)), ((0.04, 0.46), (0.16, 0.4)),
            ((0.2, 0.3), (0.2, 0.04)), ((0.17, 0.29), (0.16, 0.04))),
}


def person(s: Sheet, x: float, y: float, height: float, pose: str, coat: str, *, legs: str = "#2b2522",
           skin: str = "#8a5a40", hair: str = "#201a19", robe: float = 0.0, turn: int = 1, hat: str | None = None,
           light: str | None = None, sun: int = -1) -> dict[str, Point]:
    """Small figure; robe is the length of the coat below the hip, sun the side (-1 left, 1 right) its light comes from.

    Returns the places of its hands, near foot and head.
    """
    hip, neck, head, *limbs = POSES[pose]

    def at(joint: Point) -> Point:
        return x + joint[0] * height * turn, y - joint[1] * height

    arm_near, arm_far, leg_near, leg_far = limbs
    bright = light or mix(coat, "#fff0d8", 0.3)
    cloth = s.linear((0, bright), (0.1, mix(coat, bright, 0.5)), (0.32, coat), (1, mix(coat, "#120d0c", 0.3)),
                     x1=0 if sun < 0 else 1, x2=1 if sun < 0 else 0, y2=0)
    with s.group():
        s.line([at(neck), at(arm_far[0]), at(arm_far[1])], mix(coat, "#15110f", 0.35), height * 0.062)
        for knee, foot in (leg_far, leg_near):
            s.line([at(hip), at(knee), at(foot)], legs, height * 0.085)
            s.line([at(foot), at((foot[0] + 0.05, foot[1]))], mix(legs, "#000000", 0.4), height * 0.055)
        if robe:
            knees = [(lerp(hip[0], k[0], robe * 1.6), hip[1] - robe) for k in (leg_far[0], leg_near[0])]
            spread = 0.11 + 0.06 * robe
            low, high = sorted(k[0] for k in knees)
            s.poly([at((hip[0] - 0.09, hip[1] + 0.04)), at((hip[0] + 0.09, hip[1] + 0.04)),
                    at((high + spread, knees[0][1])), at((low - spread, knees[0][1]))], cloth)
        shoulder, waist = 0.105, 0.085
        dx, dy = neck[0] - hip[0], neck[1] - hip[1]
        size = math.hypot(dx, dy)
        nx, ny = dy / size, -dx / size
        torso = [(hip[0] - nx * waist, hip[1] - ny * waist - 0.03), (neck[0] - nx * shoulder, neck[1] - ny * shoulder),
                 (neck[0], neck[1] + 0.03), (neck[0] + nx * shoulder, neck[1] + ny * shoulder),
                 (hip[0] + nx * waist, hip[1] + ny * waist - 0.03)]
        s.blob([at(p) for p in torso], cloth)
        s.line([at((neck[0] + 0.03, neck[1] - 0.04)), at(arm_near[0]), at(arm_near[1])], mix(coat, "#ffffff", 0.06),
               height * 0.064)
        s.oval(*at(arm_near[1]), height * 0.03, None, skin)
        hx, hy = at(head)
        s.line([at(neck), (hx, hy)], skin, height * 0.06)
        s.oval(hx, hy, height * 0.06, height * 0.072, skin)
        s.path(f"M{num(hx - height * 0.066)},{num(hy + height * 0.02)}a{num(height * 0.066)},{num(height * 0.08)} "
               f"0 0 1 "
               f"{num(height * 0.132)},{num(-height * 0.02)}l{num(-height * 0.03)},{num(-height * 0.02)}Z", hair)
        if hat:
            s.oval(hx, hy - height * 0.045, height * 0.115, height * 0.03, hat)
            s.oval(hx, hy - height * 0.065, height * 0.062, height * 0.045, hat)
    return {"hand": at(arm_near[1]), "other": at(arm_far[1]), "foot": at(leg_near[1]), "head": (hx, hy)}


def shadow(s: Sheet, x: float, y: float, length: float, width: float, color: str = "#20160f", opacity: float = 0.35,
           angle: float = 0) -> None:
    """Cast shadow on the ground, running away from a pair of feet."""
    fill = s.linear((0, color, opacity), (0.5, color, opacity * 0.8), (1, color, 0.02), x2=1, y2=0)
    s.oval(length * 0.44, 0, length * 0.5, width * 0.5, fill, transform=f"translate({num(x)} {num(y)}) rotate({angle})")


# --- Fields and pastures ---------------------------------------------------------------------------------------


def house(s: Sheet, x: float, y: float, width: float, height: float, wall: str, *, trim: str = "#6e3526",
          roof: str | None = None, lamp: str | None = None, rows: int = 2, columns: int = 3) -> None:
    """Flat-roofed highland house with battered walls; y is the ground line."""
    inset = width * 0.045
    face = s.linear((0, mix(wall, "#ffffff", 0.12)), (1, mix(wall, "#2a1c16", 0.22)), x2=1, y2=0.4)
    s.poly([(x, y), (x + inset, y - height), (x + width - inset, y - height), (x + width, y)], face)
    band = height * 0.1
    s.poly([(x + inset * 0.6, y - height + band), (x + inset * 0.2, y - height), (x + width - inset * 0.2, y - height),
            (x + width - inset * 0.6, y - height + band)], trim)
    if roof:
        bumps = [(x + width * t, y - height - band * s.rng.uniform(0.7, 1.2)) for t in (0.02, 0.25, 0.5, 0.75, 0.98)]
        s.blob([(x - 2, y - height + 2), *bumps, (x + width + 2, y - height + 2)], roof)
    pane_w, pane_h = width / (columns * 2 + 1), height / (rows * 2.6)
    for row in range(rows):
        for column in range(columns):
            px = x + pane_w * (1 + column * 2) + pane_w * 0.1
            py = y - height + band * 1.9 + row * (height - band) / rows
            if py + pane_h > y - 2:
                continue
            flare = pane_w * 0.14
            s.poly([(px - flare * 1.6, py + pane_h + flare), (px - flare, py - flare),
                (px + pane_w + flare, py - flare),
                    (px + pane_w + flare * 1.6, py + pane_h + flare)], mix(trim, "#120d0c", 0.6))
            glass = lamp if lamp and s.rng.random() < 0.6 else mix(wall, "#1c2530", 0.7)
            s.rect(px, py, pane_w, pane_h, glass)


def barley_ear(s: Sheet, x: float, foot: float, top: float, size: float, bow: float, tones: Sequence[str]) -> None:
    """One stalk of ripe barley: bowed stem, two rows of grains, long awns; bow is the nod in degrees."""
    dark, body, light = tones
    heading = math.radians(bow)
    neck = (x + size * math.sin(heading) * 0.25, top)
    s.line([(x - size * 0.1 * math.sin(heading), foot), (x, lerp(foot, top, 0.55)), neck], dark, size * 0.045,
           curved=True)
    ux, uy = math.sin(heading), -math.cos(heading)
    nx, ny = -uy, ux
    grains, awns, seeds = 10, [], []
    bend = math.radians(bow * 0.35) / grains
    px, py = neck
    for i in range(grains):
        t = i / (grains - 1)
        width = size * 0.078 * math.sin(math.pi * (0.2 + 0.68 * (1 - t))) ** 0.7
        turn = math.degrees(math.atan2(uy, ux))
        for side in (-1, 1):
            gx, gy = px + nx * width * side, py + ny * width * side
            tone = body if side * ny > 0 else light
            for grow, color in ((1.25, dark), (0.92, tone)):
                seeds.append(f'<ellipse rx="{num(size * 0.078 * grow)}" ry="{num(size * 0.04 * grow)}" fill="{color}" '
                             f'transform="translate({num(gx)} {num(gy)}) rotate({num(turn + side * 19)})"/>')
            spread = side * math.radians(s.rng.uniform(3, 15))
            ax, ay = ux * math.cos(spread) - uy * math.sin(spread), ux * math.sin(spread) + uy * math.cos(spread)
            reach = size * s.rng.uniform(0.85, 1.2)
            awns.append([(gx, gy), (gx + ax * reach * 0.5, gy + ay * reach * 0.5),
                         (gx + ax * reach, gy + ay * reach + reach * 0.06)])
        px, py = px + ux * size * 0.09, py + uy * size * 0.09
        ux, uy = ux * math.cos(bend) - uy * math.sin(bend), ux * math.sin(bend) + uy * math.cos(bend)
        nx, ny = -uy, ux
    s.strokes(awns[::2], light, max(0.8, size * 0.01), opacity=0.9)
    s.strokes(awns[1::2], mix(body, dark, 0.3), max(0.8, size * 0.01), opacity=0.8)
    s.add("".join(seeds))


def stook(s: Sheet, x: float, y: float, height: float, lit: str, shade: str) -> None:
    """Sheaves stood together to dry."""
    shadow(s, x, y, height * 1.3, height * 0.22, "#5b3a1c", 0.4, 8)
    s.blob([(x - height * 0.36, y), (x - height * 0.13, y - height * 0.55), (x - height * 0.24, y - height),
            (x, y - height * 0.93), (x + height * 0.24, y - height), (x + height * 0.13, y - height * 0.55),
            (x + height * 0.36, y)], s.linear((0, lit), (0.45, lit), (1, shade), x2=1, y2=0))
    for _ in range(16):
        t = s.rng.uniform(-1, 1)
        s.line([(x + t * height * 0.34, y), (x + t * height * 0.11, y - height * 0.55), (x + t * height * 0.26,
                y - height * s.rng.uniform(0.9, 1.1))], mix(lit, shade, s.rng.random()), height * 0.018)
    s.line([(x - height * 0.13, y - height * 0.55), (x + height * 0.13, y - height * 0.55)], shade, height * 0.05)


@picture("barley-field")
def barley_field() -> str:
    """Ripe barley close by, harvesters at the edge of the standing crop, village and snow range behind."""
    s = Sheet("barley-field")
    s.wash(s.linear((0, "#8fa6b4"), (0.3, "#cfd0c0"), (0.48, "#f0dcae"), (1, "#e6bd6a")))
    s.glow(250, 330, 620, "#fff1c4", 0.95)
    far = ridge(s, 470, 300, 300, shape=lambda t: 0.55 + 0.45 * math.sin(math.pi * (0.2 + t * 0.9)) ** 2)
    massif(s, far, 520, "#8c9aa6", "#dccfa9", shade="#5f7385", depth=0.6, snow="#f7efdc", snow_depth=75, rock=0.35)
    near = ridge(s, 500, 170, 420, sharp=0.35, gain=0.4, shape=lambda t: 0.25 + 0.9 * t)
    massif(s, near, 560, "#a58a5c", "#d9bd7d", shade="#7b6a55", depth=0.5, rock=0.5)
    # Village and poplars below the hill
    for x, w, h in ((1010, 74, 42), (1070, 96, 58), (1180, 80, 46), (1262, 110, 62), (1385, 76, 44), (930, 62, 34)):
        wall = s.rng.choice(("#e4d2b2", "#d3b489", "#c99a6c", "#ece0c6"))
        house(s, x, 522 + s.rng.uniform(-3, 5), w, h, wall, trim="#7c4530", roof="#caa257", rows=2 if h > 50 else 1,
            columns=2)
    for x in (905, 1000, 1160, 1250, 1374, 1392, 1475, 1497, 1520, 700, 722):
        tree(s, x, 530 + s.rng.uniform(-4, 6), s.rng.uniform(60, 105), "#8b7434", "#d9b652", slim=0.2)
    # The plain: cut ground on the right, standing barley on the left
    s.rect(0, 518, s.width, 560, s.linear((0, "#dcbb72"), (0.3, "#d2a452"), (1, "#9a6a2c")))
    stubble = []
    for i in range(-6, 46):
        x = 250 + i * 17
        stubble.append([(x + 420, 526), (lerp(x + 420, (x - 200) * 3.2, 1), 1100)])
    s.strokes(stubble, "#b98a45", 2.4, opacity=0.5)
    edge = [(760, 519), (700, 560), (640, 620), (590, 700), (600, 800), (700, 1000), (760, 1100)]
    s.path(flow([(-30, 519), (400, 516), *edge]) + "L-30,1100Z",
           s.linear((0, "#e2bd63"), (0.35, "#d49a3a"), (1, "#8d5523")))
    for x, y, h in ((1130, 600, 34), (1250, 585, 28), (1010, 640, 46), (1360, 660, 54), (1180, 700, 66),
        (1520, 620, 40),
                    (1420, 575, 24), (930, 590, 28)):
        stook(s, x, y, h, "#f3d488", "#a0682c")
    # Harvesters at the edge of the crop
    for x, y, h, pose, coat, turn in ((735, 668, 112, "bend", "#6d2f22", -1), (835, 640, 96, "lift", "#344a5c", -1),
                                      (690, 606, 66, "bend", "#4b3b2e", -1), (905, 700, 122, "walk", "#7d5a36", 1)):
        shadow(s, x, y, h * 0.9, h * 0.12, "#4d2f14", 0.4, 10)
        hands = person(s, x, y, h, pose, coat, turn=turn, robe=0.2, hat="#e9d3a0", light="#f3cf86")
        if pose == "lift":
            stook(s, hands["hand"][0] - 8, hands["hand"][1] + 22, 46, "#f3d488", "#a0682c")
    # Standing crop: rows of strokes, then ears, larger towards the viewer
    for band in range(26):
        t = band / 25
        y = lerp(540, 905, t**1.35)
        limit = lerp(720, 560, min(1, t * 1.5)) if t < 0.75 else lerp(560, 760, (t - 0.75) * 4)
        for tone in ("#f4d98d", "#c98d35", "#8f5a24"):
            lines = []
            for _ in range(84):
                x, h = s.rng.uniform(-20, limit), lerp(8, 80, t) * s.rng.uniform(0.6, 1.1)
                lean = h * s.rng.gauss(0.35, 0.2)
                lines.append([(x, y + h * 0.4), (x + lean * 0.4, y - h * 0.25), (x + lean, y - h * 0.6)])
            s.strokes(lines, tone, lerp(0.9, 2.6, t), opacity=0.6)
    # Two depths of ears: many in half shade, then a few large ones catching the sun
    stalks = [[(x, 1090), (x + s.rng.gauss(26, 22), 800 + 190 * clamp((x - 250) / 1000) + s.rng.uniform(-30, 90))]
              for x in range(-30, 1640, 5)]
    s.strokes(stalks[::2], "#a06a2a", 3.4, opacity=0.8)
    s.strokes(stalks[1::2], "#c98f3e", 2.6, opacity=0.8)
    s.rect(0, 830, s.width, 260, s.linear((0, "#4a260e", 0), (1, "#3f1f0c", 0.85)))
    for count, low, high, lift, tones in ((60, 74, 104, 0, ("#8a5a24", "#bd8433", "#e0b45a")),
                                          (34, 118, 172, 70, ("#7a4519", "#d3973c", "#f3d288"))):
        ears = []
        for k in range(count):
            x = lerp(-90, 1600, (k + s.rng.uniform(0.1, 0.9)) / count)
            crown = 745 + 210 * clamp((x - 250) / 900) ** 0.8 + lift
            ears.append((crown + s.rng.uniform(-70, 120), x, s.rng.uniform(low, high)))
        for top, x, size in sorted(ears):
            barley_ear(s, x, 1130, top, size, s.rng.gauss(42, 20), tones)
        if not lift:
            s.rect(0, 860, s.width, 230, s.linear((0, "#4a260e", 0), (1, "#4a260e", 0.6)))
    s.glow(200, 300, 900, "#ffe9b0", 0.35)
    return s.finish(grain=0.1)


YAK = (
    "M6,80 C4,72 10,62 18,54 C22,48 27,44 34,42 C40,38 46,34 52,26 C58,16 68,12 78,15 C90,19 100,30 114,32 "
    "C130,33 146,30 156,36 C164,41 168,46 171,54 C184,60 188,80 184,98 C182,108 174,112 170,104 C170,96 170,88 167,80 "
    "C167,92 166,100 165,108 L164,129 L152,129 L151,112 L146,118 L140,111 L134,119 L126,112 L118,120 L110,112 L102,120 "
    "L94,112 L88,119 L80,112 L78,129 L66,129 L66,110 L60,117 L54,104 L46,106 L42,94 C36,96 30,92 26,94 "
    "C20,98 10,96 8,90 C6,87 6,84 6,80Z"
)
YAK_GRAZING = (
    "M-8,118 C-10,108 -4,100 4,94 C8,86 12,80 20,72 C30,60 40,48 50,34 C58,20 68,13 78,15 C90,19 100,30 114,32 "
    "C130,33 146,30 156,36 C164,41 168,46 171,54 C184,60 188,80 184,98 C182,108 174,112 170,104 C170,96 170,88 167,80 "
    "C167,92 166,100 165,108 L164,129 L152,129 L151,112 L146,118 L140,111 L134,119 L126,112 L118,120 L110,112 L102,120 "
    "L94,112 L88,119 L80,112 L78,129 L66,129 L66,112 L60,119 L52,110 L44,112 L36,102 C30,104 26,110 20,114 "
    "C14,122 4,128 -4,126 C-8,124 -8,122 -8,118Z"
)


def yak(s: Sheet, x: float, y: float, width: float, *, grazing: bool = False, flip: bool = False, coat: str = "#231a17",
        rim: str = "#7d5a3c", horn: str = "#d8cdb8", detail: bool = True) -> None:
    """Yak seen from the side, standing at (x, y), facing left unless flipped."""
    scale = width / 190
    place = f"translate({num(x)} {num(y - 129 * scale)}) scale({-scale if flip else scale} {scale})"
    shadow(s, x + (-width * 0.45 if flip else width * 0.45), y, width * 0.55, width * 0.07, "#14150f", 0.4, 2)
    with s.group(transform=place):
        hx, hy = (14, 72) if grazing else (33, 43)
        with s.group(filter=s.rough(5 if detail else 2, "0.07")):
            s.path(YAK_GRAZING if grazing else YAK, s.linear((0, mix(coat, rim, 0.25)), (0.5, coat), (1, "#120d0c")))
            if detail:
                back = [(52, 24), (66, 12), (80, 14), (100, 27), (118, 31), (146, 31), (160, 38), (170, 52)]
                s.line(back, rim, 2.4, curved=True, opacity=0.8)
                hair = []
                for _ in range(210):
                    px = s.rng.uniform(50, 166)
                    py = s.rng.uniform(30 if px > 60 else 60, 96)
                    hair.append([(px, py), (px + s.rng.uniform(-2, 3), py + s.rng.uniform(9, 20))])
                s.strokes(hair, rim, 0.8, opacity=0.35)
                s.strokes([[(p, s.rng.uniform(84, 108)), (p + s.rng.uniform(-2, 2), 121)] for p in range(50, 166, 2)],
                          mix(coat, "#120d0c", 0.6), 1.6)
        if not grazing:
            s.oval(12, 84, 8, 9, mix(coat, "#b9a793", 0.35), opacity=0.8)
        else:
            s.oval(-2, 118, 7, 8, mix(coat, "#b9a793", 0.35), opacity=0.8)
        for side, color in ((1, mix(horn, coat, 0.35)), (-1, horn)):
            s.path(f"M{hx + side},{hy - 3}C{hx + 18 * side},{hy} {hx + 21 * side},{hy - 12} {hx + 13 * side},{hy - 30}"
                   f"C{hx + 28 * side},{hy - 14} {hx + 25 * side},{hy + 6} {hx + side},{hy + 4}Z", color)


@picture("yak-pasture")
def yak_pasture() -> str:
    """Yaks on a summer pasture, cloud shadows and mist drawing over green slopes."""
    s = Sheet("yak-pasture")
    s.wash(s.linear((0, "#9db2b6"), (0.45, "#dfe2d6"), (0.6, "#eceada")))
    far = ridge(s, 420, 330, 380, shape=lambda t: 0.35 + 0.65 * math.sin(math.pi * clamp(t * 1.25 - 0.1)))
    massif(s, far, 520, "#a3b0b3", "#dfe3d6", shade="#7d929c", depth=0.45, snow="#f6f6ef", snow_depth=70, rock=0.3)
    mist(s, 380, 90, "#f1f1e6", 0.85)
    for base, rise, lit, foot, shade in ((520, 240, "#9aa38a", "#d2d3ba", "#6f7d70"),
                                         (590, 230, "#94955f", "#c6c493", "#626a48")):
        slope = 1 if base == 520 else -1
        hill = ridge(s, base, rise, 560, sharp=0.3, gain=0.34,
                     shape=lambda t, d=slope: 0.25 + 0.75 * (t if d > 0 else 1 - t))
        massif(s, hill, base + 120, lit, foot, shade=shade, depth=0.5, rock=0.45)
        mist(s, base + 45, 50, "#eef0e0", 0.7)
    ground = ridge(s, 660, 90, 700, sharp=0.0, gain=0.3, octaves=3)
    s.path(under(ground, 1100), s.linear((0, "#b3a964"), (0.35, "#8f8845"), (1, "#4a4826")))
    # A stream winding down to the viewer
    brook = [(595, 655, 3), (655, 690, 6), (570, 730, 10), (660, 790, 17), (790, 850, 27), (640, 930, 46),
        (430, 1090, 90)]
    left = [(x - w, y) for x, y, w in brook]
    right = [(x + w, y) for x, y, w in brook]
    s.path(flow(left) + "L" + flow(right[::-1])[1:] + "Z", s.linear((0, "#eef0e4"), (0.5, "#b5c4c0"), (1, "#74898b")),
           filter=s.rough(7, "0.02"))
    with s.group(filter=s.blur(38, 16)):
        for x, y, rx in ((260, 720, 300), (1330, 770, 330), (520, 1010, 420)):
            s.oval(x, y, rx, 46, "#2c3a1f", opacity=0.42)
        s.oval(640, 800, 300, 40, "#cfc67c", opacity=0.6)
    grass(s, 690, 1070, ("#cabd72", "#6a6a33", "#9c954c"), 3300, short=3, tall=34, lean=0.25)
    for _ in range(26):  # the herd far off
        x = s.rng.choice((s.rng.uniform(90, 640), s.rng.uniform(1020, 1540)))
        y = s.rng.uniform(672, 735)
        yak(s, x, y, lerp(20, 52, (y - 672) / 63), grazing=s.rng.random() < 0.6, flip=s.rng.random() < 0.5,
            detail=False)
    yak(s, 300, 850, 175, grazing=True, coat="#2c2019")
    yak(s, 770, 785, 120, grazing=True, flip=True, coat="#3a2a20")
    yak(s, 1380, 850, 165, flip=True, coat="#2b2320")
    yak(s, 905, 1010, 450, coat="#221a17", rim="#94714d")
    yak(s, 150, 1000, 260, coat="#4b3424", rim="#a98457", grazing=False, flip=False)
    grass(s, 985, 1085, ("#bdb060", "#54552a", "#8b8543"), 1500, short=22, tall=58, lean=0.25)
    for _ in range(150):
        t = s.rng.random()
        y = lerp(880, 1060, t)
        s.oval(s.rng.uniform(0, 1600), y, lerp(1.4, 4, t), lerp(1, 3, t), s.rng.choice(("#f4e9c4", "#e9c65a")),
            opacity=0.9)
    return s.finish(grain=0.15)


@picture("barley-threshing")
def barley_threshing() -> str:
    """Threshing floor against the evening sun: golden dust, a heap of grain, straw and a threshing machine."""
    s = Sheet("barley-threshing")
    s.wash(s.linear((0, "#a98a5e"), (0.3, "#e2b25f"), (0.5, "#f7d98c")))
    s.glow(1060, 430, 900, "#fff3c6", 1)
    with s.group(filter=s.blur(14, 4)):
        for _ in range(22):
            y = s.rng.uniform(40, 330)
            s.oval(s.rng.uniform(0, 1600), y, s.rng.uniform(80, 300), s.rng.uniform(4, 13),
                mix("#8a6a4c", "#ffe2a0", y / 330), opacity=0.5)
    s.oval(1060, 415, 46, None, "#fffbe6")
    hill = ridge(s, 520, 260, 380, sharp=0.6, shape=lambda t: 1 - 0.55 * t)
    s.path(under(hill, 620), s.linear((0, "#b98a4c"), (1, "#e8bd6f")))
    near = ridge(s, 560, 150, 520, sharp=0.3, gain=0.4, shape=lambda t: 0.2 + 0.9 * abs(2 * t - 1))
    s.path(under(near, 660), s.linear((0, "#9a6c37"), (1, "#d7a659")))
    for x, h in ((40, 250), (110, 300), (170, 220), (1330, 230), (1400, 310), (1475, 270), (1560, 330)):
        tree(s, x, 620, h, "#6b431f", "#c9923f", slim=0.22)
    # Dry-stone wall
    s.rect(0, 590, s.width, 90, "#6a4827")
    with s.group(filter=s.rough(6)):
        for row in range(4):
            x = -10.0
            while x < 1610:
                w = s.rng.uniform(26, 62)
                s.rect(x, 592 + row * 22 + s.rng.uniform(-3, 3), w - 4, 19,
                       s.rng.choice(("#7d5730", "#5d3f23", "#8f6838", "#6e4c2a")), rx=6)
                s.line([(x + 4, 593 + row * 22), (x + w - 8, 593 + row * 22)], "#d6a458", 1.6, opacity=0.55)
                x += w
    s.rect(0, 672, s.width, 400, s.linear((0, "#e3b568"), (0.35, "#c08a42"), (1, "#5e3b1c")))
    straw = []
    for _ in range(900):
        t = s.rng.random() ** 0.8
        x, y, length, a = s.rng.uniform(0, 1600), lerp(682, 1060, t), lerp(5, 34, t), s.rng.uniform(-0.5, 0.5)
        straw.append((t, [(x, y), (x + math.cos(a) * length, y + math.sin(a) * length * 0.5)]))
    for tone, low, high in (("#f5d58b", 0, 0.5), ("#e2b25f", 0.5, 1), ("#7a5026", 0.25, 0.75)):
        s.strokes([line for t, line in straw if low <= t < high], tone, 1.6, opacity=0.7)
    # Straw stacks behind
    for x, y, w, h in ((250, 720, 360, 270), (1430, 730, 330, 220)):
        heap = [(x - w / 2, y), (x - w * 0.42, y - h * 0.6), (x - w * 0.15, y - h), (x + w * 0.18, y - h * 0.95),
                (x + w * 0.44, y - h * 0.55), (x + w / 2, y)]
        side = (0, 1) if x < 1060 else (1, 0)
        s.blob(heap, s.linear((side[0], "#7c5021"), (side[1], "#e9ba62"), x2=1, y2=0), filter=s.rough(16, "0.05"))
        strands = []
        for _ in range(400):
            u, v = s.rng.uniform(-0.44, 0.44), s.rng.random()
            px, py = x + u * w * 1.08 * (1 - 0.5 * v**1.6), y - v * h * 0.98
            strands.append([(px, py), (px + s.rng.uniform(-30, 30), py + s.rng.uniform(-10, 20))])
        s.strokes(strands[:130], "#f3d384", 1.8, opacity=0.6)
        s.strokes(strands[130:260], "#6b4720", 1.8, opacity=0.5)
        s.strokes(strands[260:], "#c08a3e", 1.8, opacity=0.7)
    _thresher(s, 500, 800)
    # The bow of chaff from the machine, and the beams of light through the dust
    with s.group(filter=s.blur(9)):
        for _ in range(120):
            t = s.rng.random()
            x, y = 706 + 460 * t, 552 - 420 * t + 560 * t * t + s.rng.gauss(0, 7 + 30 * t)
            s.oval(x, y, lerp(12, 58, t), lerp(9, 36, t), s.rng.choice(("#fff0c0", "#f3cf80", "#e0a94e")), opacity=0.34)
    flecks = []
    for _ in range(500):
        t = s.rng.random()
        x, y = 706 + 470 * t, 552 - 420 * t + 560 * t * t + s.rng.gauss(0, 6 + 36 * t)
        a = s.rng.uniform(0, math.pi)
        flecks.append([(x, y), (x + 7 * math.cos(a), y + 7 * math.sin(a))])
    s.strokes(flecks[:330], "#fff6d6", 1.9)
    s.strokes(flecks[330:], "#8a5b26", 1.7)
    s.blob([(1000, 800), (1070, 716), (1170, 664), (1270, 708), (1350, 800)], s.linear((0, "#fbe2a0"), (1, "#a87430")),
           filter=s.rough(16, "0.05"))
    # People
    for x, y, lean, reach in ((1330, 836, 0.55, 150), (730, 840, -0.5, 120), (1460, 840, 0.6, 60)):
        s.poly([(x - 26, y), (x + 26, y), (x + lean * reach * 1.5 + 44, y + reach),
            (x + lean * reach * 1.5 - 50, y + reach)],
               s.linear((0, "#3a210c", 0.6), (1, "#3a210c", 0)), filter=s.blur(4))
    at = person(s, 1330, 838, 235, "toss", "#5c2418", robe=0.18, turn=-1, hat="#f0d79a", legs="#2a1a12",
        light="#ffd98c", sun=-1)
    s.line([(at["other"][0] + 60, at["other"][1] + 80), at["hand"], (at["hand"][0] - 46, at["hand"][1] - 66)],
        "#3b2412", 7)
    for dx in (-16, 0, 16):
        s.line([(at["hand"][0] - 42, at["hand"][1] - 60), (at["hand"][0] - 66 + dx, at["hand"][1] - 116 - dx * 0.4)],
            "#3b2412", 4)
    person(s, 730, 842, 226, "lift", "#32424c", robe=0.12, turn=-1, hat="#e2c98d", legs="#241812", light="#ffd98c",
        sun=1)
    s.blob([(610, 742), (640, 690), (700, 700), (716, 744), (664, 764)], s.linear((0, "#fbe0a0"), (1, "#a4702e")),
        filter=s.rough(12, "0.06"))
    # Heap of grain with wooden shovel, sacks
    heap = [(250, 1010), (380, 930), (520, 872), (640, 846), (760, 880), (900, 945), (1020, 1012)]
    s.oval(640, 1016, 440, 40, "#3c220d", opacity=0.5, filter=s.blur(8))
    s.blob([*heap, (640, 1044)], s.linear((0, "#8a5521"), (0.45, "#d79b3c"), (0.75, "#ffd983"), (1, "#d79b3c"), x2=1,
        y2=0.2))
    for tone, count in (("#ffe7a8", 900), ("#8c5820", 700), ("#c98d35", 700)):
        dots = []
        for _ in range(count):
            x = s.rng.triangular(290, 990, 640)
            roof = 846 + abs(x - 640) ** 1.08 * 0.27
            y = lerp(roof + 6, 1034, s.rng.random() ** 0.8)
            dots.append([(x, y), (x + s.rng.uniform(2, 6), y + s.rng.uniform(-2, 2))])
        s.strokes(dots, tone, 3, opacity=0.75)
    s.line([(720, 905), (905, 690)], "#4c2f17", 13)
    s.line([(716, 902), (900, 688)], "#f0bd6a", 3)
    s.blob([(640, 960), (690, 880), (735, 866), (742, 908), (690, 985)], s.linear((0, "#8f5f31"), (1, "#4a2c14")))
    for x, y, h in ((1180, 1030, 190), (1300, 1046, 205), (1440, 1038, 185)):
        s.oval(x + 10, y, 92, 18, "#2c1708", opacity=0.55, filter=s.blur(5))
        s.blob([(x - 62, y), (x - 70, y - h * 0.45), (x - 50, y - h * 0.84), (x - 20, y - h * 0.9), (x - 30, y - h),
                (x + 28, y - h), (x + 20, y - h * 0.9), (x + 52, y - h * 0.84), (x + 70, y - h * 0.45), (x + 62, y)],
               s.linear((0, "#c9a572"), (0.35, "#8f6a3f"), (1, "#432a16"), x1=0.3, y1=0, x2=0.6, y2=1),
               filter=s.rough(8))
        s.line([(x - 22, y - h * 0.9), (x + 22, y - h * 0.9)], "#3b2110", 5)
        s.line([(x - 40, y - h * 0.84), (x - 58, y - h * 0.5)], "#ffdf9c", 3, opacity=0.8)
        for k in (-22, 6, 30):
            s.line([(x + k * 0.6, y - h * 0.82), (x + k, y - h * 0.4)], "#3b2110", 2.4, opacity=0.5)
    for k in range(7):  # beams
        a = math.radians(58 + k * 13)
        far = (1060 + math.cos(a) * 1200, 415 + math.sin(a) * 1200)
        s.poly([(1060, 415), far, (far[0] + 80, far[1])], s.radial((0, "#fff0be", 0.3), (1, "#fff0be", 0), cx=1060,
            cy=415, r=820,
               user=True), filter=s.blur(10))
    s.glow(1060, 420, 760, "#ffe7a8", 0.55)
    return s.finish(tint="#2a1405", vignette=0.3)


def _thresher(s: Sheet, x: float, foot: float) -> None:
    """Small threshing machine with hopper, drum, belt wheel and blower spout."""
    s.oval(x + 20, foot, 250, 26, "#3a210c", opacity=0.55, filter=s.blur(6))
    body = s.linear((0, "#7a2f20"), (0.6, "#97422a"), (1, "#c96f3c"), x2=1, y2=0)
    s.poly([(x - 190, foot - 190), (x + 120, foot - 190), (x + 150, foot - 60), (x - 170, foot - 50)], body)
    s.path(f"M{x - 130},{foot - 186}A92,92 0 0 1 {x + 54},{foot - 186}Z", s.linear((0, "#b55a34"), (1, "#6b281b")))
    s.poly([(x - 230, foot - 320), (x - 60, foot - 320), (x - 96, foot - 246), (x - 190, foot - 220)], "#54352a")
    s.line([(x - 230, foot - 320), (x - 60, foot - 320)], "#f0bd6a", 4)
    spout = [(x + 90, foot - 160), (x + 140, foot - 210), (x + 176, foot - 244), (x + 212, foot - 250)]
    s.line(spout, "#54352a", 52, curved=True, stroke_linecap="butt")
    s.line([(px, py - 20) for px, py in spout], "#e5a961", 4, curved=True)
    for wx, r in ((x - 40, 58), (x + 86, 32)):
        wy = foot - 118
        s.oval(wx, wy, r, None, "#2b1a14")
        s.oval(wx, wy, r * 0.8, None, "#6e4a35")
        s.strokes([[(wx, wy), (wx + r * math.cos(k * 1.05), wy + r * math.sin(k * 1.05))] for k in range(6)],
            "#2b1a14", 5)
        s.oval(wx, wy, r * 0.2, None, "#e0a55a")
    s.strokes([[(x - 44, foot - 176), (x + 84, foot - 150)], [(x - 44, foot - 60), (x + 84, foot - 86)]], "#1f130e", 5)
    for wx in (x - 120, x + 90):
        s.oval(wx, foot - 30, 40, None, "#1f1511")
        s.oval(wx, foot - 30, 22, None, "#84604a")
    s.line([(x - 188, foot - 188), (x + 118, foot - 188)], "#f4c27c", 3.4)
    straw = [[(x - 220 + k * 5, foot - 316), (x - 240 + k * 5 + s.rng.uniform(-30, 30),
        foot - 350 - s.rng.uniform(0, 34))]
             for k in range(34)]
    s.strokes(straw, "#f3d384", 3)


# --- Roads and bridges -----------------------------------------------------------------------------------------


def curve(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """Sample a Catmull-Rom curve through the points."""
    out = []
    for i in range(len(points) - 1):
        a, b, c, d = (points[int(clamp(i + k, 0, len(points) - 1))] for k in (-1, 0, 1, 2))
        for n in range(steps):
            t = n / steps
            out.append(tuple(
                0.5 * (2 * b[k] + (c[k] - a[k]) * t + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t**2
                       + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3) for k in (0, 1)
            ))
    return [*out, points[-1]]


@picture("mountain-road")
def mountain_road() -> str:
    """Hairpins climbing a bare slope, lorries on them, clouds lying in the valley."""
    s = Sheet("mountain-road")
    s.wash(s.linear((0, "#6d8799"), (0.35, "#b9c5c6"), (0.5, "#dcd8c8")))
    far = ridge(s, 420, 300, 260, shape=lambda t: 0.9 - 0.5 * t)
    massif(s, far, 620, "#8496a3", "#d4d5cb", shade="#5d7486", depth=0.6, snow="#f3f2ec", snow_depth=80, rock=0.3)
    middle = ridge(s, 640, 330, 360, sharp=0.7, shape=lambda t: 1.05 - 0.8 * t)
    massif(s, middle, 860, "#6f7f85", "#c9cfc9", shade="#4b5f6c", depth=0.55, rock=0.5, skew=-25)
    mist(s, 760, 210, "#e9ebe6", 0.95, 12)
    low = ridge(s, 860, 260, 300, sharp=0.6, right=900, shape=lambda t: (1 - t) ** 0.8)
    massif(s, low, 1100, "#56655c", "#a7b1a4", shade="#36453f", depth=0.6, rock=0.6, skew=-30)
    mist(s, 905, 130, "#eef0ea", 0.9, 8)
    # The slope with the road: one great face rising to the right
    brow = [(300, 1110), (400, 990), (470, 880), (590, 760), (650, 640), (780, 520), (850, 400), (985, 300),
        (1060, 205),
            (1180, 160), (1290, 90), (1400, 60), (1520, -10), (1640, -60)]
    noise = Noise(s.rng)
    edge = [(x - 30 * noise.fbm(y / 60, 4) + 10, y + 24 * noise.fbm(x / 45, 4)) for x, y in curve(brow, 10)]
    face = trace([*edge, (1640, 1110)], closed=True)
    s.path(face, s.linear((0, "#8d7a58"), (0.4, "#8b6f49"), (0.75, "#73613f"), (1, "#4a4430"), x1=0.3, x2=0.6))
    s.texture(face, "0.012 0.004", 0.85, seed=11, relief=26, skew=-32, octaves=5)
    with s.group(clip_path=s.clip(face)):
        s.poly([(1640, -60), (1300, 90), (1385, 330), (1330, 600), (1450, 900), (1420, 1110), (1640, 1110)],
               s.linear((0, "#2f2a24", 0.1), (1, "#2c2a26", 0.7), x2=1, y2=0), filter=s.rough(60, "0.008"))
        s.poly([(985, 300), (1060, 420), (960, 640), (1010, 800), (800, 1110), (300, 1110)],
               s.linear((0, "#e6c98c", 0.3), (1, "#d9b36c", 0.02)), filter=s.rough(70, "0.01"))
        for _ in range(420):
            x, y = s.rng.uniform(330, 1600), s.rng.uniform(200, 1060)
            size = lerp(1.2, 5.5, y / 1067) * s.rng.uniform(0.5, 1.3)
            s.oval(x, y, size * 1.5, size * 0.8, s.rng.choice(("#4c4a2d", "#5e5a34", "#39351f", "#a98f62")),
                opacity=0.7)
    # Hairpins: drawn twice as high and squeezed, so that the roadway lies down in perspective
    turns: list[Point] = []
    levels = 9
    for i in range(levels):
        t = i / (levels - 1)
        y = lerp(1075, 250, t**0.86)
        rise = lerp(50, 16, t)
        middle_x, half = lerp(960, 1150, t), lerp(430, 78, t**0.8)
        ends = [(middle_x - half, y), (middle_x - half * 0.4, y - rise * 0.4), (middle_x + half * 0.4, y - rise * 0.75),
                (middle_x + half, y - rise)]
        turns += ends if i % 2 == 0 else [(2 * middle_x - x, py) for x, py in ends]
    turns += [(1262, 214), (1240, 186), (1182, 168), (1172, 150)]  # over the brow
    track = [(x, y) for x, y in curve(turns, 12)]
    with s.group(transform="scale(1 .5)"):
        for drop, color, wider in ((1.15, "#2b241a", 1.04), (0.75, "#5f4f38", 1.03), (0, "#d9c9a6", 1),
            (-0.14, "#c2b191", 0.72)):
            for i in range(0, len(track) - 4, 4):
                width = lerp(9, 62, clamp((track[i][1] - 230) / 850) ** 1.25)
                s.line([(x, y * 2 + width * drop * 0.9) for x, y in track[i : i + 6]], color, width * wider)
    posts = [p for i, p in enumerate(track) if i % 3 == 0]
    for x, y in posts:
        width = lerp(4.5, 31, clamp((y - 230) / 850) ** 1.25)
        s.rect(x - width * 0.06, y + width * 0.34, width * 0.13, width * 0.26, "#efe6d2", opacity=0.9)
    # Traffic: (index on the track, body colour, length factor)
    for i, color, longish in ((19, "#7a2f20", 1.5), (62, "#e8e2d2", 1.9), (140, "#35566b", 1.2), (215, "#7a2f20", 1.5),
                              (290, "#e8e2d2", 1.3)):
        x, y = track[i]
        unit = lerp(5, 29, clamp((y - 230) / 850) ** 1.2)
        s.oval(x + unit * 0.3, y + unit * 0.1, unit * longish * 0.8, unit * 0.25, "#1f1913", opacity=0.45)
        s.poly([(x - unit * longish * 0.6, y), (x - unit * longish * 0.6, y - unit * 0.85),
                (x + unit * longish * 0.6, y - unit * 0.9), (x + unit * longish * 0.6, y - unit * 0.05)], color)
        s.poly([(x - unit * longish * 0.6, y - unit * 0.85), (x - unit * longish * 0.45, y - unit * 1.08),
                (x + unit * longish * 0.68, y - unit * 1.12), (x + unit * longish * 0.6, y - unit * 0.9)],
               mix(color, "#ffffff", 0.35))
        s.rect(x + unit * longish * 0.3, y - unit * 0.78, unit * 0.34 * longish, unit * 0.3, "#27333b")
        for wheel in (-0.38, 0.36):
            s.oval(x + unit * longish * wheel, y, unit * 0.17, None, "#17130f")
    mist(s, 1095, 90, "#eceee8", 0.4, 4)
    s.glow(180, 60, 900, "#fff3d6", 0.4)
    return s.finish(tint="#1b2226", grain=0.15)


@picture("snow-plough")
def snow_plough() -> str:
    """A snow plough coming down the pass road between walls of snow, throwing a white bow aside."""
    s = Sheet("snow-plough")
    s.wash(s.linear((0, "#a9b6c0"), (0.35, "#cfd7da"), (0.6, "#e4e7e6")))
    far = ridge(s, 430, 330, 420, shape=lambda t: 0.4 + 0.6 * abs(2 * t - 0.9))
    massif(s, far, 600, "#b3c0c9", "#dde2e3", shade="#8797a6", depth=0.5, snow="#f2f4f3", snow_depth=190, rock=0.35)
    hill = ridge(s, 540, 260, 520, sharp=0.45, gain=0.4, shape=lambda t: clamp(1.1 - 1.5 * t) + clamp(1.6 * t - 0.7))
    massif(s, hill, 700, "#e6eaea", "#e8ebea", shade="#97a7b6", depth=0.6, rock=0.5)
    mist(s, 545, 70, "#eef0ef", 0.8)
    s.rect(0, 560, s.width, 520, s.linear((0, "#e9ecec"), (1, "#bcc8d1")))
    # Roadway, sweeping from the pass at the left towards the viewer
    left = curve([(560, 560), (500, 600), (470, 660), (420, 780), (300, 1080), (40, 1700)], 10)
    right = curve([(640, 560), (700, 600), (830, 660), (1060, 780), (1430, 1080), (2300, 1700)], 10)
    s.poly([*left, *reversed(right)], s.linear((0, "#cdd5da"), (0.4, "#a9b5bd"), (1, "#7e8b96")))
    for k in (0.2, 0.36, 0.66, 0.82):
        s.line([(lerp(a[0], b[0], k) + s.rng.uniform(-1, 1), a[1]) for a, b in zip(left, right, strict=True)],
            "#5f6b76",
               9, opacity=0.35, filter=s.rough(5, "0.008"))
    s.poly([*left, *[(lerp(a[0], b[0], 0.12), a[1]) for a, b in zip(left, right, strict=True)][::-1]], "#dfe5e8",
           opacity=0.9, filter=s.rough(14))
    # Cut snow walls with their layers
    tall = Noise(s.rng)
    for side, border in ((-1, left), (1, right)):
        rim = []
        for x, y in border:
            height = 8 + (0.62 if side < 0 else 0.4) * (y - 560)
            rim.append((x + side * height * 0.14, y - height * (0.88 + 0.14 * tall.fbm(y / 90 + side * 9, 3))))
        wall = trace([*border, *reversed(rim)], closed=True)
        tones = ("#a9b8c6", "#cbd5dc") if side < 0 else ("#8195a8", "#a9b8c5")
        s.path(wall, s.linear((0, tones[0]), (1, tones[1])), filter=s.rough(6))
        for k in (0.18, 0.34, 0.5, 0.62, 0.8):
            layer = [(lerp(a[0], b[0], k), lerp(a[1], b[1], k)) for a, b in zip(border, rim, strict=True)]
            s.line(layer, "#6f8296", 5, opacity=0.2, filter=s.blur(1.5))
        s.texture(wall, "0.02 0.03", 0.5, seed=3, relief=12)
        outer = [(-400 if side < 0 else 2500, 1700), (-400 if side < 0 else 2500, 560)]
        s.poly([*rim, *outer], s.linear((0, "#e6eaeb"), (0.3, "#ccd6dd"), (0.7, "#b3c1cd")), filter=s.rough(5))
        s.texture(trace([*rim, *outer], True), "0.006 0.02", 0.6, seed=9, relief=18)
    # Marker poles
    for x, y, h in ((440, 590, 60), (392, 655, 96), (300, 745, 150), (96, 830, 300), (735, 590, 56), (905, 640, 88),
                    (1205, 725, 150), (1520, 800, 290)):
        for k in range(5):
            s.line([(x, y - h * k / 5), (x, y - h * (k + 1) / 5)], "#9c3b26" if k % 2 == 0 else "#f1ead9", h * 0.045,
                   stroke_linecap="butt")
    _plough_truck(s, 690, 905, 1.42)
    # The bow of snow thrown to the right: lumps on ballistic paths, spray around them
    def thrown(speed: float, t: float) -> Point:
        return 905 + 560 * speed * t, 872 - 1050 * speed * t + 1130 * speed * t * t

    for spread, count, low, high, tones in ((16, 220, 20, 74, ("#8fa2b5", "#a9b9c7", "#c3cfd9")),
        (9, 240, 12, 52, ("#ffffff", "#eef3f6", "#dfe7ec"))):
        with s.group(filter=s.blur(8 if spread > 10 else 5)):
            for _ in range(count):
                t, speed = s.rng.random() ** 0.8, s.rng.uniform(0.72, 1.16)
                x, y = thrown(speed, t)
                size = lerp(low, high, t) * s.rng.uniform(0.5, 1)
                drop = spread * 1.6 if spread > 10 else 0
                s.oval(x + s.rng.gauss(0, spread), y + drop + s.rng.gauss(0, spread), size, size * 0.8,
                    s.rng.choice(tones),
                       opacity=round(lerp(0.75, 0.3, t), 2))
        if spread > 10:
            continue
        for _ in range(46):
            s.oval(s.rng.uniform(440, 960), 926 + s.rng.uniform(-14, 30), s.rng.uniform(20, 56), 15, "#f6f8f9",
                opacity=0.8, filter=s.blur(5))
    for _ in range(420):
        t, speed = s.rng.random(), s.rng.uniform(0.7, 1.3)
        x, y = thrown(speed, t)
        s.oval(x + s.rng.gauss(0, 14), y + s.rng.gauss(0, 18), s.rng.uniform(1.2, 4.6), None, "#ffffff", opacity=0.95)
    for _ in range(230):
        size = s.rng.choice((1.8, 2.4, 3.2, 5))
        s.oval(s.rng.uniform(0, 1600), s.rng.uniform(0, 1067), size, size * 1.2, "#ffffff", opacity=0.7)
    return s.finish(tint="#26333f")


def _plough_truck(s: Sheet, x: float, y: float, scale: float) -> None:
    """Lorry with plough blade, seen from the front; (x, y) is the middle of the blade's lower edge."""
    with s.group(transform=f"translate({num(x)} {num(y)}) scale({scale})"):
        s.oval(10, -6, 170, 22, "#2a333c", opacity=0.5, filter=s.blur(8))
        for wx in (-82, 82):
            s.rect(wx - 21, -74, 42, 70, "#1a1c1f", rx=8)
        s.rect(-112, -262, 224, 120, "#54352a", rx=5)  # body behind the cab
        s.rect(-112, -262, 224, 16, "#ecd9b4", rx=5)
        cab = s.linear((0, "#b4532f"), (0.6, "#a1452a"), (1, "#7a3220"), x2=1, y2=0.3)
        s.path("M-98,-60 L-98,-226 Q-96,-246 -76,-248 L76,-248 Q96,-246 98,-226 L98,-60Z", cab)
        s.path("M-84,-158 L-78,-228 Q-76,-236 -66,-236 L66,-236 Q76,-236 78,-228 L84,-158Z",
               s.linear((0, "#8fa9b8"), (0.5, "#4a6070"), (1, "#26343f"), x2=0.7, y2=1))
        s.poly([(-60, -160), (-20, -234), (8, -234), (-34, -160)], "#dfe9ec", opacity=0.3)
        for wiper in (-40, 20):
            s.line([(wiper, -158), (wiper + 40, -188)], "#15181b", 3)
        s.oval(-34, -176, 15, 17, "#1d2328", opacity=0.75)  # the driver
        s.rect(-60, -176, 52, 18, "#1d2328", rx=8, opacity=0.75)
        s.rect(-98, -146, 196, 10, "#e9dfc7")
        for mirror in (-114, 102):
            s.rect(mirror, -222, 13, 44, "#23262a", rx=3)
        for lamp in (-74, 74):
            s.glow(lamp, -112, 74, "#fff3c9", 0.75)
            s.oval(lamp, -112, 17, 15, "#fffbe8")
        s.rect(-46, -132, 92, 40, "#2a2320", rx=4)
        for k in range(4):
            s.line([(-42, -126 + k * 10), (42, -126 + k * 10)], "#64514a", 2.5)
        for beacon in (-60, 60):
            s.glow(beacon, -264, 84, "#ffb84a", 0.85)
            s.rect(beacon - 12, -268, 24, 20, "#ffca6a", rx=8)
        s.path("M-98,-70 L98,-70 L98,-40 L-98,-40Z", "#3a2b26")
        blade = "M-172,0 C-186,-38 -182,-74 -166,-98 L164,-72 C176,-48 180,-20 170,14Z"
        s.path(blade, s.linear((0, "#d8a23d"), (0.35, "#f2cf78"), (0.7, "#b07626"), (1, "#6e4417")))
        with s.group(clip_path=s.clip(blade)):
            for k in range(-6, 8):
                s.poly([(k * 58, 30), (k * 58 + 40, -110), (k * 58 + 62, -110), (k * 58 + 22, 30)], "#7a2f20",
                    opacity=0.55)
        s.path("M-172,0 L170,14 L172,4 L-174,-10Z", "#4b4f52")
        s.path("M-166,-98 L164,-72", stroke="#fff1cc", stroke_width=4)
    s.rect(x - 300, y - 8, 600, 40, s.linear((0, "#f4f7f8", 0), (0.4, "#f4f7f8", 0.9), (1, "#d5dde3", 0)),
        filter=s.blur(10))


@picture("stone-bridge")
def stone_bridge() -> str:
    """Old three-arched stone bridge in autumn, mirrored in slow water."""
    s = Sheet("stone-bridge")
    s.wash(s.linear((0, "#a9bcc4"), (0.4, "#dedccb"), (0.6, "#ece2c4")))
    far = ridge(s, 380, 260, 420, sharp=0.6, shape=lambda t: 1 - 0.6 * t)
    massif(s, far, 560, "#93a2a6", "#d6d6c4", shade="#71858f", depth=0.45, rock=0.35)
    hill = ridge(s, 520, 220, 600, sharp=0.3, gain=0.4, shape=lambda t: 0.3 + 0.9 * t)
    massif(s, hill, 640, "#a8925f", "#cfbd8b", shade="#7d7250", depth=0.5, rock=0.6)
    mist(s, 560, 40, "#efe7cf", 0.6)
    water = 700
    start = len(s.body)
    s.path(under([(x, 612 + 10 * math.sin(x / 130)) for x in range(-20, 1640, 40)], water), "#8a7a45")
    for x, h, tone in ((70, 300, 0), (160, 380, 1), (245, 270, 0), (330, 220, 1), (1290, 240, 1), (1370, 330, 0),
                       (1455, 420, 1), (1545, 350, 0), (1240, 180, 0), (-10, 340, 1), (395, 160, 0)):
        tree(s, x, 640 + s.rng.uniform(0, 30), h, "#8d5a22" if tone else "#9c7a2a", "#eebf52" if tone else "#e6d07a",
             slim=0.34)
    _bridge(s, water)
    for x in range(-20, 1640, 26):  # bushes and stones along the bank
        if 430 < x < 1180:
            continue
        tone = s.rng.choice((("#7d7340", "#948545"), ("#a8813a", "#c9a04a"), ("#a8562b", "#c47a3c"),
            ("#5f5f36", "#7b7845")))
        bush(s, x + s.rng.uniform(-10, 10), water + 4, s.rng.uniform(46, 92), s.rng.uniform(26, 62), tone)
    scene = "".join(s.body[start:])
    # Water: the scene once more, upside down and broken by ripples
    s.rect(0, water, s.width, 380, s.linear((0, "#8f8f6f"), (0.5, "#6d7f80"), (1, "#3f5560")))
    with (
        s.group(clip_path=s.clip(f"M0,{water}H1600V1080H0Z")),
        s.group(filter=water_filter(s, 34), opacity=0.8),
    ):
        s.add(f'<g transform="translate(0 {2 * water - 6}) scale(1 -1)">{scene}</g>')
    s.rect(0, water, s.width, 380, s.linear((0, "#2d3f42", 0.12), (0.5, "#35505a", 0.35), (1, "#1f3640", 0.75)))
    ripples(s, water + 12, 1060, "#f3ead0", 90, 0.4)
    ripples(s, water + 12, 1060, "#1e3138", 60, 0.35)
    s.rect(0, water - 4, s.width, 9, "#4a4128", opacity=0.55, filter=s.blur(3))
    for _ in range(70):  # fallen leaves drifting
        t = s.rng.random() ** 0.7
        s.oval(s.rng.uniform(0, 1600), lerp(water + 15, 1060, t), lerp(2, 8, t), lerp(0.8, 3, t),
               s.rng.choice(("#e9b94a", "#c9702c", "#f0d27c")), opacity=0.9)
    for x, y, r in ((60, 1050, 120), (210, 1075, 90), (330, 1068, 52), (1560, 1060, 110), (1430, 1075, 60)):
        rock = [(x + r * math.cos(a / 7 * math.tau) * s.rng.uniform(0.85, 1.1),
                 y + r * 0.5 * math.sin(a / 7 * math.tau) * s.rng.uniform(0.85, 1.15)) for a in range(7)]
        s.blob(rock, s.linear((0, "#a89d84"), (0.4, "#6f6a5b"), (1, "#2a2c30")), filter=s.rough(8))
        s.texture(flow(rock, True), "0.02 0.03", 0.35, seed=5, relief=8)
    return s.finish(tint="#2a1d10")


def _bridge(s: Sheet, water: float) -> None:
    """The bridge itself: voussoirs round the arches, courses of stone, walkers on top."""

    def deck(x: float) -> float:
        return water - 205 + 62 * ((x - 800) / 560) ** 2

    xs = range(190, 1411, 20)
    top = [(x, deck(x)) for x in xs]
    arches = [(520, 118, 120), (800, 148, 158), (1080, 118, 120)]
    holes = "".join(f"M{cx - rx},{water + 4}V{water - 20}A{rx},{ry} 0 0 1 {cx + rx},{water - 20}V{water + 4}Z"
                    for cx, rx, ry in arches)
    # Light falling through the arches onto their inner side
    for cx, rx, ry in arches:
        inside = f"M{cx - rx},{water}V{water - 20}A{rx},{ry} 0 0 1 {cx + rx},{water - 20}V{water}Z"
        s.path(inside, s.linear((0, "#3d342b"), (1, "#6b5c46")))
        s.path(f"M{cx - rx + 34},{water}V{water - 14}A{rx - 6},{ry - 4} 0 0 1 {cx + rx + 18},{water - 14}V{water}Z",
               s.linear((0, "#c9c4a4"), (1, "#a8a888")), clip_path=s.clip(inside))
    body = under(top, water + 4) + holes
    s.path(body, s.linear((0, "#c8b795"), (0.5, "#a8957a"), (1, "#75674f")), fill_rule="evenodd")
    clip = f'<clipPath id="masonry"><path d="{body}" clip-rule="evenodd"/></clipPath>'
    s.add(f"<defs>{clip}</defs>")
    with s.group(clip_path="url(#masonry)"), s.group(filter=s.rough(5)):
        for row in range(13):
            x = 190 + s.rng.uniform(0, 30)
            while x < 1410:
                w = s.rng.uniform(26, 58)
                y = deck(x) + 8 + row * 17
                tone = s.rng.choice(("#d8c8a6", "#b7a485", "#98866a", "#8a7a66", "#c2a77f"))
                s.rect(x, y, w - 3, 14, tone, rx=3, opacity=s.rng.uniform(0.35, 0.8))
                x += w
        s.texture(None, "0.03 0.04", 0.28, seed=6, relief=7)
    for cx, rx, ry in arches:
        for k in range(int(rx / 6) + 1):
            a = math.pi * k / int(rx / 6)
            px, py = cx - math.cos(a) * (rx + 11), water - 20 - math.sin(a) * (ry + 11)
            turn = math.degrees(math.atan2(-math.sin(a) * ry, -math.cos(a) * rx))
            s.add(f'<rect x="-12" y="-6.5" width="24" height="13" rx="2" '
                  f'fill="{s.rng.choice(("#ddcda9", "#c4b18d", "#b39e7c"))}"'
                  f' transform="translate({num(px)} {num(py)}) rotate({num(turn)})"/>')
    for px in (660, 940):  # cutwaters
        s.poly([(px - 26, water + 2), (px - 20, water - 74), (px, water - 96), (px + 20, water - 74),
            (px + 26, water + 2)],
               s.linear((0, "#cdbb97"), (0.5, "#a3906f"), (1, "#6e5f49"), x2=1, y2=0), filter=s.rough(5))
    s.line([(x, y - 16) for x, y in top], "#8b7a5e", 30)
    s.line([(x, y - 30) for x, y in top], "#e0d1ae", 8)
    for x, h, pose, coat, turn in ((716, 84, "walk", "#6d2f22", 1), (766, 60, "walk", "#d7c7a4", 1),
        (965, 86, "stand", "#3c4f5e", -1)):
        person(s, x, deck(x) - 8, h, pose, coat, turn=turn, robe=0.22, hat="#d9bd84" if h > 84 else None)
    s.line([(x, y - 12) for x, y in top], "#a8967a", 22)
    s.line([(x, y - 24) for x, y in top], "#e6d8b6", 7)


# --- The lake --------------------------------------------------------------------------------------------------


@picture("lake-dawn")
def lake_dawn() -> str:
    """The lake before sunrise: bands of mist, a boat on the shore, geese over the water."""
    s = Sheet("lake-dawn", 1600, 900)
    shore = 520
    s.wash(s.linear((0, "#3d4a66"), (0.2, "#6d6f86"), (0.38, "#b78e8c"), (0.5, "#e7b488"), (0.58, "#f6d7a0")))
    start = len(s.body)
    with s.group(filter=s.blur(10, 3)):
        for _ in range(26):
            y = s.rng.uniform(60, 330)
            s.oval(s.rng.uniform(0, 1600), y, s.rng.uniform(90, 330), s.rng.uniform(4, 12),
                   mix("#7c6f86", "#f2b28a", y / 330), opacity=0.55)
    s.glow(1010, 470, 560, "#ffe0a0", 0.95, 0.8)
    s.oval(1010, 462, 33, None, "#fff4d2")
    for base, rise, scale, tone, sharp, shape in (
        (490, 210, 330, "#a98d93", 0.85, lambda t: 0.25 + 0.75 * abs(2 * t - 1.2)),
        (505, 190, 260, "#7c7186", 0.85, lambda t: clamp(1.05 - 1.75 * t, 0.1) + clamp(2.6 * t - 1.9)),
        (515, 160, 300, "#4c5069", 0.7, lambda t: clamp(0.95 - 2.6 * t, 0.03) + clamp(3.6 * t - 2.7)),
    ):
        layer = ridge(s, base, rise, scale, sharp=sharp, shape=shape)
        s.path(under(layer, shore + 4), s.linear((0, tone), (1, mix(tone, "#f3c79a", 0.55))))
        s.texture(under(layer, shore + 4), "0.012 0.006", 0.3, seed=base, relief=12, azimuth=330)
        mist(s, base - 6, 26, "#f6d3ad", 0.55, 5)
    scene = "".join(s.body[start:])
    s.rect(0, shore, s.width, 400, s.linear((0, "#f2cf9d"), (0.25, "#c89a8c"), (0.6, "#7d7488"), (1, "#3a4560")))
    with s.group(clip_path=s.clip(f"M0,{shore}H1600V900H0Z")), s.group(filter=water_filter(s, 30), opacity=0.75):
        s.add(f'<g transform="translate(0 {shore * 1.92}) scale(1 -.92)">{scene}</g>')
    s.rect(0, shore, s.width, 400, s.linear((0, "#f8dcb0", 0.3), (0.3, "#6b637c", 0.05), (1, "#263148", 0.75)))
    for _ in range(120):  # path of light
        t = s.rng.random()
        y = lerp(shore + 3, 880, t**1.5)
        half = lerp(10, 130, t) * s.rng.random()
        x = 1010 + s.rng.gauss(0, 14 + 55 * t)
        s.line([(x - half, y), (x + half, y)], "#ffedc2", lerp(1, 4, t), opacity=round(lerp(0.9, 0.25, t), 2))
    ripples(s, shore + 10, 890, "#2c3650", 70, 0.28, longest=330)
    mist(s, shore + 2, 22, "#fbe3c0", 0.75, 6)
    # Shore with boat and reeds
    bank = [(-20, 770), (140, 776), (300, 800), (470, 822), (620, 858), (760, 905), (-20, 905)]
    s.blob(bank, s.linear((0, "#4a4148"), (1, "#171a24")), filter=s.rough(10))
    hull = "M392,752 C470,790 640,798 756,738 C742,800 690,838 600,842 C500,846 424,820 392,752Z"
    s.path("M400,832 C500,872 690,872 770,812 L700,850Z", "#10131c", opacity=0.6, filter=s.blur(5))
    s.path(hull, s.linear((0, "#6d3c2c"), (0.5, "#3a2324"), (1, "#14121a")))
    s.path("M392,752 C470,790 640,798 756,738 C650,776 490,772 392,752Z", s.linear((0, "#241b20"), (1, "#5a3a30"),
        x2=1, y2=0))
    s.path("M392,752 C470,790 640,798 756,738", stroke="#e8ac78", stroke_width=4)
    for k in (0.3, 0.6):
        s.path(f"M{lerp(420, 430, k)},{lerp(770, 800, k)} C500,{lerp(802, 836, k)} 640,{lerp(808, 838, k)} "
               f"{lerp(750, 735, k)},{lerp(756, 790, k)}", stroke="#0f0e15", stroke_width=2.5, opacity=0.8)
    for bx, top, low in ((500, 772, 784), (610, 776, 786)):
        s.line([(bx, top), (bx + 46, low - 12)], "#8b5a41", 8)
    s.line([(560, 770), (852, 700)], "#2a1e20", 6)
    s.oval(866, 697, 26, 8, "#2a1e20", transform="rotate(-14 866 697)")
    for _ in range(120):
        x = s.rng.choice((s.rng.gauss(90, 90), s.rng.gauss(1500, 80)))
        y = 900 if x > 800 else 860
        h = s.rng.uniform(80, 260) * (1 if x < 800 else 0.8)
        lean = s.rng.gauss(0.1, 0.12) * h
        s.line([(x, y + 20), (x + lean * 0.3, y - h * 0.6), (x + lean, y - h)],
            s.rng.choice(("#12151f", "#1f2029", "#2d2a30")),
               s.rng.uniform(1.5, 3.5), curved=True)
        if s.rng.random() < 0.35:
            s.line([(x + lean * 0.85, y - h * 0.93), (x + lean, y - h - 8)], "#33231f", 7)
    for i in range(9):  # geese in a skein
        side = 1 if i % 2 else -1
        rank = (i + 1) // 2
        x, y = 560 + rank * 40 * (1 if side > 0 else 0.9), 205 + side * rank * 15 + rank * 4
        wing = s.rng.uniform(9, 13)
        s.path(f"M{num(x - wing)},{num(y - wing * 0.5)}Q{num(x - wing * 0.3)},{num(y - wing * 0.5)} {num(x)},{num(y)}"
               f"Q{num(x + wing * 0.3)},{num(y - wing * 0.6)} {num(x + wing)},{num(y - wing * 0.7)}",
               stroke="#2b2c3f", stroke_width=3, stroke_linecap="round")
    return s.finish(tint="#151827", vignette=0.3)


def cyclist(s: Sheet, x: float, y: float, size: float, jersey: str, *, tilt: float = 0, phase: float = 0.0) -> None:
    """Rider bent over a racing bicycle, seen from the side, riding to the right; size is the wheel's diameter."""
    r = size / 2
    with s.group(transform=f"translate({num(x)} {num(y)}) rotate({tilt})"):
        s.oval(0, 2, size * 1.3, size * 0.11, "#16201f", opacity=0.38)
        rear, front, crank = (-size * 0.78, -r), (size * 0.78, -r), (-size * 0.12, -r * 0.92)
        seat, bar = (-size * 0.36, -size * 1.22), (size * 0.55, -size * 1.2)
        for wx, wy in (rear, front):
            s.add(f'<circle cx="{num(wx)}" cy="{num(wy)}" r="{num(r * 0.94)}" fill="#dfe3dd" fill-opacity=".14" '
                  f'stroke="#191b1e" stroke-width="{num(size * 0.06)}"/>')
        s.strokes([[rear, crank, bar, (seat[0] + size * 0.03, seat[1] + size * 0.1), rear], [crank, seat], [bar, front],
                   [bar, (bar[0] + size * 0.14, bar[1] - size * 0.04)]], "#2a2628", size * 0.05)
        hip, shoulder = (seat[0], seat[1] - size * 0.1), (size * 0.26, seat[1] - size * 0.66)
        head = (size * 0.5, shoulder[1] - size * 0.16)
        for turn, tone in ((phase + math.pi, "#4b332a"), (phase, "#8a5a40")):
            foot = (crank[0] + math.cos(turn) * size * 0.19, crank[1] + math.sin(turn) * size * 0.19)
            knee = (lerp(hip[0], foot[0], 0.5) + size * 0.3, lerp(hip[1], foot[1], 0.45) - size * 0.04)
            s.line([hip, knee], "#1d1f23", size * 0.2)
            s.line([knee, foot], tone, size * 0.13)
            s.line([foot, (foot[0] + size * 0.14, foot[1] + size * 0.01)], "#e9e4d6", size * 0.1)
        s.line([hip, (size * 0.0, seat[1] - size * 0.52), shoulder], jersey, size * 0.3, curved=True)
        s.line([shoulder, (size * 0.42, bar[1] - size * 0.3), (bar[0] + size * 0.1, bar[1] - size * 0.02)], "#8a5a40",
               size * 0.11)
        s.line([shoulder, (size * 0.36, bar[1] - size * 0.38)], jersey, size * 0.15)
        s.oval(head[0], head[1], size * 0.14, size * 0.15, "#7a4d35")
        s.path(f"M{num(head[0] - size * 0.22)},{num(head[1] - size * 0.02)}q{num(size * 0.1)},{num(-size * 0.24)} "
               f"{num(size * 0.38)},{num(-size * 0.06)}q{num(-size * 0.15)},{num(size * 0.03)} {num(-size * 0.38)},"
               f"{num(size * 0.06)}Z", mix(jersey, "#ffffff", 0.55))


@picture("lake-cyclists")
def lake_cyclists() -> str:
    """A bunch of riders on the shore road, the turquoise lake and white peaks behind them."""
    s = Sheet("lake-cyclists")
    s.wash(s.linear((0, "#5f8fae"), (0.22, "#a7c3cc"), (0.34, "#dbe3dd")))
    cloud(s, 300, 176, 640, 96, "#fdfaf2", "#b3c4cd", puffs=44, opacity=0.92)
    cloud(s, 1270, 136, 520, 66, "#f8f6ee", "#bccbd0", puffs=36, opacity=0.8)
    far = ridge(s, 345, 220, 240, shape=lambda t: 0.5 + 0.5 * math.sin(math.pi * (0.1 + t)) ** 2)
    massif(s, far, 372, "#7f9099", "#b9c5c4", shade="#506a7e", depth=0.6, snow="#fbfaf4", snow_depth=80, rock=0.3)
    low = ridge(s, 372, 60, 300, sharp=0.4, shape=lambda t: 0.3 + 0.9 * abs(2 * t - 0.9))
    massif(s, low, 380, "#97855c", "#b0a179", shade="#6c6249", depth=0.5, rock=0.4)
    s.rect(0, 374, s.width, 520, s.linear((0, "#a6cdca"), (0.14, "#4f9ba6"), (0.45, "#2a7f93"), (0.85, "#4fa39d"),
                                          (1, "#a8cdb4")))
    for _ in range(34):
        s.oval(s.rng.uniform(0, 1600), lerp(384, 640, s.rng.random() ** 1.6), s.rng.uniform(100, 380),
            s.rng.uniform(2, 7),
               s.rng.choice(("#1d6b82", "#8fc7c4", "#3d96a4")), opacity=0.35)
    ripples(s, 385, 720, "#e9f5ee", 190, 0.55, longest=90)
    # Headland from the right, the road running round it, the shingle beach
    head = [(1640, 330), (1500, 352), (1380, 385), (1250, 402), (1130, 428), (1040, 455), (1160, 475), (1330, 510),
        (1640, 560)]
    s.blob(head, s.linear((0, "#a98f55"), (1, "#7d7a44")), filter=s.rough(8))
    shore = [(1640, 520), (1330, 500), (1150, 482), (1080, 478), (1150, 497), (1240, 520), (1200, 560), (1000, 602),
             (760, 630), (500, 660), (240, 712), (-30, 780)]
    beach = [(x, y) for x, y in curve(shore, 8)]
    s.poly([*[(x, y - 9) for x, y in beach], (-30, 1100), (1640, 1100)], "#e9f1e4", opacity=0.75, filter=s.rough(7))
    s.poly([*beach, (-30, 1100), (1640, 1100)], s.linear((0, "#d8c79a"), (0.3, "#c7b27f"), (1, "#8d8a4e")),
        filter=s.rough(5))
    back = [(1640, 545), (1360, 520), (1235, 508), (1190, 502), (1260, 515), (1330, 545), (1300, 610), (1120, 668),
            (860, 708), (560, 752), (260, 815), (-40, 900)]
    front = [(1640, 556), (1380, 531), (1240, 514), (1190, 503), (1290, 516), (1420, 548), (1440, 640), (1260, 732),
             (960, 792), (620, 852), (300, 940), (-40, 1060)]
    a, b = curve(back, 10), curve(front, 10)
    s.poly([*[(x, y - 7) for x, y in a], *[(x, y + 12) for x, y in reversed(b)]], "#a79a62", filter=s.rough(6))
    s.poly([*a, *reversed(b)], s.linear((0, "#8d9396"), (0.5, "#777c7e"), (1, "#5f6365")))
    for offset, dash in ((0.05, None), (0.95, None), (0.5, "34 26")):
        mid = [(lerp(p[0], q[0], offset), lerp(p[1], q[1], offset)) for p, q in zip(a, b, strict=True)]
        s.line(mid[40:], "#efe9d8", 4 if dash else 3.4, opacity=0.85, stroke_dasharray=dash, stroke_linecap="butt")
        s.line(mid[:40], "#efe9d8", 1.2, opacity=0.6)
    s.poly([*[(x, y + 14) for x, y in b[48:]], (-40, 1100), (1640, 1100), (1640, 700)],
           s.linear((0, "#a9a05c"), (1, "#4f5a2e")), filter=s.rough(9))
    for _ in range(90):  # shingle
        i = s.rng.randrange(50, len(beach))
        x, y = beach[i]
        size = lerp(2, 9, clamp((y - 500) / 280))
        s.oval(x + s.rng.uniform(-30, 30), y + s.rng.uniform(2, 40), size * 1.4, size * 0.8,
               s.rng.choice(("#b7aa86", "#8d8672", "#eadfc0", "#6f6c60")))
    # The bunch, its stragglers and the riders already far ahead
    colors = ["#8a2f1f", "#e4b343", "#24506b", "#efe7d4", "#c8642f", "#3c6a55", "#8a2f1f", "#e8d9a8", "#2b3c4d"]

    def lane(t: float, across: float) -> tuple[float, float, float]:
        i = int(clamp(t) * (len(a) - 1))
        x, y = lerp(a[i][0], b[i][0], across), lerp(a[i][1], b[i][1], across)
        slope = math.degrees(math.atan2(b[i][1] - b[i - 1][1], b[i][0] - b[i - 1][0]))
        return x, y, slope - 180 if slope > 90 else slope + 180 if slope < -90 else slope

    riders = [(0.80, 0.3), (0.775, 0.62), (0.755, 0.25), (0.735, 0.7), (0.722, 0.4), (0.70, 0.68), (0.685, 0.35),
        (0.873, 0.55),
              (0.655, 0.5), (0.935, 0.45)]
    for n, (t, across) in enumerate(sorted(riders, key=lambda item: lane(*item)[1])):
        x, y, slope = lane(t, across)
        cyclist(s, x, y, lerp(36, 66, clamp((y - 700) / 250)), colors[n % len(colors)], tilt=slope * 0.55,
            phase=n * 1.7)
    for t, across in ((0.545, 0.4), (0.56, 0.7), (0.4, 0.5), (0.43, 0.4), (0.47, 0.6)):
        x, y, slope = lane(t, across)
        cyclist(s, x, y, lerp(8, 30, clamp((y - 505) / 190)), s.rng.choice(colors), tilt=0, phase=t * 40)
    with s.group(filter=s.blur(30, 12)):
        for x, y, rx in ((1380, 820, 260), (900, 960, 320), (1500, 1000, 240)):
            s.oval(x, y, rx, 26, "#c3b468", opacity=0.55)
        s.oval(1150, 900, 300, 22, "#4f5a30", opacity=0.5)
    for low, high, left in ((760, 830, 1180), (830, 900, 900), (900, 960, 640)):
        grass(s, low, high, ("#c9bc74", "#6d713a", "#a39a52"), 420, short=6, tall=16, left=left, lean=0.3)
    grass(s, 940, 1075, ("#c9bc74", "#6d713a", "#9d9850"), 1300, short=14, tall=56, left=420, lean=0.3)
    grass(s, 1010, 1080, ("#c9bc74", "#6d713a"), 320, short=14, tall=56, right=460, lean=0.3)
    return s.finish(tint="#1c2a2a", grain=0.12)


@picture("river-gauge")
def river_gauge() -> str:
    """River gauge close by: graduated staff in fast water, more staves up the bank, a hydrologist on the steps."""
    s = Sheet("river-gauge")
    s.wash(s.linear((0, "#a9b9b4"), (0.2, "#d9d9c4"), (0.3, "#8a8d6d")))
    hill = ridge(s, 190, 170, 480, sharp=0.4, gain=0.4, shape=lambda t: 0.4 + 0.6 * t)
    massif(s, hill, 270, "#8b9c8c", "#c3c6a8", shade="#667a6e", depth=0.5, rock=0.5)
    s.rect(0, 232, s.width, 60, s.linear((0, "#9c9a62"), (1, "#5f5f3d")))
    for x in range(-20, 1640, 30):
        tone = s.rng.choice((("#6f7447", "#8f9355"), ("#8a8450", "#aca15c"), ("#596040", "#767b4c"),
            ("#a08b4a", "#c4a957")))
        bush(s, x + s.rng.uniform(-12, 12), 290, s.rng.uniform(50, 100), s.rng.uniform(36, 76), tone)
    for x in range(0, 1600, 30):
        s.oval(x + s.rng.uniform(-10, 10), 292 + s.rng.uniform(-5, 5), s.rng.uniform(14, 34), s.rng.uniform(7, 14),
            s.rng.choice(("#b3ab93", "#8a8577", "#6a685f")))
    water = "M-20,300H1640V1100H-20Z"
    s.path(water, s.linear((0, "#b9bda0"), (0.12, "#8b9c90"), (0.5, "#55756f"), (1, "#2d4a4b")))
    # Current: long bands and standing waves, growing towards us
    flow_filter = s.filter(
        '<feTurbulence type="fractalNoise" baseFrequency="0.0028 0.021" numOctaves="4" seed="14"/>'
        '<feColorMatrix values="0 0 0 0 0.93 0 0 0 0 0.93 0 0 0 0 0.84 0 4.6 0 0 -2.35"/><feGaussianBlur stdDe'
        'viation="1.4"/>',
        "0 0 100% 100%",
    )
    dark_filter = s.filter(
        '<feTurbulence type="fractalNoise" baseFrequency="0.0024 0.016" numOctaves="4" seed="33"/>'
        '<feColorMatrix values="0 0 0 0 0.10 0 0 0 0 0.21 0 0 0 0 0.21 0 4.2 0 0 -2.1"/><feGaussianBlur stdDe'
        'viation="2"/>',
        "0 0 100% 100%",
    )
    fade = s.linear((0, "#fff", 0.25), (1, "#fff", 0.85))
    for f, strength in ((dark_filter, 0.75), (flow_filter, 0.6)):
        mask = s.define("mask", f'<rect x="-20" y="300" width="1660" height="800" fill="{fade}"/>')
        with s.group(mask=f"url(#{mask})", opacity=strength):
            s.rect(0, 300, 1600, 767, "#fff", filter=f)
    ripples(s, 306, 620, "#e9e6cc", 130, 0.5, longest=120)
    _bank(s)
    # The staff
    x, w, top, surface = 560, 118, 60, 742
    with s.group(clip_path=s.clip("M0,742H1600V1100H0Z")), s.group(filter=water_filter(s, 54, "0.012 0.035", 2.4),
        opacity=0.8):
        s.poly([(x - w * 0.5, surface), (x + w * 0.5, surface), (x + w * 0.42, 1100), (x - w * 0.42, 1100)], "#e9e2c8")
        for k in range(16):
            s.rect(x - w * 0.4 + (k % 2) * w * 0.4, surface + 18 + k * 22, w * 0.4, 20, "#8a3320")
        s.rect(x + w * 0.5, surface, 40, 360, "#3a4644")
    s.rect(x + w * 0.5, top - 40, 44, surface - top + 60, s.linear((0, "#8f9996"), (0.4, "#5c6866"), (1, "#343d3d"),
        x2=1, y2=0))
    s.rect(x - w / 2, top, w, surface - top + 6, s.linear((0, "#f7f1dd"), (0.7, "#ece3c8"), (1, "#bdb294"), x2=1, y2=0))
    unit = 20.0
    rows = int((surface - top) / unit)
    for k in range(rows):
        y = top + 8 + k * unit
        color = "#8a3320" if (k // 10) % 2 == 0 else "#26333a"
        step = k % 10
        s.rect(x - w * (0.46 if k % 2 else 0.16), y, w * 0.3, unit - 0.5, color)
        if step == 0:
            s.line([(x - w / 2, y), (x + w / 2, y)], "#26333a", 3)
        if step == 5:
            s.line([(x + w * 0.18, y), (x + w * 0.46, y)], color, 4, stroke_linecap="butt")
    for y in (top + 30, 300, 560):
        s.oval(x + w * 0.36, y, 8, None, "#8f8a78")
        s.oval(x + w * 0.36, y, 4, None, "#4a4a44")
    s.rect(x - w / 2, surface - 118, w, 120, s.linear((0, "#5a5a3a", 0), (1, "#4d4f34", 0.75)))  # stain of higher water
    s.rect(x - w / 2 - 3, top - 10, w + 6, 14, "#6a7472", rx=3)
    # Water swelling round the staff, its wake to the right
    for k in range(9):
        t = k / 8
        reach = lerp(90, 900, t)
        s.path(f"M{num(x - 96 - 10 * k)},{num(surface + 8 + 4 * k)}Q{num(x - 20)},{num(surface + 34 + 16 * k)} "
               f"{num(x + reach)},{num(surface + 22 + 34 * k)}",
               stroke="#f1eed8", stroke_width=lerp(6, 1.6, t), opacity=lerp(0.85, 0.2, t), stroke_linecap="round")
        s.path(f"M{num(x - 90 - 6 * k)},{num(surface + 2 - 2 * k)}Q{num(x + 90)},{num(surface - 4 - 2 * k)} "
               f"{num(x + reach * 0.9)},{num(surface + 6 - 9 * k)}",
               stroke="#f1eed8", stroke_width=lerp(4, 1.2, t), opacity=lerp(0.6, 0.15, t), stroke_linecap="round")
    with s.group(filter=s.rough(16, "0.03")):
        s.blob([(x - 104, surface + 6), (x - 60, surface - 14), (x + 30, surface - 10), (x + 120, surface + 2),
            (x + 230, surface + 14), (x + 110, surface + 24),
                (x - 20, surface + 32)], "#f6f3e2", opacity=0.9)
        for _ in range(60):
            t = s.rng.random()
            s.oval(x - 60 + 520 * t, surface + 10 + s.rng.gauss(0, 8 + 30 * t), lerp(16, 5, t), lerp(6, 2, t),
                "#fbf8ea", opacity=0.8)
    for _ in range(160):
        t = s.rng.random()
        px, py = s.rng.uniform(0, 1600), lerp(640, 1060, t)
        length = lerp(20, 120, t)
        s.path(f"M{num(px)},{num(py)}q{num(length * 0.5)},{num(-lerp(2, 10, t))} {num(length)},0",
            stroke=s.rng.choice(("#e9e6cf", "#17302f", "#c9cdb2")),
               stroke_width=lerp(1.4, 4, t), opacity=s.rng.uniform(0.15, 0.5), stroke_linecap="round")
    s.glow(1450, 240, 800, "#fff2c4", 0.45)
    return s.finish(tint="#0f1a1a", vignette=0.26)


def _bank(s: Sheet) -> None:
    """Concrete steps and revetment on the right, with two more staves and the observer."""
    edge = [(1640, 250), (1330, 262), (1250, 300), (1180, 372), (1230, 470), (1330, 600), (1470, 730), (1640, 850)]
    s.blob([*edge, (1700, 900), (1700, 200)], s.linear((0, "#c3b692"), (1, "#776d52")), filter=s.rough(10, "0.02"))
    for k in range(10):  # stairs going down to the water
        t, u = k / 10, (k + 1) / 10
        left, right = (lerp(1290, 1300, t), lerp(1290, 1300, u)), (lerp(1420, 1640, t), lerp(1420, 1640, u))
        y, below = lerp(320, 660, t**1.15), lerp(320, 660, u**1.15)
        tread = lerp(y, below, 0.55)
        s.poly([(left[0], y), (right[0], y), (right[1], tread), (left[1], tread)],
            s.linear((0, "#efe6cd"), (1, "#d3c7a6")))
        s.rect(left[0], tread, right[0] - left[0] + 30, below - tread + 1, "#8f866b")
    s.poly([(1270, 318), (1292, 316), (1304, 664), (1276, 672)], s.linear((0, "#ded3b4"), (1, "#9c9274"), x2=1, y2=0))
    for x, y, h, w in ((1180, 420, 210, 30), (1318, 300, 160, 22)):
        s.rect(x + w * 0.5, y - h - 6, w * 0.4, h + 8, "#4a5552")
        s.rect(x - w / 2, y - h, w, h, s.linear((0, "#f7f1dd"), (1, "#cfc4a4"), x2=1, y2=0))
        for k in range(int(h / 9)):
            tone = "#8a3320" if (k // 10) % 2 == 0 else "#26333a"
            s.rect(x - w * (0.45 if k % 2 else 0.12), y - h + 3 + k * 9, w * 0.33, 9, tone)
        s.oval(x + 4, y, w * 0.9, 5, "#f1eed8", opacity=0.8)
    for x in range(1440, 1660, 26):
        bush(s, x, 300 + s.rng.uniform(-6, 14), s.rng.uniform(40, 70), s.rng.uniform(26, 46), ("#6f7447", "#9a9a58"))
    at = person(s, 1430, 540, 236, "lift", "#a8482f", turn=-1, robe=0.08, legs="#2f4252", hat="#e9dfc4",
        light="#ffe2b0")
    s.rect(at["hand"][0] - 26, at["hand"][1] - 34, 34, 44, "#f4ecd6",
        transform=f"rotate(-12 {num(at['hand'][0])} {num(at['hand'][1])})")


# --- Weather and sky -------------------------------------------------------------------------------------------


@picture("weather-mast")
def weather_mast() -> str:
    """Weather mast with cup anemometer and vane under towering clouds, louvred screen on the meadow."""
    s = Sheet("weather-mast")
    s.wash(s.linear((0, "#37617f"), (0.45, "#7fa3b3"), (0.8, "#d9dccb"), (1, "#e8dfc2")))
    cloud(s, 1130, 800, 980, 600, "#fbf4e6", "#8c9aa8", puffs=60)
    cloud(s, 300, 770, 620, 250, "#f3ebdc", "#94a2ad", puffs=34, opacity=0.95)
    cloud(s, 760, 830, 760, 170, "#e9e3d6", "#8595a3", puffs=34, opacity=0.9)
    with s.group(filter=s.blur(16, 5)):
        for _ in range(16):
            s.oval(s.rng.uniform(0, 1600), s.rng.uniform(40, 260), s.rng.uniform(80, 260), s.rng.uniform(4, 10),
                "#eef0ea",
                   opacity=0.4)
    hills = ridge(s, 890, 130, 420, sharp=0.5, shape=lambda t: 0.35 + 0.65 * abs(2 * t - 0.8))
    massif(s, hills, 930, "#7b8b92", "#c3c6b4", shade="#5b6f7c", depth=0.5, rock=0.35)
    s.path(under([(x, 900 + 12 * math.sin(x / 260)) for x in range(-20, 1640, 30)], 1100),
           s.linear((0, "#b9ad66"), (0.4, "#8f8a48"), (1, "#4d5028")))
    grass(s, 915, 1075, ("#d3c682", "#6b6a35", "#9c9550"), 2100, short=4, tall=44, lean=0.55)
    _mast(s, 505, 985, 900)
    _screen(s, 1010, 985)
    s.line([(1230, 985), (1230, 905)], "#e8e4d8", 9)  # rain gauge
    s.rect(1210, 868, 40, 52, s.linear((0, "#f4f0e4"), (1, "#9fa5a6"), x2=1, y2=0), rx=4)
    for x in range(-10, 1640, 126):  # fence of posts and wire
        s.line([(x, 1012), (x, 938)], "#6e5b45", 8)
    for y in (952, 978):
        s.line([(-20, y), (1620, y + 2)], "#4b4a45", 2)
    shadow(s, 880, 1003, 130, 18, "#2d2b17", 0.45)
    person(s, 872, 1005, 178, "lift", "#7a2f20", robe=0.1, legs="#2a3440", hat="#e5d6ae", light="#d98c5e")
    s.rect(908, 886, 26, 34, "#f0e8d4", transform="rotate(-14 920 900)")
    grass(s, 1020, 1085, ("#d3c682", "#5b5c2e", "#9c9550"), 900, short=24, tall=60, lean=0.55)
    return s.finish(tint="#1d2730")


def _mast(s: Sheet, x: float, foot: float, height: float) -> None:
    """Lattice mast with its instruments, guyed on both sides."""
    top = foot - height
    for dx in (-360, -250, 270, 400):
        s.line([(x, top + 190), (x + dx, foot + 14)], "#3f464b", 1.6, opacity=0.8)
    wide, slim, rungs = 36, 13, 22
    legs = [[(x - wide, foot), (x - slim, top + 60)], [(x + wide, foot), (x + slim, top + 60)]]
    s.strokes(legs, "#e9e6dc", 8)
    s.strokes([[(px + 2.6, py) for px, py in leg] for leg in legs], "#7d868c", 3)
    braces = []
    for k in range(rungs):
        t0, t1 = k / rungs, (k + 1) / rungs
        y0, y1 = lerp(foot, top + 60, t0), lerp(foot, top + 60, t1)
        w0, w1 = lerp(wide, slim, t0), lerp(wide, slim, t1)
        braces += [[(x - w0, y0), (x + w1, y1)] if k % 2 else [(x + w0, y0), (x - w1, y1)],
            [(x - w1, y1), (x + w1, y1)]]
    s.strokes(braces, "#c9c9c1", 3.4)
    s.line([(x, top + 70), (x, top + 8)], "#dcdad0", 8)
    for arm_y, reach in ((top + 66, 128), (top + 330, 96)):
        s.line([(x - reach, arm_y), (x + reach, arm_y)], "#dcdad0", 7)
        s.line([(x - reach, arm_y + 2.5), (x + reach, arm_y + 2.5)], "#868e92", 2.4)
    # Cup anemometers
    for cx, cy, size in ((x - 128, top + 66, 1.0), (x - 96, top + 330, 0.72)):
        s.line([(cx, cy), (cx, cy - 46 * size)], "#5a6167", 7 * size)
        hub = cy - 48 * size
        for dx, dy, cup in ((-54, 6, 20), (46, 10, 20), (10, -9, 16)):
            s.line([(cx, hub), (cx + dx * size, hub + dy * size)], "#3c4247", 4.5 * size)
            px, py, r = cx + dx * size, hub + dy * size, cup * size
            s.path(f"M{num(px)},{num(py - r)}A{num(r)},{num(r)} 0 0 {0 if dx < 0 else 1} {num(px)},{num(py + r)}Z",
                   s.linear((0, "#9c3b26"), (1, "#4b1d14")))
            s.oval(px, py, r * 0.3, r, "#2b1512")
        s.oval(cx, hub, 9 * size, 8 * size, "#2e3337")
    # Wind vane
    vx, vy = x + 128, top + 66
    s.line([(vx, vy), (vx, vy - 46)], "#5a6167", 7)
    s.line([(vx - 62, vy - 40), (vx + 62, vy - 54)], "#33383c", 6)
    s.poly([(vx + 30, vy - 51), (vx + 46, vy - 94), (vx + 92, vy - 100), (vx + 72, vy - 55), (vx + 84, vy - 16),
        (vx + 42, vy - 20)],
           s.linear((0, "#b4532f"), (1, "#6c2a1b")))
    s.poly([(vx - 62, vy - 56), (vx - 94, vy - 36), (vx - 60, vy - 26)], "#33383c")
    s.line([(x, top + 8), (x, top - 40)], "#c9c9c1", 3)  # lightning rod
    for k in range(5):  # radiation shield
        s.oval(x + 96, top + 302 + k * 11, 22, 7, "#efece2")
        s.oval(x + 96, top + 305 + k * 11, 22, 5, "#9aa1a3")
    s.rect(x - 40, foot - 270, 62, 84, s.linear((0, "#f3f0e6"), (1, "#aeb2b0"), x2=1, y2=0), rx=5)  # logger box
    s.poly([(x + 34, foot - 330), (x + 118, foot - 352), (x + 112, foot - 288), (x + 30, foot - 268)],
        "#22323f")  # solar panel
    s.line([(x + 74, foot - 350), (x + 70, foot - 280)], "#7a8d98", 2)
    s.line([(x + 32, foot - 300), (x + 115, foot - 320)], "#7a8d98", 2)


def _screen(s: Sheet, x: float, foot: float) -> None:
    """Louvred thermometer screen on its stand."""
    shadow(s, x - 60, foot + 6, 260, 26, "#2d2b17", 0.4)
    for dx in (-62, -20, 58, 92):
        s.line([(x + dx, foot), (x + dx * 0.9, foot - 130)], "#d4d0c2" if dx in (-62, 58) else "#9aa09c", 9)
    s.poly([(x - 78, foot - 265), (x + 66, foot - 265), (x + 66, foot - 122), (x - 78, foot - 122)],
           s.linear((0, "#fbf8ee"), (1, "#dcdbd0")))
    s.poly([(x + 66, foot - 265), (x + 112, foot - 258), (x + 112, foot - 130), (x + 66, foot - 122)], "#a3abad")
    for k in range(11):
        y = foot - 256 + k * 12
        s.line([(x - 68, y), (x + 56, y)], "#a9aeab", 4.5, stroke_linecap="butt")
        s.line([(x + 72, y + 1), (x + 107, y + 3)], "#7b868b", 4, stroke_linecap="butt")
    s.line([(x - 6, foot - 262), (x - 6, foot - 126)], "#f3f0e6", 9)
    s.poly([(x - 92, foot - 266), (x - 72, foot - 292), (x + 106, foot - 288), (x + 126, foot - 260),
        (x + 70, foot - 262)],
           s.linear((0, "#ffffff"), (1, "#c4c8c5")))


def block_house(s: Sheet, x: float, y: float, w: float, h: float, d: float, wall: str, *, lit: float = 0.5) -> None:
    """House seen from above with snow on its flat roof: (x, y) front lower left, d the depth up the picture."""
    dx, dy = d * 0.62, -d * 0.5
    front = s.linear((0, mix(wall, "#27364f", 0.3)), (1, mix(wall, "#27364f", 0.52)))
    s.poly([(x - 3, y), (x, y - h), (x + w, y - h), (x + w + 3, y)], front)
    s.poly([(x + w, y - h), (x + w + dx, y - h + dy), (x + w + dx + 3, y + dy), (x + w + 3, y)],
        mix(wall, "#1d2a42", 0.74))
    s.poly([(x - 5, y - h + 7), (x - 5, y - h - 3), (x + w + 3, y - h - 3), (x + w + dx + 4, y - h + dy - 3),
            (x + w + dx + 4, y - h + dy + 7), (x + w + 3, y - h + 7)], "#5b3430")
    top = [(x - 6, y - h - 4), (x + dx - 4, y - h + dy - 5), (x + w + dx + 5, y - h + dy - 5), (x + w + 4, y - h - 4)]
    s.poly(top, s.linear((0, "#c9d4e3"), (1, "#f0f4f8")))
    s.line([top[0], top[3]], "#f4f6f8", max(3, h * 0.06))
    rim = [(x + 10, y - h - 10), (x + dx + 6, y - h + dy), (x + w + dx - 10, y - h + dy), (x + w - 6, y - h - 10)]
    s.poly(rim, "#b9c6d9", opacity=0.7)
    columns, rows = max(2, int(w / (h * 0.5))), 2 if h > 62 else 1
    cell = w / columns
    for row in range(rows):
        for column in range(columns):
            px, py = x + cell * (column + 0.28), y - h + 16 + row * (h - 12) / rows
            pw, ph = cell * 0.44, (h - 12) / rows * 0.52
            warm = s.rng.random() < lit
            s.poly([(px - 5, py + ph + 4), (px - 3, py - 4), (px + pw + 3, py - 4), (px + pw + 5, py + ph + 4)],
                "#2a2229")
            if warm:
                s.glow(px + pw / 2, py + ph / 2, pw * 2.6, "#f6b25a", 0.5)
            s.rect(px, py, pw, ph, s.linear((0, "#ffe0a0"), (1, "#ee9f45")) if warm else "#46556e")
            s.line([(px + pw / 2, py), (px + pw / 2, py + ph)], "#4b3028", 2)
            s.line([(px - 4, py - 5), (px + pw + 4, py - 5)], "#e6ecf2", 3.4)


@picture("first-snow")
def first_snow() -> str:
    """First snow on a village at blue hour, seen from the slope above: white roofs, lit windows, smoke."""
    s = Sheet("first-snow")
    s.wash(s.linear((0, "#51617f"), (0.2, "#8492aa"), (0.34, "#b7b9c3")))
    far = ridge(s, 330, 260, 420, sharp=0.7, shape=lambda t: 0.5 + 0.5 * t)
    massif(s, far, 420, "#8f9db5", "#aab3c4", shade="#5f7090", depth=0.55, snow="#d3dae5", snow_depth=150, light=1,
        rock=0.4)
    hill = ridge(s, 400, 170, 600, sharp=0.3, gain=0.4, shape=lambda t: 1 - 0.75 * t)
    massif(s, hill, 520, "#bcc7d8", "#b3bed0", shade="#7a8aa6", depth=0.5, light=1, rock=0.5)
    s.rect(0, 430, s.width, 660, s.linear((0, "#bcc7d8"), (0.5, "#b3c0d4"), (1, "#8b9bb8")))
    for x, h in ((60, 90), (120, 70), (1490, 110), (1550, 84), (700, 60), (740, 76), (1140, 66)):
        tree(s, x, 455, h, "#333a4c", "#333a4c", slim=0.4, bare=True)
    mist(s, 445, 36, "#c3cad8", 0.8)
    with s.group(filter=s.rough(30, "0.008")):  # field terraces, lanes
        for y in (500, 560, 640, 745, 880):
            s.line([(-20, y + 12), (800, y), (1620, y + 20)], "#8496b3", 5, opacity=0.6)
    lane = [(1060, 1130), (935, 945), (822, 830), (860, 730), (800, 630), (760, 560), (800, 440)]
    s.line(lane, "#8090ae", 54, curved=True, opacity=0.55, filter=s.rough(14))
    s.line(lane, "#c3cddc", 30, curved=True, opacity=0.7, filter=s.rough(14))
    walls = ("#d9cdb8", "#b98c62", "#e4ddd0", "#a5745a", "#cdb99a")
    plots = [(150, 520, 105, 46, 60), (330, 505, 85, 40, 50), (520, 525, 120, 50, 66), (850, 515, 110, 48, 60),
             (1060, 500, 90, 42, 52), (1270, 530, 130, 54, 70), (40, 640, 150, 66, 90), (280, 655, 170, 72, 95),
             (540, 640, 140, 62, 80), (930, 640, 165, 72, 95), (1190, 665, 150, 66, 88), (1420, 650, 160, 70, 90),
             (120, 830, 220, 100, 130), (470, 815, 210, 96, 120), (980, 825, 240, 108, 135), (1360, 850, 230, 104, 130),
             (-60, 1075, 330, 150, 180), (440, 1060, 310, 148, 170), (1170, 1085, 360, 160, 190)]
    for x, y, w, h, d in plots:
        s.poly([(x - 14, y + 10), (x + w + d * 0.62 + 10, y - d * 0.5 + 12),
            (x + w + d * 0.5 + h * 0.7, y - d * 0.35 + 16),
                (x + w + h * 0.4, y + 20)], "#52648a", opacity=0.45, filter=s.blur(5))
        block_house(s, x, y, w, h, d, s.rng.choice(walls), lit=0.55)
        upper = s.rng.random() < 0.55
        if upper:  # a smaller storey on the back of the roof
            block_house(s, x + w * 0.42 + d * 0.22, y - h - d * 0.2, w * 0.52, h * 0.5, d * 0.5, s.rng.choice(walls),
                lit=0.7)
        if s.rng.random() < 0.75:
            _firewood(s, x + w * 0.06, y - h - 6, w * 0.36, h * 0.16)
        if s.rng.random() < 0.6:
            _smoke(s, x + w * s.rng.uniform(0.2, 0.35) + d * 0.3, y - h - d * 0.28, h * 2.4)
    for x, y, h in ((720, 705, 150), (395, 760, 130), (905, 770, 170), (1330, 760, 140), (800, 1050, 330),
        (1120, 960, 190)):
        tree(s, x, y, h, "#2b2c3b", "#2b2c3b", slim=0.46, bare=True)
    person(s, 868, 838, 74, "walk", "#6d2f22", robe=0.25, hat="#d9d3c8", turn=-1)
    person(s, 940, 946, 96, "walk", "#2f4059", robe=0.22, turn=-1)
    for k in range(16):  # their footprints
        t = k / 16
        s.oval(lerp(1025, 940, t) + (6 if k % 2 else -6), lerp(1060, 952, t), 6, 3, "#6a7a9a", opacity=0.8)
    for _ in range(420):
        size = s.rng.choice((1.3, 1.6, 2, 2.8))
        s.oval(s.rng.uniform(0, 1600), s.rng.uniform(0, 1067), size, size, "#f4f6fa", opacity=0.8)
    return s.finish(tint="#141c33", vignette=0.3, grain=0.1)


def _firewood(s: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Stack of firewood on the edge of a roof, with snow on top."""
    s.rect(x, y - height, width, height, "#4a3a38")
    for k in range(int(width / 7)):
        s.oval(x + 4 + k * 7, y - height * s.rng.uniform(0.25, 0.75), 3, None, "#8d7362", opacity=0.8)
    s.rect(x - 2, y - height - 4, width + 4, 5, "#e9eef3", rx=2)


def _smoke(s: Sheet, x: float, y: float, height: float) -> None:
    """Thin smoke rising and bending away."""
    s.rect(x - 4, y - 16, 9, 18, "#4b3f45")
    with s.group(filter=s.blur(5)):
        for k in range(18):
            t = k / 17
            s.oval(x + math.sin(t * 5 + x) * 9 * t + 46 * t * t, y - 16 - height * t, lerp(5, 24, t), lerp(6, 18, t),
                "#dfe2ea",
                   opacity=round(0.5 * (1 - t) + 0.04, 2))


@picture("night-sky")
def night_sky() -> str:
    """The Milky Way over a dark ridge; two observers with a telescope beside a lit tent."""
    s = Sheet("night-sky")
    s.wash(s.linear((0, "#0a1226"), (0.45, "#15233f"), (0.72, "#2c3d57"), (0.86, "#5b5f68")))
    s.glow(300, 960, 760, "#d9a067", 0.35, 0.45)
    def veil(color: str, gain: float, cut: float, frequency: str, seed: int, blur: float) -> str:
        """Filter that turns noise into a torn veil of light, or dust, within the shape it is put on."""
        r, g, b = (int(color[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return s.filter(
            f'<feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="5" seed="{seed}"/>'
            f'<feColorMatrix values="0 0 0 0 {r:.2f} 0 0 0 0 {g:.2f} 0 0 0 0 {b:.2f} {gain} 0 0 0 {-cut}" result="n"/>'
            f'<feComposite in="n" in2="SourceGraphic" operator="in"/><feGaussianBlur stdDeviation="{blur}"/>',
            "0 0 100% 100%",
        )

    tilt = "translate(850 470) rotate(-56)"
    soft = s.radial((0, "#fff", 1), (0.45, "#fff", 0.7), (1, "#fff", 0))
    with s.group(transform=tilt):
        s.oval(0, 0, 1050, 250, s.radial((0, "#7f8cb2", 0.55), (0.5, "#56669a", 0.28), (1, "#56669a", 0)))
        s.oval(-330, 6, 560, 120, s.radial((0, "#f0d2a8", 0.62), (0.55, "#b98f86", 0.25), (1, "#b98f86", 0)))
        s.oval(120, 0, 820, 84, s.radial((0, "#cfd6ea", 0.5), (1, "#9aa6cc", 0)))
    for rx, ry, shift, f, strength in (
        (1000, 230, 0, veil("#c3cdea", 3.0, 1.15, "0.006", 21, 2.5), 0.7),
        (900, 120, -60, veil("#fff1dc", 3.6, 1.4, "0.009", 8, 1.6), 0.75),
        (820, 70, -80, veil("#0c1222", 5.0, 2.1, "0.007", 15, 2.4), 0.95),
        (900, 150, -40, veil("#10172b", 4.2, 2.2, "0.005", 31, 3.5), 0.75),
    ):
        with s.group(filter=f, opacity=strength), s.group(transform=tilt):
            s.oval(shift, 0, rx, ry, soft)
    for _ in range(1900):
        if s.rng.random() < 0.5:
            along, off = s.rng.uniform(-1000, 1000), s.rng.gauss(0, 95)
            a = math.radians(-56)
            x, y = 850 + along * math.cos(a) - off * math.sin(a), 470 + along * math.sin(a) + off * math.cos(a)
        else:
            x, y = s.rng.uniform(0, 1600), s.rng.uniform(0, 900)
        if y > 880:
            continue
        size = s.rng.paretovariate(2.6) * 0.62
        tone = s.rng.choice(("#ffffff", "#dfe8ff", "#ffe9cc", "#ffffff"))
        s.oval(x, y, min(size, 2.8), None, tone, opacity=round(s.rng.uniform(0.35, 1), 2))
        if size > 2:
            s.glow(x, y, min(size, 3.4) * 4, tone, 0.35)
    far = ridge(s, 880, 190, 300, sharp=0.8, shape=lambda t: 0.4 + 0.6 * abs(2 * t - 1.1))
    s.path(under(far, 960), s.linear((0, "#2a3850"), (1, "#4b5464")))
    s.texture(under(far, 960), "0.011 0.01", 0.22, seed=2, relief=14, skew=24)
    near = ridge(s, 960, 110, 520, sharp=0.3, gain=0.4, shape=lambda t: 0.3 + 0.9 * t)
    s.path(under(near, 1090), s.linear((0, "#111a2b"), (1, "#05080f")))
    ground = [(-20, 985), (200, 968), (420, 960), (640, 975), (900, 1000), (1250, 1010), (1620, 995), (1620, 1090),
        (-20, 1090)]
    s.blob(ground, "#070b14")
    # Tent with a lamp inside
    s.glow(300, 930, 330, "#f0a850", 0.55, 0.7)
    s.poly([(180, 974), (296, 822), (430, 972)], s.linear((0, "#c9762f"), (0.6, "#ffcf7a"), (1, "#f0a040")))
    s.poly([(430, 972), (296, 822), (520, 955)], s.linear((0, "#8f4a22"), (1, "#d98c3c")))
    s.poly([(280, 974), (296, 830), (330, 973)], "#fff0c0")
    s.poly([(303, 973), (297, 850), (322, 973)], "#6a3a1c")
    s.line([(296, 822), (120, 990)], "#3a2a22", 2)
    s.line([(296, 822), (590, 990)], "#3a2a22", 2)
    # Observers and telescope as silhouettes with warm rims
    for leg in (-34, 6, 40):
        s.line([(760, 900), (760 + leg, 992)], "#04060b", 6)
    s.line([(712, 930), (838, 822)], "#04060b", 22)
    s.line([(704, 926), (826, 820)], "#c98a4c", 2.5, opacity=0.8)
    s.line([(712, 930), (700, 916)], "#04060b", 12)
    person(s, 668, 992, 150, "lift", "#060910", legs="#060910", skin="#060910", hair="#060910", robe=0.16,
        light="#d08a48")
    person(s, 905, 998, 142, "stand", "#060910", legs="#060910", skin="#060910", hair="#060910", robe=0.2, turn=-1,
           light="#a06a3c")
    for k in range(260):
        x = s.rng.uniform(0, 1600)
        y = 968 + 40 * clamp((x - 400) / 600)
        s.line([(x, y + 14), (x + s.rng.uniform(-4, 8), y - s.rng.uniform(0, 14))], "#060a13" if k % 5 else "#2a2c38",
            1.8)
    return s.finish(tint="#02040a", vignette=0.4, grain=0.2)


# --- Schools, halls, streets -----------------------------------------------------------------------------------


class Ground:
    """Perspective of a level ground: metres to the right, metres away, metres up."""

    def __init__(self, center: float, horizon: float, eye: float, focal: float) -> None:
        """Set the vanishing point, the height of the eye in metres and the focal length in pixels."""
        self.center, self.horizon, self.eye, self.focal = center, horizon, eye, focal

    def at(self, right: float, away: float, up: float = 0) -> Point:
        """Place on the sheet."""
        scale = self.focal / away
        return self.center + right * scale, self.horizon + (self.eye - up) * scale

    def scale(self, away: float) -> float:
        """Pixels per metre at a distance."""
        return self.focal / away

    def path(self, *points: Point) -> list[Point]:
        """Places of several points on the ground."""
        return [self.at(right, away) for right, away in points]


@picture("school-yard")
def school_yard() -> str:
    """School yard from above in the morning: painted court, children at play, long shadows."""
    s = Sheet("school-yard")
    g = Ground(800, 150, 17, 1150)
    s.wash(s.linear((0, "#cfdcdc"), (0.14, "#efe6cf")))
    hills = ridge(s, 172, 150, 300, sharp=0.7, shape=lambda t: 0.45 + 0.55 * abs(2 * t - 0.8))
    massif(s, hills, 205, "#9eacab", "#d8d6c4", shade="#7e9299", depth=0.5, snow="#f3efe0", snow_depth=40, rock=0.3)
    s.rect(0, 180, s.width, 900, s.linear((0, "#d3c392"), (0.4, "#cdb384"), (1, "#b08e5d")))
    for row in range(7):  # fields and hedges behind the school
        near, far_ = g.at(0, 240 / (1 + row * 0.42))[1], g.at(0, 240 / (1.42 + row * 0.42))[1]
        x = -40 - s.rng.uniform(0, 120)
        while x < 1640:
            w = s.rng.uniform(110, 260) * (1 + row * 0.25)
            tone = s.rng.choice(("#d9b865", "#c2a05a", "#a9a25c", "#8f9453", "#c9b98a", "#b58a4c"))
            s.poly([(x, near), (x + w - 4, near), (x + w + (x - 800) * 0.07, far_), (x + (x - 800) * 0.07, far_)], tone)
            x += w
        for _ in range(5):
            tree(s, s.rng.uniform(0, 1600), near + 4, 20 + row * 7, "#6b6f38", "#c3ae54", slim=0.34)
    for x, w in ((180, 46), (240, 60), (1270, 54), (1340, 40), (1400, 64)):
        house(s, x, 262, w, w * 0.5, "#e4d2b2", trim="#8a4a33", rows=1, columns=2)
    s.poly(g.path((-80, 73), (80, 73), (80, 10), (-80, 10)), s.linear((0, "#dcc79c"), (0.4, "#cdb384"), (1, "#b08e5d")))
    s.texture("M0,440H1600V1080H0Z", "0.02 0.05", 0.25, seed=4, relief=8)
    # School building along the back
    left, right, back = -30, 34, 62
    ground, eaves = g.at(0, back)[1], g.at(0, back, 8.4)[1]
    x0, x1 = g.at(left, back)[0], g.at(right, back)[0]
    s.rect(x0, eaves, x1 - x0, ground - eaves, s.linear((0, "#f3e6cb"), (1, "#dcc7a0"), x2=1, y2=0))
    s.rect(x0 - 12, eaves - 14, x1 - x0 + 24, 22, "#8a3d29")
    s.rect(x0, ground - 16, x1 - x0, 16, "#8f7f6c")
    for floor in (1.0, 5.0):
        for k in range(21):
            px = lerp(x0, x1, (k + 0.3) / 21)
            py, ph, pw = g.at(0, back, floor + 2.3)[1], g.scale(back) * 2.0, (x1 - x0) / 21 * 0.5
            if k == 10 and floor < 2:
                s.rect(px - 22, py - 6, 70, ground - py + 6, "#5d2c1f")
                s.rect(px - 14, py + 2, 26, ground - py - 2, "#27333b")
                s.rect(px + 14, py + 2, 26, ground - py - 2, "#27333b")
                continue
            s.rect(px - 4, py - 5, pw + 8, ph + 10, "#6f4634")
            s.rect(px, py, pw, ph, s.linear((0, "#9db7c0"), (1, "#4a5f6d"), x2=1, y2=1))
            s.line([(px + pw / 2, py), (px + pw / 2, py + ph)], "#f1e6cd", 2)
    s.rect(x0, g.at(0, back, 4.3)[1], x1 - x0, 7, "#b98a63")
    s.poly([*g.path((left, back), (right, back), (right - 3, back - 7), (left - 2, back - 7))], "#5d4a38", opacity=0.35)
    for k in range(9):
        x, y = g.at(-34 + k * 8.4 + s.rng.uniform(-1, 1), 55)
        s.poly([(x, y), (x + 260, y + 62), (x + 300, y + 84), (x + 20, y + 8)], "#5d4630", opacity=0.3,
            filter=s.blur(5))
        tree(s, x, y, s.rng.uniform(105, 140), "#5f6a34", "#c3b554", slim=0.42)
    # Court: surface, lines, hoops
    s.poly(g.path((-19, 50), (17, 50), (17, 21.5), (-19, 21.5)), s.linear((0, "#8f9a8a"), (1, "#7c8a7c")))
    s.poly(g.path((-16, 48), (14, 48), (14, 23), (-16, 23)), s.linear((0, "#b0674b"), (1, "#9a543a")))

    def painted(points: Sequence[Point], color: str = "#f4ead2", width: float = 0.16) -> None:
        for a, b in pairwise(points):
            wide = width * g.scale((a[1] + b[1]) / 2)
            s.line(g.path(a, b), color, wide, opacity=0.9)

    def ring(cx: float, cz: float, radius: float, start: float = 0, end: float = math.tau) -> list[Point]:
        return [(cx + radius * math.cos(lerp(start, end, k / 40)), cz + radius * math.sin(lerp(start, end, k / 40)))
                for k in range(41)]

    painted([(-16, 48), (14, 48), (14, 23), (-16, 23), (-16, 48)])
    painted([(-1, 48), (-1, 23)])
    painted(ring(-1, 35.5, 3.2))
    for side in (-1, 1):
        edge = -16 if side < 0 else 14
        s.poly(g.path((edge, 38), (edge - side * 5.4, 38), (edge - side * 5.4, 33), (edge, 33)), "#d8a85a",
            opacity=0.75)
        painted([(edge, 38), (edge - side * 5.4, 38), (edge - side * 5.4, 33), (edge, 33)])
        turn = math.pi if side > 0 else 0
        painted(ring(edge - side * 1.2, 35.5, 6.6, turn - math.pi / 2, turn + math.pi / 2))
    # Hopscotch in the foreground left, running lanes on the right
    for k, (hx, hz) in enumerate(((-13, 25), (-11.9, 25), (-10.8, 25.6), (-10.8, 24.5), (-9.7, 25), (-8.6, 25.6),
        (-8.6, 24.5))):
        s.poly(g.path((hx, hz), (hx + 1, hz), (hx + 1, hz + 1), (hx, hz + 1)),
            ("#d8a85a", "#7f9aa3", "#a8583d")[k % 3], opacity=0.8)
        painted([(hx, hz), (hx + 1, hz), (hx + 1, hz + 1), (hx, hz + 1), (hx, hz)], width=0.07)
    for k in range(4):
        painted([(18.5 + k * 1.3, 60), (18.5 + k * 1.3, 15)], width=0.1)

    def cast(right: float, away: float, tall: float) -> None:
        """Long shadow of somebody standing there: the sun is low on the left behind."""
        base, tip = g.at(right, away), g.at(right + tall * 2.3, away - tall * 0.95)
        wide = g.scale(away) * 0.2 * tall
        ends = [(base[0] - wide, base[1]), (tip[0] - wide * 0.5, tip[1] + wide), (tip[0] + wide, tip[1]),
            (base[0] + wide, base[1] - 2)]
        s.blob(ends, "#3c2416", opacity=0.5, filter=s.blur(1.8))

    for hx, away, turn in ((-16.6, 35.5, 1), (14.6, 35.5, -1)):
        foot, top = g.at(hx, away), g.at(hx, away, 3.7)
        cast(hx, away, 3.6)
        s.line([foot, top], "#3c4a52", 7)
        unit = g.scale(away)
        s.line([top, (top[0] + turn * unit * 1.1, top[1] - 4)], "#3c4a52", 5)
        bx = top[0] + turn * unit * 1.1
        s.poly([(bx - 5, top[1] - 34), (bx + turn * 9, top[1] - 30), (bx + turn * 9, top[1] + 14),
            (bx - 5, top[1] + 10)], "#f3ead6")
        s.line([(bx + turn * 10, top[1] + 8), (bx + turn * 34, top[1] + 9)], "#c8532c", 4)
    # Children: (right, away, pose, coat, turn)
    coats = ("#8a2f1f", "#2f4d63", "#d8a23d", "#efe4cb", "#5d6b3a", "#b4532f", "#3c3a4a")
    crowd = [(-4, 40, "run", 1), (-2.2, 38, "run", -1), (0.6, 41, "leap", 1), (3.5, 37.5, "run", -1),
        (-7, 34, "walk", 1),
             (6.4, 34.2, "leap", 1), (8.3, 36, "run", 1), (9.6, 32.5, "save", -1), (-12, 30, "stand", 1),
             (-10.9, 30.3, "stand", -1),
             (-9.5, 45, "walk", -1), (4, 46, "stand", 1), (11.5, 45.5, "walk", 1), (19.2, 38, "run", 1),
             (20.6, 33, "run", 1),
             (21.6, 42, "run", 1), (-20.5, 40, "stand", 1), (-21.5, 39.3, "stand", 1), (-13, 52, "walk", 1),
             (8, 53, "walk", -1),
             (-10.2, 25.2, "leap", 1), (-14.2, 25.4, "stand", 1), (-15, 24.6, "stand", 1), (12.2, 25.4, "walk", -1)]
    rope = [(1.2, 26.5), (7.6, 26.5)]
    crowd += [(rope[0][0], rope[0][1], "lift", 1), (rope[1][0], rope[1][1], "lift", -1), (4.3, 26.6, "leap", 1),
        (2.2, 29, "stand", 1)]
    for right, away, _, _ in crowd:
        cast(right, away, 1.45)
    for n, (right, away, pose, turn) in enumerate(sorted(crowd, key=lambda c: -c[1])):
        x, y = g.at(right, away, 0.4 if pose == "leap" else 0)
        person(s, x, y, g.scale(away) * 1.7, pose, coats[n % 7], turn=turn,
            legs=("#2d3038", "#3d4d5a", "#4a3528")[n % 3],
               light="#ffe6b4")
    a, b = g.at(rope[0][0] + 0.4, 26.5, 1.0), g.at(rope[1][0] - 0.4, 26.5, 1.0)
    s.path(f"M{num(a[0])},{num(a[1])}Q{num((a[0] + b[0]) / 2)},{num(a[1] - 190)} {num(b[0])},{num(b[1])}",
        stroke="#f6edd8", stroke_width=3.4)
    ball = g.at(7.2, 34.6, 2.7)
    s.oval(*ball, 8, None, "#d7702e")
    s.poly(g.path((-28, 20), (-13, 14), (-28, 14)), "#4b3a24", opacity=0.35, filter=s.blur(16))
    s.glow(60, 90, 900, "#fff0c8", 0.5)
    return s.finish(tint="#2b1a0e")


@picture("bus-stop")
def bus_stop() -> str:
    """Country bus pulling in at a shelter on a rainy afternoon, lights mirrored in the wet road."""
    s = Sheet("bus-stop")
    s.wash(s.linear((0, "#6b7780"), (0.3, "#98a2a5"), (0.52, "#c7c8bf")))
    with s.group(filter=s.blur(40, 16)):
        for _ in range(22):
            s.oval(s.rng.uniform(0, 1600), s.rng.uniform(0, 340), s.rng.uniform(120, 330), s.rng.uniform(18, 50),
                   s.rng.choice(("#5a666f", "#aab1b1", "#7d888d")), opacity=0.5)
    hills = ridge(s, 560, 200, 460, sharp=0.4, gain=0.4, shape=lambda t: 0.3 + 0.7 * abs(2 * t - 1.1))
    s.path(under(hills, 640), s.linear((0, "#87928f"), (1, "#b9bcae")))
    mist(s, 500, 50, "#c9cbc4", 0.8)
    s.rect(0, 585, s.width, 110, s.linear((0, "#a59b66"), (1, "#77713f")))
    for x, h in ((60, 120), (96, 90), (905, 110), (950, 84), (1010, 100)):
        tree(s, x, 610, h, "#5f6238", "#a09a58", slim=0.3)
    for k, x in enumerate((160, 760, 1330)):  # telegraph poles
        h = 250 - 20 * k
        s.line([(x, 620), (x, 620 - h)], "#4a443c", 7)
        s.line([(x - 34, 636 - h), (x + 34, 636 - h)], "#4a443c", 5)
    for y in (372, 384):
        s.path(f"M-20,{y - 10}Q80,{y + 20} 160,{y}Q460,{y + 60} 760,{y + 18}Q1050,{y + 76} 1330,{y + 40}"
               f"Q1480,{y + 80} 1640,{y + 44}",
               stroke="#4a443c", stroke_width=2)
    ground = 768
    start = len(s.body)
    _shelter(s, 420, ground)
    _bus(s, 1150, ground + 22)
    person(s, 395, ground - 4, 232, "stand", "#6d2f22", robe=0.22, turn=1, light="#d59a72")
    person(s, 505, ground, 226, "stand", "#2f4252", robe=0.1, turn=1, hat="#c8b48a")
    person(s, 560, ground + 2, 150, "stand", "#d8a23d", robe=0.12, turn=1)
    at = person(s, 712, ground + 14, 230, "lift", "#4b4a3a", robe=0.2, turn=1)
    s.line([(at["hand"][0], at["hand"][1] + 10), (at["hand"][0] - 10, at["hand"][1] - 130)], "#2a2623", 5)
    ux, uy = at["hand"][0] - 12, at["hand"][1] - 128
    s.path(f"M{num(ux - 112)},{num(uy + 40)}Q{num(ux - 96)},{num(uy - 54)} {num(ux)},{num(uy - 60)}"
           f"Q{num(ux + 96)},{num(uy - 54)} "
           f"{num(ux + 112)},{num(uy + 40)}Q{num(ux + 84)},{num(uy + 18)} {num(ux + 56)},{num(uy + 36)}"
           f"Q{num(ux + 28)},{num(uy + 14)} "
           f"{num(ux)},{num(uy + 34)}Q{num(ux - 28)},{num(uy + 14)} {num(ux - 56)},{num(uy + 36)}"
           f"Q{num(ux - 84)},{num(uy + 18)} "
           f"{num(ux - 112)},{num(uy + 40)}Z", s.linear((0, "#a8452c"), (1, "#6d2a1c")))
    scene = "".join(s.body[start:])
    del s.body[start:]
    s.rect(0, 690, s.width, 400, s.linear((0, "#7f8686"), (0.3, "#6a7276"), (1, "#3c444a")))
    s.rect(0, 690, 860, 60, s.linear((0, "#a8a79a"), (1, "#8c8d86")))
    s.rect(0, ground - 22, s.width, 26, s.linear((0, "#b1b0a4"), (1, "#6b6d6b")))
    with s.group(clip_path=s.clip(f"M0,{ground}H1600V1080H0Z")), s.group(filter=water_filter(s, 26, "0.006 0.04",
        2.2), opacity=0.62):
        s.add(f'<g transform="translate(0 {2 * ground + 14}) scale(1 -1)">{scene}</g>')
    s.rect(0, ground, s.width, 300, s.linear((0, "#aab0b0", 0.25), (0.4, "#5c666c", 0.1), (1, "#2b343a", 0.65)))
    for k in range(7):  # lane marks
        s.poly([(40 + k * 250, 1004), (170 + k * 250, 1004), (176 + k * 250, 1018), (40 + k * 250, 1018)], "#e7e1cf",
            opacity=0.5,
               filter=s.rough(8))
    s.add(scene)
    for x in (862, 905):  # headlights on the wet road
        s.rect(x - 110, ground + 20, 120, 240, s.linear((0, "#ffe9b0", 0.6), (1, "#ffe9b0", 0)), filter=s.blur(22))
    for _ in range(46):
        x, y = s.rng.uniform(0, 1600), s.rng.uniform(ground + 40, 1050)
        r = lerp(7, 24, (y - ground) / 300)
        s.hoop(x, y, r, r * 0.28, "#dde2e0", 1.6, 0.5)
    rain = []
    for _ in range(420):
        x, y, length = s.rng.uniform(-20, 1640), s.rng.uniform(-20, 1060), s.rng.uniform(18, 52)
        rain.append([(x, y), (x - length * 0.16, y + length)])
    s.strokes(rain, "#eef1ef", 1.3, opacity=0.38)
    return s.finish(tint="#161c22", vignette=0.25)


def _shelter(s: Sheet, x: float, ground: float) -> None:
    """Bus shelter: roof, glazed back wall, bench."""
    wide, high = 560, 350
    x -= wide / 2
    s.rect(x + 20, ground - high + 40, wide - 40, high - 70, "#c9d2cf", opacity=0.42)
    for k in range(5):
        px = x + 20 + k * (wide - 40) / 4
        s.line([(px, ground - high + 30), (px, ground - 20)], "#54352a", 7)
    s.line([(x + 20, ground - 150), (x + wide - 20, ground - 150)], "#54352a", 5)
    for k in range(4):
        px = x + 40 + k * (wide - 40) / 4
        s.poly([(px, ground - 180), (px + 34, ground - high + 60), (px + 58, ground - high + 60),
            (px + 24, ground - 180)], "#f2f4ef",
               opacity=0.4)
    s.rect(x + 60, ground - 92, wide - 220, 16, "#8a5a3a", rx=3)
    s.rect(x + 60, ground - 128, wide - 220, 12, "#7a4c30", rx=3)
    for px in (x + 80, x + wide - 190):
        s.line([(px, ground - 80), (px, ground - 16)], "#3d322c", 8)
    for px in (x + 8, x + wide - 8):
        s.line([(px, ground - high + 10), (px, ground)], "#3a2620", 14)
    s.poly([(x - 40, ground - high + 18), (x - 12, ground - high - 34), (x + wide + 12, ground - high - 34),
        (x + wide + 40, ground - high + 18)],
           s.linear((0, "#a8482f"), (1, "#70301f")))
    s.rect(x - 42, ground - high + 14, wide + 84, 16, "#e6d8b8")
    s.rect(x - 6, ground - 22, wide + 12, 22, s.linear((0, "#b6b4a8"), (1, "#7d7f7b")))


def _bus(s: Sheet, x: float, ground: float) -> None:
    """Country bus seen from the side, its front to the left; x is where its nose is, about."""
    left, right, top = x - 290, 1720, ground - 400
    s.oval(1300, ground - 4, 480, 26, "#14181b", opacity=0.55, filter=s.blur(7))
    body = s.linear((0, "#f3ead4"), (0.5, "#e7dabb"), (1, "#b9ad92"))
    s.path(f"M{left + 4},{ground - 46}L{left},{ground - 170}Q{left + 4},{top + 20} {left + 70},{top}H{right}"
           f"V{ground - 46}Z", body)
    s.path(f"M{left},{ground - 168}L{left + 1},{ground - 128}H{right}V{ground - 168}Z", "#8a3320")
    s.rect(left + 4, ground - 120, right - left, 10, "#c9913d")
    s.path(f"M{left + 6},{ground - 46}h{right - left}v-34h-{right - left}Z", "#4c4a46")
    glass = s.linear((0, "#ffe7ad"), (0.5, "#e8c98b"), (1, "#8d8a78"))
    s.path(f"M{left + 9},{ground - 184}L{left + 20},{top + 80}Q{left + 30},{top + 42} {left + 66},{top + 40}"
           f"H{left + 112}V{ground - 184}Z",
           s.linear((0, "#d9dccf"), (1, "#5a6a70")))
    s.rect(left + 128, top + 40, 92, ground - 62 - top - 40, "#c7b896", rx=4)  # door
    for k in (0, 1):
        s.rect(left + 134 + k * 43, top + 50, 38, ground - 90 - top - 50, s.linear((0, "#ffe9b4"), (1, "#77776c")),
            rx=4)
    for k in range(6):
        px = left + 240 + k * 150
        s.rect(px, top + 44, 136, 158, "#3d3c38", rx=8)
        s.rect(px + 6, top + 50, 124, 146, glass, rx=5)
        if k != 2:
            s.oval(px + 52, top + 138, 25, 29, "#4a3b32")
            s.path(f"M{px + 6},{top + 196}q4,-40 46,-42q44,2 50,42Z", ("#5a3b32", "#33444f", "#6a5a3c")[k % 3])
    s.oval(left + 74, top + 150, 22, 26, "#3b302b")
    s.path(f"M{left + 36},{ground - 184}q4,-44 40,-46q34,2 36,46Z", "#2f3f4c")
    s.rect(left - 16, top + 70, 14, 62, "#2b2b2b", rx=6)
    s.line([(left - 8, top + 70), (left + 40, top + 30)], "#2b2b2b", 5)
    for wx in (left + 300, left + 820):
        s.path(f"M{wx - 78},{ground - 46}A78,78 0 0 1 {wx + 78},{ground - 46}Z", "#242424")
        s.oval(wx, ground - 46, 58, None, "#1a1b1c")
        s.oval(wx, ground - 46, 29, None, "#9a9a92")
        s.oval(wx, ground - 46, 12, None, "#4a4a47")
    s.glow(left + 6, ground - 104, 190, "#fff0c0", 0.95)
    s.oval(left + 12, ground - 104, 14, 20, "#fffdf0")
    s.rect(left + 74, top - 8, 220, 10, "#c9bd9f", rx=4)
    for k in range(5):  # luggage under a tarpaulin
        s.rect(left + 420 + k * 74, top - 40, 66, 42, s.rng.choice(("#6d5a48", "#7a3d2b", "#57656b")), rx=10)


@picture("greenhouse")
def greenhouse() -> str:
    """Rows of plastic tunnels glowing at nightfall, seedlings inside, snow between them."""
    s = Sheet("greenhouse")
    s.wash(s.linear((0, "#1d2c4a"), (0.22, "#3f5272"), (0.36, "#84849a"), (0.43, "#d0a48a")))
    for _ in range(110):
        s.oval(s.rng.uniform(0, 1600), s.rng.uniform(0, 250), s.rng.uniform(0.7, 1.8), None, "#f2f0ea", opacity=0.7)
    far = ridge(s, 420, 260, 330, shape=lambda t: 0.4 + 0.6 * (1 - t))
    massif(s, far, 480, "#5b6785", "#8c859a", shade="#3b496a", depth=0.55, snow="#b9bdd0", snow_depth=95, light=1,
        rock=0.35)
    hill = ridge(s, 455, 70, 500, sharp=0.3, gain=0.4)
    s.path(under(hill, 540), s.linear((0, "#36415c"), (1, "#525a72")))
    s.rect(0, 462, s.width, 620, s.linear((0, "#7f8ba8"), (0.3, "#8793ac"), (0.7, "#5d6a88"), (1, "#2c3753")))
    for x, h in ((50, 100), (110, 130), (180, 80), (1440, 90), (1500, 120), (1560, 100)):
        tree(s, x, 474, h, "#1f2638", "#1f2638", slim=0.3, bare=True)
    vanish = (860, 452)
    fronts = [(-130, 930, 250), (1650, 930, 225), (330, 960, 262), (1215, 960, 268)]
    for cx, base, r in fronts:
        _tunnel(s, cx, base, r, vanish)
    # Trodden path in the snow, lamp light lying before the tunnels
    with s.group(filter=s.blur(14)):
        for cx, base, r in fronts[2:]:
            s.poly([(cx - r, base), (cx + r, base), (cx + r * 1.2, 1110), (cx - r * 1.2, 1110)],
                s.linear((0, "#ffd27a", 0.75), (1, "#ffd27a", 0)))
    steps = []
    for k in range(24):
        t = (k / 24) ** 1.5
        x, y = lerp(vanish[0] - 60, 790, t), lerp(560, 1070, t)
        steps.append((x + (16 if k % 2 else -16) * t, y, lerp(1.5, 13, t)))
    for x, y, size in steps:
        s.oval(x, y, size, size * 0.4, "#3f4c6c", opacity=0.7)
    at = person(s, 800, 985, 265, "walk", "#3a2f33", robe=0.18, turn=-1, legs="#171a26", hat="#6a5238",
        light="#ffc873", sun=1)
    hx, hy = at["hand"]
    s.poly([(hx - 62, hy + 4), (hx + 26, hy + 2), (hx + 16, hy + 54), (hx - 52, hy + 54)],
        s.linear((0, "#7a4526"), (1, "#c07a3c"), x2=1, y2=0))
    for _ in range(26):
        s.oval(hx - 58 + s.rng.uniform(0, 80), hy + 2 - s.rng.uniform(0, 24), 9, 12,
            s.rng.choice(("#6e8a3f", "#8fa650", "#4d6a34", "#a9b965")))
    s.path(f"M{num(hx - 50)},{num(hy + 6)}Q{num(hx - 10)},{num(hy - 60)} {num(hx + 16)},{num(hy + 4)}",
        stroke="#5a3820", stroke_width=5)
    return s.finish(tint="#080d1c", vignette=0.32, grain=0.15)


def _tunnel(s: Sheet, cx: float, base: float, r: float, vanish: Point) -> None:
    """Arched plastic tunnel running to the vanishing point: lit film, hoops, beds of seedlings behind the open "
    "front."""
    high = r * 0.95

    def arc(t: float, size: float = 1.0) -> list[Point]:
        k = 1 - 0.8 * t
        x, y = lerp(cx, vanish[0], 0.8 * t), lerp(base, vanish[1] + 20, 0.8 * t)
        return [(x - math.cos(math.pi * a / 28) * r * k * size, y - math.sin(math.pi * a / 28) ** 0.8 * high * k
            * size) for a in range(29)]

    inward = vanish[0] > cx
    s.glow(lerp(cx, vanish[0], 0.3), lerp(base, vanish[1], 0.3) - high * 0.3, r * 2.1, "#f2b45c", 0.4, 0.75)
    for n in range(40, -1, -1):  # the film, slice by slice from the far end
        t = n / 40
        tone = mix(mix("#ffdf95", "#e9a648", clamp(t * 2.2)), "#8a6a5c", clamp(t * 1.1 - 0.25))
        s.poly(arc(t), s.linear((0, mix(tone, "#4a4a5e", 0.45)), (0.45, tone), (1, mix(tone, "#fff0c0", 0.25))))
    side = slice(15, None) if inward else slice(0, 14)
    for _ in range(70):  # beds showing through the side
        t = s.rng.random() * 0.9
        hull = arc(t)
        foot, k = hull[-1] if inward else hull[0], 1 - 0.8 * t
        s.oval(foot[0] + (-1 if inward else 1) * r * k * s.rng.uniform(0.0, 0.1),
            foot[1] - r * k * s.rng.uniform(0.05, 0.3), r * k * 0.08, r * k * 0.09,
               s.rng.choice(("#7c8a3a", "#96913c", "#5d7434")), opacity=0.35)
    for n in range(1, 13):
        t = (n / 13) ** 0.8
        s.line(arc(t)[side], "#7d4f22", max(1, 5 * (1 - t)), opacity=0.7)
    for a in (14, 19, 23) if inward else (14, 9, 5):
        s.line([arc(0)[a], arc(1)[a]], "#8a5a28", 2, opacity=0.5)
    snow = [arc(t)[k] for t, k in ((0, 12), (0.25, 12), (0.6, 12), (1, 12), (1, 16), (0.6, 16), (0.25, 16), (0, 16))]
    s.poly(snow, "#dfe4ee", opacity=0.75, filter=s.rough(8, "0.03"))
    front = arc(0)
    s.poly(front, s.linear((0, "#f0b95c"), (0.45, "#ffe3a0"), (1, "#fff0c6")))
    with s.group(clip_path=s.clip(trace(front, True))):
        deep = lerp(cx, vanish[0], 0.42), lerp(base, vanish[1] + 20, 0.42)
        for n in range(1, 6):  # hoops seen from inside
            t = n / 9
            s.line(arc(t, 0.98), "#c07f36", max(1.2, 6 * (1 - t * 1.4)), opacity=0.8)
        for n in range(5):
            t = 0.05 + n * 0.1
            k = 1 - 0.8 * t
            x, y = lerp(cx, vanish[0], 0.8 * t), lerp(base, vanish[1] + 20, 0.8 * t) - high * 0.8 * k
            s.glow(x, y, r * 0.32 * k, "#fffdf0", 0.95)
        s.poly([(cx - r * 0.16, base + 2), (cx + r * 0.16, base + 2), (deep[0] + r * 0.05, deep[1]),
            (deep[0] - r * 0.05, deep[1])], "#c99d5a")
        for n in range(13, -1, -1):  # beds left and right of the path, from the back
            t = n / 14 * 0.5
            k = 1 - 0.8 * t
            x, y = lerp(cx, vanish[0], 0.8 * t), lerp(base, vanish[1] + 20, 0.8 * t)
            for across in (-0.82, -0.66, -0.5, -0.34, 0.34, 0.5, 0.66, 0.82):
                for _ in range(6):
                    s.oval(x + (across + s.rng.gauss(0, 0.045)) * r * k, y - s.rng.uniform(0, 0.2) * r * k,
                        r * 0.042 * k, r * 0.06 * k,
                           mix(s.rng.choice(("#4d6c2c", "#7d9440", "#3b5a2b", "#93a64c")), "#f6dc92", t * 1.25))
        if 0 < cx < 600:
            t = 0.16
            person(s, lerp(cx, vanish[0], 0.8 * t) + 6, lerp(base, vanish[1] + 20, 0.8 * t), high * 0.62, "bend",
                "#7a2f20", turn=1, hat="#f3dfae", robe=0.12, light="#ffd98c")
    for dx in (-0.52, 0.52):
        s.line([(cx + dx * r, base), (cx + dx * r, base - high * 0.88)], "#7d4f22", 6)
    s.line(front, "#7d4f22", max(2, r * 0.034))
    s.line([(cx - r * 1.02, base), (cx - r * 0.5, base)], "#5a4232", 9)
    s.line([(cx + r * 0.5, base), (cx + r * 1.02, base)], "#5a4232", 9)
    for side_x in (1,) if inward else (-1,):  # snow banked against the foot, all along the tunnel
        bank = [(arc(t)[0 if side_x < 0 else -1], 1 - 0.8 * t) for t in (0, 0.12, 0.25, 0.4, 0.6, 0.8, 1)]
        outer = [(x + side_x * 34 * k, y + 10 * k) for (x, y), k in bank]
        inner = [(x - side_x * 6 * k, y - 22 * k) for (x, y), k in bank]
        s.poly([*outer, *reversed(inner)], s.linear((0, "#a9b4ca"), (1, "#d3dae6")), filter=s.rough(9, "0.03"))


@picture("morning-market")
def morning_market() -> str:
    """Market street early in the day: striped awnings, vegetables, shoppers against the low sun."""
    s = Sheet("morning-market")
    s.wash(s.linear((0, "#8fa5ae"), (0.25, "#e4d3ab"), (0.45, "#fbe3a6")))
    s.glow(930, 420, 760, "#fff2c2", 1)
    hills = ridge(s, 430, 170, 320, sharp=0.6)
    s.path(under(hills, 560), s.linear((0, "#a9a48c"), (1, "#e9cf96")))
    vx, vy = 930, 500
    s.rect(0, vy + 50, s.width, 540, s.linear((0, "#f6dda2"), (0.3, "#d3ac72"), (1, "#7c5837")))
    stones = []
    for row in range(22):
        t = (row + 1) / 22
        y = lerp(vy + 66, 1080, t**1.7)
        stones.append([(-10, y), (1610, y)])
    s.strokes(stones, "#6d4c30", 2, opacity=0.28)
    s.strokes([[(vx + k * 12, vy + 66), (vx + k * 190, 1090)] for k in range(-12, 13)], "#6d4c30", 2, opacity=0.24)
    # House fronts down both sides of the street
    for side, depths in ((-1, (1.0, 0.62, 0.4, 0.27, 0.19)), (1, (1.15, 0.68, 0.43, 0.29, 0.2))):
        for n in range(len(depths) - 1, 0, -1):
            near, far_ = depths[n - 1], depths[n]
            wall = mix(("#c98d5a", "#e3d0aa", "#b7764c", "#d9c398")[n % 4], "#f3d898", n * 0.15)
            xs = [vx + side * (980 if side < 0 else 760) * d for d in (near, far_)]
            tops = [vy - (430 + 40 * (n % 3)) * d for d in (near, far_)]
            lows = [vy + 330 * d for d in (near, far_)]
            s.poly([(xs[0], lows[0]), (xs[0], tops[0]), (xs[1], tops[1]), (xs[1], lows[1])],
                   s.linear((0, mix(wall, "#3a2416", 0.35 if side < 0 else 0.5)), (1, wall), x1=0 if side < 0 else 1,
                   x2=1 if side < 0 else 0,
                            y2=0))
            s.poly([(xs[0], tops[0]), (xs[0], tops[0] + 26 * near), (xs[1], tops[1] + 26 * far_), (xs[1], tops[1])],
                "#6d3423")
            for c in (0.25, 0.55, 0.82):
                d = 1 / lerp(1 / near, 1 / far_, c)
                wx = vx + side * (980 if side < 0 else 760) * d
                w = 46 * d * 0.7
                s.poly([(wx - w, vy - 300 * d), (wx + w, vy - 296 * d), (wx + w, vy - 170 * d),
                    (wx - w, vy - 168 * d)], "#4a2f24")
                s.poly([(wx - w * 0.7, vy - 288 * d), (wx + w * 0.7, vy - 285 * d), (wx + w * 0.7, vy - 184 * d),
                    (wx - w * 0.7, vy - 183 * d)],
                       "#8fa0a0" if c < 0.8 else "#f6dc9a")
    # Far shoppers, dark against the light
    for x, y, h, pose, coat, turn in ((880, 600, 84, "walk", "#6b4a35", 1), (930, 590, 70, "stand", "#5b5148", -1),
        (968, 606, 92, "walk", "#7a3c28", -1),
                                      (1010, 640, 120, "walk", "#4a4038", -1), (840, 650, 128, "stand", "#594232", 1)):
        s.poly([(x - h * 0.1, y), (x + h * 0.1, y), (x + (x - vx) * 0.5 + h * 0.25, y + h * 1.1),
            (x + (x - vx) * 0.5 - h * 0.2, y + h * 1.1)],
               s.linear((0, "#4a2c18", 0.5), (1, "#4a2c18", 0)))
        person(s, x, y, h, pose, coat, turn=turn, robe=0.2, light="#ffe3a2", sun=1 if x < vx else -1)
    # Stalls, the farthest first
    fabrics = (("#a8442a", "#f4e6c6"), ("#d8a23d", "#f6ecd2"), ("#456073", "#efe4ca"), ("#7d8a4a", "#f2e7c8"))
    for n, d in enumerate((0.24, 0.36, 0.56)):
        _stall(s, vx, vy, -1, d, fabrics[n % 4], n)
        _stall(s, vx, vy, 1, d * 1.05, fabrics[(n + 2) % 4], n + 4)
    _stall(s, vx, vy, -1, 1.0, fabrics[0], 11)
    _stall(s, vx, vy, 1, 1.02, fabrics[1], 12)
    # Near shoppers
    for x, y, h, pose, coat, turn, hat in ((735, 800, 268, "walk", "#6d2f22", 1, None),
        (1035, 850, 318, "walk", "#33434f", -1, "#d8c08a"),
                                           (660, 775, 200, "stand", "#7d6a48", -1, None)):
        s.poly([(x - h * 0.1, y), (x + h * 0.1, y), (x + (x - vx) * 0.8 + h * 0.3, y + h * 0.95),
            (x + (x - vx) * 0.8 - h * 0.2, y + h * 0.95)],
               s.linear((0, "#3a2010", 0.6), (1, "#3a2010", 0)))
        at = person(s, x, y, h, pose, coat, turn=turn, robe=0.2, hat=hat, light="#ffdf98",
                    sun=1 if x < vx else -1)
        bx, by = at["hand"]
        s.path(f"M{num(bx - h * 0.09)},{num(by + h * 0.06)}Q{num(bx)},{num(by - h * 0.1)} "
               f"{num(bx + h * 0.09)},{num(by + h * 0.06)}", stroke="#5a3a1e",
               stroke_width=4)
        s.poly([(bx - h * 0.11, by + h * 0.06), (bx + h * 0.11, by + h * 0.06), (bx + h * 0.08, by + h * 0.17),
            (bx - h * 0.08, by + h * 0.17)],
               s.linear((0, "#c9924f"), (1, "#6e4623")))
        for k in range(6):
            s.oval(bx - h * 0.08 + k * h * 0.032, by + h * 0.05, h * 0.028, h * 0.034,
                s.rng.choice(("#7d9a45", "#c8532c", "#e8d8a8")))
    for x, y, r, dark, light in ((470, 985, 118, "#8a6a42", "#d9b77c"), (250, 1035, 96, "#7a2f2a", "#b5584a"),
        (1260, 1020, 112, "#7d8a48", "#bfc487")):
        s.oval(x, y + r * 0.42, r * 1.15, r * 0.2, "#2a160a", opacity=0.6, filter=s.blur(7))  # baskets on the pavement
        s.poly([(x - r, y - r * 0.3), (x + r, y - r * 0.3), (x + r * 0.8, y + r * 0.45), (x - r * 0.8, y + r * 0.45)],
               s.linear((0, "#7a5230"), (0.5, "#a9783f"), (1, "#e0a860"), x1=0 if x > vx else 1, x2=1 if x > vx
               else 0, y2=0))
        for k in range(1, 5):
            s.line([(x - r * (1 - 0.04 * k), y - r * 0.3 + k * r * 0.15), (x + r * (1 - 0.04 * k),
                y - r * 0.3 + k * r * 0.15)], "#4a2c16", 3, opacity=0.6)
        s.oval(x, y - r * 0.3, r, r * 0.24, "#4a2c16")
        skin = s.radial((0, light), (1, dark), cx=0.5 + (0.2 if x < vx else -0.2), cy=0.25, r=0.8)
        for _ in range(34):
            u = s.rng.uniform(-0.86, 0.86)
            s.oval(x + u * r, y - r * 0.3 - (1 - u * u) * r * s.rng.uniform(-0.08, 0.3), r * 0.15, r * 0.14, skin)
    s.glow(930, 440, 560, "#ffecb4", 0.4)
    return s.finish(tint="#27140a", vignette=0.26)


def _stall(s: Sheet, vx: float, vy: float, side: int, d: float, cloth: tuple[str, str], seed: int) -> None:
    """Market stall on one side of the street: d is its nearness (1 = at the front)."""
    depth = d * 0.66
    inner, outer = 330, 860

    def at(across: float, up: float, k: float) -> Point:
        return vx + side * across * k, vy + (330 - up) * k

    s.poly([at(inner, 0, d), at(outer, 0, d), at(outer, 0, depth), at(inner, 0, depth)], "#3a2413", opacity=0.4)
    for across, k in ((inner, depth), (outer, depth)):
        s.line([at(across, 0, k), at(across, 400, k)], "#5a3d26", 11 * k)
    if d > 0.3:  # the stallholder behind the counter
        k = lerp(depth, d, 0.25)
        p = at(lerp(inner, outer, 0.46 if side < 0 else 0.36), 0, k)
        person(s, p[0], p[1], 285 * k, "stand", ("#4a5a66", "#7a3a2a", "#6a5a3a")[seed % 3], turn=-side, robe=0.1,
               hat="#d9c08a" if seed % 2 else None, light="#ffd995", sun=-side)
    # Counter with front board, and goods in rows of crates
    s.poly([at(inner + 30, 0, d), at(outer, 0, d), at(outer, 130, d), at(inner + 30, 130, d)],
        s.linear((0, "#8a5f3a"), (1, "#4e321d")))
    s.poly([at(inner + 30, 0, d), at(inner + 30, 130, d), at(inner + 30, 130, depth), at(inner + 30, 0, depth)],
        "#b27c46")
    s.poly([at(inner + 30, 130, d), at(outer, 130, d), at(outer, 165, depth), at(inner + 30, 165, depth)], "#a9794a")
    goods = (("#a9552c", "#d98a4c"), ("#7d8a48", "#bfc487"), ("#b9a880", "#f0e4c4"), ("#7a2f2a", "#b5584a"),
        ("#b08a42", "#e6c878"), ("#55663a", "#8b9a56"))
    for c in range(6):
        a0, a1 = lerp(inner + 40, outer - 20, c / 6), lerp(inner + 40, outer - 20, (c + 0.9) / 6)
        dark, light = goods[(c + seed) % 6]
        skin = s.radial((0, light), (1, dark), cx=0.5 - 0.2 * side, cy=0.25, r=0.8)
        for row in range(5):
            k = lerp(depth, d, (row + 0.6) / 5)
            for n in range(6):
                heap = 16 * math.sin(math.pi * (n + 0.5) / 6)
                p = at(lerp(a0, a1, (n + s.rng.uniform(0.3, 0.7)) / 6), lerp(168, 142, (row + 0.6) / 5) + heap
                    + s.rng.uniform(-3, 6), k)
                r = 14 * k * s.rng.uniform(0.85, 1.25)
                s.oval(p[0], p[1], r, r * 0.92, skin)
        s.poly([at(a0, 130, d), at(a1, 130, d), at(a1, 152, d), at(a0, 152, d)],
            s.linear((0, "#d9a563"), (1, "#9a6a38")))
    # Awning: stripes sloping down to the street, scalloped edge
    front, rear = (inner - 30, 330, d * 1.02), (inner - 20, 345, depth * 0.96)
    strips = 11
    for n in range(strips):
        a0, a1 = lerp(inner - 30, outer + 60, n / strips), lerp(inner - 30, outer + 60, (n + 1) / strips)
        tone = cloth[n % 2]
        top0, top1 = at(a0, 470, depth), at(a1, 470, depth)
        low0, low1 = at(a0, front[1], front[2]), at(a1, front[1], front[2])
        s.poly([top0, top1, low1, low0], s.linear((0, mix(tone, "#ffe9ae", 0.35)), (1, mix(tone, "#4a2c1c", 0.25))))
        hem = 34 * d
        s.path(f"M{num(low0[0])},{num(low0[1])}L{num(low1[0])},{num(low1[1])}v{num(hem * 0.7)}"
               f"Q{num((low0[0] + low1[0]) / 2)},{num(low1[1] + hem * 1.5)} "
               f"{num(low0[0])},{num(low0[1] + hem * 0.7)}Z", mix(tone, "#3a2216", 0.38))
    edge = [at(inner - 30, 470, depth), at(inner - 30, front[1], front[2])]
    s.line(edge, "#ffedbc", max(1.5, 4 * d))
    s.line([at(rear[0], 345, d), at(inner - 20, 0, d)], "#6a4629", 12 * d)


# --- Sport -----------------------------------------------------------------------------------------------------


@picture("football-pitch")
def football_pitch() -> str:
    """Evening match seen from behind the goal: net, keeper, a shot on its way."""
    s = Sheet("football-pitch")
    s.wash(s.linear((0, "#66809a"), (0.2, "#b9b7a6"), (0.36, "#f0cf94"), (0.42, "#f6deab")))
    s.glow(180, 360, 700, "#ffeebc", 0.9)
    far = ridge(s, 440, 380, 330, shape=lambda t: 0.35 + 0.65 * math.sin(math.pi * (t * 0.9 + 0.12)))
    massif(s, far, 510, "#a08c78", "#dfbf8d", shade="#6c6a70", depth=0.6, snow="#fbe9c8", snow_depth=70, rock=0.4)
    hill = ridge(s, 490, 80, 460, sharp=0.3, gain=0.4)
    s.path(under(hill, 530), s.linear((0, "#8c7a4d"), (1, "#a08a52")))
    for x in range(30, 1600, 66):
        tree(s, x + s.rng.uniform(-20, 20), 512, s.rng.uniform(44, 84), "#645c2e", "#d0a64a", slim=0.34)
    g = Ground(810, 500, 1.75, 2050)
    s.rect(0, 508, s.width, 580, s.linear((0, "#bfae5c"), (0.2, "#9c9a4a"), (1, "#565c2c")))
    for k in range(12):  # mown stripes
        near, far_ = 8.2 + k * 7.0, 8.2 + k * 7.0 + 3.5
        s.poly(g.path((-70, near), (70, near), (70, far_), (-70, far_)), "#c0b660", opacity=0.22)
    lines = [[(-34, 11), (34, 11)], [(-20, 11), (-20, 27.5), (20, 27.5), (20, 11)],
        [(-9, 11), (-9, 16.5), (9, 16.5), (9, 11)],
             [(-34, 11), (-34, 110)], [(34, 11), (34, 110)], [(-34, 61), (34, 61)],
             [(9.1 * math.cos(a / 40 * math.tau), 61 + 9.1 * math.sin(a / 40 * math.tau)) for a in range(41)],
             [(9.1 * math.cos(a / 20 * math.pi) * 0.8, 27.5 + 3.6 * math.sin(a / 20 * math.pi)) for a in range(21)]]
    for points in lines:
        for a, b in pairwise(points):
            s.line(g.path(a, b), "#f4ecd0", max(1.2, 0.11 * g.scale((a[1] + b[1]) / 2) * 0.55), opacity=0.85)
    # Spectators on a low bank along the right touchline, far goal
    for _ in range(120):
        t = s.rng.random()
        x, y = g.at(37 + s.rng.uniform(0, 4), lerp(34, 108, t**0.7))
        h = g.scale(lerp(34, 108, t**0.7)) * 1.7
        s.rect(x, y - h, h * 0.34, h, s.rng.choice(("#7a2f20", "#3c4f5e", "#d8b061", "#4c4136", "#e8dcc0")),
            rx=h * 0.14)
        s.oval(x + h * 0.17, y - h * 1.08, h * 0.14, None, "#6d4a38")
    a, b = g.at(-3.66, 109), g.at(3.66, 109, 2.44)
    s.path(trace([a, (a[0], b[1]), b, (b[0], a[1])]), stroke="#f6f0dd", stroke_width=3)
    grass(s, 640, 1070, ("#c6b964", "#666a31"), 1500, short=3, tall=20)

    def cast(right: float, away: float, tall: float) -> None:
        foot, tip = g.at(right, away), g.at(right + tall * 2.6, away - tall * 0.25)
        wide = g.scale(away) * 0.14
        s.blob([(foot[0] - wide, foot[1]), (tip[0], tip[1] - wide * 0.6), (tip[0], tip[1] + wide * 0.7),
            (foot[0], foot[1] + wide)],
               "#26301a", opacity=0.5, filter=s.blur(2))

    squad = [(-1.5, 21, "kick", "#8a2f1f", 1), (3.3, 20, "run", "#e9e2cc", -1), (-5.6, 25, "run", "#8a2f1f", 1),
        (-3.2, 27, "run", "#e9e2cc", 1),
             (6.2, 33, "run", "#8a2f1f", -1), (-12, 37, "walk", "#e9e2cc", 1), (12, 44, "run", "#8a2f1f", -1),
             (-4, 46, "run", "#e9e2cc", 1),
             (0.4, 58, "stand", "#8a2f1f", 1), (-17, 55, "run", "#8a2f1f", 1), (19, 62, "walk", "#e9e2cc", -1),
             (-9, 74, "stand", "#e9e2cc", 1)]
    for right, away, pose, coat, turn in sorted(squad, key=lambda item: -item[1]):
        cast(right, away, 1.7)
        x, y = g.at(right, away)
        person(s, x, y, g.scale(away) * 1.82, pose, coat, turn=turn, legs="#33302c" if coat == "#8a2f1f" else "#2c4257",
               light="#ffe0a0")
    cast(0.9, 12.0, 1.9)
    x, y = g.at(0.9, 12.2)
    person(s, x, y, g.scale(12.2) * 1.86, "save", "#d8a23d", turn=1, legs="#2a2c30", light="#ffedc0")
    bx, by = g.at(-2.3, 13.5, 1.55)
    for k in range(5):
        px, py = g.at(lerp(-2.3, -1.5, k / 4), lerp(13.5, 20, k / 4), lerp(1.55, 0.7, k / 4))
        s.oval(px, py, 15 - 2 * k, None, "#fff7e0", opacity=0.16)
    s.oval(bx, by, 20, None, s.radial((0, "#fffdf2"), (0.6, "#efe3c4"), (1, "#8f7f62"), cx=0.34, cy=0.34, r=0.8))
    for a in (0.3, 1.7, 2.9, 4.2, 5.4):
        s.oval(bx + 12 * math.cos(a), by + 12 * math.sin(a), 4.2, None, "#3a332c")
    s.oval(bx, by, 4.6, None, "#3a332c")
    _goal(s, g)
    return s.finish(tint="#1d1a0e", vignette=0.28, grain=0.1)


def _goal(s: Sheet, g: Ground) -> None:
    """Near goal seen from behind, its net hanging between us and the pitch."""
    front, back, high, half = 11.0, 9.15, 2.44, 3.66
    roof = [[(g.at(lerp(-half, half, k / 34), front, high)), g.at(lerp(-half, half, k / 34) * 0.985, front - 0.75,
        high - 0.16)] for k in range(35)]
    drop: list[list[Point]] = []

    def net(u: float, v: float) -> Point:
        """Point on the back sheet of the net: u across, v downwards, both 0…1."""
        sag = math.sin(math.pi * u) * math.sin(math.pi * v) * 0.10
        away = lerp(front - 0.75, back, v) - sag
        return g.at(lerp(-half, half, u) * 0.985, away, lerp(high - 0.16, 0.0, v) - 0.05
            * math.sin(math.pi * u) * (1 - v))

    columns, rows = 40, 15
    drop += [[net(k / columns, v / 12) for v in range(13)] for k in range(columns + 1)]
    drop += [[net(u / 26, k / rows) for u in range(27)] for k in range(rows + 1)]
    for side in (-1, 1):  # side sheets
        for k in range(1, 7):
            t = k / 7
            drop.append([g.at(side * half, lerp(front, front - 0.75, t), lerp(high, high - 0.16, t)),
                g.at(side * half, lerp(front, back, t), 0)])
        for k in range(1, 11):
            up = high * k / 11
            drop.append([g.at(side * half, front, up), g.at(side * half, lerp(back, front - 0.75, up / high),
                up * 0.94)])
    s.strokes(drop + roof, "#3b3c2a", 2.2, opacity=0.2, transform="translate(2 2)")
    s.strokes(drop + roof, "#fbf5e2", 1.7, opacity=0.55)
    frame = [g.at(-half, front), g.at(-half, front, high), g.at(half, front, high), g.at(half, front)]
    s.line(frame, "#7a7668", 19, stroke_linejoin="miter", stroke_linecap="butt", transform="translate(3 3)")
    s.line(frame, "#fbf6e6", 17, stroke_linejoin="miter", stroke_linecap="butt")
    s.line([(x - 5, y) for x, y in frame[:2]], "#ffe2a6", 4)
    for side in (-1, 1):
        s.line([g.at(side * half, front, high), g.at(side * half, front - 0.75, high - 0.16),
            g.at(side * half, back)], "#d9d3c0", 6)
    s.line([g.at(-half, back), g.at(half, back)], "#d9d3c0", 6)
    for _ in range(90):
        x, y = g.at(s.rng.uniform(-half, half), back + s.rng.uniform(-0.2, 0.15))
        s.line([(x, y + 6), (x + s.rng.uniform(-8, 10), y - s.rng.uniform(8, 30))],
            s.rng.choice(("#6c7732", "#a3a051", "#4a5626")), 2.6)


@picture("archery-ground")
def archery_ground() -> str:
    """Archery ground upright: the butt close by with arrows in it, the archers small at the far end."""
    s = Sheet("archery-ground", 1067, 1334)
    s.wash(s.linear((0, "#7fa0b0"), (0.3, "#c3d0cb"), (0.5, "#eee6c9")))
    cloud(s, 300, 260, 620, 130, "#fbf6e8", "#b3c0c2", puffs=30, opacity=0.9)
    cloud(s, 860, 380, 460, 80, "#f8f2e2", "#b9c4c2", puffs=24, opacity=0.85)
    far = ridge(s, 600, 270, 300, shape=lambda t: 0.35 + 0.65 * t)
    massif(s, far, 690, "#95a4a6", "#d6d9c6", shade="#6f858f", depth=0.5, snow="#f7f5ea", snow_depth=70, rock=0.35)
    hill = ridge(s, 670, 190, 420, sharp=0.35, gain=0.4, shape=lambda t: 1.05 - 0.85 * t)
    massif(s, hill, 760, "#9fa06a", "#cdc692", shade="#6f774f", depth=0.5, rock=0.5)
    mist(s, 700, 36, "#eeeacb", 0.7)
    s.rect(0, 705, s.width, 640, s.linear((0, "#c6bb70"), (0.3, "#a6a151"), (1, "#59602e")))
    # Lane worn into the grass, from the archers to the butt
    s.path("M196,742L252,742C330,860 640,1080 900,1345L300,1345C330,1120 250,880 196,742Z",
        s.linear((0, "#d9c98c"), (1, "#b59d62")),
           opacity=0.75, filter=s.rough(18, "0.02"))
    for x, w, tone in ((40, 120, "#e9dcbc"), (330, 150, "#8f4630"), (520, 110, "#e9dcbc")):  # awnings
        s.poly([(x, 716), (x + w * 0.12, 668), (x + w * 0.5, 644), (x + w * 0.88, 668), (x + w, 716)],
            s.linear((0, mix(tone, "#ffffff", 0.3)), (1, tone)))
        s.poly([(x + w * 0.12, 716), (x + w * 0.12, 742), (x + w * 0.88, 742), (x + w * 0.88, 716)],
            mix(tone, "#3a3324", 0.6))
        for px in (x + 4, x + w - 4):
            s.line([(px, 714), (px, 746)], "#5a4a36", 3)
    for _ in range(34):
        x, h = s.rng.choice((s.rng.uniform(30, 170), s.rng.uniform(300, 640))), s.rng.uniform(34, 46)
        person(s, x, 758 + s.rng.uniform(-6, 10), h, s.rng.choice(("stand", "stand", "sit", "walk")),
               s.rng.choice(("#6d2f22", "#3a4d5c", "#c99a45", "#5a5240", "#e4d7b8")), turn=s.rng.choice((-1, 1)),
               robe=0.2)
    grass(s, 760, 1330, ("#d6cc85", "#6d7436", "#9aa04e"), 2300, short=3, tall=36, lean=0.2)
    for x, y, h, pose, coat in ((176, 800, 92, "draw", "#7a2f20"), (236, 812, 98, "draw", "#2f4a5f"),
        (300, 806, 94, "stand", "#c99a45"),
                                (124, 806, 92, "stand", "#4d4a38")):
        shadow(s, x, y, h * 1.1, h * 0.16, "#3a3a1c", 0.5, -4)
        at = person(s, x, y, h, pose, coat, robe=0.22, legs="#2a2622", light="#f2d79a", hat="#e8d7aa"
            if pose == "stand" else None)
        if pose == "draw":
            hx, hy = at["hand"]
            s.path(f"M{num(hx - 9)},{num(hy - h * 0.42)}Q{num(hx + 10)},{num(hy)} {num(hx - 9)},{num(hy + h * 0.42)}",
                stroke="#3a2314", stroke_width=3)
            s.strokes([[(hx - 9, hy - h * 0.42), at["other"], (hx - 9, hy + h * 0.42)]], "#f0e8d2", 1)
            s.line([at["other"], (hx + 14, hy)], "#2a1c12", 1.8)
    _butt(s, 690, 985)
    for x0, y0, x1, y1 in ((400, 868, 436, 873),):  # an arrow in flight
        s.line([(x0, y0), (x1, y1)], "#2a1c12", 2.6)
        s.line([(x0, y0), (x0 + 9, y0 + 1)], "#f1e6cc", 6)
    grass(s, 1240, 1345, ("#e0d590", "#5d6530", "#99a04e"), 900, short=34, tall=80, lean=0.2)
    return s.finish(tint="#1f2414")


def _butt(s: Sheet, x: float, y: float) -> None:
    """Straw butt on a stand, its face turned half to the left towards the archers."""
    shadow(s, x - 20, y + 262, 420, 70, "#33341a", 0.55, -5)
    for x0, y0, x1, y1 in ((x + 60, y - 60, x + 190, y + 270), (x - 90, y + 30, x - 150, y + 268),
        (x + 110, y + 40, x + 60, y + 296)):
        s.line([(x0, y0), (x1, y1)], "#4a3320", 20)
        s.line([(x0 - 5, y0), (x1 - 5, y1)], "#9a7447", 5)
    rx, ry = 178, 232
    with s.group(transform=f"rotate(4 {x} {y})"):
        s.oval(x + 58, y + 6, rx, ry, s.linear((0, "#a8843f"), (1, "#5e4420"), x2=1, y2=0))
        s.poly([(x, y - ry), (x + 58, y - ry + 6), (x + 58, y + ry + 6), (x, y + ry)], "#9a7838")
        for k in range(1, 9):
            s.hoop(x + k * 6.5, y + k * 0.7, rx, ry, "#d8b768" if k % 2 else "#6d5125", 3, 0.6)
        s.oval(x, y, rx, ry, s.linear((0, "#f2d894"), (1, "#b98f48")))
        for k in range(1, 15):
            t = k / 15
            s.hoop(x, y, rx * t, ry * t, "#8a6a32", 2, 0.45)
        for t, tone in ((0.86, "#f4ecd8"), (0.7, "#2d3b45"), (0.54, "#55808f"), (0.38, "#a23c26"), (0.2, "#e6b443")):
            s.oval(x, y, rx * t, ry * t, s.linear((0, mix(tone, "#ffffff", 0.14)), (1, mix(tone, "#2a1c10", 0.2))))
        for t in (0.78, 0.62, 0.46, 0.29, 0.1):
            s.hoop(x, y, rx * t, ry * t, "#1e1a16", 1.4, 0.4)
        s.texture(f"M{x - rx},{y}A{rx},{ry} 0 1 1 {x + rx},{y}A{rx},{ry} 0 1 1 {x - rx},{y}Z", "0.05 0.05", 0.4,
            seed=3, relief=6)
        for ax, ay, tilt in ((-10, 14, 8), (26, -34, 3), (-52, 62, 12), (70, 90, 6), (-34, -96, -4), (12, 44, 9)):
            px, py = x + ax, y + ay
            ex, ey = px - 130, py - 22 + tilt
            s.line([(px, py + 10), (ex + 20, ey + 44)], "#2a1c10", 6, opacity=0.3)
            s.line([(px, py), (ex, ey)], "#4a2f1a", 5)
            s.line([(px, py - 1.5), (ex, ey - 1.5)], "#e9cf9c", 1.6)
            for side, tone in ((-1, "#a23c26"), (1, "#f1e6cc")):
                s.poly([(ex + 2, ey), (ex - 8, ey + side * 11), (ex + 24, ey + side * 13), (ex + 38, ey + 2)], tone)


# --- Interiors and still lives ---------------------------------------------------------------------------------


@picture("reading-room")
def reading_room() -> str:
    """Reading room: shelves to the ceiling, a tall window's light across the long table, readers from behind."""
    s = Sheet("reading-room")
    s.wash(s.linear((0, "#a98b66"), (1, "#6d4f37"), x2=1, y2=0.4))
    s.poly([(0, 0), (1600, 0), (1390, 110), (330, 110)], s.linear((0, "#5a4130"), (1, "#8f7150")))
    for k in range(6):
        s.line([(lerp(0, 1600, k / 5), 0), (lerp(330, 1390, k / 5), 110)], "#46311f", 9)
    s.poly([(0, 1067), (1600, 1067), (1390, 700), (330, 700)], s.linear((0, "#8a5c38"), (1, "#5a3922")))
    for k in range(17):
        s.line([(lerp(-1500, 3100, k / 16), 1067), (lerp(330, 1390, k / 16), 700)], "#43291a", 2.4, opacity=0.6)
    _shelf(s, [(330, 110), (1390, 110), (1390, 700), (330, 700)], bays=5, rows=6)
    _shelf(s, [(1390, 110), (1640, -20), (1640, 1110), (1390, 700)], bays=2, rows=6, dim=0.35)
    # Left wall with two tall windows
    s.poly([(0, -10), (330, 110), (330, 700), (0, 1067)], s.linear((0, "#cbb691"), (1, "#a58a64"), x2=1, y2=0))
    for x0, x1 in ((26, 148), (192, 290)):
        def wall(x: float, v: float) -> Point:
            t = x / 330
            return x, lerp(lerp(-10, 110, t), lerp(1067, 700, t), v)

        s.poly([wall(x0 - 12, 0.1), wall(x1 + 10, 0.1), wall(x1 + 10, 0.74), wall(x0 - 12, 0.74)], "#5b3823")
        s.poly([wall(x0, 0.12), wall(x1, 0.12), wall(x1, 0.72), wall(x0, 0.72)],
            s.linear((0, "#fdf6de"), (0.6, "#f7e7b8"), (1, "#dfd9b2")))
        s.poly([wall(x0, 0.56), wall(lerp(x0, x1, 0.4), 0.47), wall(x1, 0.55), wall(x1, 0.72), wall(x0, 0.72)],
            "#b7b99a", opacity=0.8)
        s.line([wall((x0 + x1) / 2, 0.12), wall((x0 + x1) / 2, 0.72)], "#6d462b", 7)
        for v in (0.27, 0.42, 0.57):
            s.line([wall(x0, v), wall(x1, v)], "#6d462b", 5)
        s.poly([wall(x0 - 22, 0.74), wall(x1 + 18, 0.74), wall(x1 + 22, 0.765), wall(x0 - 26, 0.765)], "#e9dcba")
    # Light falling on the floor and through the dusty air
    for x0, x1, far in ((330, 560, 0), (640, 860, 150)):
        s.poly([(x0, 760 + far * 0.5), (x1, 742 + far * 0.5), (x1 + 360, 880 + far), (x0 + 330, 940 + far)],
            "#ffe7ae", opacity=0.42, filter=s.blur(5))
    for pts in ([(26, 120), (148, 150), (980, 800), (560, 940), (26, 600)],
        [(192, 150), (290, 160), (1130, 720), (860, 800), (192, 520)]):
        s.poly(pts, s.linear((0, "#fff3cc", 0.42), (1, "#fff3cc", 0.0), x2=1, y2=0.8), filter=s.blur(14))
    # Ladder and a reader choosing a book
    for dx in (0, 46):
        s.line([(1130 + dx, 200), (1090 + dx * 1.3, 722)], "#4b2d1a", 8)
    for k in range(9):
        t = k / 9
        s.line([(lerp(1130, 1090, t), lerp(230, 700, t)), (lerp(1176, 1150, t), lerp(230, 700, t))], "#5d3a22", 6)
    person(s, 985, 742, 262, "toss", "#32475a", robe=0.12, turn=1, legs="#231d1c", light="#f3d08a")
    # Long table with lamps, readers and books
    top = [(300, 800), (1210, 772), (1500, 900), (430, 960)]
    for px, py, ph in ((346, 830, 200), (1190, 800, 120), (1440, 900, 180), (470, 950, 150)):
        s.line([(px, py), (px, py + ph)], "#3a2314", 22)
    person(s, 520, 905, 330, "sit", "#8a3a26", turn=1, legs="#2b201c", light="#ffe0a0")
    person(s, 830, 872, 300, "sit", "#c99a45", turn=1, legs="#2b201c", light="#ffe6b0")
    s.poly(top, s.linear((0, "#d9a467"), (0.5, "#a86f3f"), (1, "#7a4a28"), x2=1, y2=0.3))
    s.poly([top[3], top[2], (1500, 926), (430, 988)], "#4f2e19")
    s.texture(trace(top, True), "0.004 0.06", 0.5, seed=5, relief=8)
    for x, y in ((640, 862), (1120, 836)):
        s.glow(x + 6, y - 70, 260, "#ffd98a", 0.55)
        s.oval(x, y, 44, 12, "#3a2516")
        s.line([(x, y), (x, y - 104), (x + 10, y - 128)], "#6a4a22", 8)
        s.path(f"M{x - 66},{y - 92}Q{x - 50},{y - 150} {x + 10},{y - 152}Q{x + 74},{y - 150} {x + 88},{y - 92}Z",
            s.linear((0, "#3f6252"), (1, "#24443a")))
        s.oval(x + 11, y - 92, 76, 9, "#fff0c0")
    for x, y, w in ((560, 900, 110), (880, 868, 100), (1010, 896, 120)):  # open books
        s.path(f"M{x},{y}q{w * 0.25},-18 {w * 0.5},0q{w * 0.25},-22 {w * 0.5},-6l14,26q-{w * 0.3},-10 "
               f"-{w * 0.5},8q-{w * 0.3},-16 -{w * 0.52},2Z", "#f8eed6")
        s.line([(x + w * 0.5, y), (x + w * 0.53, y + 26)], "#b49a72", 3)
        for k in range(3):
            s.line([(x + 14 + k * 3, y + 1 + k * 6), (x + w * 0.44, y - 1 + k * 7)], "#b8a682", 1.6)
    for k, tone in enumerate(("#7a2f20", "#3c5566", "#c99a45", "#566b4a")):
        s.poly([(1230 + k * 3, 872 - k * 18), (1356 + k * 2, 866 - k * 18), (1366 + k * 2, 882 - k * 18),
            (1238 + k * 3, 890 - k * 18)], tone)
        s.line([(1240 + k * 3, 886 - k * 18), (1362, 879 - k * 18)], "#f0e4c8", 4)
    # Reader close by, from behind, dark against the light
    s.blob([(930, 1110), (950, 960), (1010, 880), (1080, 862), (1160, 882), (1216, 962), (1236, 1110)],
        s.linear((0, "#7d5a3a"), (0.25, "#3a2a26"), (1, "#201a1c"), x2=1, y2=0))
    s.line([(1060, 872), (1062, 840)], "#6b4330", 44)
    s.oval(1072, 792, 62, 72, "#241b19")
    s.path("M1012,800Q1014,736 1062,722", stroke="#e8b878", stroke_width=5, opacity=0.8, stroke_linecap="round")
    s.path("M1124,840Q1150,900 1136,980", stroke="#241b19", stroke_width=26, stroke_linecap="round")
    for _ in range(70):  # dust in the beams
        t = s.rng.random()
        s.oval(lerp(150, 1000, t), lerp(180, 760, t) + s.rng.gauss(0, 90), s.rng.uniform(1, 2.6), None, "#fff5d6",
            opacity=0.6)
    return s.finish(tint="#1c100a", vignette=0.34, grain=0.12)


def _shelf(s: Sheet, corners: Sequence[Point], bays: int, rows: int, dim: float = 0.0) -> None:
    """Bookcase filling a quadrilateral (top left, top right, bottom right, bottom left) with rows of books."""
    a, b, c, d = corners

    def at(u: float, v: float) -> Point:
        top = lerp(a[0], b[0], u), lerp(a[1], b[1], u)
        low = lerp(d[0], c[0], u), lerp(d[1], c[1], u)
        return lerp(top[0], low[0], v), lerp(top[1], low[1], v)

    s.poly(corners, mix("#4a2e1c", "#150d0a", dim))
    tones = ("#8a2f1f", "#a84f30", "#465a66", "#c29a52", "#d3c19a", "#5e6b4e", "#6a5148", "#33404c", "#9c7448",
        "#b9a47c")
    for bay in range(bays):
        for row in range(rows):
            u0, u1 = (bay + 0.05) / bays, (bay + 0.95) / bays
            v0, v1 = (row + 0.1) / rows, (row + 0.93) / rows
            s.poly([at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)], mix("#2c1b12", "#0c0807", dim))
            u = u0 + 0.004
            while u < u1 - 0.01:
                w = s.rng.uniform(0.009, 0.02) * (5 / bays) ** 0.9
                if u + w > u1:
                    break
                if s.rng.random() < 0.05:
                    u += w * s.rng.uniform(1, 4)
                    continue
                head = lerp(v0, v1, s.rng.uniform(0.08, 0.36))
                lean = s.rng.choice((0, 0, 0, 0, 0, 0.004))
                tone = mix(mix(s.rng.choice(tones), "#3a2416", s.rng.uniform(0.15, 0.5)), "#120b09", dim)
                s.poly([at(u + lean, head), at(u + w + lean, head), at(u + w, v1), at(u, v1)], tone)
                if s.rng.random() < 0.3:
                    band = lerp(head, v1, s.rng.uniform(0.15, 0.3))
                    s.line([at(u + w * 0.15 + lean * 0.8, band), at(u + w * 0.85 + lean * 0.8, band)],
                        mix("#f0dca8", "#3a2a1a", dim + 0.2), 2)
                u += w + 0.0012
            s.line([at(u0 - 0.01, v1 + 0.012), at(u1 + 0.01, v1 + 0.012)], mix("#9a6a40", "#1c120c", dim), 8)
    for bay in range(bays + 1):
        s.line([at(bay / bays, 0), at(bay / bays, 1)], mix("#7d5232", "#1c120c", dim), 13, stroke_linecap="butt")


@picture("museum-hall")
def museum_hall() -> str:
    """Museum hall in low light: glass cases with vessels and tools, visitors as dark figures, a shining floor."""
    s = Sheet("museum-hall")
    vx, vy = 800, 455
    s.wash("#2a2f36")
    back = (520, 250, 1080, 640)
    walls = {
        "ceiling": [(-60, -30), (1660, -30), (back[2], back[1]), (back[0], back[1])],
        "left": [(-60, -30), (back[0], back[1]), (back[0], back[3]), (-60, 1100)],
        "right": [(1660, -30), (back[2], back[1]), (back[2], back[3]), (1660, 1100)],
    }
    s.poly(walls["ceiling"], s.linear((0, "#171b21"), (1, "#2d3238")))
    s.poly(walls["left"], s.linear((0, "#2c333b"), (1, "#4a4f52"), x2=1, y2=0))
    s.poly(walls["right"], s.linear((0, "#4a4f52"), (1, "#2c333b"), x2=1, y2=0))
    s.rect(back[0], back[1], back[2] - back[0], back[3] - back[1], s.linear((0, "#5d4436"), (1, "#7d5a42")))
    start = len(s.body)
    # Woven hanging on the end wall in its pool of light
    s.glow(800, 400, 330, "#ffdfa0", 0.6)
    s.rect(690, 292, 220, 262, "#2a1a14", opacity=0.5)
    for k, tone in enumerate(("#8a2f1f", "#d8a23d", "#2f4a5f", "#ecdcb8", "#8a2f1f", "#56683f", "#ecdcb8", "#b4532f",
        "#2f4a5f", "#d8a23d", "#8a2f1f")):
        s.rect(684, 284 + k * 24, 220, 23, tone)
    s.line([(672, 284), (916, 284)], "#3a2418", 8)
    s.rect(back[0], 560, back[2] - back[0], 80, "#3d2d25", opacity=0.6)
    # Wall cases left and right, receding
    for side in (-1, 1):
        for near, far_ in ((1.0, 0.78), (0.72, 0.58), (0.54, 0.45)):
            def at(up: float, k: float, d: int = side) -> Point:
                return vx + d * 760 * k, vy + up * k

            s.poly([at(-300, near), at(-300, far_), at(170, far_), at(170, near)], "#14181c")
            s.poly([at(-284, near * 0.99), at(-284, far_ * 1.01), at(156, far_ * 1.01), at(156, near * 0.99)],
                   s.linear((0, "#f6d79a"), (0.5, "#c99a62"), (1, "#7a5638")))
            for shelf in (-60, 60):
                s.line([at(shelf, near * 0.99), at(shelf, far_ * 1.01)], "#3a2a20", 5 * near)
            for n in range(3):
                k = lerp(near, far_, (n + 0.5) / 3)
                for up, kind in ((-62, n), (58, n + 1), (154, n + 2)):
                    x, y = at(up, k)
                    _vessel(s, x, y, 82 * k, (kind + (side > 0)) % 4, s.rng.choice(("#7a3a26", "#4a4038", "#a56a3c",
                        "#3d4a52", "#c9b08a")), squeeze=0.55)
            s.poly([at(-284, near), at(-284, lerp(near, far_, 0.35)), at(156, lerp(near, far_, 0.1)), at(156, near)],
                "#ffffff", opacity=0.07)
    # Free-standing cases in the hall
    for x, floor, k in ((560, 690, 0.42), (1035, 700, 0.46), (330, 850, 0.8), (1290, 880, 0.86)):
        _showcase(s, x, floor, k, s.rng.randrange(4))
    _showcase(s, 800, 800, 0.98, 1, grand=True)
    for x, y, h, pose, coat, turn in ((470, 745, 190, "stand", "#1c2228", 1),
        (1130, 740, 184, "stand", "#2a1e1c", -1), (930, 702, 134, "walk", "#22272c", -1),
                                      (660, 700, 128, "stand", "#20262b", 1)):
        person(s, x, y, h, pose, coat, turn=turn, robe=0.18, legs="#15181c", skin="#3d2c26", hair="#0f0e10",
            light="#c99a62")
    person(s, 1010, 1010, 400, "stand", "#20201f", turn=-1, robe=0.2, legs="#121417", skin="#4a342a", hair="#0f0e10",
        light="#d8a868")
    person(s, 1105, 1020, 262, "lift", "#5a261b", turn=-1, robe=0.14, legs="#15171b", skin="#4a342a", hair="#0f0e10",
        light="#d8a868")
    scene = "".join(s.body[start:])
    del s.body[start:]
    floor_ = [(-60, 1100), (1660, 1100), (back[2], back[3]), (back[0], back[3])]
    s.poly(floor_, s.linear((0, "#5a4a3e"), (0.4, "#3a3532"), (1, "#1b1d20")))
    with s.group(clip_path=s.clip(trace(floor_, True))):
        for cy, strength in ((1400, 0.36),):
            with s.group(filter=s.blur(5, 12), opacity=strength):
                s.add(f'<g transform="translate(0 {cy + 10}) scale(1 -1)">{scene}</g>')
        for k in range(-8, 9):
            s.line([(vx + k * 60, back[3]), (vx + k * 330, 1100)], "#0f1113", 2, opacity=0.5)
        for k in range(1, 8):
            y = back[3] + 440 * (k / 8) ** 1.8
            s.line([(-60, y), (1660, y)], "#0f1113", 2, opacity=0.4)
        s.glow(800, 830, 420, "#f6cf8a", 0.4, 0.3)
    for k in range(5):  # rails with spotlights
        z = lerp(1, 0.4, k / 4)
        for side in (-1, 1):
            x, y = vx + side * 330 * z, vy - 430 * z
            s.poly([(x - 8 * z, y), (x + 8 * z, y), (x + side * 150 * z + 90 * z, y + 560 * z),
                (x + side * 150 * z - 110 * z, y + 560 * z)],
                   s.linear((0, "#ffe8b4", 0.26), (1, "#ffe8b4", 0)), filter=s.blur(9))
            s.rect(x - 14 * z, y - 16 * z, 28 * z, 28 * z, "#0e1013", rx=6)
            s.glow(x, y + 10 * z, 46 * z, "#fff0c8", 0.95)
    for side in (-1, 1):
        s.line([(vx + side * 330, vy - 445), (vx + side * 125, vy - 180)], "#0e1013", 5)
    s.add(scene)
    return s.finish(tint="#05070a", vignette=0.42)


def _vessel(s: Sheet, x: float, foot: float, size: float, kind: int, tone: str, squeeze: float = 1.0) -> None:
    """Jar, bowl, ewer or urn, standing at (x, foot)."""
    w = size * squeeze
    fill = s.linear((0, mix(tone, "#ffe4b0", 0.45)), (0.4, tone), (1, mix(tone, "#0d0a09", 0.65)), x2=1, y2=0.2)
    s.oval(x + w * 0.08, foot, w * 0.42, size * 0.05, "#1a100a", opacity=0.5)
    shapes = (
        ((0.2, 0), (0.42, 0.35), (0.36, 0.7), (0.16, 0.82), (0.22, 1)),
        ((0.2, 0), (0.24, 0.08), (0.5, 0.36), (0.56, 0.46)),
        ((0.26, 0), (0.4, 0.3), (0.3, 0.56), (0.12, 0.74), (0.14, 0.95), (0.22, 1.02)),
        ((0.3, 0), (0.44, 0.22), (0.46, 0.46), (0.34, 0.6), (0.3, 0.7), (0.36, 0.76)),
    )
    profile = shapes[kind]
    right = curve([(x + w * r, foot - size * h) for r, h in profile], 6)
    left = [(2 * x - px, py) for px, py in reversed(right)]
    s.poly([*right, *left], fill)
    mouth_r, mouth_h = profile[-1]
    s.oval(x, foot - size * mouth_h, w * mouth_r, size * 0.045, mix(tone, "#0d0a09", 0.6))
    mid = profile[len(profile) // 2]
    s.path(f"M{num(x - w * mid[0])},{num(foot - size * mid[1])}Q{num(x)},{num(foot - size * mid[1] + size * 0.1)} "
           f"{num(x + w * mid[0])},{num(foot - size * mid[1])}",
           stroke=mix(tone, "#f2dfae", 0.55), stroke_width=max(1.2, size * 0.03))
    if kind == 2:
        s.path(f"M{num(x + w * 0.14)},{num(foot - size * 0.92)}Q{num(x + w * 0.62)},{num(foot - size * 0.8)} "
               f"{num(x + w * 0.38)},{num(foot - size * 0.4)}",
               stroke=mix(tone, "#0d0a09", 0.3), stroke_width=size * 0.06)


def _showcase(s: Sheet, x: float, floor: float, k: float, kind: int, grand: bool = False) -> None:
    """Free-standing glass case: plinth, lit glass box, one object."""
    w, d, plinth, high = 190 * k, 46 * k, 150 * k, 270 * k
    if grand:
        w, high = w * 1.25, high * 1.1
    s.oval(x, floor + d * 0.4, w * 0.8, d * 0.9, "#0a0b0d", opacity=0.6, filter=s.blur(6))
    s.rect(x - w / 2, floor - plinth, w, plinth, s.linear((0, "#5b5048"), (1, "#24211f"), x2=1, y2=0.5))
    top = floor - plinth
    s.glow(x, top - high * 0.5, high * 1.0, "#ffdf9c", 0.42)
    s.rect(x - w / 2, top - high, w, high, s.linear((0, "#fff0c8", 0.5), (0.6, "#e8bf7a", 0.3), (1, "#f7d898", 0.6)))
    s.poly([(x - w / 2, top), (x + w / 2, top), (x + w / 2 - d * 0.6, top - d), (x - w / 2 + d * 0.6, top - d)],
        "#f3dcae")
    tone = "#8a3a24" if grand else s.rng.choice(("#6d3a28", "#3f4c52", "#a8753f", "#56483c"))
    _vessel(s, x, top - d * 0.35, high * (0.78 if grand else 0.62), 0 if grand else kind, tone)
    s.poly([(x - w * 0.42, top - 6), (x - w * 0.12, top - high + 6), (x + w * 0.06, top - high + 6),
        (x - w * 0.24, top - 6)], "#ffffff", opacity=0.13)
    for px in (x - w / 2, x + w / 2):
        s.line([(px, top), (px, top - high)], "#e8d8b4", max(1.5, 3 * k), opacity=0.8)
    s.rect(x - w / 2 - 3, top - high - 12 * k, w + 6, 14 * k, "#17181a")
    s.rect(x - w / 2, top - high + 2 * k, w, 4 * k, "#fff6da")
    s.rect(x - w / 2 - 3, top - 4, w + 6, 8 * k, "#14110f")


@picture("woven-cloth")
def woven_cloth() -> str:
    """Striped woven cloth filling the frame, three strips sewn together, thrown into folds; a shuttle on top."""
    s = Sheet("woven-cloth")
    s.wash("#4a1f17")
    tones = ("#8a2f1f", "#6d2418", "#a84a2c", "#cc9a42", "#ddcba2", "#34495a", "#233342", "#5c6a48", "#b56f35",
        "#8a2f1f", "#43312c")
    folds = [(110, 100, 96), (400, 130, 130), (720, 105, 86), (1010, 150, 150), (1370, 115, 110)]

    def lift(x: float, y: float) -> float:
        """Height of the cloth: soft folds running downwards and leaning."""
        total = 0.0
        for cx, wide, high in folds:
            at = (x - cx - (y - 500) * 0.16 - 26 * math.sin(y / 210 + cx)) / wide
            total += high * math.exp(-at * at)
        return total

    def tone_at(x: float, y: float) -> float:
        return lift(x + 7, y) - lift(x - 7, y)

    seams = [-60, 505, 1075, 1660]
    slope = -0.14
    for panel in range(3):
        x0, x1 = seams[panel], seams[panel + 1]
        y = -320.0 + s.rng.uniform(0, 40)
        xs = [lerp(x0, x1, k / 34) for k in range(35)]
        while y < 1420:
            run = s.rng.choice((12, 14, 18, 26, 38, 56))
            color = s.rng.choice(tones)
            for _ in range(s.rng.choice((1, 1, 2, 3)) if run < 24 else 1):
                upper = [(x, y + (x - 800) * slope - lift(x, y) * 0.62) for x in xs]
                lower = [(x, y + run + (x - 800) * slope - lift(x, y + run) * 0.62 + 1) for x in xs]
                s.poly([*upper, *reversed(lower)], color)
                ribs = max(1, int(run / 12))  # the weft
                s.strokes([[(x, lerp(u[1], low[1], (n + 0.9) / ribs)) for x, u,
                    low in zip(xs, upper, lower, strict=True)] for n in range(ribs)],
                          mix(color, "#160a08", 0.5), 1.8, opacity=0.34)
                y += run
                color = s.rng.choice(tones)
    for x in seams[1:3]:  # hand-sewn seams
        line = [(x, y - lift(x, y) * 0.62) for y in range(-100, 1300, 20)]
        s.line(line, "#240f0b", 6, opacity=0.6)
        s.strokes([[(px - 9, py - 4), (px + 9, py + 4)] for px, py in line], "#e9d4a2", 3)
    # Light and shade of the folds
    with s.group(filter=s.blur(9)):
        for x in range(-60, 1660, 14):
            for y in range(-40, 1120, 40):
                slope_here = tone_at(x, y)
                if abs(slope_here) > 1.2:
                    s.rect(x, y, 15, 41, "#fff0cc" if slope_here > 0 else "#12080a",
                        opacity=round(min(0.7, abs(slope_here) / (40 if slope_here > 0 else 22)), 2))
    # Shuttle with its yarn
    with s.group(transform="rotate(-24 1090 760)"):
        s.path("M850,790Q1090,900 1330,790Q1090,860 850,790Z", "#0c0607", opacity=0.6, filter=s.blur(12),
            transform="translate(14 26)")
        s.path("M830,760Q960,690 1090,690Q1220,690 1350,760Q1220,832 1090,832Q960,832 830,760Z",
            s.linear((0, "#e6b878"), (0.45, "#b07a44"), (1, "#5e3a1e")))
        s.path("M930,760Q1010,722 1090,722Q1170,722 1250,760Q1170,798 1090,798Q1010,798 930,760Z",
            s.linear((0, "#3a2212"), (1, "#6d452a")))
        s.path("M960,760Q1020,728 1090,728Q1160,728 1220,760Q1160,794 1090,794Q1020,794 960,760Z",
            s.linear((0, "#f3e6c8"), (0.5, "#dcc69a"), (1, "#94794e")))
        s.strokes([[(975 + k * 8, 760 - 26 * math.sin(math.pi * (k + 1) / 31)),
            (970 + k * 8, 760 + 28 * math.sin(math.pi * (k + 1) / 31))] for k in range(30)],
                  "#8d744c", 2, opacity=0.7)
        s.path("M842,758Q960,702 1090,700Q1220,702 1338,758", stroke="#ffe2ae", stroke_width=4, opacity=0.8)
    s.path("M985,838C900,930 720,880 640,960C580,1030 420,980 330,1090", stroke="#0e0708", stroke_width=8,
        opacity=0.4, transform="translate(5 8)")
    s.path("M985,838C900,930 720,880 640,960C580,1030 420,980 330,1090", stroke="#f3e6c8", stroke_width=6)
    s.wash(s.linear((0, "#ffe2a8", 0.2), (0.5, "#ffe2a8", 0), (1, "#0e0608", 0.42), x2=1, y2=1))
    return s.finish(tint="#14080a", vignette=0.32, grain=0.12)


@picture("wooden-bowls")
def wooden_bowls() -> str:
    """Turned wooden bowls on a bench in window light, with shavings."""
    s = Sheet("wooden-bowls", 1200, 1200)
    s.wash(s.linear((0, "#9a8f7c"), (0.5, "#776c5f"), (1, "#3d3632"), x2=1, y2=0.5))
    s.texture(None, "0.008 0.01", 0.26, seed=12, relief=10)
    # Light of a window on the plaster wall
    for column in range(3):
        for row in range(4):
            x, y = 70 + column * 128 + row * 52, 40 + row * 112 + column * 30
            s.poly([(x, y), (x + 112, y + 26), (x + 158, y + 122), (x + 46, y + 96)], "#f9e2ac", opacity=0.6,
                filter=s.blur(5))
    table = 600
    s.rect(0, table, 1200, 600, s.linear((0, "#a87a4c"), (0.3, "#8f6238"), (1, "#4a2f1b")))
    s.texture(f"M0,{table}H1200V1200H0Z", "0.003 0.05", 0.75, seed=9, relief=12, octaves=5)
    for y in (table + 96, table + 300):
        s.line([(-10, y), (1210, y + 6)], "#2c190d", 5, opacity=0.7)
        s.line([(-10, y + 5), (1210, y + 11)], "#d8a96c", 2, opacity=0.5)
    s.poly([(0, table), (760, table), (1200, 880), (1200, 1200), (520, 1200), (0, 820)], "#ffe0a0", opacity=0.2,
        filter=s.blur(40))
    s.rect(0, table - 4, 1200, 12, "#241409", opacity=0.55, filter=s.blur(4))
    _bowl(s, 850, 770, 255, 0.62, "#7d3a22", deep="#34150c")
    for k in range(3):  # a nest of small bowls
        _bowl(s, 300, 760 - k * 54, 170 - k * 4, 0.5, ("#8f3a22", "#a8653a", "#8f3a22")[k], deep="#4a1d12",
            shade=k == 0)
    _bowl(s, 585, 985, 300, 0.58, "#b3713c", deep="#6a3a1c")
    _tipped(s, 1010, 1020)
    for x, y, r, turn in ((170, 985, 46, 0), (235, 1040, 34, 60), (120, 1080, 30, 150), (330, 1120, 40, 210),
        (840, 1135, 38, 20), (930, 1165, 26, 120), (60, 930, 24, 40)):
        _shaving(s, x, y, r, turn)
    s.wash(s.linear((0, "#ffe6b0", 0.2), (0.45, "#ffe6b0", 0), (1, "#0d0806", 0.45), x2=1, y2=0.7))
    return s.finish(tint="#120a06", vignette=0.34)


def _bowl(s: Sheet, x: float, foot: float, r: float, depth: float, wood: str, deep: str, shade: bool = True) -> None:
    """Turned bowl seen from above at a slant, lit from the left."""
    flat = 0.34
    rim = foot - r * depth
    if shade:
        s.oval(x + r * 0.45, foot + r * 0.02, r * 1.0, r * 0.22, "#140a05", opacity=0.62, filter=s.blur(14))
        s.oval(x, foot, r * 0.5, r * 0.12, "#0e0704", opacity=0.8, filter=s.blur(4))
    outer = (f"M{num(x - r)},{num(rim)}C{num(x - r * 0.98)},{num(rim + r * 0.46)} "
             f"{num(x - r * 0.6)},{num(foot - r * 0.02)} {num(x - r * 0.4)},{num(foot)}"
             f"A{num(r * 0.4)},{num(r * 0.11)} 0 0 0 {num(x + r * 0.4)},{num(foot)}"
             f"C{num(x + r * 0.6)},{num(foot - r * 0.02)} {num(x + r * 0.98)},{num(rim + r * 0.46)} "
             f"{num(x + r)},{num(rim)}Z")
    s.path(outer, s.linear((0, mix(wood, "#ffe4b0", 0.32)), (0.22, mix(wood, "#ffd694", 0.42)), (0.55, wood),
        (1, mix(wood, "#120805", 0.72)), x2=1, y2=0.12))
    with s.group(clip_path=s.clip(outer)):
        for k in range(1, 16):  # grain and turning lines follow the form
            t = k / 16
            y, w = lerp(rim, foot, t), r * math.sqrt(max(0.05, 1 - (t * 0.9) ** 2.4))
            s.path(f"M{num(x - w)},{num(y)}A{num(w)},{num(w * flat * 0.9)} 0 0 0 {num(x + w)},{num(y)}",
                stroke=mix(wood, "#1c0d06", s.rng.uniform(0.3, 0.8)),
                   stroke_width=s.rng.uniform(1, 4), opacity=s.rng.uniform(0.15, 0.5))
        for k in (0.12, 0.2):
            s.path(f"M{num(x - r)},{num(rim + r * k)}A{num(r)},{num(r * flat)} 0 0 0 {num(x + r)},{num(rim + r * k)}",
                stroke=deep, stroke_width=r * 0.022, opacity=0.8)
        s.oval(x - r * 0.52, rim + r * 0.42, r * 0.09, r * 0.2, "#fff0cc", opacity=0.4, filter=s.blur(9),
            transform=f"rotate(24 {num(x - r * 0.52)} {num(rim + r * 0.42)})")
    lip = mix(wood, "#ffe9bc", 0.5)
    s.oval(x, rim, r, r * flat, s.linear((0, lip), (0.5, mix(wood, "#ffe0a8", 0.2)), (1, mix(wood, "#1c0d06", 0.3)),
        x2=1, y2=0))
    wide, tall = num(r * 0.94), num(r * flat * 0.92)
    hollow = (f"M{num(x - r * 0.94)},{num(rim)}A{wide},{tall} 0 1 1 {num(x + r * 0.94)},{num(rim)}"
              f"A{wide},{tall} 0 1 1 {num(x - r * 0.94)},{num(rim)}Z")
    s.path(hollow, s.linear((0, mix(deep, "#0a0503", 0.55)), (0.5, mix(wood, deep, 0.6)),
        (1, mix(wood, "#ffdca0", 0.42)), x2=1, y2=0.15))
    with s.group(clip_path=s.clip(hollow)):
        for k in range(1, 12):
            t = k / 12
            s.hoop(x + r * 0.02 * (1 - t), rim + r * 0.2 * (1 - t), r * 0.94 * t, r * flat * 0.86 * t,
                mix(wood, "#1c0d06", 0.75),
                   s.rng.uniform(1, 3.4), s.rng.uniform(0.15, 0.5))
        s.oval(x - r * 0.75, rim + r * 0.02, r * 0.6, r * 0.4, "#0a0402", opacity=0.42, filter=s.blur(20))
        s.oval(x + r * 0.45, rim + r * 0.16, r * 0.3, r * 0.1, "#ffedc6", opacity=0.3, filter=s.blur(14))
    glint = s.linear((0, "#fff2d2", 0.1), (0.2, "#fff2d2", 0.9), (0.5, "#fff2d2", 0.5), (0.75, "#fff2d2", 0), x2=1,
        y2=0)
    s.path(f"M{num(x - r)},{num(rim)}A{num(r)},{num(r * flat)} 0 0 0 {num(x + r)},{num(rim)}", stroke=glint,
        stroke_width=r * 0.012 + 1)


def _tipped(s: Sheet, x: float, y: float) -> None:
    """Small bowl lying on its side, showing the turned foot."""
    r = 120
    s.oval(x + 46, y + r * 0.86, r * 1.2, 26, "#0e0704", opacity=0.7, filter=s.blur(10))
    s.oval(x, y, r, None, s.radial((0, "#cf9152"), (0.5, "#a8673a"), (1, "#4a2814"), cx=0.36, cy=0.32, r=0.75))
    for k in range(1, 13):
        s.hoop(x - 8, y - 4, r * k / 13.5, r * k / 13.5, "#3a1d0e", s.rng.uniform(1, 3), s.rng.uniform(0.2, 0.5))
    s.oval(x - 12, y - 6, r * 0.5, None, s.radial((0, "#b87a44"), (0.8, "#8f5730"), (1, "#4a2814"), cx=0.4, cy=0.36,
        r=0.7))
    s.oval(x - 14, y - 8, r * 0.38, None, s.radial((0, "#6a3c1e"), (0.7, "#9a6236"), (1, "#c98d52"), cx=0.36, cy=0.34,
        r=0.8))
    s.path(f"M{x - r * 0.9},{y - r * 0.3}A{r},{r} 0 0 1 {x + r * 0.1},{y - r * 0.98}", stroke="#ffe6b8",
        stroke_width=5, opacity=0.6, stroke_linecap="round")


def _shaving(s: Sheet, x: float, y: float, r: float, turn: float) -> None:
    """Curl of wood."""
    points = [(x + math.cos(math.radians(turn + a)) * r * (1 - a / 900), y + math.sin(math.radians(turn + a)) * r
        * 0.55 * (1 - a / 900) - a * 0.03) for a in range(0, 560, 20)]
    s.line([(px + 6, py + 8) for px, py in points], "#0e0704", r * 0.24, opacity=0.35)
    s.line(points, "#c08a50", r * 0.26)
    s.line([(px - 1, py - r * 0.05) for px, py in points], "#f3d49a", r * 0.1)


# --- Rendering -------------------------------------------------------------------------------------------------


PAGE = """<!doctype html>
<body style="margin:0">
<canvas id="sheet" style="display:block" width="{width}" height="{height}"></canvas>
<img style="display:none" onload="draw(this)" src="data:image/svg+xml;base64,{data}">
<script>
function draw(image) {{
  const brush = document.getElementById("sheet").getContext("2d", {{willReadFrequently: true}});
  brush.drawImage(image, 0, 0, {width}, {height});
  brush.getImageData(0, 0, 1, 1);
}}
</script>"""


def render(svg: str, folder: Path, slug: str) -> Path:
    """Render SVG to PNG with headless Chromium.

    The page draws the SVG on a canvas and reads a pixel back: so it is complete before the screenshot is taken,
    which it is not always when Chromium is given the SVG itself. Two screenshots that agree make sure.
    """
    source, png = folder / f"{slug}.html", folder / f"{slug}.png"
    (folder / f"{slug}.svg").write_text(svg, encoding="utf-8")
    width, height = (svg.split(f'{side}="', 1)[1].split('"', 1)[0] for side in ("width", "height"))
    data = base64.b64encode(svg.encode()).decode()
    source.write_text(PAGE.format(width=width, height=height, data=data), encoding="utf-8")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
        "--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-component-update",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}", f"--screenshot={png}",
        source.as_uri(),
    ]
    seen = b""
    for _ in range(6):
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        if png.read_bytes() == seen:
            return png
        seen = png.read_bytes()
    raise RuntimeError(f"{slug}: the renderer gives no stable picture")


def save(png: Path, target: Path) -> tuple[int, int]:
    """Convert to JPEG within the size limit; return quality and size."""
    from PIL import Image

    image = Image.open(png).convert("RGB")
    for quality in QUALITIES:
        image.save(target, quality=quality, optimize=True, progressive=True)
        if target.stat().st_size <= LIMIT:
            break
    return quality, target.stat().st_size


def main() -> int:
    """Draw the pictures named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("slugs", nargs="*", metavar="slug", help="pictures to draw; all when none is named")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder for the JPEG files")
    options = parser.parse_args()
    if unknown := set(options.slugs) - set(PICTURES):
        parser.error(f"unknown pictures: {', '.join(sorted(unknown))}")
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-pictures-") as folder:
        for slug in options.slugs or PICTURES:
            png = render(PICTURES[slug](), Path(folder), slug)
            quality, size = save(png, options.output / f"{slug}.jpg")
            print(f"{slug}: quality {quality}, {size / 1000:.0f} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
