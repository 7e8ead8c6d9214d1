"""A tabby cat with a collar, standing, seen from the side."""
import math

from paint import Painting, curve, flatten, limb, mix

GREY, DARK, PALE = '#a8886a', '#3a2418', '#fbe6c8'
FUR = ['#d8b48c', '#b08a64', '#7a563a', '#5a3a26', '#eccfa8']
STRIPE = ['#4a2c1c', '#33190f', '#5f3b26']


def coat(p, points, angle, count, stripes=(), white=(), light=1.0, depth=16, fade=None):
    """A furry part: hairs, tabby stripes made of hairs, white patches; it grows out of the body over the rows `fade`."""
    start = len(p.body)
    chain = flatten(points)
    x0, y0, y1 = min(q[0] for q in chain), min(q[1] for q in chain), max(q[1] for q in chain)
    base = p.linear(x0, y0, x0 + 40, y1, mix('#2a1a14', '#d9b78e', light), mix('#2a1a14', GREY, light), mix('#2a1a14', '#7d5c42', light))
    inner = [p.fur(points, count, 13, angle, FUR, 2.6, 0.7)]
    for spine in stripes:
        band = limb(spine)
        inner += [p.shape(band, '#40261a', 0.75), p.fur(band, 40, 13, angle, STRIPE, 2.6, 0.9), p.tufts(band[:len(spine)], 4, 8, 60, '#40261a', 3)]
    for patch in white:
        inner += [p.shape(patch, '#fff4e2', 0.95), p.fur(patch, 110, 12, angle, ['#ffffff', '#ecd8bc', '#fff8ec', '#d6bd9c'], 2.6, 0.9)]
    p.add(p.tufts(points + points[:1], 5, 9, 60, mix('#2a1a14', '#8a6446', light), 4))
    p.part(curve(points), base, DARK, PALE, *inner, depth=depth, width=1.6)
    if fade:
        grown = p.body[start:]
        del p.body[start:]
        p.add('<g mask="url(#%s)">' % p.emerging(*fade), *grown, '</g>')


def leg(p, x, top, lean, near, hind):
    light = 1 if near else 0.62
    if hind:
        points = [(x - 52, top), (x + 44, top - 6), (x + 50, top + 66), (x + 26, top + 122), (x + 2 + lean, 600), (x + 6 + lean, 668), (x + 44 + lean, 690), (x + 46 + lean, 708), (x - 34 + lean, 710), (x - 42 + lean, 672), (x - 40 + lean, 596), (x - 56, top + 104), (x - 68, top + 50)]
        stripes = [[(x - 64 + 8 * i, top + 40 + 30 * i, 2), (x - 20 + 4 * i, top + 48 + 30 * i, 6), (x + 22, top + 40 + 30 * i, 1)] for i in range(3)]
    else:
        points = [(x - 34, top), (x + 38, top), (x + 34, top + 90), (x + 24 + lean, 600), (x + 24 + lean, 668), (x + 50 + lean, 688), (x + 52 + lean, 708), (x - 24 + lean, 710), (x - 26 + lean, 660), (x - 24 + lean, 580), (x - 34, top + 70)]
        stripes = []
    stripes += [[(x - 34 + lean, y, 1), (x - 6 + lean, y + 5, 5), (x + 22 + lean, y, 1)] for y in (572, 600, 628)]
    sock = [(x - 46 + lean, 668), (x + 30 + lean, 664), (x + 58 + lean, 690), (x + 54 + lean, 716), (x - 44 + lean, 716)]
    coat(p, points, lambda x, y: 94, 210, stripes, [sock] if near else [], light, 12, (top - 4, top + 90) if near else None)
    p.add(*(p.stroke([(x + d + lean, 690), (x + d + 4 + lean, 700), (x + d + 1 + lean, 708)], '#5a3a26', 2.2, 0.8) for d in (18, 32)))


def body(p):
    points = [(236, 330), (300, 300), (400, 308), (500, 316), (590, 296), (652, 290), (684, 330), (690, 400), (668, 456), (600, 474), (500, 478), (400, 468), (300, 470), (226, 440), (206, 384)]
    stripes = [[(x, 296, 5), (x - 16 + 8 * math.sin(x), 350, 9), (x - 6, 400, 6), (x - 20, 442, 1)] for x in (270, 312, 356, 400, 446, 492, 538, 584, 628)]
    stripes.append([(240, 318, 3), (360, 304, 7), (500, 312, 7), (640, 294, 3)])
    belly = [(280, 480), (400, 450), (520, 456), (610, 446), (660, 400), (700, 420), (670, 490), (500, 500), (340, 490)]
    coat(p, points, lambda x, y: 176 - (y - 380) * 0.28, 1000, stripes, [belly], 1, 24)


def tail(p):
    spine = [(244, 356, 26), (190, 330, 25), (146, 286, 24), (124, 228, 23), (134, 168, 21), (168, 128, 17), (196, 120, 8)]
    points = limb(spine)
    stripes = []
    for k in range(1, 6):
        (ax, ay, r), (bx, by, _) = spine[k], spine[k + 1]
        length = math.hypot(bx - ax, by - ay)
        nx, ny = -(by - ay) / length, (bx - ax) / length
        stripes.append([(ax + nx * r, ay + ny * r, 4), (ax, ay, 8), (ax - nx * r, ay - ny * r, 4)])
    coat(p, points, lambda x, y: 250 if x < 200 else 200, 330, stripes, [limb(spine[-2:])], 1, 12)


def head(p):
    for dx, near in ((40, False), (0, True)):
        ear = [(686 + dx, 236), (680 + dx, 190), (700 + dx, 138, 0), (730 + dx, 168), (754 + dx, 212)]
        coat(p, ear, lambda x, y: 280, 90, light=1 if near else 0.75, depth=7)
        inner = [(698 + dx, 222), (694 + dx, 190), (704 + dx, 156, 0), (726 + dx, 182), (736 + dx, 214)]
        p.add(p.shape(inner, p.linear(0, 150, 0, 224, '#8a5446', '#e8a898')), p.fur(inner, 70, 16, lambda x, y: 278, ['#fff6e6', '#f2d8bc', '#e0b898'], 2.4, 0.9))
    points = [(664, 300), (668, 236), (704, 204), (752, 200), (792, 220), (812, 252), (838, 272), (842, 296), (824, 318), (784, 338), (732, 346), (688, 336)]
    stripes = [[(724, 200, 4), (720, 222, 5), (722, 242, 1)], [(748, 197, 4), (750, 220, 5), (752, 238, 1)], [(772, 204, 4), (778, 222, 4), (780, 236, 1)], [(664, 268, 3), (694, 272, 5), (728, 284, 1)], [(668, 296, 3), (700, 300, 5), (732, 306, 1)]]
    muzzle = [(780, 282), (812, 272), (846, 280), (846, 304), (820, 324), (780, 342), (730, 352), (742, 326), (764, 304)]
    coat(p, points, lambda x, y: math.degrees(math.atan2(y - 265, x - 800)), 420, stripes, [muzzle], 1, 14)
    x, y = 782, 258
    lid = [(x - 22, y + 4, 0), (x - 8, y - 15), (x + 10, y - 15), (x + 20, y + 2), (x + 6, y + 15), (x - 10, y + 14)]
    p.add(p.ellipse(x, y, 32, 26, p.soft('#2a140c', 0.6)), p.clipped(curve(lid), p.shape(lid, p.radial(x, y + 6, 24, '#e8f59a', '#8ab83a', '#2f5a1a')), p.ellipse(x + 4, y, 6, 13, '#0a0c06'), p.ellipse(x, y - 7, 4.6, 4.6, '#ffffff'), p.ellipse(x + 9, y + 7, 2, 2, '#ffffff', 0.9)),
          p.stroke([(x - 26, y + 4), (x - 8, y - 16), (x + 10, y - 16), (x + 21, y + 2)], '#1c0d07', 5), p.stroke([(x + 20, y + 2), (x + 6, y + 15), (x - 10, y + 14), (x - 22, y + 4)], '#1c0d07', 2.4))
    nose = [(826, 268), (842, 270), (848, 278), (840, 288), (830, 282)]
    p.part(curve(nose), p.linear(0, 266, 0, 290, '#f0a8a0', '#b8584e'), '#5a1c1c', '#ffe0d8', depth=3, blur=2, width=1.6)
    p.add(p.stroke([(838, 288), (832, 300), (814, 308), (796, 304)], '#4a2418', 2.8), *(p.ellipse(a, b, 1.8, 1.8, '#6a4430') for a, b in ((808, 288), (816, 294), (804, 297), (796, 290))),
          *(p.stroke([(810, 290 + d), (770 + abs(d), 296 + 3 * d), (716 + 3 * abs(d), 300 + 6 * d)], '#fffaf0', 1.7, 0.95) for d in (-6, 0, 5)))


def collar(p):
    band = limb([(668, 312, 9), (690, 344, 10), (730, 360, 10), (772, 350, 8)])
    p.part(curve(band), p.linear(660, 310, 770, 360, '#f0584a', '#c4262e', '#7d1420'), '#4a0a12', '#ffb0a0', *(p.ellipse(a, b, 3.4, 3.4, '#ffe6b0') for a, b in ((678, 330), (694, 348), (716, 357), (758, 354))), depth=5, blur=3)
    p.add(p.ellipse(742, 380, 18, 18, p.radial(736, 373, 26, '#fff6c0', '#e0ad3a', '#6d4a0a'), extra='stroke="#3a2806" stroke-width="2"'), p.shape(p.star(742, 380, 10), '#8a5a10', smooth=False), p.ellipse(742, 362, 4, 4, 'none', extra='stroke="#8a6a1c" stroke-width="2.6"'))


def cat():
    p = Painting(1056, 880, 61)
    p.box = (68, 76, 812, 677)
    tail(p)
    leg(p, 330, 400, 32, False, True)
    leg(p, 556, 430, -4, False, False)
    body(p)
    leg(p, 276, 350, -38, True, True)
    leg(p, 648, 386, 20, True, False)
    chest = [(600, 296), (640, 286), (690, 270), (752, 330), (744, 380), (716, 430), (684, 458), (640, 450), (600, 400)]
    coat(p, chest, lambda x, y: 120, 320, [[(648, 300, 3), (640, 350, 8), (650, 400, 2)], [(684, 350, 2), (690, 390, 6), (680, 424, 1)]], [[(716, 330), (752, 340), (742, 390), (706, 442), (690, 420), (708, 380)]], 1, 10, (600, 690, True))
    head(p)
    collar(p)
    return p


if __name__ == '__main__':
    cat().write('cat')
