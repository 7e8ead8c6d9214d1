"""An evening village street that runs down to the sea. Horizon at 45 % of the height."""
import math

from paint import Painting, mix

WIDTH, HEIGHT, HORIZON = 1600, 900, 405
FOCAL, EYE, HALF_STREET = 950, 1.6, 7.0
QUAY = 27.0


def place(x, y, z):
    """The picture of a point in the street, metres: x right of the middle, y over the ground, z ahead."""
    return 800 + FOCAL * x / z, HORIZON - FOCAL * (y - EYE) / z


def quad(p, corners, fill, opacity=1, extra=''):
    return p.shape([place(*c) for c in corners], fill, opacity, 0, False, extra)


class Wall:
    """The street side of a house, painted in metres along the street and up."""

    def __init__(self, p, side, near, far, paint, stone):
        self.p, self.side, self.near, self.far = p, side, near, far
        self.paint, self.stone = paint, stone
        self.dusk = min(1, (near + far) / 2 / 34)

    def tone(self, colour, light=0.0):
        """Colour at the distance and side: the left row stands in shade, the right one catches the sunset."""
        shaded = mix(colour, '#4a3a6e', 0.40) if self.side < 0 else mix(colour, '#ff9a5a', 0.24)
        shaded = mix(shaded, '#ffffff' if light > 0 else '#150c22', abs(light))
        return mix(shaded, '#e0916f', 0.42 * self.dusk)

    def at(self, u, v, out=0.0):
        return place(self.side * (HALF_STREET - out), v, self.near + u)

    def face(self, u0, v0, u1, v1, fill, out=0.0, opacity=1, extra=''):
        corners = [self.at(u0, v0, out), self.at(u1, v0, out), self.at(u1, v1, out), self.at(u0, v1, out)]
        return self.p.shape(corners, fill, opacity, 0, False, extra)

    def box(self, u0, v0, u1, v1, depth, colour):
        """A block that stands out of the wall."""
        top = [self.at(u0, v1), self.at(u1, v1), self.at(u1, v1, depth), self.at(u0, v1, depth)]
        near = [self.at(u0, v0), self.at(u0, v1), self.at(u0, v1, depth), self.at(u0, v0, depth)]
        under = [self.at(u0, v0), self.at(u1, v0), self.at(u1, v0, depth), self.at(u0, v0, depth)]
        return (self.p.shape(under, self.tone(colour, -0.6), smooth=False) + self.p.shape(top, self.tone(colour, 0.25), smooth=False)
                + self.face(u0, v0, u1, v1, self.tone(colour), depth) + self.p.shape(near, self.tone(colour, -0.35), smooth=False))

    def plaster(self, height):
        p, length = self.p, self.far - self.near
        low, high = self.at(length / 2, 0), self.at(length / 2, height)
        p.add(self.face(0, 0, length, height, p.linear(0, high[1], 0, low[1], self.tone(self.paint, 0.12), self.tone(self.paint),
                                                        self.tone(self.paint, -0.38))))
        marks = {}
        for _ in range(int(length * height * 7)):
            u, v = p.random.uniform(0, length), p.random.uniform(0.6, height)
            w, h = p.random.uniform(0.05, 0.42), p.random.uniform(0.02, 0.09)
            tone = self.tone(self.paint, p.random.choice((-0.22, -0.12, 0.16, 0.28)))
            a, b, c = self.at(u, v), self.at(min(length, u + w), v + p.random.uniform(-0.05, 0.05)), self.at(min(length, u + w * 0.7), v + h)
            marks.setdefault(tone, []).append('M%.1f,%.1fL%.1f,%.1fL%.1f,%.1fZ' % (*a, *b, *c))
        p.add(*('<path d="%s" fill="%s" opacity=".5"/>' % (''.join(m), t) for t, m in marks.items()))
        self.bricks(0, 0, length, 0.9)
        for _ in range(4):
            u, v = p.random.uniform(0, max(0.2, length - 1.4)), p.random.uniform(1.2, height - 1)
            self.bricks(u, v, u + p.random.uniform(0.5, 1.2), v + p.random.uniform(0.3, 0.8), ragged=True)

    def bricks(self, u0, v0, u1, v1, ragged=False):
        p, rows = self.p, max(1, round((v1 - v0) / 0.18))
        items = []
        for r in range(rows):
            u = u0 - 0.2 * (r % 2) + (p.random.uniform(0, 0.25) if ragged else 0)
            end = u1 - (p.random.uniform(0, 0.25) if ragged else 0)
            while u < end:
                w = p.random.uniform(0.3, 0.5)
                a, b = max(u0, u) + 0.015, min(end, u + w) - 0.015
                if b > a + 0.04:
                    items.append(self.face(a, v0 + r * 0.18 + 0.015, b, v0 + r * 0.18 + 0.165,
                                           self.tone(p.random.choice(self.stone), p.random.uniform(-0.25, 0.18))))
                u += w
        if not ragged:
            p.add(self.face(u0, v0, u1, v1, self.tone('#4a4048', -0.3)))
        p.add(*items)

    def window(self, u, v, w, h, shutter, lit):
        p = self.p
        p.add(self.face(u - 0.12, v - 0.12, u + w + 0.12, v + h + 0.14, self.tone('#efe0c4')),
              self.face(u, v, u + w, v + h, self.tone('#1f2438', -0.3)))
        a, b = self.at(u, v + h), self.at(u, v)
        glass = p.linear(0, a[1], 0, b[1], '#ffe9a0', '#ffb43f', '#d9661a') if lit else p.linear(0, a[1], 0, b[1], '#3d5078', '#6e6f96', '#c98d86')
        p.add(self.face(u + 0.05, v + 0.05, u + w - 0.05, v + h - 0.05, glass))
        if lit:
            p.add(self.face(u + 0.05, v + 0.05, u + w * 0.26, v + h - 0.05, '#b8501f', 0, 0.7), self.face(u + w * 0.74, v + 0.05, u + w - 0.05, v + h - 0.05, '#b8501f', 0, 0.7))
            cx, cy = self.at(u + w / 2, v + h / 2)
            r = FOCAL / (self.near + u) * 1.3
            p.add(p.ellipse(cx, cy, r, r, p.radial(cx, cy, r, (0, '#ffc65a', 0.5), (1, '#ff9a3a', 0))))
        frame = self.tone('#f6ead2')
        p.add(self.face(u + w / 2 - 0.03, v, u + w / 2 + 0.03, v + h, frame), self.face(u, v + h * 0.36, u + w, v + h * 0.36 + 0.05, frame),
              self.face(u, v + h * 0.68, u + w, v + h * 0.68 + 0.05, frame))
        p.add(self.box(u - 0.2, v - 0.22, u + w + 0.2, v - 0.1, 0.16, '#d8c3a0'))
        if shutter:
            for s in (u - 0.12 - w * 0.5, u + w + 0.12):
                p.add(self.face(s, v - 0.03, s + w * 0.5, v + h + 0.05, self.tone(shutter), 0.05),
                      *(self.face(s + 0.05, v + 0.06 + i * h / 9, s + w * 0.5 - 0.05, v + 0.06 + (i + 0.45) * h / 9, self.tone(shutter, -0.4 if i % 2 else 0.2), 0.05) for i in range(9)))

    def flowers(self, u, v, w):
        p = self.p
        p.add(self.box(u, v - 0.26, u + w, v, 0.3, '#7a4a2c'))
        for _ in range(46):
            x, y = self.at(u + p.random.uniform(-0.05, w), v + p.random.gauss(0.05, 0.13), p.random.uniform(0.1, 0.34))
            r = FOCAL / (self.near + u) * p.random.uniform(0.035, 0.075)
            p.add(p.ellipse(x, y, r, r * 0.85, self.tone(p.random.choice(('#3f7a3a', '#5b9a44', '#2c5a30', '#e8476a', '#ff8fb0', '#ffd45a', '#f5f0e6', '#d93a3a')))))

    def door(self, u, w, colour, lit):
        p = self.p
        p.add(self.face(u - 0.18, 0, u + w + 0.18, 2.5, self.tone('#cdb795')), self.face(u, 0, u + w, 2.3, self.tone(colour)))
        for i in range(5):
            p.add(self.face(u + i * w / 5 + 0.01, 0, u + i * w / 5 + 0.05, 2.3, self.tone(colour, -0.4)))
        p.add(self.face(u + 0.15, 1.5, u + w - 0.15, 2.1, '#ffce6a' if lit else self.tone('#2a2f48')), self.face(u + w / 2 - 0.03, 1.5, u + w / 2 + 0.03, 2.1, self.tone(colour, -0.2)),
              self.box(u - 0.25, 0, u + w + 0.25, 0.16, 0.5, '#a39a96'), self.face(u + 0.1, 0.5, u + w - 0.1, 0.58, self.tone('#2a2020')), self.face(u + 0.1, 1.25, u + w - 0.1, 1.33, self.tone('#2a2020')))
        x, y = self.at(u + w * 0.15, 1.1)
        p.add(p.ellipse(x, y, FOCAL / self.near * 0.035, FOCAL / self.near * 0.035, '#f0c860'))

    def timber(self, height):
        length = self.far - self.near
        colour = '#54341f'
        beams = [(0, 3.05, length, 3.3), (0, height - 0.25, length, height)] + [(u, 3.3, u + 0.2, height) for u in (0, length / 3, 2 * length / 3, length - 0.2)]
        for b in beams:
            self.p.add(self.face(*b, self.tone(colour), 0.06), self.face(b[0], b[3] - 0.05, b[2], b[3], self.tone(colour, 0.3), 0.06))
        for u in (0.2, 2 * length / 3):
            corners = [self.at(u, 3.3, 0.06), self.at(u + 0.2, 3.3, 0.06), self.at(u + length / 3, height - 0.3, 0.06), self.at(u + length / 3 - 0.2, height - 0.3, 0.06)]
            self.p.add(self.p.shape(corners, self.tone(colour, -0.1), smooth=False))

    def sign(self, u, v, colour, mark):
        p, s = self.p, self.side
        z, x0, x1 = self.near + u, s * (HALF_STREET - 0.1), s * (HALF_STREET - 1.25)
        k = FOCAL / z
        a, b = place(x0, v + 0.62, z), place(x1, v + 0.62, z)
        left, right, top = min(a[0], b[0]), max(a[0], b[0]), a[1]
        p.add(p.stroke([(left, top), (right, top)], '#1c1418', k * 0.05), p.stroke([(left if s < 0 else right, top - k * 0.4), ((left + right) / 2, top)], '#1c1418', k * 0.03))
        cx, cy, r = (left + right) / 2 - s * k * 0.08, top + k * 0.5, k * 0.42
        p.add(p.ellipse(cx, cy, r, r, '#20151a'), p.ellipse(cx, cy, r * 0.92, r * 0.92, p.radial(cx - r * 0.4, cy - r * 0.4, r * 1.6, mix(colour, '#ffffff', 0.3), colour, mix(colour, '#000000', 0.4))),
              p.ellipse(cx, cy, r * 0.78, r * 0.78, 'none', extra='stroke="#f2d38a" stroke-width="%g"' % (r * 0.06)))
        if mark == 'fish':
            p.add(p.shape([(cx - r * 0.5, cy), (cx, cy - r * 0.28), (cx + r * 0.35, cy), (cx, cy + r * 0.28)], '#f7e6b8'), p.shape([(cx + r * 0.25, cy), (cx + r * 0.6, cy - r * 0.25), (cx + r * 0.6, cy + r * 0.25)], '#f7e6b8', smooth=False), p.ellipse(cx - r * 0.25, cy - r * 0.05, r * 0.05, r * 0.05, '#20151a'))
        elif mark == 'star':
            p.add(p.shape(p.star(cx, cy, r * 0.62, 8, 0.45), '#f7e6b8', smooth=False), p.ellipse(cx, cy, r * 0.15, r * 0.15, colour))
        else:
            p.add(p.shape([(cx - r * 0.4, cy - r * 0.2), (cx + r * 0.25, cy - r * 0.2), (cx + r * 0.2, cy + r * 0.35), (cx - r * 0.35, cy + r * 0.35)], '#f7e6b8', smooth=False), p.ellipse(cx + r * 0.32, cy + r * 0.05, r * 0.16, r * 0.18, 'none', extra='stroke="#f7e6b8" stroke-width="%g"' % (r * 0.08)))


def roof(wall, height, colour):
    """The slope over the eaves, tiled, and the gable that looks at the viewer."""
    p, s, length = wall.p, wall.side, wall.far - wall.near
    rise, back = 2.1, 3.2
    ridge = lambda u, t: place(s * (HALF_STREET - 0.45 + (back + 0.45) * t), height - 0.25 + rise * t, wall.near + u)
    p.add(p.shape([place(s * HALF_STREET, 0, wall.near), place(s * HALF_STREET, height, wall.near), ridge(0, 1), place(s * (HALF_STREET + 2 * back), height, wall.near),
                   place(s * (HALF_STREET + 2 * back), 0, wall.near)], wall.tone(wall.paint, -0.2 if s > 0 else -0.42), smooth=False))
    p.add(p.shape([ridge(-0.2, 0), ridge(length + 0.1, 0), ridge(length + 0.1, 1), ridge(-0.2, 1)], wall.tone(colour, -0.35), smooth=False))
    rows, columns = 9, max(4, int(length / 0.42))
    for r in range(rows):
        for c in range(columns):
            u0, u1 = (c + 0.5 * (r % 2)) * length / columns - 0.2, (c + 0.92 + 0.5 * (r % 2)) * length / columns - 0.2
            t0, t1 = r / rows, (r + 1.25) / rows
            p.add(p.shape([ridge(u0, t0), ridge(u1, t0), ridge(u1, min(1, t1)), ridge(u0, min(1, t1))], wall.tone(colour, p.random.uniform(-0.3, 0.22)), 0.9, 0, False))
    p.add(p.shape([ridge(-0.2, 0), ridge(length + 0.1, 0), wall.at(length, height - 0.5), wall.at(0, height - 0.5)], wall.tone('#2c1c22', -0.2), 0.75, 0, False))


def chimney(wall, height, u):
    p, s = wall.p, wall.side
    x0, x1, z = s * (HALF_STREET + 1.6), s * (HALF_STREET + 2.5), wall.near + u
    front = [place(x0, height + 1.0, z), place(x1, height + 1.0, z), place(x1, height + 3.3, z), place(x0, height + 3.3, z)]
    p.add(p.shape(front, wall.tone('#8a5a4c', -0.2), smooth=False))
    for r in range(10):
        for c in range(3):
            xa, xb = x0 + (x1 - x0) * (c + 0.06) / 3, x0 + (x1 - x0) * (c + 0.94) / 3
            ya = height + 1.02 + r * 0.23
            p.add(p.shape([place(xa, ya, z), place(xb, ya, z), place(xb, ya + 0.19, z), place(xa, ya + 0.19, z)], wall.tone(p.random.choice(wall.stone), p.random.uniform(-0.3, 0.2)), smooth=False))
    top = place((x0 + x1) / 2, height + 3.4, z)
    k = FOCAL / z
    for i in range(7):
        p.add(p.ellipse(top[0] + i * k * 0.16 + math.sin(i) * k * 0.1, top[1] - i * k * 0.38, k * (0.2 + 0.1 * i), k * (0.16 + 0.08 * i), '#f3cdb8', 0.22 - 0.025 * i, 5))


def sky(p):
    p.add('<rect width="1600" height="%d" fill="%s"/>' % (HORIZON + 4, p.linear(0, 0, 0, HORIZON, '#2d3f7e', '#5a5aa0', '#a5709f', '#e88d7c', (0.88, '#ffb865'), '#ffe0a0')))
    p.add(p.ellipse(880, HORIZON, 400, 400, p.radial(880, HORIZON, 400, (0, '#fff2bd', 0.95), (0.35, '#ffd07a', 0.5), (1, '#ff9a5a', 0)), extra='transform="translate(-880 0) scale(2 1)"'))
    for _ in range(70):
        x, y = p.random.uniform(250, 1350), p.random.uniform(5, 170)
        p.add(p.ellipse(x, y, *[p.random.uniform(0.6, 1.6)] * 2, '#ffffff', p.random.uniform(0.25, 0.85)))
    for _ in range(46):
        y = 30 + 330 * p.random.random() ** 0.8
        x, far = p.random.uniform(150, 1450), y / HORIZON
        for k in range(9):
            w, h = p.random.uniform(30, 110) * (1.15 - 0.6 * far), p.random.uniform(5, 20) * (1.2 - 0.85 * far)
            cx, cy = x + p.random.gauss(0, 80) * (1.2 - 0.5 * far), y + p.random.gauss(0, 8) * (1.2 - far)
            p.add(p.ellipse(cx, cy + h * 0.5, w, h, mix('#4a3f80', '#d0666a', far), 0.2, 5), p.ellipse(cx + 3, cy - h * 0.25, w * 0.85, h * 0.5, mix('#e89aa0', '#ffdc96', far), 0.34, 3))
    p.add(p.ellipse(880, HORIZON - 26, 37, 37, p.radial(880, HORIZON - 26, 37, '#fffde8', '#ffefb0', '#ffd070')))


def birds(p):
    for x, y, r in ((690, 150, 17), (735, 128, 13), (764, 166, 11), (640, 196, 9), (1000, 210, 12), (1040, 190, 9), (930, 120, 10)):
        p.add(p.stroke([(x - r, y - r * 0.35), (x - r * 0.45, y - r * 0.5), (x, y)], '#2a2148', 2.4), p.stroke([(x, y), (x + r * 0.45, y - r * 0.55), (x + r, y - r * 0.25)], '#2a2148', 2.4))


def headland(p):
    far = [(440, 405), (470, 372), (520, 352), (580, 346), (640, 366), (700, 388), (770, 405)]
    p.add(p.shape(far, p.linear(0, 340, 0, 405, '#7d5f94', '#c98188'), smooth=True))
    near = [(1010, 405), (1050, 386), (1090, 360), (1140, 338), (1200, 330), (1260, 340), (1300, 405)]
    p.add(p.shape(near, p.linear(0, 330, 0, 405, '#6b4a7e', '#a56678')))
    for _ in range(120):
        x = p.random.uniform(1040, 1240)
        y = p.random.uniform(352 + abs(x - 1180) * 0.16, 400)
        p.add(p.ellipse(x, y, p.random.uniform(3, 11), p.random.uniform(2, 5), p.random.choice(('#543a6c', '#84587e', '#c07f84', '#4a4468')), 0.7))
    x, base = 704, 391
    p.add(p.shape([(x - 10, base), (x + 10, base), (x + 7, base - 84), (x - 7, base - 84)], p.linear(x - 10, 0, x + 10, 0, '#fff0d8', '#b88a96'), smooth=False))
    for i in range(3):
        y = base - 14 - 24 * i
        p.add(p.shape([(x - 9.5 + i, y), (x + 9.5 - i, y), (x + 9 - i, y - 12), (x - 9 + i, y - 12)], '#b5303a', smooth=False))
    p.add(p.shape([(x - 11, base - 84), (x + 11, base - 84), (x + 11, base - 88), (x - 11, base - 88)], '#33203c', smooth=False), p.shape([(x - 6, base - 88), (x + 6, base - 88), (x + 6, base - 102), (x - 6, base - 102)], '#fff3b0', smooth=False),
          p.shape([(x - 9, base - 102), (x + 9, base - 102), (x, base - 114)], '#7a2038', smooth=False), p.ellipse(x, base - 95, 46, 46, p.radial(x, base - 95, 46, (0, '#fff6c0', 0.8), (1, '#ffd070', 0))))
    p.add(p.shape([(x, base - 97), (x + 330, base - 150), (x + 330, base - 96), (x, base - 93)], p.linear(x, 0, x + 330, 0, (0, '#fff3b0', 0.45), (1, '#fff3b0', 0)), smooth=False))


def sea(p):
    bottom = place(0, 0, QUAY)[1] + 6
    p.add('<rect y="%g" width="1600" height="%g" fill="%s"/>' % (HORIZON, bottom - HORIZON + 30, p.linear(0, HORIZON, 0, bottom, '#ffcf8a', '#c9858f', '#6d6498', '#3f4f88')))
    for _ in range(620):
        t = p.random.random() ** 1.5
        y = HORIZON + 1 + t * (bottom - HORIZON)
        x = p.random.gauss(880, 60 + 160 * t) if p.random.random() < 0.5 else p.random.uniform(450, 1250)
        near_sun = math.exp(-((x - 880) / (60 + 60 * t)) ** 2)
        colour = mix(p.random.choice(('#35457c', '#e59a90', '#8a7cae', '#2c3a6a')), '#fff3c0', near_sun * 0.95)
        p.add(p.ellipse(x, y, p.random.uniform(3, 14) * (0.35 + t), 0.6 + 1.3 * t, colour, 0.75))


def boat(p, x, y, k, hull, sail):
    p.add(p.ellipse(x, y + 3 * k, 62 * k, 6 * k, '#1c2248', 0.5, 2))
    mast = [(x - 4 * k, y - 10 * k), (x - 4 * k, y - 128 * k)]
    p.add(p.shape([(x - 7 * k, y - 122 * k), (x - 58 * k, y - 22 * k), (x - 7 * k, y - 18 * k)], p.linear(x - 58 * k, 0, x, 0, mix(sail, '#ffffff', 0.5), sail)))
    for i in range(1, 5):
        p.add(p.stroke([(x - 7 * k - 10 * k * i, y - 122 * k + 20 * k * i), (x - 7 * k, y - 118 * k + 21 * k * i)], '#6d4a50', 1.1 * k, 0.7))
    p.add(p.shape([(x - 1 * k, y - 116 * k), (x + 48 * k, y - 20 * k), (x - 1 * k, y - 18 * k)], p.linear(x, 0, x + 48 * k, 0, sail, mix(sail, '#5a3050', 0.5))), p.stroke(mast, '#3a2430', 3.4 * k))
    p.add(p.shape([(x - 62 * k, y - 18 * k, 0), (x + 64 * k, y - 21 * k, 0), (x + 46 * k, y + 3 * k), (x - 46 * k, y + 4 * k)], p.linear(0, y - 20 * k, 0, y + 4 * k, mix(hull, '#ffffff', 0.25), hull, mix(hull, '#0c0c24', 0.6))),
          p.stroke([(x - 60 * k, y - 14 * k), (x, y - 10 * k), (x + 62 * k, y - 17 * k)], '#f7e3b4', 2.6 * k), p.shape([(x - 4 * k, y - 128 * k), (x + 18 * k, y - 123 * k), (x - 4 * k, y - 117 * k)], '#d8383a', smooth=False))
    for i in range(9):
        p.add(p.ellipse(x + p.random.gauss(0, 30) * k, y + (7 + 3.2 * i) * k, p.random.uniform(8, 28) * k, 1.1 * k, p.random.choice((hull, sail)), 0.5))


def ground(p):
    p.add('<rect y="%g" width="1600" height="600" fill="%s"/>' % (place(0, 0, QUAY)[1], p.linear(0, place(0, 0, QUAY)[1], 0, 900, '#c98a72', '#8a6478', '#58466a', '#382c4c')))
    z, stones = 2.9, {}
    colours = ('#8d7688', '#a1838a', '#75657f', '#b3938e', '#86708c', '#9b7f80', '#6b5c7c')
    while z < QUAY:
        depth = 0.165 + 0.010 * z
        reach = 800 * z / FOCAL + 1
        x = -reach - p.random.uniform(0, 0.4)
        while x < reach:
            w = p.random.uniform(0.17, 0.31) * (1 + 0.05 * z)
            if abs(x) < HALF_STREET + 0.3:
                stone(p, x, z, w, depth, mix(p.random.choice(colours), '#e0a07c', min(0.6, z / 40)), stones)
            x += w + 0.022
        z += depth + 0.022
    p.add(*('<path d="%s" fill="%s"%s/>' % (''.join(d), c, o) for (c, o), d in stones.items()))
    p.add(p.shape([place(-1.2, 0, QUAY), place(2.9, 0, QUAY), place(1.5, 0, 2.9), place(-0.6, 0, 2.9)], p.linear(0, 460, 0, 900, (0, '#ffdf9a', 0.65), (0.5, '#ffb46a', 0.26), (1, '#ff9a5a', 0)), 1, 12, False))
    for s in (-1, 1):
        p.add(p.shape([place(s * HALF_STREET, 0, QUAY), place(s * (HALF_STREET - 2.2), 0, QUAY), place(s * (HALF_STREET - 3), 0, 2.9), place(s * (HALF_STREET + 3), 0, 2.9)], '#1d1438', 0.42 if s < 0 else 0.2, 20, False))


def stone(p, x, z, w, d, colour, stones):
    """A cobble: dark seat, worn top, lit far edge."""
    j = lambda: p.random.uniform(-0.016, 0.016)
    corners = [(x + j(), z + j()), (x + w + j(), z + j()), (x + w + j(), z + d * 0.5 + j()), (x + w + j(), z + d + j()), (x + j(), z + d + j()), (x + j(), z + d * 0.5 + j())]
    level = p.random.choice((-0.22, -0.1, 0, 0.1, 0.2))
    tone = mix(colour, '#ffffff' if level > 0 else '#1a1030', abs(level))

    def path(shrink, lift):
        cx, cz = x + w / 2, z + d / 2
        spots = [place(cx + (a - cx) * shrink, lift, cz + (b - cz) * shrink) for a, b in corners]
        if z > 16:
            return 'M' + 'L'.join('%.1f,%.1f' % s for s in spots) + 'Z'
        halfway = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(spots, spots[1:] + spots[:1])]
        return 'M%.1f,%.1f' % halfway[-1] + ''.join('Q%.1f,%.1f %.1f,%.1f' % (*s, *h) for s, h in zip(spots, halfway)) + 'Z'

    stones.setdefault((tone, ''), []).append(path(1, 0))
    stones.setdefault((mix(tone, '#ffdcae', 0.22), ' opacity=".55"'), []).append(path(0.72, 0.012))
    if z < 14:
        stones.setdefault(('#ffd9a8', ' opacity=".35"'), []).append('M%.1f,%.1fL%.1f,%.1fL%.1f,%.1fZ' % (*place(x + w * 0.25, 0.01, z + d * 0.82), *place(x + w * 0.8, 0.01, z + d * 0.8), *place(x + w * 0.55, 0.01, z + d * 0.95)))
    if z < 9:
        for _ in range(3):
            cx, cy = place(x + p.random.uniform(0.1, 0.9) * w, 0.01, z + p.random.uniform(0.1, 0.8) * d)
            r = p.random.uniform(1, 3.4) * 4 / z
            stones.setdefault((p.random.choice(('#463858', '#c7a79c', '#2f2544')), ' opacity=".45"'), []).append('M%.1f,%.1fl%.1f,%.1fl%.1f,%.1fZ' % (cx, cy, r * 1.6, -r * 0.3, -r * 0.7, r * 0.8))


def quay(p):
    """The low wall at the water, with bollards, and a flight of posts."""
    z = QUAY
    top, foot = place(0, 0.55, z)[1], place(0, 0, z)[1]
    p.add('<rect x="470" y="%g" width="680" height="%g" fill="#57405e"/>' % (top, foot - top))
    x = -10.0
    while x < 10:
        w = p.random.uniform(0.5, 0.9)
        for r in range(2):
            a, b = place(x + 0.25 * r, 0.28 * r + 0.02, z), place(x + 0.25 * r + w - 0.04, 0.28 * r + 0.26, z)
            p.add('<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>' % (a[0], b[1], b[0] - a[0], a[1] - b[1], mix('#8a6478', '#d99a80', p.random.random())))
        x += w
    p.add('<rect x="470" y="%g" width="680" height="2" fill="#ffdca0"/>' % (top - 1))


def lamp(p, x, z, height=3.6):
    k, (cx, foot), (_, top) = FOCAL / z, place(x, 0, z), place(x, height, z)
    p.add(p.ellipse(cx, foot, k * 0.3, k * 0.07, '#120c24', 0.6, 2), p.stroke([(cx, foot), (cx, top)], '#1d1628', k * 0.09), p.stroke([(cx - k * 0.02, foot), (cx - k * 0.02, top)], '#6a5470', k * 0.02),
          p.shape([(cx - k * 0.16, foot), (cx + k * 0.16, foot), (cx + k * 0.06, foot - k * 0.5), (cx - k * 0.06, foot - k * 0.5)], '#1d1628', smooth=False), p.stroke([(cx - k * 0.3, top + k * 0.3), (cx, top + k * 0.16), (cx + k * 0.3, top + k * 0.3)], '#1d1628', k * 0.045),
          p.shape([(cx - k * 0.14, top), (cx + k * 0.14, top), (cx + k * 0.22, top - k * 0.5), (cx - k * 0.22, top - k * 0.5)], p.linear(0, top - k * 0.5, 0, top, '#fff3b8', '#ffc24a'), 1, 0, False, 'stroke="#1d1628" stroke-width="%g"' % (k * 0.035)),
          p.stroke([(cx, top), (cx, top - k * 0.5)], '#1d1628', k * 0.025), p.shape([(cx - k * 0.28, top - k * 0.5), (cx + k * 0.28, top - k * 0.5), (cx, top - k * 0.8)], '#1d1628', smooth=False),
          p.ellipse(cx, top - k * 0.25, k * 1.5, k * 1.5, p.radial(cx, top - k * 0.25, k * 1.5, (0, '#ffe9a0', 0.75), (0.3, '#ffb95a', 0.32), (1, '#ff9a3a', 0))),
          p.ellipse(cx, foot, k * 1.4, k * 0.25, p.radial(cx, foot, k * 1.4, (0, '#ffd27a', 0.5), (1, '#ffa04a', 0)), 0.8))


def barrel(p, x, z, size=1.0):
    k, (cx, foot) = FOCAL / z * size, place(x, 0, z)
    p.add(p.ellipse(cx + k * 0.06, foot, k * 0.5, k * 0.12, '#0e0920', 0.6, 3))
    d = [(cx - k * 0.3, foot, 0), (cx + k * 0.3, foot, 0), (cx + k * 0.4, foot - k * 0.5), (cx + k * 0.3, foot - k, 0), (cx - k * 0.3, foot - k, 0), (cx - k * 0.4, foot - k * 0.5)]
    p.add(p.shape(d, p.linear(cx - k * 0.4, 0, cx + k * 0.4, 0, '#5a3220', '#b5713c', '#7a4626', '#2c1722')))
    for i in range(-3, 4):
        p.add(p.stroke([(cx + i * k * 0.085, foot), (cx + i * k * 0.115, foot - k * 0.5), (cx + i * k * 0.085, foot - k)], '#24121a', k * 0.016, 0.8))
    for v, r in ((0.14, 0.335), (0.34, 0.385), (0.66, 0.385), (0.86, 0.335)):
        p.add(p.stroke([(cx - k * r, foot - k * v), (cx, foot - k * v + k * 0.05), (cx + k * r, foot - k * v)], '#2a2632', k * 0.065, cap='butt'), p.stroke([(cx - k * r, foot - k * v - k * 0.015), (cx, foot - k * v + k * 0.035), (cx + k * r, foot - k * v - k * 0.015)], '#8a8090', k * 0.014, cap='butt'))
    p.add(p.ellipse(cx, foot - k, k * 0.3, k * 0.075, '#8a5630'), p.ellipse(cx, foot - k, k * 0.25, k * 0.055, '#3a2018'))


def crate(p, x, z, size, load):
    k, (cx, foot) = FOCAL / z * size, place(x, 0, z)
    p.add(p.ellipse(cx, foot, k * 0.75, k * 0.13, '#0e0920', 0.6, 3))
    for i in range(4):
        y = foot - k * 0.18 * i
        p.add(p.shape([(cx - k * 0.6, y - k * 0.02), (cx + k * 0.6, y - k * 0.02), (cx + k * 0.6, y - k * 0.165), (cx - k * 0.6, y - k * 0.165)], p.linear(0, y - k * 0.16, 0, y, '#c08a52', '#7a4c30'), smooth=False),
              p.stroke([(cx - k * 0.5, y - k * 0.1), (cx - k * 0.1, y - k * 0.08), (cx + k * 0.5, y - k * 0.11)], '#4a2a1c', k * 0.012, 0.8))
    for s in (-1, 1):
        p.add(p.shape([(cx + s * k * 0.6, foot), (cx + s * k * 0.46, foot), (cx + s * k * 0.46, foot - k * 0.74), (cx + s * k * 0.6, foot - k * 0.74)], '#9a6638', smooth=False), *(p.ellipse(cx + s * k * 0.53, foot - k * (0.09 + 0.18 * i), k * 0.02, k * 0.02, '#2a1a14') for i in range(4)))
    for i in range(9):
        bx, by = cx + k * (-0.46 + 0.115 * i), foot - k * (0.78 + 0.06 * (i % 2))
        p.add(p.ellipse(bx, by, k * 0.115, k * 0.11, p.radial(bx - k * 0.04, by - k * 0.04, k * 0.15, mix(load, '#ffffff', 0.5), load, mix(load, '#1a0a1a', 0.6))))


def bunting(p, z0, z1, height):
    """A string of pennants across the street."""
    a, b = place(-HALF_STREET, height, z0), place(HALF_STREET, height, z1)
    at = lambda t: (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + math.sin(math.pi * t) * FOCAL / z0 * 0.9)
    p.add(p.stroke([at(i / 20) for i in range(21)], '#2a1c2c', 2))
    colours = ('#d83a3a', '#f3c04a', '#3d8fc2', '#f4ead2', '#4e9a5e', '#c75a9a')
    count, size = 26, FOCAL / z0 * 0.34
    for i in range(count):
        t, u = (i + 0.2) / count, (i + 0.82) / count
        (x0, y0), (x1, y1) = at(t), at(u)
        sway = p.random.uniform(-0.2, 0.3) * size
        p.add(p.shape([(x0, y0), (x1, y1), ((x0 + x1) / 2 + sway, (y0 + y1) / 2 + size)], p.linear(x0, 0, x1, 0, colours[i % 6], mix(colours[i % 6], '#2a1040', 0.4)), smooth=False))
        if i % 3 == 0:
            p.add(p.ellipse((x0 + x1) / 2, (y0 + y1) / 2 + size * 0.35, size * 0.13, size * 0.13, '#fff3d8', 0.9))


def leaves(p):
    """Petals and leaves that the wind left on the stones."""
    for _ in range(90):
        z = p.random.uniform(3, 14)
        x, y = place(p.random.uniform(-0.85, 0.85) * 800 * z / FOCAL, 0, z)
        r = FOCAL / z * p.random.uniform(0.018, 0.04)
        turn = p.random.uniform(-60, 60)
        p.add(p.ellipse(x + r * 0.3, y + r * 0.25, r, r * 0.4, '#150c28', 0.5, extra='transform="rotate(%d %d %d)"' % (turn * 0.3, x, y)),
              p.ellipse(x, y, r, r * 0.42, p.random.choice(('#e8a13c', '#d9623a', '#f0c45a', '#f3a0b4', '#b8442e')), extra='transform="rotate(%d %d %d)"' % (turn * 0.3, x, y)))


HOUSES = [  # side, near, far, height, paint, roof, shutters, door, timbered, sign
    (-1, 19.5, 24.0, 5.2, '#d9c48a', '#8a4438', '#3d6a7a', '#7a3a2c', False, None),
    (-1, 15.2, 19.3, 6.4, '#b9695c', '#5a4a60', '#e0cf9a', '#2f5a52', True, 'cup'),
    (-1, 11.4, 15.0, 5.6, '#7fa3a8', '#9a4e3c', '#c25a3a', '#6a3f24', False, 'fish'),
    (-1, 7.4, 11.2, 6.8, '#dcc9a4', '#6d4250', '#47735a', '#8a3030', True, None),
    (1, 17.6, 22.5, 5.0, '#e6b48a', '#7a4a5a', '#4a7a8a', '#355a80', False, None),
    (1, 14.0, 17.4, 6.6, '#8fb09a', '#a0503a', '#f0dfb4', '#7a3328', True, None),
    (1, 10.6, 13.8, 5.6, '#e8cf9c', '#5f5070', '#b5483a', '#2d6a5e', False, 'star'),
    (1, 7.2, 10.4, 7.0, '#d98a6a', '#8c4636', '#3f6f8a', '#4a3a6a', False, None),
]


def house(p, side, near, far, height, paint, tiles, shutters, door, timbered, sign):
    wall = Wall(p, side, near, far, paint, ('#9a7a70', '#b08a78', '#7a6470', '#a89080'))
    length = far - near
    chimney(wall, height, length * 0.6)
    roof(wall, height, tiles)
    wall.plaster(height)
    if timbered:
        wall.timber(height)
    wall.door(length * 0.58, 1.0, door, True)
    wall.window(length * 0.16, 1.15, 0.95, 1.25, shutters if not timbered else None, p.random.random() < 0.8)
    for u in (0.14, 0.62):
        wall.window(length * u, 3.75, 0.85, 1.15 if height < 6.5 else 1.5, shutters, p.random.random() < 0.6)
        wall.flowers(length * u - 0.15, 3.62, 1.15)
    wall.flowers(length * 0.16 - 0.1, 1.0, 1.15)
    if sign:
        wall.sign(length * 0.5, 2.55, '#2c5f7a' if sign != 'star' else '#7a2d4a', sign)


def village():
    p = Painting(WIDTH, HEIGHT, 23)
    sky(p)
    headland(p)
    birds(p)
    sea(p)
    boat(p, 640, 440, 0.62, '#2f5f80', '#f2dcb8')
    boat(p, 1000, 436, 0.5, '#8a3438', '#f0b890')
    boat(p, 770, 418, 0.25, '#3a3a60', '#ffe3b0')
    ground(p)
    quay(p)
    for spec in HOUSES:
        house(p, *spec)
    for x, z in ((-5.6, 22), (5.4, 20), (-5.6, 14.2), (5.5, 12.4)):
        lamp(p, x, z)
    bunting(p, 17.2, 15.8, 5.2)
    bunting(p, 11.2, 12.6, 4.6)
    barrel(p, 5.9, 17.5)
    barrel(p, -6.0, 12.4)
    barrel(p, -5.2, 11.9, 0.85)
    crate(p, 5.9, 10.6, 0.9, '#d0482c')
    crate(p, 5.1, 11.6, 0.7, '#7a9a34')
    barrel(p, -5.7, 8.4, 1.05)
    leaves(p)
    p.add('<rect width="1600" height="900" fill="%s"/>' % p.radial(830, 430, 1000, (0, '#ffcf8a', 0.16), (0.5, '#ff9a6a', 0.04), (0.75, '#1a1040', 0.08), (1, '#0c0828', 0.5)))
    return p


if __name__ == '__main__':
    village().write('village')
