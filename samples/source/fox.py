"""The fox traveller, seen from the front, the side and the back."""
import math

from paint import Painting, cloth, curve, enlarged, flatten, limb, mirror, polygon, symmetric

AXIS = 310
ORANGE, DEEP, PALE = '#e8772e', '#8f3510', '#ffb867'
CREAM, SOOT = '#fff1dc', '#3a211c'
BLUE, NAVY, SKY = '#2f6aa8', '#122b52', '#8cc4f0'
RED, WINE, ROSE = '#cf2f30', '#6d0f1c', '#ff8d76'
TWEED, BARK, STRAW = '#7a6242', '#33241a', '#c9ad7c'
LEATHER, UMBER, TAN = '#8a4b22', '#33170b', '#dd9a5a'
GOLD = '#e0ad48'
FUR = ['#ffbf73', '#f7953f', '#c9551a', '#a8430f', '#ffd09a']


def fur_fill(p, x1, y1, x2, y2):
    return p.linear(x1, y1, x2, y2, '#f99a45', ORANGE, '#c2531a')


def check(p):
    """A windowpane check with a twill weave."""
    return p.pattern(26, 26, '<path d="M0,4H26M0,7H26M4,0V26M7,0V26" stroke="#9fd0f2" stroke-width="1.1" opacity=".45"/>'
                     '<path d="M18,0V26M0,18H26" stroke="#0c1f40" stroke-width="2.4" opacity=".5"/>'
                     '<path d="M0,13L13,0M0,26L26,0M13,26L26,13" stroke="#0b1c38" stroke-width=".8" opacity=".4"/>',
                     'rotate(3)')


def herringbone(p):
    return p.pattern(16, 12, '<path d="M0,0L8,6L16,0M0,6L8,12L16,6" fill="none" stroke="#2a1b10" stroke-width="1.5" '
                     'opacity=".55"/><path d="M0,3L8,9L16,3" fill="none" stroke="#e2c894" stroke-width="1" opacity=".5"/>')


def knit(p):
    return p.pattern(9, 8, '<path d="M0,0L4.5,5L9,0" fill="none" stroke="#5c0a16" stroke-width="1.5" opacity=".6"/>'
                     '<path d="M0,3L4.5,8L9,3" fill="none" stroke="#ffb09a" stroke-width="1" opacity=".4"/>')


def embroidery(p, points, width=15):
    """A navy ribbon with a golden zigzag along a line."""
    chain = flatten(points, False, 24)
    zigzag, walked, side = [chain[0]], 0.0, 1
    for (ax, ay), (bx, by) in zip(chain, chain[1:]):
        step = math.hypot(bx - ax, by - ay) or 1e-6
        walked += step
        if walked >= 6:
            walked, side = 0, -side
            zigzag.append((bx - (by - ay) / step * side * width * 0.25, by + (bx - ax) / step * side * width * 0.25))
    return (p.stroke(points, '#0d1d3d', width, cap='butt') + p.stroke(points, '#22417a', width * 0.8, cap='butt')
            + '<path d="%s" fill="none" stroke="%s" stroke-width="2.2" stroke-linejoin="round"/>'
            % (polygon(zigzag)[:-1], GOLD)
            + p.stroke(points, '#f2d68a', width, 0.5, dash='1.5 5', cap='butt'))


def tail(p, spine, seed_angle):
    """A brush with a cream tip along a spine of (x, y, half width)."""
    outline = limb(spine)
    tip = limb(spine[-4:])
    cut = len(spine) - 3
    for line, orange, cream in ((outline[:len(spine)], '#c9601f', '#efdcc0'), (outline[len(spine):][::-1], '#9c4214', '#cdb393')):
        lean = 40 if line[0] == outline[0] else 140
        p.add(p.tufts(line[:cut + 1], 5, 15, lean, orange, 6), p.tufts(line[cut:], 5, 14, lean, cream, 6))
    x1, y1 = spine[0][:2]
    x2, y2 = spine[-1][:2]
    hairs = p.fur(outline, 420, 13, seed_angle, FUR)
    white = ('<path d="%s" fill="%s"/>' % (curve(tip), p.linear(spine[-4][0], spine[-4][1], x2, y2, '#f7dcb4', CREAM))
             + p.fur(tip, 190, 11, seed_angle, ['#ffffff', '#e5cba5', '#cbb08a', '#fff6e4'])
             + p.tufts([tip[0], spine[-4][:2], tip[-1]], 3, 17, 0, CREAM, 7) + p.tufts([tip[0], spine[-4][:2], tip[-1]], 7, 24, 8, '#f7dcb4', 6))
    p.part(curve(outline), fur_fill(p, x1, y1, x2, y2), DEEP, PALE, hairs, white, depth=16, width=1.4)


def sleeve(p, side, back=False):
    spine = [(230, 302, 32), (207, 352, 34), (187, 412, 31), (168, 462, 29), (154, 500, 31)]
    points = limb(spine)
    if side > 0:
        points = mirror(points, AXIS)

    def at(*line):
        return mirror(line, AXIS) if side > 0 else list(line)

    lit = p.linear(*at((190, 300))[0], *at((200, 510))[0], '#4a8ccc', BLUE, '#234f85')
    elbow = at((190, 380), (212, 392), (206, 438), (180, 430)) if back else None
    folds = (p.fold(at((228, 342), (214, 352), (186, 348)), NAVY, SKY, 5)
             + p.fold(at((208, 398), (190, 404), (166, 396)), NAVY, SKY, 6)
             + p.fold(at((204, 424), (188, 422), (170, 412)), NAVY, SKY, 5)
             + p.fold(at((186, 452), (172, 458), (150, 450)), NAVY, SKY, 4))
    band = embroidery(p, at((126, 478), (152, 489), (182, 494)), 19)
    badge = ''
    if side < 0 and not back:
        badge = (p.ellipse(199, 350, 19, 19, '#f3e2b4', extra='stroke="#7a5a1c" stroke-width="2"')
                 + p.ellipse(199, 350, 15, 15, '#20643f')
                 + p.shape(p.star(199, 349, 13, 8, 0.45), '#f6cf5a', smooth=False)
                 + p.ellipse(199, 349, 3.4, 3.4, '#b3261f'))
    patch = ''
    if elbow:
        patch = (p.shape(elbow, LEATHER) + p.stroke(elbow, '#f1cf94', 1.6, closed=True, dash='4 3')
                 + p.stroke(elbow, UMBER, 1, 0.8, closed=True))
    cloth(p, points, lit, check(p), NAVY, SKY, folds, patch, badge, band, depth=16)


def paw(p, side):
    def at(*line):
        return mirror(line, AXIS) if side > 0 else list(line)

    palm = at((131, 496), (176, 506), (181, 530), (174, 556), (158, 572), (138, 570), (124, 552), (122, 522))
    thumb = at((166, 512), (184, 524), (191, 545), (184, 558), (174, 548), (168, 532))
    fill = p.linear(*at((130, 500))[0], *at((175, 570))[0], '#7a4630', SOOT)
    hairs = p.fur(palm, 70, 9, lambda x, y: 92, ['#8a5a42', '#5a3426', '#2a1612', '#a3765a'], 2, 0.7)
    fingers = ''.join(p.stroke(at(*line), '#170b09', 2.4, 0.85) for line in (
        [(141, 546), (139, 556), (141, 568)], [(155, 548), (154, 560), (156, 570)]))
    p.part(curve(palm), fill, '#150908', '#c08a6a', hairs, fingers, depth=9, blur=5)
    p.part(curve(thumb), fill, '#150908', '#c08a6a', depth=5, blur=3)


def leg(p, side, back=False):
    def at(*line):
        return mirror(line, AXIS) if side > 0 else list(line)

    trouser = at((296, 506), (308, 560), (298, 612), (293, 680), (291, 745), (288, 800), (224, 800), (216, 745),
                 (214, 680), (214, 610), (224, 540), (236, 506))
    fill = p.linear(*at((214, 520))[0], *at((300, 800))[0], '#a58a5e', TWEED, '#54402a')
    folds = (p.fold(at((304, 572), (280, 590), (250, 594)), BARK, STRAW, 6)
             + p.fold(at((294, 690), (272, 706), (240, 702)), BARK, STRAW, 6)
             + p.fold(at((218, 712), (238, 722), (258, 718)), BARK, STRAW, 5)
             + p.fold(at((290, 752), (262, 768), (226, 758)), BARK, STRAW, 6)
             + p.stroke(at((222, 560), (218, 640), (220, 760)), BARK, 1.6, 0.7, dash='5 4'))
    patch = ''
    if side < 0 and not back:
        quad = [(228, 636), (280, 630), (284, 686), (231, 692)]
        patch = (p.shape(quad, '#a8392b', smooth=False)
                 + ''.join(p.ellipse(239 + 18 * i + (j % 2) * 6, 645 + 17 * j, 4, 4, '#f6d890') for i in range(3) for j in range(3))
                 + '<path d="%s" fill="none" stroke="#fbe7bb" stroke-width="2" stroke-dasharray="6 4"/>' % polygon(quad))
    if back and side > 0:
        quad = mirror([(236, 560), (286, 556), (284, 606), (260, 618), (238, 608)], AXIS)
        patch = p.shape(quad, '#5f4a30', 0.8, smooth=False) + '<path d="%s" fill="none" stroke="#e2c894" stroke-width="1.8" stroke-dasharray="5 3"/>' % polygon(quad)
    cloth(p, trouser, fill, herringbone(p), BARK, STRAW, folds, patch, depth=15)
    boot(p, at, back)


def boot(p, at, back):
    sole = at((200, 938), (206, 960, 0), (300, 960, 0), (298, 938))
    p.part(curve(sole), p.linear(0, 938, 0, 960, '#5a3a26', '#1c0f09'), '#0e0705', '#a87c55', depth=4, blur=3)
    shaft = at((222, 786), (256, 792), (291, 786), (292, 840), (294, 886), (302, 918), (300, 944), (252, 948), (202, 944),
               (198, 918), (214, 884), (220, 838))
    fill = p.linear(*at((210, 790))[0], *at((300, 950))[0], '#b56a34', LEATHER, '#4a2310')
    seams = p.stroke(at((200, 926), (250, 930), (300, 926)), '#f0c488', 1.6, 0.8, dash='5 4')
    if back:
        seams += (p.stroke(at((256, 792), (256, 940)), UMBER, 3, 0.8) + p.stroke(at((251, 796), (251, 936)), '#f0c488', 1.4, 0.7, dash='4 4')
                  + p.shape(at((228, 884), (256, 868), (286, 884), (292, 940), (220, 940)), '#5a2b12', 0.55)
                  + p.shape(at((249, 776), (263, 776), (263, 812), (249, 812)), TAN, 0.9))
    else:
        seams += (p.shape(at((236, 796), (278, 796), (276, 886), (240, 886)), '#5d2c12', 0.75)
                  + p.stroke(at((206, 908), (252, 884), (298, 908)), UMBER, 2.4, 0.8)
                  + p.stroke(at((209, 913), (252, 890), (295, 913)), '#f0c488', 1.4, 0.8, dash='4 4'))
        for i in range(5):
            y = 808 + i * 18
            seams += (p.stroke(at((240, y), (276, y + 11)), '#1b0d06', 5, 0.5) + p.stroke(at((276, y), (240, y + 11)), '#f3dfae', 3.4)
                      + p.stroke(at((240, y), (276, y + 11)), '#f8e8c0', 3.4)
                      + ''.join(p.ellipse(*at((x, y))[0], 3, 3, '#d9b25a', extra='stroke="#4a3008"') for x in (239, 277)))
    shine = (p.stroke(at((226, 800), (224, 850), (216, 892)), '#ffd9a8', 5, 0.5, blur=2)
             + ('' if back else p.ellipse(*at((226, 916))[0], 14, 9, '#ffe2ba', 0.55, 3))
             + p.fold(at((292, 862), (270, 872), (224, 866)), UMBER, TAN, 5))
    p.part(curve(shaft), fill, UMBER, TAN, seams, shine, depth=14)
    cuff = at((216, 780), (254, 788), (296, 780), (296, 804), (254, 812), (216, 804))
    wool = p.fur(cuff, 110, 7, lambda x, y: 90, ['#fff7e6', '#e2c9a0', '#c7a878', '#fffdf6'], 2.4, 0.9)
    p.part(curve(cuff), p.linear(0, 780, 0, 812, '#f6e6c8', '#d3b488'), '#7b5a36', '#ffffff', wool, depth=6, blur=3)


def jacket_front(p):
    torso = symmetric([(310, 276), (356, 278), (394, 294), (404, 332), (388, 396), (382, 444), (402, 528, 0), (362, 536), (310, 532)], AXIS)
    fill = p.linear(220, 280, 400, 540, '#4a8ccc', BLUE, '#1d4375')
    shirt = p.shape([(276, 270), (344, 270), (318, 372), (304, 372)], '#f4e6c6', smooth=False)
    shirt += ''.join(p.stroke([(270, y), (350, y)], '#b98b4a', 2.4, 0.7) for y in range(300, 372, 9))
    placket = p.stroke([(310, 368), (311, 450), (306, 540)], '#0c1f40', 3, 0.9) + p.stroke([(318, 372), (319, 450), (315, 534)], '#cfe6fa', 1.4, 0.6, dash='5 4')
    folds = (p.fold([(236, 404), (262, 420), (296, 418)], NAVY, SKY, 6) + p.fold([(386, 410), (362, 430), (326, 432)], NAVY, SKY, 6)
             + p.fold([(240, 446), (262, 464), (290, 466)], NAVY, SKY, 5) + p.fold([(246, 470), (240, 500), (232, 530)], NAVY, SKY, 6)
             + p.fold([(380, 456), (384, 492), (390, 530)], NAVY, SKY, 6) + p.fold([(340, 480), (336, 510), (338, 536)], NAVY, SKY, 5)
             + p.fold([(228, 330), (238, 360), (240, 392)], NAVY, SKY, 7) + p.fold([(396, 330), (384, 360), (382, 392)], NAVY, SKY, 7))
    hem = embroidery(p, [(214, 519), (262, 525), (310, 523), (358, 526), (406, 519)], 20)
    pocket = ''
    for x in (240, 334):
        quad = [(x, 462), (x + 48, 466), (x + 48, 506), (x + 2, 503)] if x < 300 else [(x, 466), (x + 46, 462), (x + 46, 503), (x + 1, 506)]
        flap = [quad[0], quad[1], (quad[1][0], quad[1][1] + 15), ((quad[0][0] + quad[1][0]) / 2, quad[0][1] + 23), (quad[0][0], quad[0][1] + 15)]
        pocket += (p.shape(quad, '#28598f', 0.9, smooth=False, extra='stroke="#0c1f40" stroke-width="1.8"')
                   + '<path d="%s" fill="none" stroke="#cfe6fa" stroke-width="1.3" stroke-dasharray="4 3" opacity=".7"/>' % polygon(quad)
                   + p.shape(flap, '#3d7cbd', smooth=False, extra='stroke="#0c1f40" stroke-width="1.8"') + p.button(flap[3][0], flap[3][1] - 6, 4.5))
    badge = (p.shape([(342, 372), (378, 368), (380, 396), (362, 414), (344, 398)], '#f6e3b0', extra='stroke="#7a5a1c" stroke-width="2"')
             + p.shape(p.star(361, 389, 16, 4, 0.32), '#c03026', smooth=False) + p.shape(p.star(361, 389, 11, 4, 0.4, -45), '#1c5a7d', smooth=False)
             + p.ellipse(361, 389, 3.5, 3.5, '#fff6d8'))
    lapels = ''
    for side in (0, 1):
        shape = [(270, 276), (254, 318), (272, 330), (262, 346), (306, 380), (286, 310)]
        shape = mirror(shape, AXIS) if side else shape
        lapels += (p.shape(shape, '#000000', 0.35, 3, False, 'transform="translate(4 6)"')
                   + p.shape(shape, p.linear(250, 280, 330, 380, '#5a9ad8', '#2b62a0'), smooth=False, extra='stroke="#0c1f40" stroke-width="2"')
                   + '<path d="%s" fill="none" stroke="#d8ecfb" stroke-width="1.4" stroke-dasharray="4 3" opacity=".8"/>'
                   % polygon([(x + (4 if not side else -4), y + 1) for x, y in shape]))
    buttons = ''.join(p.button(x, y, 8.5) for y in (394, 428, 458) for x in (298, 326))
    cloth(p, torso, fill, check(p), NAVY, SKY, shirt, folds, placket, pocket, hem, badge, lapels, buttons, depth=20, blur=12)


def strap(p, points):
    """A leather strap over the shoulder."""
    p.add(p.stroke([(x + 3, y + 5) for x, y in points], '#050d1c', 20, 0.5, cap='butt', blur=3), p.stroke(points, UMBER, 19, cap='butt'),
          p.stroke(points, '#a5622f', 15.5, cap='butt'), p.stroke([(x - 3, y - 2) for x, y in points], '#dd9a5a', 4, 0.5, cap='butt', blur=1),
          p.stroke([(x - 5, y + 1) for x, y in points], '#f6d6a0', 1.4, 0.8, dash='4 3', cap='butt'),
          p.stroke([(x + 5, y) for x, y in points], '#f6d6a0', 1.4, 0.8, dash='4 3', cap='butt'))


def scarf(p, back=False):
    if not back:
        end = [(262, 290), (292, 296), (286, 350), (282, 402), (288, 428), (246, 434), (240, 400), (248, 346)]
        bars = ''.join(p.stroke([(236, y), (262, y + 5), (296, y)], c, w) for y, c, w in (
            (340, '#f7e2b2', 7), (356, '#f7e2b2', 3), (392, '#f7e2b2', 9), (410, '#5c0a16', 6)))
        fringe = ''.join(p.stroke([(x, 428 - (x - 246) * 0.13), (x - 3, 440), (x - 1 + p.random.uniform(-3, 3), 452)], c, 3.4)
                         for x, c in ((248, '#a81f26'), (255, '#d8453e'), (262, '#a81f26'), (269, '#e2574a'), (276, '#a81f26'), (284, '#d8453e')))
        p.add(p.shape([(x + 8, y + 8) for x, y in end], '#040b18', 0.45, 5), fringe)
        cloth(p, end, p.linear(246, 290, 290, 430, '#ea4b40', RED, '#9c1a24'), knit(p), WINE, ROSE, bars,
              p.fold([(276, 300), (272, 360), (270, 426)], WINE, ROSE, 6), p.fold([(262, 300), (256, 360), (254, 426)], WINE, ROSE, 4), depth=10)
    wrap = symmetric([(310, 256), (350, 255), (378, 263), (394, 281), (388, 300), (358, 314), (310, 322)], AXIS)
    bars = ''.join(p.stroke([(x, 240), (x + 3 * (x - 310) / 60, 280), (x - 2 * (x - 310) / 30, 324)], '#f7e2b2', w)
                   for x, w in ((244, 6), (254, 3), (368, 6), (358, 3)))
    p.add(p.shape([(x, y + 12) for x, y in wrap], '#040b18', 0.4, 5))
    cloth(p, wrap, p.linear(220, 250, 400, 320, '#f25a4a', RED, '#98181f'), knit(p), WINE, ROSE, bars,
          p.fold([(226, 272), (270, 290), (320, 290), (390, 268)], WINE, ROSE, 8), p.fold([(236, 296), (280, 308), (330, 304), (372, 296)], WINE, ROSE, 6),
          p.fold([(238, 258), (280, 268), (330, 270), (376, 256)], WINE, ROSE, 5), depth=12)


def ear(p, side, back=False):
    def at(*line):
        return mirror(line, AXIS) if side > 0 else list(line)

    outer = at((229, 40, 0), (252, 58), (276, 88), (294, 124), (270, 158), (224, 178), (210, 140), (214, 88))
    inner = at((233, 62, 0), (252, 84), (272, 118), (264, 146), (232, 160), (222, 130), (225, 90))
    tip = at((229, 36, 0), (254, 56), (262, 76), (236, 92), (212, 96), (214, 70))
    p.add(p.tufts(at((211, 160), (210, 120), (216, 80), (229, 44)) if side < 0 else mirror([(211, 160), (210, 120), (216, 80), (229, 44)], AXIS)[::-1], 4, 8, 55 if side < 0 else 125, '#a8481a', 3.4))
    up = lambda x, y: 250 if side < 0 else 290
    black = p.shape(tip, '#2c1713') + p.fur(tip, 60, 9, up, ['#4d2c22', '#120807', '#7a4630'], 2.2)
    content = [p.fur(outer, 130, 10, up, FUR), black]
    if not back:
        content += [p.shape(inner, p.linear(*at((220, 60))[0], *at((270, 160))[0], '#6b3428', '#d9917a')),
                    p.fur(inner, 120, 18, up, [CREAM, '#f2d2b0', '#e8b68c', '#fff8ec'], 2.4, 0.9)]
    p.part(curve(outer), fur_fill(p, 220, 40, 270, 170), DEEP, PALE, *content, depth=9, width=2)


def eye(p, x, y, side):
    lid = [(x - 24, y + 2, 0), (x - 10, y - 15), (x + 8, y - 15), (x + 22, y - 1), (x + 24, y + 5, 0), (x + 12, y + 15), (x - 8, y + 16)]
    if side > 0:
        lid = mirror(lid, x)
    look = x + 1
    ball = (p.shape(lid, '#fffaf0') + p.ellipse(look, y, 15.5, 16.5, p.radial(look, y + 5, 18, '#ffd368', '#d18a1e', '#6d3a0a'))
            + ''.join(p.stroke([(look + math.cos(a) * 8, y + math.sin(a) * 8), (look + math.cos(a) * 14, y + math.sin(a) * 15)], '#7a420c', 1, 0.5)
                      for a in [k * math.pi / 9 for k in range(18)])
            + p.ellipse(look, y, 8, 9.5, '#160a05') + p.ellipse(look - 5, y - 6.5, 4.6, 5, '#ffffff') + p.ellipse(look + 5, y + 6, 2.3, 2.3, '#ffffff', 0.9)
            + p.shape([(q[0], q[1] - 16) for q in lid], '#5a2a10', 0.35, 3))
    upper = mirror([(x - 27, y + 4), (x - 12, y - 16), (x + 8, y - 17), (x + 25, y - 1)], x) if side > 0 else [(x - 27, y + 4), (x - 12, y - 16), (x + 8, y - 17), (x + 25, y - 1)]
    brow = [(x - 20, y - 33), (x - 2, y - 42), (x + 18, y - 34)]
    brow = mirror(brow, x) if side > 0 else brow
    p.add(p.ellipse(x, y, 33, 27, '#8f3510', 0.35, 5), p.clipped(curve(lid), ball), p.stroke(upper, '#1c0c07', 5), p.stroke([lid[0][:2], lid[6][:2], lid[5][:2], lid[4][:2]], '#3a1a0d', 1.8, 0.8),
          p.stroke([upper[0], (upper[0][0] + (5 if side > 0 else -5), upper[0][1] - 4)], '#1c0c07', 3.4),
          p.stroke(brow, '#6d2a0c', 7, 0.85), p.stroke([(q[0], q[1] - 1.5) for q in brow], '#b85a1e', 2.5, 0.7))


def head_outline():
    return symmetric([(310, 106), (352, 108), (388, 138), (406, 178), (424, 214, 0), (406, 217), (410, 232, 0), (382, 233), (374, 246, 0), (346, 258), (310, 268)], AXIS)


def from_middle(x, y):
    return math.degrees(math.atan2(y - 150, (x - AXIS) * 1.3))


def head_front(p):
    outline = head_outline()
    cheeks = ''
    for side in (0, 1):
        cheek = [(310, 206), (296, 210), (284, 218), (262, 212), (236, 206), (192, 214), (206, 246), (240, 262), (284, 272), (310, 276)]
        cheek = mirror(cheek, AXIS) if side else cheek
        cheeks += p.shape(cheek, p.radial(310, 225, 120, '#fffaf0', '#fbe9cf', '#e3c39c')) + p.fur(cheek, 170, 11, from_middle, ['#ffffff', '#ecd2ac', '#d2b188', '#fff6e6'], 2.2)
    blaze = p.shape([(310, 120), (330, 150), (326, 190), (310, 206), (294, 190), (290, 150)], '#d05f1c', 0.35, 5)
    for line in ([(392, 146), (406, 178), (424, 212)], [(422, 216), (406, 219), (410, 232)], [(406, 234), (382, 235), (373, 247), (350, 257)]):
        p.add(p.tufts(line, 5, 10, 50, '#efd3ac' if line[0][1] > 200 else '#c9601f', 5),
              p.tufts(mirror(line, AXIS)[::-1], 5, 10, 50, '#efd3ac' if line[0][1] > 200 else '#d9691f', 5))
    p.part(curve(outline), p.radial(280, 140, 190, '#ffae5a', ORANGE, '#b54a14'), DEEP, PALE,
           p.fur(outline, 560, 11, from_middle, FUR), blaze, cheeks, depth=14, width=1.8)
    p.add(''.join('<path d="%s" fill="%s"/>' % (p.hair(AXIS + s * (4 + 9 * i), 104 + 2 * i, 270 + s * (10 + 14 * i), 13, 6), ORANGE) for s in (-1, 1) for i in range(3)))
    for side in (-1, 1):
        eye(p, AXIS + side * 46, 180, side)
        p.add(p.ellipse(AXIS + side * 74, 224, 18, 9, '#ef7d62', 0.35, 5))
    muzzle = symmetric([(310, 200), (330, 206), (350, 224), (346, 244), (326, 254), (310, 255)], AXIS)
    p.add(p.shape([(x, y + 6) for x, y in muzzle], '#8a5a34', 0.4, 5), p.shape(muzzle, p.radial(302, 216, 52, '#ffffff', '#fdf0dc', '#ddbf98')),
          p.fur(muzzle, 70, 7, from_middle, ['#ffffff', '#e6cba6'], 1.8, 0.8))
    nose = symmetric([(310, 198), (322, 199), (330, 207), (322, 219), (310, 225)], AXIS)
    p.part(curve(nose), p.radial(303, 203, 24, '#6a5450', '#2a1a1a', '#0c0606'), '#000000', '#8a7a78', p.ellipse(303, 203, 7, 3.4, '#ffffff', 0.85, 1), depth=4, blur=3)
    p.add(p.stroke([(310, 225), (310, 235)], '#3a1a12', 2.6), p.stroke([(278, 232), (292, 243), (310, 236), (328, 243), (342, 232)], '#3a1a12', 3),
          p.shape([(298, 243), (310, 239), (322, 243), (310, 252)], '#b8433c'), p.stroke([(299, 253), (310, 256), (321, 253)], '#a98660', 2, 0.7),
          ''.join(p.ellipse(AXIS + s * x, y, 1.6, 1.6, '#6d4a30') for s in (-1, 1) for x, y in ((22, 226), (29, 231), (20, 234))),
          ''.join(p.stroke([(AXIS + s * 34, y), (AXIS + s * 78, y - 8 + d), (AXIS + s * 106, y + d)], '#fffdf6', 1.5, 0.9) for s in (-1, 1) for y, d in ((226, -4), (232, 6))))


def front():
    p = Painting(580, 1000, 11)
    tail(p, [(352, 560, 22), (386, 610, 38), (402, 660, 50), (410, 712, 56), (408, 762, 50), (398, 806, 32), (388, 832, 8)], lambda x, y: 90 + (x - 400) * 0.25)
    for side in (-1, 1):
        leg(p, side)
    jacket_front(p)
    strap(p, [(372, 290), (340, 350), (300, 410), (262, 462), (232, 506)])
    for side in (-1, 1):
        paw(p, side)
        sleeve(p, side)
    scarf(p)
    start = len(p.body)
    for side in (-1, 1):
        ear(p, side)
    head_front(p)
    enlarged(p, start, 1.12, AXIS, 262)
    p.box, p.size = (79, -29, 461.7, 1031), (450, 1005)
    return p


def jacket_back(p):
    torso = symmetric([(310, 276), (356, 278), (394, 294), (404, 332), (388, 396), (382, 444), (402, 528, 0), (362, 536), (310, 532)], AXIS)
    yoke = [(216, 280), (404, 280), (404, 352), (310, 372), (216, 352)]
    pleat = p.shape([(304, 372), (316, 372), (322, 540), (298, 540)], NAVY, 0.7, smooth=False) + p.stroke([(297, 372), (292, 520)], '#cfe6fa', 1.4, 0.6, dash='5 4') + p.stroke([(323, 372), (328, 520)], '#cfe6fa', 1.4, 0.6, dash='5 4')
    folds = ''.join(p.fold(line, NAVY, SKY, 6) for line in (
        [(236, 396), (262, 412), (292, 410)], [(386, 404), (362, 424), (328, 426)], [(240, 440), (262, 458), (296, 460)],
        [(246, 474), (240, 500), (232, 530)], [(380, 460), (384, 492), (390, 530)], [(346, 480), (344, 508), (350, 536)]))
    rose = (p.ellipse(310, 420, 41, 41, '#0d1d3d') + p.ellipse(310, 420, 38, 38, 'none', extra='stroke="%s" stroke-width="2.4" stroke-dasharray="5 3"' % GOLD)
            + p.shape(p.star(310, 420, 24, 4, 0.34, -45), '#8cc4f0', smooth=False) + p.shape(p.star(310, 420, 36, 4, 0.24), '#f0c458', smooth=False)
            + p.shape([(310, 384), (310, 420), (318, 412)], '#a5742a', smooth=False) + p.shape([(310, 456), (310, 420), (302, 428)], '#a5742a', smooth=False)
            + p.ellipse(310, 420, 5.5, 5.5, '#cf2f30', extra='stroke="#fff0cc" stroke-width="1.5"'))
    belt = p.shape([(226, 476), (394, 476), (396, 494), (224, 494)], '#28598f', smooth=False, extra='stroke="#0c1f40" stroke-width="1.8"') + p.button(276, 485, 7) + p.button(344, 485, 7)
    hem = embroidery(p, [(214, 519), (262, 525), (310, 523), (358, 526), (406, 519)], 20)
    cloth(p, torso, p.linear(220, 280, 400, 540, '#4a8ccc', BLUE, '#1d4375'), check(p), NAVY, SKY, p.shape(yoke, '#1d4a80', 0.45, smooth=False),
          p.stroke([(216, 352), (310, 372), (404, 352)], '#0c1f40', 2.4), p.stroke([(216, 357), (310, 377), (404, 357)], '#cfe6fa', 1.4, 0.7, dash='5 4'),
          folds, pleat, belt, rose, hem, depth=20, blur=12)


def head_back(p):
    outline = head_outline()
    down = lambda x, y: 90 - (x - AXIS) * 0.35
    for line in ([(392, 146), (406, 178), (424, 212)], [(422, 216), (406, 219), (410, 232)], [(406, 234), (382, 235), (373, 247), (350, 257)]):
        p.add(p.tufts(line, 5, 10, 50, '#c9601f', 5), p.tufts(mirror(line, AXIS)[::-1], 5, 10, 130, '#d9691f', 5))
    crest = p.shape([(310, 110), (344, 150), (336, 230), (310, 268), (284, 230), (276, 150)], '#9c3f10', 0.4, 8)
    ruff = [(206, 226), (250, 244), (310, 250), (370, 244), (414, 226), (410, 272), (210, 272)]
    p.part(curve(outline), p.radial(280, 140, 190, '#ffae5a', ORANGE, '#b54a14'), DEEP, PALE, crest, p.fur(outline, 900, 14, down, FUR, 3),
           p.fur(ruff, 150, 16, down, ['#ffd9a6', '#f7b56a', '#fbe3c0'], 3), depth=14, width=1.8)
    p.add(''.join('<path d="%s" fill="%s"/>' % (p.hair(AXIS + s * (4 + 9 * i), 104 + 2 * i, 270 + s * (10 + 14 * i), 13, 6), ORANGE) for s in (-1, 1) for i in range(3)))


def back():
    p = Painting(580, 1000, 12)
    for side in (-1, 1):
        leg(p, side, True)
    jacket_back(p)
    strap(p, [(248, 290), (280, 350), (320, 412), (358, 462), (388, 506)])
    for side in (-1, 1):
        paw(p, side)
        sleeve(p, side, True)
    scarf(p, True)
    end = [(318, 300), (350, 302), (352, 348), (358, 388), (324, 394), (320, 350)]
    cloth(p, end, p.linear(318, 300, 358, 390, '#ea4b40', RED, '#9c1a24'), knit(p), WINE, ROSE, p.stroke([(312, 352), (360, 346)], '#f7e2b2', 7), p.stroke([(312, 366), (364, 360)], '#f7e2b2', 3), depth=8)
    start = len(p.body)
    for side in (-1, 1):
        ear(p, side, True)
    head_back(p)
    enlarged(p, start, 1.12, AXIS, 262)
    tail(p, [(306, 512, 12), (288, 552, 30), (256, 604, 46), (222, 662, 56), (204, 722, 52), (208, 772, 34), (222, 802, 8)], lambda x, y: 100)
    p.box, p.size = (79, -29, 461.7, 1031), (450, 1005)
    return p


def side_boot(p, x, dark):
    """A boot with its ankle at x, toes to the right."""
    at = lambda line: [(x + q[0],) + tuple(q[1:]) for q in line]
    sole = at([(-40, 938), (-38, 960, 0), (92, 960, 0), (94, 942)])
    p.part(curve(sole), p.linear(0, 938, 0, 960, '#5a3a26', '#1c0f09'), '#0e0705', '#a87c55', depth=4, blur=3)
    shaft = at([(-36, 788), (0, 794), (36, 786), (36, 840), (34, 884), (46, 906), (82, 916), (96, 932), (90, 946), (0, 948), (-38, 946), (-40, 916), (-37, 870), (-38, 830)])
    seams = (p.stroke(at([(-46, 926), (0, 932), (40, 926), (98, 934)]), '#f0c488', 1.6, 0.8, dash='5 4') + p.stroke(at([(-42, 890), (0, 896), (36, 914), (42, 946)]), UMBER, 2.4, 0.8)
             + p.stroke(at([(-42, 884), (4, 890), (41, 910), (47, 946)]), '#f0c488', 1.4, 0.8, dash='4 4') + p.shape(at([(-46, 888), (-16, 894), (-14, 948), (-48, 948)]), '#5a2b12', 0.5)
             + p.shape(at([(-40, 848), (40, 846), (40, 862), (-40, 866)]), UMBER, 0.75) + p.shape(at([(-2, 842), (16, 841), (17, 868), (-1, 870)]), '#e0ad48', 1, 0, False, 'stroke="#4a3008" stroke-width="2"')
             + p.shape(at([(4, 849), (11, 849), (11, 862), (4, 862)]), UMBER, smooth=False))
    for i in range(4):
        y = 806 + i * 11
        seams += p.stroke(at([(20, y), (38, y + 5)]), '#f8e8c0', 3.2) + p.ellipse(x + 18, y, 2.8, 2.8, '#d9b25a', extra='stroke="#4a3008"')
    seams += p.fold(at([(-38, 876), (-10, 882), (20, 872)]), UMBER, TAN, 5) + p.ellipse(x + 70, 920, 13, 6, '#ffe2ba', 0.5, 3) + p.stroke(at([(-26, 800), (-28, 850)]), '#ffd9a8', 5, 0.45, blur=2)
    if dark:
        seams += '<rect x="%g" y="780" width="170" height="180" fill="#1c0a10" opacity=".28"/>' % (x - 60)
    p.part(curve(shaft), p.linear(x - 40, 790, x + 80, 950, '#b56a34', LEATHER, '#4a2310'), UMBER, TAN, seams, depth=14)
    cuff = at([(-42, 780), (0, 788), (42, 778), (42, 803), (0, 812), (-42, 804)])
    p.part(curve(cuff), p.linear(0, 780, 0, 812, '#f6e6c8', '#d3b488'), '#7b5a36', '#ffffff', p.fur(cuff, 110, 7, lambda x, y: 90, ['#fff7e6', '#e2c9a0', '#c7a878', '#fffdf6'], 2.4, 0.9), depth=6, blur=3)


def side_leg(p, hip, knee, ankle, near):
    spine = [(hip, 500, 54), (hip + (knee - hip) * 0.4, 570, 52), (knee, 655, 43), (ankle, 740, 40), (ankle, 800, 38)]
    points = limb(spine)
    fill = p.linear(hip - 50, 520, hip + 60, 800, '#a58a5e', TWEED, '#54402a') if near else p.linear(hip - 50, 520, hip + 60, 800, '#7d6746', '#5c4930', '#3f2f1f')
    folds = (p.fold([(knee - 44, 668), (knee - 12, 680), (knee + 26, 672)], BARK, STRAW, 6) + p.fold([(ankle - 40, 724), (ankle - 8, 738), (ankle + 30, 728)], BARK, STRAW, 6)
             + p.fold([(ankle - 36, 762), (ankle, 770), (ankle + 36, 756)], BARK, STRAW, 6) + p.fold([(hip + 50, 556), (hip + 16, 578), (hip - 24, 580)], BARK, STRAW, 6)
             + p.stroke([(hip - 4, 520), (knee - 4, 655), (ankle - 2, 790)], BARK, 1.8, 0.8) + p.stroke([(hip + 1, 520), (knee + 1, 655), (ankle + 3, 790)], STRAW, 1.3, 0.7, dash='5 4'))
    if near:
        quad = [(knee - 16, 604), (knee + 34, 596), (knee + 34, 648), (knee - 20, 656)]
        folds += (p.shape(quad, '#2f6e54', smooth=False) + ''.join(p.shape(p.star(knee - 4 + 24 * i, 614 + 24 * j, 7), '#f6d890', smooth=False) for i in range(2) for j in range(2))
                  + '<path d="%s" fill="none" stroke="#fbe7bb" stroke-width="2" stroke-dasharray="6 4"/>' % polygon(quad))
    side_boot(p, ankle, not near)
    cloth(p, points, fill, herringbone(p), BARK, STRAW, folds, depth=15)
    cuff = [(ankle - 42, 780), (ankle, 788), (ankle + 42, 778), (ankle + 42, 803), (ankle, 812), (ankle - 42, 804)]
    p.part(curve(cuff), p.linear(0, 780, 0, 812, '#f6e6c8', '#d3b488'), '#7b5a36', '#ffffff', p.fur(cuff, 110, 7, lambda x, y: 90, ['#fff7e6', '#e2c9a0', '#c7a878', '#fffdf6'], 2.4, 0.9), depth=6, blur=3)


def side_arm(p, spine, near):
    wx, wy = spine[-1][:2]
    ex, ey = spine[-2][:2]
    length = math.hypot(wx - ex, wy - ey)
    dx, dy = (wx - ex) / length, (wy - ey) / length
    along = lambda a, b: (wx + dx * a - dy * b, wy + dy * a + dx * b)
    palm = [along(*q) for q in ((-4, 24), (-4, -24), (22, -29), (48, -24), (68, -10), (70, 8), (50, 22), (24, 26))]
    thumb = [along(*q) for q in ((8, -18), (20, -34), (42, -38), (52, -30), (42, -20), (24, -10))]
    skin = p.linear(wx - 20, wy, wx + 20, wy + 70, '#7a4630', SOOT)
    fingers = ''.join(p.stroke([along(42, b), along(56, b - 1), along(69, b - 2)], '#170b09', 2.4, 0.85) for b in (-8, 7))
    p.part(curve(palm), skin, '#150908', '#c08a6a', p.fur(palm, 70, 9, lambda x, y: math.degrees(math.atan2(dy, dx)), ['#8a5a42', '#5a3426', '#2a1612', '#a3765a'], 2, 0.7), fingers, depth=9, blur=5)
    p.part(curve(thumb), skin, '#150908', '#c08a6a', depth=5, blur=3)
    points = limb(spine)
    x0, y0 = spine[0][:2]
    fill = p.linear(x0 - 40, y0, x0 + 40, wy, '#4a8ccc', BLUE, '#234f85') if near else p.linear(x0 - 40, y0, x0 + 40, wy, '#2c5e96', '#234d80', '#17345c')
    folds = ''
    for t, r in ((1, 6), (2, 6), (2.5, 5), (3.3, 5)):
        i = int(t)
        a, b = spine[i], spine[min(i + 1, len(spine) - 1)]
        mx, my = a[0] + (b[0] - a[0]) * (t - i), a[1] + (b[1] - a[1]) * (t - i)
        folds += p.fold([(mx - 32, my - 8), (mx - 4, my + 4), (mx + 22, my - 4)], NAVY, SKY, r)
    badge = ''
    if near:
        bx, by = spine[1][:2]
        badge = (p.ellipse(bx, by, 21, 21, '#f3e2b4', extra='stroke="#7a5a1c" stroke-width="2"') + p.ellipse(bx, by, 17, 17, '#20643f')
                 + p.shape(p.star(bx, by, 15, 8, 0.45), '#f6cf5a', smooth=False) + p.ellipse(bx, by, 4, 4, '#b3261f'))
    band = embroidery(p, [along(-16, 40), along(-14, 0), along(-16, -40)], 19)
    cloth(p, points, fill, check(p), NAVY, SKY, folds, badge, band, depth=15)


def jacket_side(p):
    torso = [(262, 282), (308, 276), (352, 286), (378, 322), (388, 372), (380, 436), (390, 526, 0), (310, 538), (230, 526, 0), (242, 450), (236, 390), (234, 330)]
    folds = ''.join(p.fold(line, NAVY, SKY, 6) for line in (
        [(378, 420), (350, 436), (314, 430)], [(380, 446), (352, 462), (330, 464)], [(242, 430), (262, 446), (290, 444)], [(240, 466), (236, 500), (238, 530)], [(372, 470), (372, 500), (380, 530)]))
    lapel = [(350, 282), (372, 300), (390, 372), (366, 388), (344, 330)]
    detail = (p.shape(lapel, '#3d7cbd', smooth=False, extra='stroke="#0c1f40" stroke-width="2"') + ''.join(p.button(374, y, 8.5) for y in (404, 436, 466)) + p.stroke([(364, 388), (362, 450), (366, 540)], '#cfe6fa', 1.4, 0.6, dash='5 4')
              + p.shape([(316, 468), (364, 462), (366, 506), (318, 510)], '#28598f', smooth=False, extra='stroke="#0c1f40" stroke-width="1.8"')
              + p.shape([(316, 466), (364, 460), (364, 474), (341, 486), (317, 481)], '#3d7cbd', smooth=False, extra='stroke="#0c1f40" stroke-width="1.8"') + p.button(341, 477, 4.5)
              + p.stroke([(268, 300), (262, 420), (258, 530)], '#0c1f40', 2.2, 0.8) + p.stroke([(273, 300), (267, 420), (263, 530)], '#cfe6fa', 1.3, 0.6, dash='5 4'))
    hem = embroidery(p, [(226, 516), (310, 526), (394, 516)], 20)
    cloth(p, torso, p.linear(230, 280, 390, 540, '#4a8ccc', BLUE, '#1d4375'), check(p), NAVY, SKY, folds, detail, hem, depth=18, blur=12)


def scarf_side(p):
    end = [(246, 282), (268, 296), (244, 344), (224, 382), (206, 410), (176, 394), (196, 360), (220, 318)]
    bars = p.stroke([(182, 366), (224, 388)], '#f7e2b2', 9) + p.stroke([(198, 340), (238, 360)], '#f7e2b2', 4) + p.stroke([(172, 384), (212, 404)], '#5c0a16', 5)
    fringe = ''.join(p.stroke([(176 + 5.4 * i, 392 + 3 * i), (168 + 5 * i, 408 + 3.4 * i), (164 + 5 * i, 420 + 3 * i)], c, 3.4) for i, c in enumerate(('#a81f26', '#d8453e', '#a81f26', '#e2574a', '#a81f26', '#d8453e')))
    p.add(fringe)
    cloth(p, end, p.linear(250, 290, 190, 400, '#ea4b40', RED, '#9c1a24'), knit(p), WINE, ROSE, bars, p.fold([(252, 296), (226, 346), (196, 394)], WINE, ROSE, 6), depth=9)
    wrap = [(246, 268), (284, 255), (334, 257), (368, 267), (384, 287), (368, 308), (310, 318), (256, 308), (238, 288)]
    p.add(p.shape([(310 + (x - 310) * 0.8, y + 12) for x, y in wrap], '#040b18', 0.4, 5))
    cloth(p, wrap, p.linear(230, 250, 390, 320, '#f25a4a', RED, '#98181f'), knit(p), WINE, ROSE, p.stroke([(342, 244), (352, 280), (340, 320)], '#f7e2b2', 7), p.stroke([(356, 248), (364, 280), (352, 318)], '#f7e2b2', 3),
          p.fold([(240, 272), (290, 294), (340, 288), (384, 270)], WINE, ROSE, 8), p.fold([(250, 298), (300, 308), (350, 300)], WINE, ROSE, 6), depth=12)


def head_side(p):
    spread = lambda x, y: 178 + (y - 200) * -0.28 if x < 400 else 190
    ear_at = lambda dx, dy, line: [(x + dx, y + dy) + tuple(rest) for x, y, *rest in line]
    shape = [(0, -74, 0), (22, -46), (38, -10), (40, 26), (10, 44), (-30, 40), (-36, 6), (-22, -38)]
    for dx, dy, near in ((318, 120, False), (272, 120, True)):
        outer = ear_at(dx, dy, shape)
        tip = ear_at(dx, dy, [(0, -78, 0), (22, -48), (30, -26), (0, -18), (-28, -20), (-20, -44)])
        inner = ear_at(dx, dy, [(4, -54, 0), (24, -28), (32, 8), (28, 34), (6, 36), (2, 0)])
        p.part(curve(outer), fur_fill(p, dx - 30, 40, dx + 40, 160), DEEP, PALE, p.fur(outer, 130, 10, lambda x, y: 265, FUR), p.shape(tip, '#2c1713'), p.fur(tip, 50, 9, lambda x, y: 265, ['#4d2c22', '#120807', '#7a4630'], 2.2),
               p.shape(inner, p.linear(dx, 60, dx + 30, 160, '#6b3428', '#d9917a')) + p.fur(inner, 90, 16, lambda x, y: 275, [CREAM, '#f2d2b0', '#e8b68c', '#fff8ec'], 2.4, 0.9) if near else '', depth=9, width=2)
    outline = [(300, 106), (346, 114), (382, 146), (396, 172), (422, 190), (450, 198), (460, 212), (452, 230), (428, 244), (384, 254), (344, 264), (306, 264), (274, 250, 0), (266, 238), (242, 240, 0), (240, 226), (214, 216, 0), (226, 180), (246, 138), (270, 114)]
    for line, colour in (([(226, 180), (215, 200), (214, 216)], '#d9691f'), ([(216, 218), (239, 227), (242, 239)], '#e9b27a'), ([(244, 241), (265, 239), (274, 249)], '#efd3ac')):
        p.add(p.tufts(line[::-1], 4, 11, 50, colour, 5))
    cheek = [(456, 222), (430, 218), (404, 214), (372, 220), (340, 208), (300, 212), (262, 206), (214, 222), (240, 236), (244, 256), (276, 274), (330, 280), (384, 270), (430, 252), (456, 234)]
    p.part(curve(outline), p.radial(300, 140, 190, '#ffae5a', ORANGE, '#b54a14'), DEEP, PALE, p.fur(outline, 560, 11, spread, FUR),
           p.shape(cheek, p.radial(360, 225, 150, '#fffaf0', '#fbe9cf', '#e3c39c')), p.fur(cheek, 280, 11, spread, ['#ffffff', '#ecd2ac', '#d2b188', '#fff6e6'], 2.2),
           p.ellipse(345, 226, 20, 10, '#ef7d62', 0.35, 5), depth=14, width=1.8)
    x, y = 376, 184
    lid = [(x - 18, y + 4, 0), (x - 6, y - 14), (x + 8, y - 15), (x + 16, y - 2), (x + 15, y + 8, 0), (x + 4, y + 15), (x - 10, y + 13)]
    ball = (p.shape(lid, '#fffaf0') + p.ellipse(x + 5, y, 11.5, 16.5, p.radial(x + 5, y + 5, 18, '#ffd368', '#d18a1e', '#6d3a0a')) + p.ellipse(x + 7, y, 6, 9.5, '#160a05') + p.ellipse(x + 3, y - 6.5, 4, 5, '#ffffff') + p.ellipse(x + 10, y + 6, 1.8, 2.2, '#ffffff', 0.9)
            + p.shape([(q[0], q[1] - 16) for q in lid], '#5a2a10', 0.35, 3))
    p.add(p.ellipse(x - 8, y, 17, 22, '#8f3510', 0.35, 5), p.clipped(curve(lid), ball), p.stroke([(x - 25, y + 2), (x - 19, y + 3), (x - 6, y - 15), (x + 9, y - 16), (x + 17, y - 2)], '#1c0c07', 5), p.stroke([(x - 18, y + 4), (x - 10, y + 13), (x + 4, y + 15), (x + 14, y + 8)], '#3a1a0d', 1.8, 0.8),
          p.stroke([(x - 18, y - 34), (x - 2, y - 42), (x + 14, y - 34)], '#6d2a0c', 7, 0.85))
    nose = [(440, 196), (456, 194), (466, 204), (462, 217), (450, 220), (442, 210)]
    p.part(curve(nose), p.radial(450, 200, 22, '#6a5450', '#2a1a1a', '#0c0606'), '#000000', '#8a7a78', p.ellipse(452, 200, 5, 3, '#ffffff', 0.85, 1), depth=4, blur=3)
    p.add(p.stroke([(452, 222), (446, 234), (424, 240), (398, 240), (386, 230)], '#3a1a12', 3), p.shape([(404, 242), (424, 241), (420, 250), (408, 250)], '#b8433c'),
          ''.join(p.ellipse(a, b, 1.7, 1.7, '#6d4a30') for a, b in ((432, 224), (424, 229), (434, 231), (416, 224))), ''.join(p.stroke([(424, q), (380, q + d), (346, q + 2.4 * d)], '#fffdf6', 1.5, 0.9) for q, d in ((225, -4), (231, 3))))


def side():
    p = Painting(640, 1000, 13)
    tail(p, [(268, 512, 16), (232, 548, 34), (186, 588, 48), (140, 616, 54), (92, 618, 46), (56, 594, 28), (38, 566, 7)], lambda x, y: 180 + (x - 150) * -0.35)
    side_arm(p, [(330, 312, 28), (362, 366, 31), (394, 416, 29), (424, 452, 27), (446, 480, 28)], False)
    side_leg(p, 320, 370, 410, False)
    side_leg(p, 298, 278, 248, True)
    jacket_side(p)
    strap(p, [(336, 284), (352, 340), (338, 410), (300, 470), (262, 512)])
    side_arm(p, [(296, 316, 33), (284, 368, 36), (272, 424, 33), (276, 470, 30), (284, 508, 31)], True)
    scarf_side(p)
    start = len(p.body)
    head_side(p)
    enlarged(p, start, 1.12, AXIS, 262)
    p.box, p.size = (-11.8, -23, 568.3, 1025), (554, 999)
    return p


if __name__ == '__main__':
    for name, view in (('fox', front), ('fox-side', side), ('fox-back', back)):
        view().write(name)
