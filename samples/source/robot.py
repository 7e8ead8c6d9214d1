"""A friendly rusty robot in a plain grey studio, for the automatic cut-out."""
import math

from paint import Painting, curve, limb, mirror, mix, polygon, symmetric

AXIS = 360
TEAL, DEEP, PALE = '#4f8f8c', '#16302f', '#c9f0e6'
STEEL, IRON, SHINE = '#8d959b', '#2a2e33', '#eef4f6'
AMBER, RUST = '#d98a2b', ['#a8501e', '#7a3413', '#c96f2c', '#5a2810']


def rust(p, points, count, top=0.0):
    """Ragged stains, runs and scratches inside a panel."""
    xs, ys = [q[0] for q in points], [q[1] for q in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    items = []
    for _ in range(count):
        x, y = p.random.uniform(x0, x1), y0 + (y1 - y0) * (top + (1 - top) * p.random.random() ** 0.7)
        r = p.random.uniform(3, 11)
        blot = [(x + math.cos(a) * r * p.random.uniform(0.5, 1.4), y + math.sin(a) * r * p.random.uniform(0.4, 1)) for a in [k * math.pi / 4 for k in range(8)]]
        items.append(p.shape(blot, p.random.choice(RUST), p.random.uniform(0.45, 0.9)))
        if p.random.random() < 0.5:
            items.append(p.stroke([(x, y), (x + p.random.uniform(-2, 2), y + r), (x, y + r * p.random.uniform(2, 4.5))], p.random.choice(RUST), p.random.uniform(1, 3), 0.5))
    for _ in range(count):
        x, y = p.random.uniform(x0, x1), p.random.uniform(y0, y1)
        items.append(p.stroke([(x, y), (x + p.random.uniform(-14, 14), y + p.random.uniform(-7, 7))], p.random.choice((PALE, '#203838')), 1, 0.6))
    return ''.join(items)


def rivets(p, *spots):
    return ''.join(p.ellipse(x + 1, y + 1.5, 4, 4, '#000000', 0.5, 1) + p.ellipse(x, y, 3.8, 3.8, p.radial(x - 1, y - 1.5, 5, SHINE, STEEL, IRON)) for x, y in spots)


def metal(p, x0, x1, colour=STEEL):
    return p.linear(x0, 0, x1, 0, mix(colour, '#ffffff', 0.25), colour, mix(colour, '#ffffff', 0.5), colour, mix(colour, '#000000', 0.6))


def tube(p, spine, rings, colour='#5b6066'):
    """A ribbed hose."""
    outline = limb(spine)
    cuts = ''
    for k in range(rings):
        t = (k + 0.5) / rings * (len(spine) - 1)
        i = min(int(t), len(spine) - 2)
        (ax, ay, ar), (bx, by, br) = spine[i], spine[i + 1]
        u, length = t - i, math.hypot(bx - ax, by - ay)
        x, y, r, nx, ny = ax + (bx - ax) * u, ay + (by - ay) * u, ar + (br - ar) * u, -(by - ay) / length, (bx - ax) / length
        ends = [(x + nx * r * 1.1, y + ny * r * 1.1), (x + (bx - ax) / length * 4, y + (by - ay) / length * 4), (x - nx * r * 1.1, y - ny * r * 1.1)]
        cuts += p.stroke(ends, '#14171a', 3.4) + p.stroke([(a, b - 3.5) for a, b in ends], '#b9c2c8', 1.6, 0.7)
    p.part(curve(outline), metal(p, min(q[0] for q in outline), max(q[0] for q in outline), colour), '#08090b', SHINE, cuts, depth=7, blur=5)


def studio(p):
    p.add('<rect width="720" height="1000" fill="%s"/>' % p.linear(0, 0, 0, 1000, '#e6e7e9', '#dcdde0', (0.8, '#d2d3d7'), '#dadbde'),
          p.ellipse(360, 380, 520, 520, p.radial(360, 380, 520, (0, '#ffffff', 0.55), (1, '#ffffff', 0))),
          *(p.ellipse(x, 936, rx, ry, p.soft('#24252b', strength)) for x, rx, ry, strength in ((372, 300, 46, 0.5), (266, 118, 24, 0.75), (458, 118, 24, 0.75))))


def limbs(p, side):
    at = (lambda *line: mirror(line, AXIS)) if side > 0 else (lambda *line: list(line))
    tube(p, [tuple(q) for q in at((298, 596, 30), (286, 660, 27), (282, 720, 27))], 8)
    shin = at((246, 706), (282, 698), (320, 706), (326, 780), (322, 850), (284, 860), (244, 850), (240, 780))
    bolts = at((254, 722), (312, 722), (252, 838), (314, 838))
    p.part(curve(shin), p.linear(*at((240, 700))[0], *at((330, 860))[0], '#79bdb4', TEAL, '#2c5a58'), DEEP, PALE, rust(p, shin, 16, 0.5), p.stroke(at((244, 740), (284, 748), (324, 740)), DEEP, 2.6), p.stroke(at((244, 816), (284, 824), (324, 816)), DEEP, 2.6),
           p.shape(at((262, 760), (306, 760), (306, 804), (262, 804)), '#e8d9a8', 0.95, 0, False, 'stroke="#3a2a12" stroke-width="2"'), ''.join(p.stroke(at((262 + 11 * i, 804), (273 + 11 * i, 760)), '#26211c', 6) for i in range(4)), rivets(p, *bolts), depth=14)
    foot = at((206, 938, 0), (208, 900), (240, 860), (284, 850), (320, 862), (332, 900), (332, 938, 0))
    p.part(curve(foot), p.linear(0, 850, 0, 938, '#dfe5e8', STEEL, '#4a5056'), IRON, SHINE, rust(p, foot, 12, 0.3), p.stroke(at((206, 916), (270, 912), (334, 916)), IRON, 3), rivets(p, *at((222, 926), (250, 926), (286, 926), (316, 926))), p.stroke(at((240, 874), (284, 866), (318, 876)), '#ffffff', 5, 0.5, blur=2), depth=12)
    tube(p, [tuple(q) for q in at((222, 356, 25), (182, 412, 23), (160, 480, 22))], 9)
    fore = at((136, 466), (160, 456), (188, 468), (190, 520), (178, 572), (150, 578), (126, 568), (126, 520))
    p.part(curve(fore), p.linear(*at((126, 470))[0], *at((190, 580))[0], '#f0bd62', AMBER, '#7d430f'), '#3a1c06', '#fff0c0', rust(p, fore, 14, 0.3), p.stroke(at((126, 490), (158, 498), (192, 490)), '#3a1c06', 2.4), p.stroke(at((126, 548), (154, 558), (184, 550)), '#3a1c06', 2.4),
           p.shape(p.star(*at((158, 526))[0], 16), '#fff0c8', 0.9, 0, False, 'stroke="#3a1c06" stroke-width="1.6"'), rivets(p, *at((140, 480), (176, 482))), depth=11)
    for claw in ([(140, 596, 9), (122, 622, 9), (128, 650, 5)], [(154, 600, 9), (152, 632, 9), (154, 660, 5)], [(166, 596, 9), (182, 620, 9), (176, 648, 5)]):
        p.part(curve(at(*limb(claw))), p.linear(0, 590, 0, 660, '#dfe5e8', STEEL, '#4a5056'), IRON, SHINE, depth=5, blur=3)
        p.add(rivets(p, at(claw[1][:2])[0]))
    p.part(curve(at(*limb([(150, 572, 22), (153, 590, 24), (153, 606, 18)]))), metal(p, 120 if side < 0 else 535, 185 if side < 0 else 600), IRON, SHINE, depth=7, blur=5)
    cx, cy = at((226, 352))[0]
    p.part(curve([(cx + 38 * math.cos(a), cy + 38 * math.sin(a)) for a in [k * math.pi / 6 for k in range(12)]]), p.radial(cx - 12, cy - 14, 56, '#f6d08a', AMBER, '#6d380a'), '#2a1204', '#fff0c0', rust(p, [(cx - 34, cy - 30), (cx + 34, cy + 34)], 10, 0.3),
           p.ellipse(cx, cy, 20, 20, 'none', extra='stroke="#3a1c06" stroke-width="2.4"'), rivets(p, *((cx + 28 * math.cos(a), cy + 28 * math.sin(a)) for a in [k * math.pi / 3 for k in range(6)])), depth=9)


def torso(p):
    points = symmetric([(360, 318), (430, 322), (480, 346), (488, 420), (478, 520), (452, 596), (360, 606)], AXIS)
    screen = [(296, 392), (424, 392), (424, 470), (296, 470)]
    wave = [(302 + 6 * i, 432 + 22 * math.sin(i * 0.9) * math.exp(-((i - 10) / 6) ** 2)) for i in range(20)]
    detail = (p.shape([(288, 384), (432, 384), (432, 478), (288, 478)], IRON, smooth=False) + p.shape(screen, p.linear(0, 392, 0, 470, '#0f3a33', '#1c6a58'), smooth=False)
              + ''.join(p.stroke([(296, y), (424, y)], '#3fae8c', 0.8, 0.5) for y in range(400, 470, 10)) + ''.join(p.stroke([(x, 392), (x, 470)], '#3fae8c', 0.8, 0.5) for x in range(306, 424, 12))
              + p.stroke(wave, '#a8ffd0', 6, 0.5, blur=3) + p.stroke(wave, '#d8ffe8', 2.6) + p.shape([(300, 396), (350, 396), (310, 466), (300, 466)], '#ffffff', 0.14, 0, False))
    for i, c in enumerate(('#e0483f', '#f3c04a', '#5ab86a', '#4a9ad8')):
        detail += p.ellipse(306 + 36 * i, 500, 12, 12, IRON) + p.ellipse(306 + 36 * i, 500, 9.5, 9.5, p.radial(302 + 36 * i, 496, 13, mix(c, '#ffffff', 0.75), c, mix(c, '#000000', 0.5)))
    detail += ''.join(p.stroke([(304, y), (416, y)], IRON, 5) + p.stroke([(304, y + 3), (416, y + 3)], PALE, 1.2, 0.7) for y in (536, 550, 564))
    detail += p.shape([(320, 344), (400, 344), (400, 370), (320, 370)], '#e8d9a8', smooth=False, extra='stroke="#3a2a12" stroke-width="2"') + ''.join(p.shape(s, '#3a2a12', smooth=False) for s in (
        [(328, 350), (334, 350), (334, 364), (328, 364)], [(340, 350), (352, 350), (340, 364)], [(358, 357), (366, 349), (374, 357), (366, 365)], [(380, 350), (392, 350), (386, 364)]))
    detail += p.stroke([(244, 440), (270, 444), (276, 520), (266, 586)], DEEP, 2.6) + p.stroke([(476, 440), (450, 444), (444, 520), (454, 586)], DEEP, 2.6)
    detail += rivets(p, *((x, y) for s in (-1, 1) for x, y in ((AXIS + s * 108, 370), (AXIS + s * 110, 410), (AXIS + s * 84, 344), (AXIS + s * 100, 500), (AXIS + s * 92, 548), (AXIS + s * 50, 590), (AXIS + s * 64, 384), (AXIS + s * 64, 478))))
    p.part(curve(points), p.linear(240, 320, 480, 600, '#86cbc0', TEAL, '#275452'), DEEP, PALE, rust(p, points, 46, 0.1), detail, depth=22, blur=12)


def head(p):
    tube(p, [(360, 276, 34), (360, 300, 36), (360, 332, 40)], 4)
    p.part(curve(limb([(360, 116, 13), (361, 96, 8), (359, 66, 8)])), metal(p, 350, 370), IRON, SHINE, depth=4, blur=3)
    p.add(p.ellipse(359, 57, 18, 18, p.radial(353, 50, 24, '#ffe0c0', '#e8482f', '#6a1208'), extra='stroke="#3a0c06" stroke-width="2"'))
    for s in (-1, 1):
        ear = [(AXIS + s * 104, 180), (AXIS + s * 128, 176), (AXIS + s * 134, 206), (AXIS + s * 128, 238), (AXIS + s * 104, 234)]
        p.part(curve(ear), metal(p, AXIS + s * 119 - 16, AXIS + s * 119 + 16, AMBER), '#3a1c06', '#fff0c0', rivets(p, (AXIS + s * 118, 206)), depth=6, blur=5)
    points = symmetric([(360, 108), (430, 114), (466, 142), (472, 206), (464, 264), (424, 288), (360, 292)], AXIS)
    face = symmetric([(360, 150), (424, 154), (442, 176), (442, 226), (426, 250), (360, 254)], AXIS)
    detail = p.shape(face, '#101a1e', extra='stroke="#0a1012" stroke-width="3"') + p.shape([(286, 160), (340, 156), (306, 246), (284, 236)], '#ffffff', 0.1, 3)
    for s in (-1, 1):
        x, y = AXIS + s * 44, 194
        detail += (p.ellipse(x, y, 40, 40, p.radial(x, y, 40, (0, '#ffd878', 0.5), (1, '#ffb040', 0))) + p.ellipse(x, y, 27, 27, STEEL, extra='stroke="#05080a" stroke-width="2"') + p.ellipse(x, y, 22.5, 22.5, p.radial(x, y + 6, 24, '#fff3b8', '#ffc84a', '#c9741a'))
                   + ''.join(p.stroke([(x + 11 * math.cos(a), y + 11 * math.sin(a)), (x + 20 * math.cos(a), y + 20 * math.sin(a))], '#8a4a0a', 1.4, 0.7) for a in [k * math.pi / 8 for k in range(16)]) + p.ellipse(x, y, 10, 10, '#20130a') + p.ellipse(x - 5, y - 6, 5, 5, '#ffffff'))
    detail += p.stroke([(330, 230), (344, 240), (360, 243), (376, 240), (390, 230)], '#ffc84a', 8, 0.4, blur=3) + p.stroke([(330, 230), (344, 240), (360, 243), (376, 240), (390, 230)], '#ffe9a0', 4.4)
    detail += p.stroke([(250, 138), (360, 128), (470, 138)], DEEP, 2.6) + p.stroke([(290, 270), (360, 276), (430, 270)], DEEP, 2.6) + rivets(p, (268, 154), (452, 154), (262, 206), (458, 206), (276, 258), (444, 258), (320, 120), (400, 120), (330, 282), (390, 282))
    p.part(curve(points), p.linear(250, 110, 470, 290, '#93d6ca', TEAL, '#2a5856'), DEEP, PALE, rust(p, points, 34), detail, depth=18, blur=8)


def robot():
    p = Painting(720, 1000, 41)
    studio(p)
    for side in (-1, 1):
        limbs(p, side)
    torso(p)
    head(p)
    return p


if __name__ == '__main__':
    robot().write('robot')
