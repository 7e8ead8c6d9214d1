"""Small brushes that write SVG: smooth outlines, shaded parts, fur, folds. Standard library only."""
import math
import os
import random
import sys


def lerp(a, b, t):
    return a + (b - a) * t


def mix(a, b, t):
    """The colour between two '#rrggbb'."""
    pairs = [(int(a[i:i + 2], 16), int(b[i:i + 2], 16)) for i in (1, 3, 5)]
    return '#' + ''.join('%02x' % round(lerp(x, y, t)) for x, y in pairs)


def num(x):
    return ('%.1f' % x).rstrip('0').rstrip('.') if '.' in '%.1f' % x else '%.1f' % x


def mirror(points, axis):
    """The same outline on the other side of the vertical line x = axis."""
    return [(2 * axis - p[0],) + tuple(p[1:]) for p in points]


def symmetric(half, axis):
    """An outline from its right half, which runs from the top of the axis to its bottom."""
    inner = [p for p in half if abs(p[0] - axis) > 0.5]
    return list(half) + mirror(inner[::-1], axis)


def segments(points, closed=True, tension=0.18):
    """Bezier segments of a Catmull-Rom curve; a third entry in a point makes it a corner."""
    n = len(points)

    def tangent(i):
        if len(points[i]) > 2 or (not closed and i in (0, n - 1)):
            return 0, 0
        a, b = points[(i - 1) % n], points[(i + 1) % n]
        return (b[0] - a[0]) * tension, (b[1] - a[1]) * tension

    result = []
    for i in range(n if closed else n - 1):
        p, q = points[i], points[(i + 1) % n]
        t, u = tangent(i), tangent((i + 1) % n)
        result.append((p[:2], (p[0] + t[0], p[1] + t[1]), (q[0] - u[0], q[1] - u[1]), q[:2]))
    return result


def curve(points, closed=True):
    """Path data of a smooth line through the points."""
    parts = ['M%s,%s' % (num(points[0][0]), num(points[0][1]))]
    for _, a, b, q in segments(points, closed):
        parts.append('C' + ' '.join('%s,%s' % (num(x), num(y)) for x, y in (a, b, q)))
    return ''.join(parts) + ('Z' if closed else '')


def polygon(points):
    return 'M' + 'L'.join('%s,%s' % (num(p[0]), num(p[1])) for p in points) + 'Z'


def flatten(points, closed=True, steps=6):
    """The curve as a chain of points."""
    chain = []
    for p, a, b, q in segments(points, closed):
        for k in range(steps):
            t = k / steps
            w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3)
            chain.append(tuple(sum(c * v[j] for c, v in zip(w, (p, a, b, q))) for j in (0, 1)))
    if not closed:
        chain.append(points[-1][:2])
    return chain


def inside(x, y, chain):
    hit = False
    for (ax, ay), (bx, by) in zip(chain, chain[1:] + chain[:1]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            hit = not hit
    return hit


def limb(spine):
    """The outline around a chain of (x, y, half width)."""
    left, right = [], []
    for i, (x, y, r) in enumerate(spine):
        a, b = spine[max(0, i - 1)], spine[min(len(spine) - 1, i + 1)]
        length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1
        nx, ny = -(b[1] - a[1]) / length, (b[0] - a[0]) / length
        left.append((x + nx * r, y + ny * r))
        right.append((x - nx * r, y - ny * r))
    return left + right[::-1]


def cloth(p, points, fill, weave, dark, light, *inner, depth=14, **more):
    """A shaded part with a woven pattern under its details."""
    d = curve(points)
    p.part(d, fill, dark, light, '<path d="%s" fill="%s"/>' % (d, weave), *inner, depth=depth, **more)


def enlarged(p, start, share, x, y, right=0):
    """Scales what was painted since `start` about a point and moves it to the right."""
    items = p.body[start:]
    del p.body[start:]
    p.add('<g transform="translate(%g %g) scale(%g) translate(%g %g)">' % (x + right, y, share, -x, -y), *items, '</g>')


class Painting:
    """Collects SVG. Light falls from the upper left unless a brush is told otherwise."""

    def __init__(self, width, height, seed=1):
        self.size = (width, height)
        self.box = (0, 0, width, height)
        self.random = random.Random(seed)
        self.defs, self.body, self.names = [], [], {}
        for blur in (1, 2, 3, 5, 8, 12, 20, 40):
            self.defs.append('<filter id="b%d" x="-40%%" y="-40%%" width="180%%" height="180%%">'
                             '<feGaussianBlur stdDeviation="%d"/></filter>' % (blur, blur))

    def add(self, *items):
        self.body.extend(items)

    def define(self, prefix, text):
        """Adds a definition once and returns its name."""
        key = (prefix, text)
        if key not in self.names:
            self.names[key] = '%s%d' % (prefix, len(self.names))
            self.defs.append(text.replace('@', self.names[key]))
        return self.names[key]

    def stops(self, colours):
        items = []
        for i, c in enumerate(colours):
            at, colour, opacity = i / max(1, len(colours) - 1), c, 1
            if isinstance(c, tuple):
                at, colour, opacity = (c + (1,))[:3]
            alpha = '' if opacity == 1 else ' stop-opacity="%g"' % opacity
            items.append('<stop offset="%g" stop-color="%s"%s/>' % (at, colour, alpha))
        return ''.join(items)

    def linear(self, x1, y1, x2, y2, *colours):
        return 'url(#%s)' % self.define('g', '<linearGradient id="@" gradientUnits="userSpaceOnUse" x1="%g" y1="%g" '
                                        'x2="%g" y2="%g">%s</linearGradient>' % (x1, y1, x2, y2, self.stops(colours)))

    def radial(self, x, y, r, *colours):
        return 'url(#%s)' % self.define('g', '<radialGradient id="@" gradientUnits="userSpaceOnUse" cx="%g" cy="%g" '
                                        'r="%g">%s</radialGradient>' % (x, y, r, self.stops(colours)))

    def soft(self, colour, strength):
        """Fades from the middle of whatever it fills to its rim."""
        return 'url(#%s)' % self.define('s', '<radialGradient id="@">%s</radialGradient>' % self.stops(
            [(0, colour, strength), (0.4, colour, strength * 0.7), (1, colour, 0)]))

    def pattern(self, width, height, content, transform=''):
        extra = ' patternTransform="%s"' % transform if transform else ''
        return 'url(#%s)' % self.define('p', '<pattern id="@" patternUnits="userSpaceOnUse" width="%g" height="%g"%s>'
                                        '%s</pattern>' % (width, height, extra, content))

    def emerging(self, start, end, across=False):
        """A mask that hides what lies before `start` and shows what lies past `end`: rows, or columns."""
        ends = (start, 0, end, 0) if across else (0, start, 0, end)
        fill = self.linear(*ends, '#000000', '#ffffff')
        return self.define('m', '<mask id="@" maskUnits="userSpaceOnUse" x="-999" y="-999" width="3998" height="3998">'
                           '<rect x="-999" y="-999" width="3998" height="3998" fill="%s"/></mask>' % fill)

    def clip(self, d):
        return self.define('c', '<clipPath id="@"><path d="%s"/></clipPath>' % d)

    def clipped(self, d, *items):
        return '<g clip-path="url(#%s)">%s</g>' % (self.clip(d), ''.join(items))

    def edge(self, d, dx, dy, colour, opacity, blur):
        """What of a shape its own copy, moved by (dx, dy), leaves bare: shade on the side the copy left."""
        return ('<path d="M-999,-999H2999V2999H-999Z%s" transform="translate(%g %g)" fill-rule="evenodd" fill="%s" '
                'opacity="%g" filter="url(#b%d)"/>' % (d, dx, dy, colour, opacity, blur))

    def part(self, d, fill, dark, light, *inner, depth=12, line=None, width=2.2, rim=0.55, blur=8, shade=0.75):
        """One shaded piece: fill, details, shadow at the lower right, light at the upper left, rim, outline."""
        items = ['<path d="%s" fill="%s"/>' % (d, fill)]
        items.append(self.clipped(
            d, *inner, self.edge(d, -depth, -depth * 0.8, dark, shade, blur),
            self.edge(d, depth * 0.5, depth * 0.5, light, 0.5, 5 if blur > 5 else 3),
            self.edge(d, -2.5, 1.5, light, rim, 1)))
        items.append('<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linejoin="round"/>'
                     % (d, line or mix(dark, '#1a0d12', 0.45), width))
        self.add(''.join(items))

    def fur(self, points, count, length, angle, colours, width=2.6, opacity=0.75, smooth=True):
        """Tapered hairs inside an outline; angle(x, y) in degrees, 0 = right, 90 = down."""
        chain = flatten(points) if smooth else [p[:2] for p in points]
        xs, ys = [p[0] for p in chain], [p[1] for p in chain]
        strokes = {c: [] for c in colours}
        made = 0
        for _ in range(count * 6):
            if made == count:
                break
            x, y = self.random.uniform(min(xs), max(xs)), self.random.uniform(min(ys), max(ys))
            if not inside(x, y, chain):
                continue
            made += 1
            strokes[self.random.choice(colours)].append(
                self.hair(x, y, angle(x, y) + self.random.gauss(0, 13), length * self.random.uniform(0.6, 1.3), width))
        return ''.join('<path d="%s" fill="%s" opacity="%g"/>' % (''.join(s), c, opacity)
                       for c, s in strokes.items() if s)

    def hair(self, x, y, degrees, length, width):
        a = math.radians(degrees)
        bend = self.random.uniform(-0.25, 0.25) * length
        ex, ey = math.cos(a) * length, math.sin(a) * length
        nx, ny = -math.sin(a), math.cos(a)
        mx, my = ex * 0.5 + nx * bend, ey * 0.5 + ny * bend
        w = width * 0.5
        return 'M%s,%sq%s,%s %s,%sq%s,%s %s,%sz' % tuple(num(v) for v in (
            x + nx * w, y + ny * w, mx, my, ex - nx * w, ey - ny * w,
            -ex + mx - nx * w, -ey + my - ny * w, -ex - nx * w, -ey - ny * w))

    def tufts(self, points, every, length, lean, fill, width=7, closed=False):
        """Locks that break an outline: along the curve, pointing out to its left, leaning forward."""
        chain = flatten(points, closed, 12)
        strokes, walked = [], 0
        for (ax, ay), (bx, by) in zip(chain, chain[1:]):
            walked += math.hypot(bx - ax, by - ay)
            if walked < every:
                continue
            walked = 0
            out = math.degrees(math.atan2(by - ay, bx - ax)) - 90 + lean + self.random.gauss(0, 8)
            strokes.append(self.hair(ax, ay, out, length * self.random.uniform(0.7, 1.3), width))
        return '<path d="%s" fill="%s"/>' % (''.join(strokes), fill)

    def stroke(self, points, colour, width, opacity=1, closed=False, dash='', cap='round', blur=0):
        return ('<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linecap="%s" stroke-linejoin="round"%s%s'
                '%s/>' % (curve(points, closed), colour, width, cap, ' opacity="%g"' % opacity if opacity != 1 else '',
                          ' stroke-dasharray="%s"' % dash if dash else '',
                          ' filter="url(#b%d)"' % blur if blur else ''))

    def fold(self, points, dark, light, width=5):
        """A crease in cloth: a soft dark line with a lit lip."""
        lit = [(p[0] - width * 0.6, p[1] - width * 0.5) for p in points]
        return (self.stroke(points, dark, width, 0.5, blur=2) + self.stroke(points, dark, width * 0.3, 0.65)
                + self.stroke(lit, light, width * 0.5, 0.4, blur=1))

    def shape(self, points, fill, opacity=1, blur=0, smooth=True, extra=''):
        return '<path d="%s" fill="%s"%s%s %s/>' % (
            curve(points) if smooth else polygon(points), fill, ' opacity="%g"' % opacity if opacity != 1 else '',
            ' filter="url(#b%d)"' % blur if blur else '', extra)

    def ellipse(self, x, y, rx, ry, fill, opacity=1, blur=0, extra=''):
        return '<ellipse cx="%s" cy="%s" rx="%s" ry="%s" fill="%s"%s%s %s/>' % (
            num(x), num(y), num(rx), num(ry), fill, ' opacity="%g"' % opacity if opacity != 1 else '',
            ' filter="url(#b%d)"' % blur if blur else '', extra)

    def button(self, x, y, r, colour='#d9a441'):
        dark, light = mix(colour, '#1b0f08', 0.6), mix(colour, '#ffffff', 0.7)
        return (self.ellipse(x + 1.5, y + 2, r, r, '#000000', 0.45, 1)
                + self.ellipse(x, y, r, r, self.radial(x - r * 0.4, y - r * 0.5, r * 1.6, light, colour, dark),
                               extra='stroke="%s" stroke-width="1.2"' % dark)
                + self.ellipse(x, y, r * 0.6, r * 0.6, 'none', extra='stroke="%s" stroke-width="1"' % dark)
                + ''.join(self.ellipse(x + a * r * 0.25, y + b * r * 0.25, r * 0.12, r * 0.12, dark)
                          for a in (-1, 1) for b in (-1, 1)))

    def star(self, x, y, r, points=5, inner=0.42, turn=-90):
        chain = []
        for i in range(points * 2):
            a, d = math.radians(turn + i * 180 / points), r if i % 2 == 0 else r * inner
            chain.append((x + math.cos(a) * d, y + math.sin(a) * d))
        return chain

    def svg(self):
        x, y, w, h = self.box
        return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="%g %g %g %g" width="%g" height="%g">\n<defs>\n%s\n'
                '</defs>\n%s\n</svg>\n' % (x, y, w, h, *self.size, '\n'.join(self.defs), '\n'.join(self.body)))

    def write(self, name):
        """Writes NAME.svg into the folder that the command line names."""
        folder = sys.argv[1] if len(sys.argv) > 1 else '.'
        with open(os.path.join(folder, name + '.svg'), 'w', encoding='utf-8') as file:
            file.write(self.svg())
