"""Mira in her raincoat, seen from the front, the side and the back."""
import math

from paint import Painting, cloth, curve, enlarged, limb, mirror, polygon, symmetric

AXIS = 310
SKIN, FLUSH, GLOW = '#d99a72', '#7d3f2c', '#ffdcb8'
YELLOW, OCHRE, LEMON = '#f2bd22', '#8f5406', '#fff3a0'
DENIM, INDIGO, FADED = '#41618f', '#16233f', '#a9c3e4'
GREEN, MOSS, MINT = '#2f6b52', '#0d2a20', '#9fd8b8'
HAIR = ['#4a2c2a', '#241318', '#6e4238', '#160b10', '#8a5a48']


def rubber(p):
    return p.pattern(34, 34, '<path d="M4,30q6,-8 14,-7M20,10q6,-5 11,-2M3,9l5,-4" fill="none" stroke="#a8680c" stroke-width="1" opacity=".35"/>'
                     '<path d="M8,18q5,-5 10,-4M24,26q4,-3 7,-2" fill="none" stroke="#fff8c0" stroke-width="1.4" opacity=".5"/>')


def twill(p):
    return p.pattern(7, 7, '<path d="M0,7L7,0M-2,2L2,-2M5,9L9,5" stroke="#16264a" stroke-width="1.3" opacity=".45"/>'
                     '<path d="M0,3.5L3.5,0M3.5,7L7,3.5" stroke="#c4d8f2" stroke-width=".7" opacity=".4"/>')


def ribs(p):
    return p.pattern(9, 9, '<path d="M1,0V9" stroke="#06140f" stroke-width="1" opacity=".3"/>')


def side_of(side):
    return (lambda *line: mirror(line, AXIS)) if side > 0 else (lambda *line: list(line))


def hand(p, at):
    """A relaxed hand from the wrist at the coat's cuff, thumb towards the body."""
    skin = p.linear(*at((130, 500))[0], *at((180, 580))[0], '#f0b88e', SKIN, '#a8613f')
    for spine in ([(136, 538, 8), (131, 562, 7.5), (133, 582, 5)], [(146, 542, 8), (143, 570, 7.5), (146, 591, 5)],
                  [(156, 542, 8), (155, 569, 7.5), (158, 589, 5)], [(165, 536, 7), (166, 560, 6.5), (168, 578, 4.5)]):
        p.part(curve(at(*limb(spine))), skin, FLUSH, GLOW, depth=4, blur=3, width=1.8)
        tip = at(spine[2][:2])[0]
        p.add(p.ellipse(tip[0], tip[1] - 1, 2.8, 3.6, '#f9cdb0', 0.8))
    palm = at((137, 494), (170, 500), (175, 526), (172, 550), (150, 554), (129, 548), (128, 522))
    p.part(curve(palm), skin, FLUSH, GLOW, *(p.stroke(at(*l), FLUSH, 1.6, 0.6) for l in ([(141, 540), (140, 552)], [(151, 542), (150, 554)], [(161, 540), (161, 552)])), depth=7, blur=5, width=1.8)
    p.part(curve(at((166, 504), (181, 522), (187, 546), (181, 559), (172, 550), (166, 528))), skin, FLUSH, GLOW, depth=4, blur=3, width=1.8)


def sleeve(p, side, back=False):
    at = side_of(side)
    points = at(*limb([(236, 256, 29), (212, 310, 33), (190, 380, 31), (170, 442, 30), (156, 496, 32)]))
    fill = p.linear(*at((180, 260))[0], *at((205, 500))[0], '#ffd84a', YELLOW, '#c98a12')
    folds = ''.join(p.fold(at(*l), OCHRE, LEMON, r) for l, r in (
        (((234, 300), (214, 312), (184, 306)), 6), (((214, 364), (194, 372), (164, 364)), 7), (((208, 394), (190, 390), (166, 380)), 5), (((190, 436), (172, 444), (146, 436)), 6)))
    cuff = (p.stroke(at((124, 478), (154, 488), (188, 492)), '#c98a12', 20, cap='butt') + p.stroke(at((126, 468), (156, 478), (190, 481)), '#fff3a0', 1.6, 0.9, dash='5 3')
            + p.stroke(at((122, 488), (154, 498), (188, 502)), '#fff3a0', 1.6, 0.9, dash='5 3') + p.shape(at((140, 470), (160, 476), (158, 500), (138, 494)), '#8f5406', 0.9) + p.button(*at((149, 485))[0], 6, '#6b3d1c'))
    patch = ''
    if not back:
        x, y = at((213, 318))[0]
        patch = (p.shape([(x - 20, y - 20), (x + 20, y - 20), (x + 20, y + 8), (x, y + 24), (x - 20, y + 8)], '#1f4f7a' if side < 0 else '#8a2f3c', smooth=False, extra='stroke="#fff3d0" stroke-width="2.4"')
                 + (p.shape([(x - 13, y), (x - 4, y - 7), (x + 8, y), (x + 15, y - 7), (x + 15, y + 7), (x + 8, y), (x - 4, y + 7)], '#fff3d0', smooth=False) if side < 0 else p.shape(p.star(x, y - 2, 13, 6, 0.5), '#ffe08a', smooth=False)))
    else:
        patch = p.stroke(at((206, 380), (186, 392), (162, 386)), '#eef4f8', 12, 0.95, cap='butt') + p.stroke(at((206, 380), (186, 392), (162, 386)), '#8fa0b0', 1.4, dash='3 3', cap='butt')
    hand(p, at)
    cloth(p, points, fill, rubber(p), OCHRE, LEMON, folds, patch, cuff, p.stroke(at((206, 280), (184, 340), (158, 410)), '#ffffff', 6, 0.45, blur=3), depth=15)


def leg(p, side, back=False):
    at = side_of(side)
    jeans = at((300, 470), (310, 540), (300, 600), (292, 670), (288, 740), (286, 800), (228, 800), (220, 740), (216, 670), (212, 600), (216, 540), (232, 470))
    fill = p.linear(*at((212, 500))[0], *at((300, 800))[0], '#6d8fc0', DENIM, '#27406a')
    detail = (''.join(p.fold(at(*l), INDIGO, FADED, r) for l, r in ((((304, 560), (278, 584), (244, 584)), 7), (((292, 674), (268, 690), (238, 684)), 7), (((218, 700), (240, 710), (262, 706)), 5), (((288, 744), (262, 758), (224, 748)), 6)))
              + p.ellipse(*at((256, 630))[0], 24, 50, '#b9d0ec', 0.4, 8) + p.stroke(at((222, 540), (218, 640), (226, 800)), '#e0a04a', 1.7, 0.9, dash='5 4') + p.stroke(at((229, 540), (225, 640), (232, 800)), '#e0a04a', 1.7, 0.9, dash='5 4'))
    if back:
        quad = at((238, 566), (286, 562), (288, 606), (263, 622), (240, 610))
        detail += p.shape(quad, '#34527e', 0.8, smooth=False) + '<path d="%s" fill="none" stroke="#e0a04a" stroke-width="1.8" stroke-dasharray="5 3"/>' % polygon(quad) + p.stroke(at((244, 584), (262, 600), (282, 582)), '#e0a04a', 1.8)
    elif side > 0:
        quad = at((230, 648), (284, 644), (286, 700), (232, 704))
        detail += p.shape(quad, '#b24a3c', smooth=False) + ''.join(p.stroke(at((230, y), (286, y - 3)), '#f2dca8', 3, 0.9) for y in range(658, 704, 11)) + ''.join(p.stroke(at((x, 644), (x + 2, 704)), '#3d1a24', 2.4, 0.6) for x in range(240, 286, 12)) + '<path d="%s" fill="none" stroke="#fff3d0" stroke-width="2.2" stroke-dasharray="6 4"/>' % polygon(quad)
    else:
        detail += ''.join(p.stroke(at((236 + 3 * (i % 2), 656 + 7 * i), (256, 659 + 7 * i), (276 - 4 * (i % 3), 656 + 7 * i)), c, 2) for i, c in enumerate(('#eef4fb', '#c4d8f2', '#ffffff', '#c4d8f2', '#eef4fb')))
    cloth(p, jeans, fill, twill(p), INDIGO, FADED, detail, depth=15)
    sole = at((206, 940), (210, 960, 0), (298, 960, 0), (297, 940))
    p.part(curve(sole), p.linear(0, 938, 0, 960, '#c8b48a', '#6a5636'), '#33240f', '#fff0c8', ''.join(p.stroke(at((x, 944), (x, 962)), '#4a3818', 2.4, 0.8) for x in range(212, 300, 9)), depth=4, blur=3)
    boot = at((222, 760), (256, 768), (292, 760), (292, 830), (292, 884), (299, 920), (298, 946), (252, 950), (206, 946), (205, 920), (219, 884), (222, 830))
    detail = (p.stroke(at((216, 786), (256, 794), (298, 786)), '#d8403a', 15, cap='butt') + p.stroke(at((216, 786), (256, 794), (298, 786)), '#fff0d0', 4, cap='butt') + p.fold(at((292, 862), (262, 874), (222, 866)), MOSS, MINT, 7) + p.fold(at((222, 880), (250, 890), (288, 884)), MOSS, MINT, 5)
              + p.stroke(at((206, 924), (252, 930), (298, 924)), MOSS, 2.4, 0.8) + p.stroke(at((236, 806), (232, 862)), '#d8fbe8', 7, 0.5, blur=2) + ('' if back else p.ellipse(*at((232, 908))[0], 13, 8, '#d8fbe8', 0.6, 3)))
    detail += ''.join(p.shape(p.star(*at((x, y))[0], 6, 6, 0.4), '#f2d36a', 0.95, 0, False) for x, y in ((270, 822), (244, 842), (274, 852), (250, 910), (280, 912)))
    cloth(p, boot, p.linear(*at((215, 770))[0], *at((300, 950))[0], '#4f9a78', GREEN, '#16402f'), ribs(p), MOSS, MINT, detail, depth=13)


def pocket(p, x, y, w, h, tilt=0):
    quad = [(x, y), (x + w, y + tilt), (x + w, y + h + tilt), (x, y + h)]
    flap = [(x - 3, y - 3), (x + w + 3, y + tilt - 3), (x + w + 3, y + tilt + 16), (x - 3, y + 16)]
    return (p.shape(quad, '#dca318', smooth=False, extra='stroke="#6b3d06" stroke-width="1.8"') + '<path d="%s" fill="none" stroke="#fff3a0" stroke-width="1.3" stroke-dasharray="4 3"/>' % polygon(quad)
            + p.shape([(a + 2, b + 5) for a, b in flap], '#4a2a02', 0.4, 2, False) + p.shape(flap, '#f7c936', smooth=False, extra='stroke="#6b3d06" stroke-width="1.8"') + p.button(x + w / 2, y + 8 + tilt / 2, 5, '#6b3d1c'))


def body_front(p):
    shirt = [(262, 226), (358, 226), (364, 360), (362, 506), (258, 506), (256, 360)]
    stripes = ''.join(p.stroke([(240, y), (280, y + 6), (340, y + 6), (380, y)], '#1d3a6b', 8.5, 0.95, cap='butt') for y in range(232, 520, 19))
    folds = p.fold([(284, 300), (300, 318), (330, 322)], '#5a6080', '#ffffff', 6) + p.fold([(338, 400), (316, 418), (290, 416)], '#5a6080', '#ffffff', 6) + p.fold([(284, 450), (306, 466), (336, 460)], '#5a6080', '#ffffff', 5)
    cloth(p, shirt, p.linear(260, 230, 360, 500, '#fffdf6', '#f2ebdc', '#c4bccb'), ribs(p), '#4a4a70', '#ffffff', stripes, folds, depth=12)
    belt = [(252, 490), (368, 490), (368, 512), (252, 512)]
    p.part(polygon(belt), '#6a3d20', '#2a1408', '#d9a070', p.stroke([(252, 494), (368, 494)], '#f0c890', 1.2, dash='4 3'), p.stroke([(252, 508), (368, 508)], '#f0c890', 1.2, dash='4 3'), depth=5, blur=3)
    p.add(p.shape([(296, 487), (326, 487), (326, 515), (296, 515)], 'none', 1, 0, False, 'stroke="#e0b24a" stroke-width="5"'), p.stroke([(300, 501), (320, 501)], '#e0b24a', 4))
    for side in (-1, 1):
        at = side_of(side)
        panel = at((276, 218), (232, 232), (214, 260), (216, 310), (226, 390), (216, 470), (202, 560, 0), (244, 568), (280, 564, 0), (283, 470), (280, 380), (284, 300), (290, 236))
        lining = at((290, 230), (284, 300), (280, 380), (283, 470), (280, 566), (292, 556), (296, 470), (292, 380), (298, 300), (300, 240))
        p.add(p.shape(lining, p.pattern(12, 12, '<rect width="12" height="12" fill="#27618f"/><path d="M0,3H12M3,0V12" stroke="#a8dcf5" stroke-width="2"/><path d="M0,9H12M9,0V12" stroke="#0f3558" stroke-width="1.6"/>')),
              p.stroke(at((297, 240), (292, 380), (295, 470), (289, 556)), '#0a1c38', 3, 0.5, blur=2))
        folds = ''.join(p.fold(at(*l), OCHRE, LEMON, r) for l, r in ((((220, 300), (234, 330), (240, 372)), 7), (((228, 396), (246, 410), (276, 408)), 7), (((224, 430), (246, 446), (272, 448)), 5), (((236, 500), (230, 530), (224, 560)), 7), (((262, 510), (262, 540), (258, 566)), 5)))
        detail = folds + pocket(p, *( (222, 476, 48, 50) if side < 0 else (350, 476, 48, 50)))
        detail += p.stroke(at((203, 548), (244, 556), (281, 552)), '#fff3a0', 1.6, 0.9, dash='5 3') + p.stroke(at((274, 240), (270, 380), (272, 560)), '#fff3a0', 1.5, 0.9, dash='5 4') + p.stroke(at((250, 300), (246, 400), (240, 470)), '#ffffff', 7, 0.4, blur=3)
        detail += p.stroke(at((220, 424), (246, 432), (284, 430)), '#eef4f8', 12, 0.95, cap='butt') + p.stroke(at((220, 424), (246, 432), (284, 430)), '#8fa0b0', 1.4, dash='3 3', cap='butt')
        for y in (300, 352, 404, 456):
            x = at((270, y))[0][0]
            detail += p.stroke([(x - 16, y), (x, y - 5), (x + 16, y)], '#5a3010', 3) + p.shape(limb([(x - 11, y + 2, 3), (x, y, 5.5), (x + 11, y + 2, 3)]), p.linear(0, y - 5, 0, y + 6, '#d99a5a', '#6b3a18'), 1, 0, True, 'stroke="#2e1606" stroke-width="1.2"')
        if side > 0:
            detail += p.ellipse(362, 330, 17, 17, '#fff3d8', extra='stroke="#123" stroke-width="2"') + p.ellipse(362, 330, 13.5, 13.5, '#c7353a') + p.stroke([(362, 320), (362, 339)], '#fff3d8', 2.6) + p.stroke([(353, 332), (362, 340), (371, 332)], '#fff3d8', 2.6) + p.stroke([(356, 325), (368, 325)], '#fff3d8', 2.4)
        else:
            detail += p.shape(p.star(250, 330, 15, 5, 0.5), '#2f7a9a', smooth=False, extra='stroke="#fff3d8" stroke-width="2"') + p.ellipse(238, 364, 9, 9, '#6a3f8a', extra='stroke="#fff3d8" stroke-width="2"') + p.stroke([(234, 364), (242, 364)], '#fff3d8', 2)
        cloth(p, panel, p.linear(*at((212, 240))[0], *at((290, 560))[0], '#ffd84a', YELLOW, '#c98a12'), rubber(p), OCHRE, LEMON, detail, depth=15)


def hood(p):
    points = symmetric([(310, 176), (350, 184), (382, 206), (392, 232), (360, 250), (310, 256)], AXIS)
    cloth(p, points, p.linear(230, 180, 390, 250, '#e0a81c', '#b8800f', '#7d5206'), rubber(p), '#4a2a02', LEMON, p.fold([(240, 226), (270, 240), (300, 244)], OCHRE, LEMON, 6), p.fold([(380, 226), (350, 240), (320, 244)], OCHRE, LEMON, 6), depth=10)


def collar(p):
    for side in (-1, 1):
        points = side_of(side)((266, 204), (242, 216), (240, 240), (262, 262), (284, 276, 0), (296, 248), (284, 226))
        p.add(p.shape([(x + 4, y + 6) for x, y, *_ in points], '#4a2a02', 0.35, 3))
        cloth(p, points, p.linear(240, 210, 300, 270, '#ffdf5a', YELLOW, '#d09416'), rubber(p), OCHRE, LEMON, p.stroke(side_of(side)((246, 218), (246, 240), (264, 258), (282, 268)), '#fff3a0', 1.5, 0.9, dash='4 3'), depth=7, blur=5)


def neck(p):
    p.part(curve([(284, 178), (336, 178), (338, 222), (352, 238), (310, 262), (268, 238), (282, 222)]), p.linear(280, 190, 340, 260, '#d08e64', '#c98660', '#a8613f'), FLUSH, GLOW,
           p.ellipse(310, 198, 34, 14, FLUSH, 0.5, 5), p.stroke([(290, 250), (310, 258), (330, 250)], FLUSH, 2, 0.4), depth=8, width=1.8)


def eye(p, x, y, side):
    lid = [(x - 13, y + 1, 0), (x - 5, y - 8), (x + 6, y - 8), (x + 13, y, 0), (x + 5, y + 7), (x - 5, y + 7)]
    upper = [(x - 14, y + 1), (x - 5, y - 9), (x + 6, y - 9), (x + 14, y)]
    brow = limb([(x - 17, y - 19, 1.5), (x - 5, y - 25, 3.4), (x + 8, y - 21, 3.2), (x + 15, y - 17, 2.2)])
    if side > 0:
        lid, upper, brow = mirror(lid, x), mirror(upper, x), mirror(brow, x)
    ball = (p.shape(lid, '#fffaf2') + p.ellipse(x, y - 0.5, 7.4, 8, p.radial(x, y + 3, 9, '#7fb89a', '#3f7f6a', '#143a34')) + p.ellipse(x, y - 0.5, 3.8, 4.2, '#0a0c0c')
            + p.ellipse(x - 2.6, y - 3.6, 2.4, 2.4, '#ffffff') + p.ellipse(x + 2.6, y + 3, 1.2, 1.2, '#ffffff', 0.9) + p.shape([(q[0], q[1] - 9) for q in lid], '#4a2a20', 0.4, 2))
    s = 1 if side > 0 else -1
    p.add(p.ellipse(x, y - 3, 18, 13, '#9c553a', 0.35, 3), p.clipped(curve(lid), ball), p.stroke(upper, '#1c0d10', 3.6), p.stroke([(x + s * 13, y + 1), (x + s * 18, y - 4)], '#1c0d10', 2.4), p.stroke([(x + s * 10, y - 5), (x + s * 15, y - 10)], '#1c0d10', 1.8),
          p.stroke([(x - 9, y + 7.5), (x, y + 9), (x + 9, y + 7)], '#7a3f2c', 1.4, 0.8), p.stroke([(q[0], q[1] - 5) for q in upper], '#8a4a34', 1.5, 0.7), p.shape(brow, '#2c171a'))


def head_front(p):
    bob = symmetric([(310, 40), (350, 46), (376, 76), (384, 118), (384, 160), (374, 188), (352, 194), (310, 190)], AXIS)
    p.part(curve(bob), p.linear(240, 50, 380, 190, '#4a2c2c', '#2a171c', '#170b10'), '#0a0408', '#8a5a50', p.fur(bob, 260, 16, lambda x, y: 90, HAIR, 2), depth=10)
    for side in (-1, 1):
        x = AXIS + side * 57
        p.part(curve([(x - 7, 132), (x + 5, 128), (x + 8, 144), (x + 2, 160), (x - 6, 158)]), SKIN, FLUSH, GLOW, p.stroke([(x - 1, 136), (x + 2, 146), (x - 2, 154)], FLUSH, 1.6, 0.7), depth=3, blur=2, width=1.6)
    face = symmetric([(310, 70), (344, 76), (362, 102), (364, 136), (358, 164), (342, 190), (324, 204), (310, 207)], AXIS)
    p.part(curve(face), p.radial(292, 120, 110, '#ffd0a8', '#e8ab82', '#c27b54'), FLUSH, GLOW, p.ellipse(276, 164, 18, 12, '#e0604c', 0.4, 5), p.ellipse(344, 164, 18, 12, '#e0604c', 0.4, 5), p.shape([(250, 60), (370, 60), (366, 108), (310, 96), (254, 108)], '#6a3220', 0.45, 5), depth=9, width=1.8)
    for side in (-1, 1):
        eye(p, AXIS + side * 25, 137, side)
    p.add(p.stroke([(305, 128), (302, 146), (298, 157)], '#a85f40', 2.4, 0.45, blur=1), p.stroke([(318, 124), (316, 148)], '#fff0dc', 5, 0.5, blur=2), p.shape([(298, 158), (303, 154), (310, 160), (317, 154), (322, 158), (317, 163), (310, 165), (303, 163)], '#b9694a', 0.55, 1),
          p.ellipse(304.5, 161, 2.6, 1.7, '#5a2418', 0.9), p.ellipse(315.5, 161, 2.6, 1.7, '#5a2418', 0.9), p.ellipse(311, 154, 5, 4, '#ffe8d4', 0.75, 2))
    upper = [(288, 178, 0), (300, 174), (306, 172), (310, 174), (314, 172), (320, 174), (332, 178, 0), (320, 181), (310, 182), (300, 181)]
    p.add(p.shape([(290, 179, 0), (300, 180), (320, 180), (330, 179, 0), (320, 189), (310, 191), (300, 189)], '#c75a50'), p.shape(upper, '#a03f3c'), p.stroke([(286, 177), (299, 181), (310, 182), (321, 181), (334, 177)], '#5a1a1c', 2), p.ellipse(308, 186, 7, 2, '#ffc8b8', 0.7, 1), p.stroke([(302, 196), (310, 198), (318, 196)], '#a85f40', 1.6, 0.5))
    p.add(''.join(p.ellipse(x, y, 1.1, 1.1, '#a0553a', 0.8) for x, y in ((284, 158), (290, 162), (278, 162), (330, 160), (336, 157), (341, 163))))
    fringe = [(310, 38), (352, 44), (380, 76), (388, 124), (386, 166, 0), (370, 158), (364, 120), (356, 96, 0), (346, 112), (334, 92, 0), (318, 112), (304, 90, 0), (284, 112), (266, 98, 0), (258, 124), (252, 160), (234, 168, 0), (234, 122), (240, 76), (268, 44)]
    fan = lambda x, y: 90 - (x - AXIS) * 0.15 if abs(x - AXIS) > 45 else 78
    p.part(curve(fringe), p.linear(240, 40, 380, 170, '#5e3a36', '#34201f', '#1c0d12'), '#0a0408', '#a87060', p.fur(fringe, 330, 17, fan, HAIR, 2.2, 0.85), p.stroke([(254, 92), (280, 68), (320, 62), (356, 78)], '#d8a08a', 7, 0.35, blur=3), depth=8)
    p.add(p.shape(limb([(346, 84, 3), (362, 96, 5), (372, 112, 3)]), '#e0483f', 1, 0, True, 'stroke="#5a1014" stroke-width="1.4"'), p.ellipse(361, 95, 2.2, 2.2, '#fff0d8'))


def front():
    p = Painting(580, 1000, 31)
    for side in (-1, 1):
        leg(p, side)
    hood(p)
    body_front(p)
    for side in (-1, 1):
        sleeve(p, side)
    neck(p)
    p.add(p.stroke([(266, 238), (288, 258), (310, 264), (332, 258), (354, 238)], '#1d3a6b', 7))
    collar(p)
    head_front(p)
    p.box, p.size = (81, -4, 458, 1006), (458, 1006)
    return p


def coat_back(p):
    points = symmetric([(310, 222), (350, 226), (390, 236), (405, 262), (402, 310), (392, 390), (404, 470), (418, 560, 0), (366, 569), (310, 566)], AXIS)
    folds = ''.join(p.fold(l, OCHRE, LEMON, r) for l, r in (([(226, 300), (240, 330), (244, 366)], 7), ([(396, 300), (382, 330), (378, 366)], 7), ([(230, 400), (256, 414), (290, 410)], 6), ([(392, 400), (364, 416), (330, 412)], 6),
                                                           ([(240, 490), (236, 520), (228, 562)], 7), ([(382, 490), (386, 520), (392, 562)], 7), ([(276, 470), (272, 520), (266, 566)], 6), ([(350, 480), (352, 520), (356, 566)], 6)))
    anchor = (p.ellipse(310, 350, 38, 38, '#1f4f7a', extra='stroke="#fff3d0" stroke-width="3"') + p.stroke([(310, 324), (310, 374)], '#fff3d0', 6) + p.stroke([(288, 354), (294, 370), (310, 376), (326, 370), (332, 354)], '#fff3d0', 6)
              + p.stroke([(296, 336), (324, 336)], '#fff3d0', 5) + p.ellipse(310, 322, 5, 5, 'none', extra='stroke="#fff3d0" stroke-width="4"') + ''.join(p.shape(p.star(310 + 30 * math.cos(a), 350 + 30 * math.sin(a), 4), '#ffe08a', smooth=False) for a in (0.5, 2.64, 3.8, 5.6)))
    band = ''.join(p.stroke([(210, y), (310, y + 8), (410, y)], c, w, cap='butt', dash=d) for y, c, w, d in ((424, '#eef4f8', 13, ''), (424, '#8fa0b0', 1.4, '3 3')))
    vent = p.stroke([(310, 470), (311, 520), (310, 570)], '#5a3404', 3) + p.stroke([(316, 470), (317, 520), (316, 570)], '#fff3a0', 1.5, 0.9, dash='5 3') + p.stroke([(206, 548), (310, 556), (414, 548)], '#fff3a0', 1.6, 0.9, dash='5 3') + p.stroke([(220, 292), (310, 306), (400, 292)], '#5a3404', 2, 0.8) + p.stroke([(220, 297), (310, 311), (400, 297)], '#fff3a0', 1.5, 0.9, dash='5 3')
    cloth(p, points, p.linear(210, 230, 400, 570, '#ffd84a', YELLOW, '#c98a12'), rubber(p), OCHRE, LEMON, folds, vent, band, anchor, depth=18, blur=12)


def hood_back(p):
    points = symmetric([(310, 204), (352, 206), (384, 222), (388, 252), (352, 286), (310, 300)], AXIS)
    p.add(p.shape([(x, y + 10) for x, y in points], '#4a2a02', 0.4, 5))
    cloth(p, points, p.linear(230, 205, 390, 300, '#ffdf5a', YELLOW, '#b67c0e'), rubber(p), OCHRE, LEMON, p.stroke([(310, 204), (310, 300)], '#5a3404', 2), p.stroke([(316, 206), (316, 298)], '#fff3a0', 1.5, 0.9, dash='4 3'),
          p.fold([(240, 232), (272, 258), (300, 276)], OCHRE, LEMON, 6), p.fold([(380, 232), (348, 258), (322, 276)], OCHRE, LEMON, 6), depth=12)


def head_back(p):
    bob = symmetric([(310, 38), (352, 44), (380, 76), (388, 122), (386, 164), (374, 192), (352, 204), (310, 210)], AXIS)
    fall = lambda x, y: 90 - (x - AXIS) * 0.12
    p.part(curve(bob), p.linear(240, 40, 380, 210, '#5e3a36', '#34201f', '#1c0d12'), '#0a0408', '#a87060', p.fur(bob, 700, 20, fall, HAIR, 2.4, 0.85), p.stroke([(244, 104), (276, 82), (330, 78), (376, 100)], '#d8a08a', 9, 0.35, blur=5),
           ''.join(p.stroke([(310, 52), (310 + d * 0.6, 110), (310 + d, 206)], '#12080c', 2, 0.5) for d in (-56, -34, -12, 14, 36, 58)), depth=12)


def back():
    p = Painting(580, 1000, 32)
    for side in (-1, 1):
        leg(p, side, True)
    neck(p)
    coat_back(p)
    for side in (-1, 1):
        sleeve(p, side, True)
    hood_back(p)
    head_back(p)
    p.box, p.size = (81, -4, 458, 1006), (458, 1006)
    return p


def side_leg(p, hip, knee, ankle, near):
    points = limb([(hip, 490, 56), (hip + (knee - hip) * 0.4, 570, 50), (knee, 660, 40), (ankle, 740, 36), (ankle, 800, 34)])
    fill = p.linear(hip - 50, 500, hip + 60, 800, '#6d8fc0', DENIM, '#27406a') if near else p.linear(hip - 50, 500, hip + 60, 800, '#43608e', '#2f4870', '#1a2c4c')
    detail = (''.join(p.fold(l, INDIGO, FADED, 6) for l in ([(knee - 42, 672), (knee - 10, 684), (knee + 26, 676)], [(ankle - 36, 728), (ankle - 6, 740), (ankle + 28, 730)], [(hip + 48, 560), (hip + 14, 580), (hip - 24, 582)]))
              + p.stroke([(hip - 4, 510), (knee - 4, 660), (ankle - 2, 790)], '#e0a04a', 1.7, 0.9, dash='5 4') + p.stroke([(hip + 3, 510), (knee + 3, 660), (ankle + 5, 790)], '#e0a04a', 1.7, 0.9, dash='5 4') + p.ellipse(knee + 10, 640, 16, 40, '#b9d0ec', 0.35, 8))
    if near:
        quad = [(knee - 22, 606), (knee + 30, 600), (knee + 28, 652), (knee - 26, 658)]
        detail += p.shape(quad, '#d8a23a', smooth=False) + ''.join(p.ellipse(knee - 12 + 16 * i, 616 + 15 * j, 4, 4, '#7a2a4a') for i in range(3) for j in range(3)) + '<path d="%s" fill="none" stroke="#fff3d0" stroke-width="2.2" stroke-dasharray="6 4"/>' % polygon(quad)
    cloth(p, points, fill, twill(p), INDIGO, FADED, detail, depth=15)
    at = lambda *line: [(ankle + q[0],) + tuple(q[1:]) for q in line]
    sole = at((-38, 940), (-36, 960, 0), (92, 960, 0), (94, 942))
    p.part(curve(sole), p.linear(0, 938, 0, 960, '#c8b48a', '#6a5636'), '#33240f', '#fff0c8', ''.join(p.stroke(at((x, 944), (x, 962)), '#4a3818', 2.4, 0.8) for x in range(-32, 94, 9)), depth=4, blur=3)
    boot = at((-36, 760), (0, 768), (38, 758), (36, 830), (33, 882), (46, 905), (80, 914), (96, 930), (90, 946), (0, 950), (-38, 946), (-38, 914), (-35, 876), (-36, 820))
    detail = (p.stroke(at((-40, 786), (0, 794), (42, 784)), '#d8403a', 15, cap='butt') + p.stroke(at((-40, 786), (0, 794), (42, 784)), '#fff0d0', 4, cap='butt') + p.fold(at((-36, 858), (-4, 870), (34, 858)), MOSS, MINT, 7) + p.fold(at((-34, 880), (-2, 890), (28, 878)), MOSS, MINT, 5)
              + p.stroke(at((-42, 926), (0, 932), (96, 930)), MOSS, 2.4, 0.8) + p.stroke(at((-20, 806), (-22, 860)), '#d8fbe8', 7, 0.5, blur=2) + p.ellipse(ankle + 68, 919, 13, 6, '#d8fbe8', 0.55, 3)
              + ''.join(p.shape(p.star(*at((x, y))[0], 6, 6, 0.4), '#f2d36a', 0.95, 0, False) for x, y in ((14, 822), (-14, 842), (18, 848), (-16, 908), (14, 910))))
    if not near:
        detail += '<rect x="%g" y="740" width="170" height="230" fill="#051410" opacity=".3"/>' % (ankle - 60)
    cloth(p, boot, p.linear(ankle - 36, 770, ankle + 80, 950, '#4f9a78', GREEN, '#16402f'), ribs(p), MOSS, MINT, detail, depth=13)


def side_arm(p, spine, near):
    wx, wy = spine[-1][:2]
    ex, ey = spine[-2][:2]
    length = math.hypot(wx - ex, wy - ey)
    dx, dy = (wx - ex) / length, (wy - ey) / length
    along = lambda a, b: (wx + dx * a - dy * b, wy + dy * a + dx * b)
    skin = p.linear(wx - 20, wy, wx + 20, wy + 80, '#f0b88e', SKIN, '#a8613f')
    for b, reach in ((14, 78), (3, 86), (-8, 84)):
        p.part(curve(limb([along(40, b) + (8,), along(62, b + 1) + (7.5,), along(reach, b - 3) + (5,)])), skin, FLUSH, GLOW, depth=4, blur=3, width=1.8)
    p.part(curve([along(*q) for q in ((-8, 18), (-8, -18), (20, -21), (50, -17), (54, 18), (22, 22))]), skin, FLUSH, GLOW, depth=7, blur=5, width=1.8)
    p.part(curve([along(*q) for q in ((4, -14), (24, -26), (48, -28), (58, -20), (46, -14), (24, -8))]), skin, FLUSH, GLOW, depth=4, blur=3, width=1.8)
    fill = p.linear(spine[0][0] - 40, 260, spine[0][0] + 40, wy, '#ffd84a', YELLOW, '#c98a12') if near else p.linear(spine[0][0] - 40, 260, spine[0][0] + 60, wy, '#c9951c', '#a87410', '#7d5208')
    detail = ''
    for i in (1, 2, 3):
        x, y = spine[i][:2]
        detail += p.fold([(x - 34, y - 8), (x - 4, y + 5), (x + 22, y - 3)], OCHRE, LEMON, 6)
    if near:
        x, y = spine[1][:2]
        detail += p.shape([(x - 20, y - 26), (x + 20, y - 26), (x + 20, y + 2), (x, y + 18), (x - 20, y + 2)], '#1f4f7a', smooth=False, extra='stroke="#fff3d0" stroke-width="2.4"') + p.shape([(x - 13, y - 6), (x - 4, y - 13), (x + 8, y - 6), (x + 15, y - 13), (x + 15, y + 1), (x + 8, y - 6), (x - 4, y + 1)], '#fff3d0', smooth=False)
        x, y = spine[2][:2]
        detail += p.stroke([(x - 40, y - 24), (x, y - 18), (x + 40, y - 22)], '#eef4f8', 12, 0.95, cap='butt') + p.stroke([(x - 40, y - 24), (x, y - 18), (x + 40, y - 22)], '#8fa0b0', 1.4, dash='3 3', cap='butt')
    detail += p.stroke([along(-14, 40), along(-14, -40)], '#c98a12', 18, cap='butt') + ''.join(p.stroke([along(a, 40), along(a, -40)], '#fff3a0', 1.6, 0.9, dash='5 3') for a in (-24, -5)) + p.button(*along(-14, 10), 6, '#6b3d1c')
    cloth(p, limb(spine), fill, rubber(p), OCHRE, LEMON, detail, depth=15)


def coat_side(p):
    shirt = [(340, 226), (368, 250), (380, 320), (374, 400), (376, 506), (330, 506), (330, 240)]
    stripes = ''.join(p.stroke([(320, y), (350, y + 4), (390, y - 2)], '#1d3a6b', 8.5, 0.95, cap='butt') for y in range(236, 520, 19))
    cloth(p, shirt, p.linear(330, 230, 380, 500, '#fffdf6', '#f2ebdc', '#c4bccb'), ribs(p), '#4a4a70', '#ffffff', stripes, depth=8)
    points = [(268, 226), (310, 222), (346, 232), (364, 262), (368, 330), (358, 410), (364, 480), (374, 562, 0), (310, 570), (222, 562, 0), (238, 470), (240, 400), (234, 320), (242, 256)]
    folds = ''.join(p.fold(l, OCHRE, LEMON, 6) for l in ([(362, 380), (340, 398), (310, 394)], [(362, 416), (338, 430), (316, 432)], [(238, 440), (262, 454), (292, 450)], [(250, 490), (244, 520), (236, 562)], [(276, 500), (272, 530), (268, 566)], [(354, 520), (358, 540), (362, 566)]))
    detail = pocket(p, 302, 476, 48, 50, -3) + p.stroke([(352, 240), (358, 330), (348, 410), (354, 480), (362, 560)], '#fff3a0', 1.5, 0.9, dash='5 4') + p.stroke([(224, 549), (310, 558), (374, 549)], '#fff3a0', 1.6, 0.9, dash='5 3') + ''.join(p.stroke([(230, 424), (300, 434), (370, 424)], c, w, cap='butt', dash=d) for c, w, d in (('#eef4f8', 13, ''), ('#8fa0b0', 1.4, '3 3')))
    for y in (300, 352, 404, 456):
        detail += p.stroke([(336, y), (352, y - 4), (366, y)], '#5a3010', 3) + p.shape(limb([(340, y + 2, 3), (351, y, 5.5), (362, y + 2, 3)]), p.linear(0, y - 5, 0, y + 6, '#d99a5a', '#6b3a18'), 1, 0, True, 'stroke="#2e1606" stroke-width="1.2"')
    cloth(p, points, p.linear(230, 230, 370, 570, '#ffd84a', YELLOW, '#c98a12'), rubber(p), OCHRE, LEMON, folds, detail, depth=18, blur=12)


def head_side(p):
    p.part(curve([(286, 160), (340, 176), (338, 216), (352, 240), (310, 256), (266, 236), (278, 214)]), p.linear(280, 190, 340, 250, '#d08e64', '#c98660', '#a8613f'), FLUSH, GLOW, p.ellipse(330, 204, 30, 14, FLUSH, 0.5, 5), depth=8, width=1.8)
    hood = [(226, 232), (250, 210), (288, 214), (318, 232), (352, 226), (362, 246), (340, 266), (296, 266), (252, 278), (226, 262)]
    cloth(p, hood, p.linear(226, 210, 360, 275, '#ffdf5a', YELLOW, '#b67c0e'), rubber(p), OCHRE, LEMON, p.fold([(236, 236), (262, 248), (300, 246)], OCHRE, LEMON, 6), p.stroke([(236, 262), (260, 268), (300, 256), (350, 254)], '#fff3a0', 1.5, 0.9, dash='4 3'), depth=9)
    face = [(310, 66), (346, 76), (362, 98), (365, 118), (361, 131), (370, 146), (382, 158), (376, 165), (366, 167), (373, 174), (368, 180), (371, 187), (364, 192), (366, 203), (354, 213), (334, 210), (306, 192), (292, 150), (294, 100)]
    p.part(curve(face), p.radial(330, 120, 110, '#ffd0a8', '#e8ab82', '#c27b54'), FLUSH, GLOW, p.ellipse(336, 168, 17, 12, '#e0604c', 0.4, 5), p.shape([(290, 60), (370, 60), (366, 104), (320, 96), (290, 130)], '#6a3220', 0.4, 5), depth=8, width=1.8)
    x, y = 347, 138
    lid = [(x - 9, y + 2, 0), (x - 2, y - 8), (x + 6, y - 8), (x + 9, y - 1), (x + 7, y + 6), (x - 2, y + 7)]
    ball = p.shape(lid, '#fffaf2') + p.ellipse(x + 4, y - 0.5, 5.4, 8, p.radial(x + 4, y + 3, 9, '#7fb89a', '#3f7f6a', '#143a34')) + p.ellipse(x + 5, y - 0.5, 2.8, 4.2, '#0a0c0c') + p.ellipse(x + 3, y - 3.6, 1.9, 2.3, '#ffffff') + p.shape([(q[0], q[1] - 9) for q in lid], '#4a2a20', 0.4, 2)
    p.add(p.ellipse(x, y - 3, 15, 13, '#9c553a', 0.35, 3), p.clipped(curve(lid), ball), p.stroke([(x - 12, y + 3), (x - 8, y), (x - 2, y - 9), (x + 6, y - 9), (x + 12, y - 4)], '#1c0d10', 3.4), p.stroke([(x - 8, y + 4), (x - 2, y + 8), (x + 6, y + 7)], '#7a3f2c', 1.4, 0.8),
          p.shape(limb([(x - 14, y - 18, 1.5), (x - 4, y - 24, 3.2), (x + 8, y - 22, 3), (x + 13, y - 18, 1.8)]), '#2c171a'), p.ellipse(371, 163, 3, 1.8, '#5a2418', 0.85), p.stroke([(362, 156), (364, 164), (370, 167)], '#a85f40', 1.8, 0.6),
          p.shape([(356, 176), (366, 171), (372, 174), (367, 178)], '#a03f3c'), p.shape([(357, 178), (367, 179), (370, 185), (362, 187)], '#c75a50'), p.stroke([(352, 175), (360, 178), (369, 178)], '#5a1a1c', 1.8), ''.join(p.ellipse(a, b, 1.1, 1.1, '#a0553a', 0.8) for a, b in ((346, 160), (340, 163), (352, 163))))
    hair = [(296, 39), (336, 44), (360, 66), (368, 96, 0), (354, 104), (344, 94, 0), (334, 118), (326, 150), (330, 182, 0), (312, 186), (300, 200), (270, 206), (244, 190), (236, 150), (234, 100), (252, 58)]
    flow = lambda x, y: 95 if x < 330 else 60
    p.part(curve(hair), p.linear(240, 40, 340, 200, '#5e3a36', '#34201f', '#1c0d12'), '#0a0408', '#a87060', p.fur(hair, 480, 18, flow, HAIR, 2.3, 0.85), p.stroke([(250, 98), (272, 72), (310, 64), (346, 80)], '#d8a08a', 8, 0.35, blur=3), depth=10)
    p.part(curve([(308, 138), (318, 132), (326, 142), (322, 158), (314, 166), (308, 156)]), '#dc9c74', FLUSH, GLOW, p.stroke([(312, 142), (319, 140), (320, 150), (314, 156)], FLUSH, 1.8, 0.7), depth=3, blur=2, width=1.6)
    p.add(p.ellipse(313, 169, 2.6, 2.6, '#e0b24a', extra='stroke="#6b4a10"'))


def side():
    p = Painting(640, 1000, 33)
    side_arm(p, [(326, 264, 26), (352, 326, 29), (386, 390, 28), (418, 436, 27), (442, 472, 28)], False)
    side_leg(p, 318, 366, 406, False)
    side_leg(p, 298, 278, 250, True)
    coat_side(p)
    side_arm(p, [(298, 268, 31), (284, 330, 34), (272, 392, 32), (274, 446, 30), (282, 494, 31)], True)
    start = len(p.body)
    head_side(p)
    enlarged(p, start, 1.0, 310, 0, 12)
    p.box, p.size = (161, -4, 390, 1006), (390, 1006)
    return p


if __name__ == '__main__':
    for name, view in (('mira', front), ('mira-side', side), ('mira-back', back)):
        view().write(name)
