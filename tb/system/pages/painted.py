"""What a chart of a page has painted: the shapes of its SVG in pixels, and where values belong on its axes."""

SHAPES = """
const svg = document.querySelector(arguments[0] + ' .canvas svg'), at = svg.getBoundingClientRect();
const numbers = d => (/^[\\sMLZz\\d.,e+-]+$/.test(d || '') ? (d.match(/-?[\\d.]+(?:e-?\\d+)?/g) || []).map(Number) : []);
return [...svg.querySelectorAll('path, rect, circle, polygon, polyline')].filter(e => !e.closest('defs, clipPath')).map(e => {
  const b = e.getBoundingClientRect(), of = name => e.getAttribute(name), all = of('transform') ? [] : numbers(of('d') || of('points'));
  return { fill: of('fill'), stroke: of('stroke'), dashed: Boolean(of('stroke-dasharray')),
           box: [b.left - at.left, b.top - at.top, b.right - at.left, b.bottom - at.top],
           corners: all.filter((_, n) => n % 2 === 0).map((x, n) => [x, all[2 * n + 1]]) };
});
"""

PLACES = """
const system = all_charts.find(c => '#' + c.figure.id === arguments[0]).library.getModel().getSeries()[0].coordinateSystem;
const parallel = system.dimensions[0] === 'dim0';
return arguments[1].map((v, n) => parallel ? system.dataToPoint(v, 'dim' + n) : system.dataToPoint(v));
"""

# Of each series that has data and is not hidden, how many shapes the library has made for them: axes and marks of other things are none of them.
MARKS = """
const library = all_charts.find(c => '#' + c.figure.id === arguments[0]).library, model = library.getModel(), found = [];
model.getSeries().filter(s => !model.isSeriesFiltered(s) && s.getData().count()).forEach(s => {
  let count = 0;
  library.getViewOfSeriesModel(s).group.traverse(e => {
    const r = e.isGroup || e.ignore || e.invisible ? null : e.getBoundingRect();
    count += r !== null && r.width + r.height > 1;
  });
  found.push(count);
});
return found;
"""

NEAR = 0.6  # of a pixel
NO_FILL = ("none", None, "transparent")


def near(a, b, within=NEAR):
    return abs(a[0] - b[0]) <= within and abs(a[1] - b[1]) <= within


def beside(point, corners):
    """How far a point is from a line."""
    least = float("inf")
    for (ax, ay), (bx, by) in zip(corners, corners[1:]):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0, min(1, ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length)) if length else 0
        least = min(least, (point[0] - ax - along * (bx - ax)) ** 2 + (point[1] - ay - along * (by - ay)) ** 2)
    return least ** 0.5


def marks(browser, chart):
    """How many shapes stand for data; 0 where a series has none for those that it has."""
    found = browser.run(MARKS, chart)
    return sum(found) if found and all(found) else 0


def rgb(colour):
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        return tuple(int(digits[n:n + 2], 16) for n in (0, 2, 4))
    return tuple(float(part) for part in colour[colour.index("(") + 1:].rstrip(")").split(",")[:3])


class Painted:
    """`case` is told what is not where it should be."""

    def __init__(self, case, browser, chart):
        self.case, self.browser, self.chart = case, browser, chart
        self.shapes = browser.run(SHAPES, chart)

    def of(self, script):
        """A value of the chart's object, `c`."""
        return self.browser.run(f"const c = all_charts.find(c => '#' + c.figure.id === arguments[0]); return {script}", self.chart)

    def colours(self):
        return dict(self.of("c.drawn.legend.map(l => [l.name, l.colour])"))

    def places(self, values):
        """In pixels: of each (x, y), or of the values of one point on parallel axes."""
        return self.browser.run(PLACES, self.chart, values)

    def line(self, values, colour, what, dashed=False):
        """One line with exactly these corners."""
        places = self.places(values)
        found = [s for s in self.shapes if s["stroke"] == colour and s["dashed"] == dashed and s["fill"] in NO_FILL
                 and len(s["corners"]) == len(places) and all(map(near, s["corners"], places))]
        self.case.assertEqual(len(found), 1, (self.chart, what, colour, places))

    def passes(self, values, colour, what, dashed=False):
        """A line of steps, which leaves out corners within a pixel, and with gaps: each value is on it."""
        lines = [s["corners"] for s in self.shapes if s["stroke"] == colour and s["dashed"] == dashed and s["fill"] in NO_FILL]
        for value, place in zip(values, self.places(values)):
            self.case.assertTrue(any(beside(place, line) < 1.1 for line in lines), (self.chart, what, value, place))

    def area(self, edge, colour, what):
        """One filled area with exactly this edge, in which an end without a width is one corner."""
        places = self.places(edge)
        places = [p for n, p in enumerate(places) if n == 0 or not near(p, places[n - 1], 0.01)]
        found = [s for s in self.shapes if s["fill"] == colour and len(s["corners"]) == len(places) and all(map(near, s["corners"], places))]
        self.case.assertEqual(len(found), 1, (self.chart, what, places))

    def marks(self, values, colour, what, most=20):
        """As many small shapes as values, one around each of them."""
        small = [s for s in self.shapes if colour in (s["fill"], s["stroke"]) and s["fill"] not in NO_FILL
                 and max(s["box"][2] - s["box"][0], s["box"][3] - s["box"][1]) < most]
        middles = sorted(((s["box"][0] + s["box"][2]) / 2, (s["box"][1] + s["box"][3]) / 2) for s in small)
        places = sorted(map(tuple, self.places(values)))
        left = list(middles)
        for place in places:
            mine = next((m for m in left if near(m, place, 1.1)), None)
            self.case.assertIsNotNone(mine, (self.chart, what, place, middles))
            left.remove(mine)
        self.case.assertEqual(left, [], (self.chart, what))

    def around(self, place):
        """Filled shapes at a place, the smallest first."""
        size = lambda s: (s["box"][2] - s["box"][0]) * (s["box"][3] - s["box"][1])
        return sorted((s for s in self.shapes if s["fill"] not in NO_FILL and s["box"][0] <= place[0] <= s["box"][2]
                       and s["box"][1] <= place[1] <= s["box"][3]), key=size)

    def bar(self, left, right, middle, colour, what):
        """A rectangle from one place to another, at a height."""
        found = [s for s in self.shapes if s["fill"] == colour and abs(s["box"][0] - left) < 1.6 and abs(s["box"][2] - right) < 1.6
                 and s["box"][1] < middle < s["box"][3]]
        self.case.assertEqual(len(found), 1, (self.chart, what, left, right, middle, [s["box"] for s in self.shapes if s["fill"] == colour]))
