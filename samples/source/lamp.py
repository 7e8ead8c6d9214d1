"""A brass desk lamp with an enamelled shade, cut out."""
import math

from paint import Painting, curve, limb, mix

BRASS, DARK, SHINE = '#c9962f', '#3d2408', '#fff2bc'
ENAMEL, NIGHT, GLINT = '#23705f', '#06241f', '#b9f5df'


def brass_across(p, x0, x1):
    return p.linear(x0, 0, x1, 0, '#8a5a14', (0.18, '#f6dc86'), (0.3, '#fffbe0'), (0.42, '#e0b040'), (0.7, '#9a6a1c'), (0.88, '#5a3a0c'), '#b98a34')


def engraving(p, cx, cy, rx, ry, count):
    """A ring of leaves and dots around a turned part, drawn on its near half."""
    items = []
    for i in range(count):
        a = math.pi * (i + 0.5) / count
        x, y, s = cx + rx * math.cos(a), cy + ry * math.sin(a), 0.35 + 0.65 * math.sin(a)
        leaf = [(x, y - 9), (x + 6 * s, y), (x, y + 9), (x - 6 * s, y)]
        items += [p.shape(leaf, '#6a4410', 0.85), p.shape([(a0 - 1.4, b - 1.4) for a0, b in leaf], '#ffe9a0', 0.6), p.stroke([(x, y - 6), (x, y + 6)], '#4a2c06', 1)]
        a2 = math.pi * i / count
        items.append(p.ellipse(cx + rx * math.cos(a2), cy + ry * math.sin(a2), 2.6 * s + 0.4, 2.8, '#4a2c06'))
    return ''.join(items)


def base(p):
    foot = [(250, 884), (262, 930), (350, 954), (440, 958), (530, 954), (618, 930), (630, 884), (600, 858), (440, 838), (280, 858)]
    p.part(curve(foot), brass_across(p, 250, 630), DARK, SHINE, engraving(p, 440, 886, 178, 44, 22), p.stroke([(254, 894), (330, 926), (440, 934), (550, 926), (626, 894)], '#fff6cc', 2, 0.7), depth=14)
    step = [(306, 842), (312, 872), (440, 894), (568, 872), (574, 842), (520, 818), (440, 812), (360, 818)]
    p.part(curve(step), brass_across(p, 306, 574), DARK, SHINE, p.stroke([(312, 858), (440, 880), (568, 858)], '#5a3608', 2.4), p.stroke([(312, 862), (440, 884), (568, 862)], '#fff6cc', 1.4, 0.8), p.ellipse(440, 836, 120, 20, '#fff2bc', 0.3, 5), depth=10)
    for i, c in enumerate(('#b3262e', '#23705f', '#27518f')):
        x, y = 382 + 58 * i, 872 + (9 if i == 1 else 5)
        p.add(p.ellipse(x, y, 13, 10, '#4a2c06'), p.ellipse(x, y, 10.5, 8, p.radial(x - 4, y - 3, 14, mix(c, '#ffffff', 0.7), c, mix(c, '#000000', 0.6))), p.ellipse(x - 3, y - 3, 2.6, 1.8, '#ffffff', 0.9))


def stem(p):
    for y0, y1, r in ((420, 730, 15), (780, 826, 46), (736, 790, 30), (700, 744, 40), (396, 428, 28), (372, 402, 20)):
        turned = [(440 - r * 0.8, y0), (440 + r * 0.8, y0), (440 + r, (y0 + y1) / 2), (440 + r * 0.8, y1), (440 - r * 0.8, y1), (440 - r, (y0 + y1) / 2)]
        rings = ''.join(p.stroke([(440 - r, y), (440, y + r * 0.16), (440 + r, y)], '#5a3608', 1.8, 0.8) + p.stroke([(440 - r, y + 3), (440, y + 3 + r * 0.16), (440 + r, y + 3)], '#fff6cc', 1.2, 0.7) for y in range(int(y0) + 8, int(y1) - 4, 14 if r > 16 else 36))
        if r < 16:
            rings += ''.join(p.stroke([(425, y), (440, y - 14), (455, y - 22)], '#6a4410', 2.4, 0.7) for y in range(int(y0) + 14, int(y1) + 14, 18))
        p.part(curve(turned), brass_across(p, 440 - r, 440 + r), DARK, SHINE, rings, depth=5, blur=3)
    p.add(p.stroke([(470, 722), (502, 728), (512, 744)], '#8a5a14', 5), p.ellipse(514, 754, 9, 12, p.radial(511, 749, 14, SHINE, BRASS, DARK), extra='stroke="#3d2408" stroke-width="1.6"'))


def shade(p):
    p.part(curve(limb([(440, 380, 11), (440, 330, 11), (440, 300, 13)])), brass_across(p, 427, 453), DARK, SHINE, depth=4, blur=3)
    p.add(p.ellipse(440, 366, 232, 46, '#2a1804'), p.ellipse(440, 366, 226, 42, p.radial(440, 360, 226, '#fffbe4', (0.35, '#ffe59a'), (0.75, '#e8a83c'), '#8a5216')), p.ellipse(440, 368, 48, 26, '#fffef4', 0.95, 5))
    dome = [(206, 366, 0), (214, 316), (248, 236), (318, 172), (398, 146), (440, 142), (482, 146), (562, 172), (632, 236), (666, 316), (674, 366, 0), (640, 342), (560, 326), (440, 320), (320, 326), (240, 342)]
    petals = ''
    for i in range(9):
        a = -0.9 + 1.8 * i / 8
        x0, x1 = 440 + 52 * math.sin(a) * 1.2, 440 + 236 * math.sin(a) * 1.26
        petals += p.stroke([(x0, 150), ((x0 + x1) / 2 + 26 * math.sin(a), 220), (x1, 352)], '#083a30', 2.6, 0.8) + p.stroke([(x0 + 3, 150), ((x0 + x1) / 2 + 3 + 26 * math.sin(a), 220), (x1 + 3, 352)], GLINT, 1.2, 0.6)
    for i in range(11):
        a = -1.12 + 2.24 * i / 10
        x, y, s = 440 + 206 * math.sin(a) * 1.06, 300 + 14 * (1 - math.cos(a)), 0.35 + 0.65 * math.cos(a)
        petals += ''.join(p.ellipse(x + 11 * s * math.cos(k * 1.257), y + 11 * math.sin(k * 1.257), 7 * s, 7, c) for k, c in enumerate(('#f6d36a', '#f0b04a', '#f6d36a', '#f0b04a', '#f9e29a'))) + p.ellipse(x, y, 4.6 * s, 4.6, '#b3262e')
        petals += p.stroke([(x - 18 * s, y + 14), (x, y + 22), (x + 18 * s, y + 14)], '#f6d36a', 2, 0.8)
    for i in range(8):
        a = -0.95 + 1.9 * i / 7
        x, y, s = 440 + 128 * math.sin(a) * 1.16, 214 + 20 * (1 - math.cos(a)), 0.4 + 0.6 * math.cos(a)
        petals += p.shape([(x, y - 13), (x + 8 * s, y), (x, y + 13), (x - 8 * s, y)], '#f6d36a', 0.95) + p.ellipse(x, y, 2.6, 3.6, '#7d1420')
    petals += p.stroke([(250, 250), (340, 236), (440, 232), (540, 236), (630, 250)], '#f6d36a', 3, 0.9) + p.stroke([(240, 262), (340, 247), (440, 243), (540, 247), (640, 262)], '#f6d36a', 1.4, 0.9)
    petals += p.shape([(272, 296), (286, 236), (334, 190), (366, 182), (322, 226), (300, 300)], '#ffffff', 0.38, 5) + p.shape([(626, 330), (640, 300), (652, 338)], '#d8fff0', 0.4, 3)
    p.part(curve(dome), p.linear(206, 0, 674, 0, '#164f44', (0.25, '#3fa489'), (0.4, '#2f8a74'), (0.7, ENAMEL), '#0a342c'), NIGHT, GLINT, petals, depth=20, blur=12)
    rim = limb([(204, 364, 6), (240, 344, 6), (320, 328, 6), (440, 322, 6), (560, 328, 6), (640, 344, 6), (676, 364, 6)])
    p.part(curve(rim), brass_across(p, 200, 680), DARK, SHINE, *(p.ellipse(x, y, 2.4, 2.4, '#5a3608') for x, y in [(220 + 22 * i, 322 + ((220 + 22 * i - 440) / 236) ** 2 * 36) for i in range(21)]), depth=4, blur=3)
    cap = [(398, 150), (410, 126), (430, 116), (450, 116), (470, 126), (482, 150), (440, 160)]
    p.part(curve(cap), brass_across(p, 398, 482), DARK, SHINE, p.stroke([(404, 138), (440, 146), (476, 138)], '#5a3608', 2), depth=5, blur=3)
    p.part(curve([(430, 118), (424, 100), (432, 82), (440, 64), (448, 82), (456, 100), (450, 118)]), brass_across(p, 424, 456), DARK, SHINE, depth=4, blur=3)


def pull_chain(p):
    for i in range(17):
        x, y = 560 + 2 * math.sin(i * 0.4), 372 + 8 * i
        p.add(p.ellipse(x, y, 4, 4, p.radial(x - 1, y - 1.5, 5, SHINE, BRASS, DARK), extra='stroke="#3d2408" stroke-width=".8"'))
    p.part(curve([(560, 506), (570, 522), (566, 544), (554, 544), (550, 522)]), p.radial(556, 520, 24, '#ff9a8a', '#b3262e', '#4a0a12'), '#2a0408', '#ffd8d0', depth=4, blur=3)


def lamp():
    p = Painting(566, 978, 71)
    base(p)
    stem(p)
    shade(p)
    pull_chain(p)
    p.box = (157, 22, 566, 978)
    return p


if __name__ == '__main__':
    lamp().write('lamp')
