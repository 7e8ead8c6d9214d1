"""A mountain lake at sunset, and a closer look at its cabin: the first and the last frame of a shot."""
import math

from paint import Painting, mix

SHORE = 560


def ridge(p, base, height, rough, step=22):
    points, phase = [], [p.random.uniform(0, 6.3) for _ in range(4)]
    for x in range(-40, 1960, step):
        y = base - height * (0.55 + 0.28 * math.sin(x / 230 + phase[0]) + 0.17 * math.sin(x / 97 + phase[1])) - rough * (math.sin(x / 31 + phase[2]) + p.random.uniform(-1, 1)) * 0.5
        points.append((x, y))
    return points


def mountains(p):
    for base, height, colour, snow in ((520, 330, '#8f7fb5', True), (545, 210, '#6d6a9e', True), (560, 120, '#4f5f86', False)):
        top = ridge(p, base, height, 26 if snow else 14)
        p.add(p.shape(top + [(1960, 600), (-40, 600)], p.linear(0, base - height, 0, base, mix(colour, '#ffffff', 0.12), mix(colour, '#f3a88a', 0.55)), smooth=False))
        for (x, y), (x2, y2) in zip(top, top[1:]):
            depth = (560 - y) * p.random.uniform(0.25, 0.6)
            lit = y2 < y
            p.add(p.shape([(x, y), (x2, y2), (x2 + p.random.uniform(-14, 26), y2 + depth), (x + p.random.uniform(-8, 10), y + depth * 0.6)], '#ffd2ae' if lit else '#33306a', p.random.uniform(0.08, 0.26), 0, False))
            if snow and y < base - height * 0.62:
                p.add(p.shape([(x, y), (x2, y2), (x2 - 4, y2 + p.random.uniform(14, 46)), (x + 8, y + p.random.uniform(10, 30))], '#fff3ea' if lit else '#c9b8dc', 0.85, 0, False))


def pine(p, x, y, h, dark, light):
    p.add(p.shape([(x - h * 0.025, y), (x + h * 0.025, y), (x, y - h * 0.9)], '#3a2320', smooth=False))
    for i in range(7):
        t = i / 7
        cy, w = y - h * (0.1 + 0.78 * t), h * 0.24 * (1 - t) + h * 0.03
        jag = [(x, cy - h * 0.24), (x + w, cy)] + [(x + w * k / 5, cy + (h * 0.028 if k % 2 else -h * 0.004)) for k in range(4, -5, -1)] + [(x - w, cy)]
        p.add(p.shape(jag, p.linear(x - w, 0, x + w, 0, light, dark), smooth=False), *(p.stroke([(x + u * w, cy - h * 0.02), (x + u * w * 1.12, cy + h * 0.01)], light, max(0.7, h * 0.007), 0.7) for u in (-0.8, -0.5, -0.25, 0.1, 0.4)))


def cabin(p, x, y):
    p.add(p.ellipse(x + 20, y + 4, 130, 16, p.soft('#180c1c', 0.7)))
    p.add(p.shape([(x - 70, y), (x + 50, y), (x + 50, y - 70), (x - 10, y - 118), (x - 70, y - 70)], p.linear(x - 70, 0, x + 50, 0, '#c98a54', '#8a5230'), smooth=False))
    for i in range(9):
        yy = y - 7 - 12 * i
        half = 60 if yy > y - 70 else 60 - (y - 70 - yy) * 1.25
        p.add(p.stroke([(x - 10 - half, yy), (x - 10 + half, yy)], '#5a2f1a', 2.2, cap='butt'), p.stroke([(x - 10 - half, yy + 3), (x - 10 + half, yy + 3)], '#eab67a', 1.1, 0.7, cap='butt'))
    p.add(p.shape([(x + 50, y), (x + 116, y - 10), (x + 116, y - 74), (x + 50, y - 70)], '#5e3524', smooth=False), *(p.stroke([(x + 50, y - 8 - 12 * i), (x + 116, y - 18 - 11 * i)], '#3a1c14', 2, 0.8) for i in range(6)))
    p.add(p.shape([(x - 10, y - 128), (x + 62, y - 66), (x + 128, y - 72), (x + 66, y - 132)], '#7a3a36', smooth=False))
    for r in range(7):
        for c in range(9):
            a = lambda u, v: (x - 10 + 76 * u + 72 * v - 10 * u * v, y - 128 - 4 * u + 62 * v - 2 * u * v)
            u, v = (c + 0.5 * (r % 2)) / 9.5, r / 7
            p.add(p.shape([a(u, v), a(u + 0.095, v), a(u + 0.095, v + 0.13), a(u, v + 0.13)], mix('#8a4038', p.random.choice(('#3a1620', '#e8946a', '#5a2a30')), p.random.uniform(0.1, 0.5)), smooth=False))
    p.add(p.stroke([(x - 82, y - 64), (x - 10, y - 124, 0), (x + 62, y - 64)], '#4a2018', 9), p.stroke([(x - 82, y - 67), (x - 10, y - 129)], '#f0a878', 2.5, 0.8), p.shape([(x + 44, y - 116), (x + 62, y - 116), (x + 62, y - 156), (x + 44, y - 156)], '#7d6a70', smooth=False),
          *(p.shape([(x + 45 + 9 * ((i + j) % 2), y - 120 - 6 * i), (x + 53 + 9 * ((i + j) % 2) - 1, y - 120 - 6 * i), (x + 52 + 9 * ((i + j) % 2), y - 124 - 6 * i), (x + 45 + 9 * ((i + j) % 2), y - 124 - 6 * i)], '#a8909a', smooth=False) for i in range(6) for j in (0,)))
    for i in range(9):
        p.add(p.ellipse(x + 54 + i * 7 + 5 * math.sin(i), y - 166 - i * 17, 8 + 3 * i, 7 + 2.4 * i, p.soft('#fbe3d8', 0.5 - 0.045 * i)))
    for wx in (x - 54, x + 10):
        p.add(p.ellipse(wx + 13, y - 42, 42, 38, p.soft('#ffcf6a', 0.8)), p.shape([(wx - 3, y - 61), (wx + 29, y - 61), (wx + 29, y - 25), (wx - 3, y - 25)], '#4a2418', smooth=False), p.shape([(wx, y - 58), (wx + 26, y - 58), (wx + 26, y - 28), (wx, y - 28)], p.linear(0, y - 58, 0, y - 28, '#fff0ae', '#ffb23a'), smooth=False),
              p.stroke([(wx + 13, y - 58), (wx + 13, y - 28)], '#4a2418', 2.4), p.stroke([(wx, y - 43), (wx + 26, y - 43)], '#4a2418', 2.4))
    p.add(p.shape([(x - 22, y), (x + 4, y), (x + 4, y - 52), (x - 22, y - 52)], '#3f6a5e', smooth=False, extra='stroke="#2a1410" stroke-width="3"'), p.ellipse(x, y - 25, 2, 2, '#ffe08a'), p.shape(p.star(x - 9, y - 38, 8, 5, 0.5), '#f3cf6a', smooth=False),
          p.stroke([(x - 10, y - 100), (x - 10, y - 84)], '#3a1c14', 2), p.ellipse(x - 10, y - 92, 9, 9, '#ffe39a', extra='stroke="#3a1c14" stroke-width="2.6"'))


def sky(p):
    p.add('<rect width="1920" height="600" fill="%s"/>' % p.linear(0, 0, 0, 560, '#35407f', '#6a5aa0', '#c4748f', (0.78, '#f7a070'), '#ffe0a0'), p.ellipse(620, 430, 620, 400, p.soft('#fff0b8', 0.95)), p.ellipse(620, 420, 44, 44, '#fff8dc'))
    for _ in range(150):
        y = 40 + 330 * p.random.random()
        x, s = p.random.uniform(-40, 1960), 1.2 - y / 500
        for _ in range(4):
            cx, cy, w = x + p.random.gauss(0, 60), y + p.random.gauss(0, 7), p.random.uniform(30, 120) * s
            p.add(p.ellipse(cx, cy + 6, w, 12 * s, p.soft('#5a4690', 0.4)), p.ellipse(cx, cy, w * 0.9, 8 * s, p.soft(mix('#ffb09a', '#fff0b0', y / 400), 0.6)))


def lake(p):
    p.add('<rect y="%d" width="1920" height="520" fill="%s"/>' % (SHORE, p.linear(0, SHORE, 0, 900, '#f7b58a', '#b0789a', '#54588f', '#2c3a6e')))
    for _ in range(1500):
        t = p.random.random() ** 1.4
        x, y = p.random.uniform(-20, 1940), SHORE + 3 + 330 * t
        near_sun = math.exp(-((x - 620) / (70 + 90 * t)) ** 2)
        p.add(p.ellipse(x, y, p.random.uniform(5, 26) * (0.3 + t), 0.7 + 1.6 * t, mix(p.random.choice(('#3f4a86', '#f0a898', '#8f7ab0', '#2a3366', '#d88a96')), '#fff3c4', near_sun), 0.7))


def meadow(p):
    bank = [(-40, 800), (200, 770), (480, 800), (760, 842), (980, 800), (1140, 716), (1320, 668), (1560, 650), (1960, 630), (1960, 1120), (-40, 1120)]
    p.add(p.shape(bank, p.linear(0, 640, 0, 1080, '#a89a56', '#5f7a46', '#2f4a3a', '#1c3030')))
    path = [(1196, 690), (1216, 700), (1160, 770), (1120, 850), (1130, 960), (1180, 1100), (900, 1100), (960, 960), (1020, 850), (1110, 770)]
    p.add(p.shape(path, p.linear(0, 690, 0, 1080, '#e8c08a', '#a87a5a', '#6a4a44')))
    for _ in range(260):
        t = p.random.random()
        y = 720 + 350 * t
        p.add(p.ellipse(1150 - 60 * t + p.random.gauss(0, 20 + 60 * t), y, 2 + 9 * t * p.random.random(), 1 + 4 * t * p.random.random(), p.random.choice(('#c9a078', '#7a5a4c', '#e8cfa0', '#5a4240')), 0.7))
    blades = {}
    for _ in range(5200):
        x, y = p.random.uniform(-20, 1940), p.random.uniform(660, 1090)
        edge = 800 + 40 * math.sin(x / 300) if x < 980 else 800 - (x - 980) * 0.45 if x < 1260 else 676
        if y < edge + 4 or abs(x - (1150 - 60 * (y - 720) / 350)) < 24 + (y - 700) * 0.24 and y > 700:
            continue
        k = (y - 600) / 450
        blades.setdefault(p.random.choice(('#c9b862', '#7f9a4c', '#3f6a3e', '#22443a', '#e8cf7a', '#5a8248')), []).append(p.hair(x, y, -90 + p.random.gauss(0, 18), 6 + 22 * k * p.random.uniform(0.6, 1.3), 1 + 3 * k))
    p.add(*('<path d="%s" fill="%s" opacity=".85"/>' % (''.join(d), c) for c, d in blades.items()))
    for _ in range(420):
        x, y = p.random.uniform(0, 1920), p.random.uniform(700, 1080)
        if y < 850 and x < 1000 or abs(x - (1150 - 60 * (y - 720) / 350)) < 30 + (y - 700) * 0.26:
            continue
        r, c = 1.5 + 6 * (y - 640) / 450, p.random.choice(('#ffd45a', '#f2f0ff', '#e85a7a', '#c58af0', '#ff9a4a'))
        p.add(*(p.ellipse(x + r * math.cos(a), y + r * 0.8 * math.sin(a), r * 0.62, r * 0.5, c) for a in (0, 1.26, 2.5, 3.8, 5)), p.ellipse(x, y, r * 0.4, r * 0.35, '#7a4a10'))


def jetty(p):
    for i in range(12):
        x, y, s = 900 - i * 17, 812 - i * 9, 1 - i * 0.035
        p.add(p.shape([(x - 46 * s, y), (x + 34 * s, y + 22 * s), (x + 22 * s, y + 30 * s), (x - 58 * s, y + 8 * s)], mix('#b98a62', '#5a3a3a', p.random.uniform(0.1, 0.5)), 1, 0, False, 'stroke="#2c1a20" stroke-width="1.4"'))
    for x, y in ((846, 800), (934, 834), (770, 752), (840, 786), (690, 716)):
        p.add(p.stroke([(x, y - 26), (x, y + 26)], '#3a2428', 8), p.stroke([(x - 2, y - 24), (x - 2, y + 20)], '#d89a6a', 2))
    p.add(p.shape([(560, 752, 0), (700, 766, 0), (676, 792), (586, 786)], p.linear(0, 750, 0, 792, '#d8503c', '#6a1c24'), extra='stroke="#2c0c14" stroke-width="2"'), p.stroke([(564, 758), (630, 770), (694, 770)], '#ffe3b8', 3), p.stroke([(600, 758), (664, 765)], '#8a5a3a', 6), p.stroke([(640, 776), (720, 744)], '#caa06a', 4))


def landscape():
    p = Painting(1280, 720, 51)
    sky(p)
    mountains(p)
    lake(p)
    for i in range(60):
        x = p.random.uniform(-20, 420) if i % 2 else p.random.uniform(1020, 1940)
        pine(p, x, SHORE + 4 + p.random.uniform(0, 14), p.random.uniform(40, 90), '#2f3f5c', '#7d7a86')
    meadow(p)
    for x, y, h in sorted(((1400, 700, 250), (1470, 690, 300), (1560, 684, 260), (1650, 700, 330), (1750, 690, 290), (1850, 720, 370), (1020, 790, 130), (60, 800, 300), (150, 806, 220), (-10, 830, 380)), key=lambda t: t[1]):
        pine(p, x, y, h, '#16302e', '#7f9a58')
    cabin(p, 1230, 712)
    jetty(p)
    for x in range(1000, 1120, 26):
        y = 800 - (x - 1000) * 0.62
        p.add(p.stroke([(x, y), (x + 1, y - 34)], '#5a3a2c', 5), p.stroke([(x - 1, y - 2), (x, y - 33)], '#e8b07a', 1.4))
    p.add(p.stroke([(994, 786), (1060, 744), (1116, 708)], '#5a3a2c', 3.5), p.stroke([(994, 798), (1060, 756), (1116, 720)], '#5a3a2c', 3.5))
    return p


if __name__ == '__main__':
    painting = landscape()
    for name, box in (('start', (0, 0, 1920, 1080)), ('end', (760, 350, 960, 540))):
        painting.box = box
        painting.write(name)
