// Differences of two runs or sweeps, each with its interval.
"use strict";
const most_shown = 60;
const differs = d => d.differs.startsWith("B");
// What is the same at all points tells none of them apart.
function labels_of(all) {
  const parts = all.map(d => d.of.split(", ")), alike = n => parts.every(p => p[n] === parts[0][n]);
  return all.length > 1 && parts.every(p => p.length === parts[0].length) ? parts.map(p => p.filter((_, n) => !alike(n)).join(", ") || p.join(", ")) : all.map(d => d.of);
}
function differences(figure_element) {
  const known = data.differences.filter(d => d.half !== null), of = f => known.filter(d => d.figure === f);
  const stands_out = f => (of(f).some(differs) ? 2 : of(f).some(d => d.differs !== "no") ? 1 : 0);
  const figures = [...new Set(known.map(d => d.figure))].sort((a, b) => stands_out(b) - stands_out(a));   // opens on one that differs
  const choices = () => [{ key: "figure", label: "Figure", values: figures.map(f => [f, f]) }];
  const draw = ({ figure }, c, width) => {
    const left = Math.min(330, Math.round(width * 0.4));
    const every = of(figure), all = every.slice(0, most_shown).reverse(), unit = all[0].unit, between = unit === "%" ? "points" : unit, labels = labels_of(all);
    const two_lines = labels.some(l => l.length * 6.5 > left - 20), row = two_lines ? 34 : 24;
    const kinds = [["differs", differs, c.series[1], "circle"], ["by itself only", d => d.differs === "by itself only", c.series[0], "diamond"],
                   ["no", d => d.differs === "no", c.dim, "rect"]].filter(([, is]) => all.some(is));
    const series = kinds.map(([name, is, colour, symbol]) => ({
      type: "custom", name, itemStyle: { color: colour }, encode: { x: [1, 2, 3], y: 0 },
      data: all.map((d, n) => (is(d) ? { value: [n, d.b - d.a, d.b - d.a - d.half, d.b - d.a + d.half], of: d } : null)).filter(d => d),
      renderItem: (_, api) => {
        const n = api.value(0), [x, y] = api.coord([api.value(1), n]), [from] = api.coord([api.value(2), n]), [to] = api.coord([api.value(3), n]);
        const mark = symbol === "circle" ? { type: "circle", shape: { cx: x, cy: y, r: 5 } } : symbol === "rect" ? { type: "rect", shape: { x: x - 4, y: y - 4, width: 8, height: 8 } }
          : { type: "polygon", shape: { points: [[x - 6, y], [x, y - 6], [x + 6, y], [x, y + 6]] } };
        return { type: "group", children: [{ type: "line", shape: { x1: from, y1: y, x2: to, y2: y }, style: { stroke: colour, lineWidth: 2 } }, { ...mark, style: { fill: colour } }] };
      },
    }));
    series.push({ type: "line", data: [], markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c.text, type: "solid" }, data: [{ xAxis: 0 }] } });
    const formatter = o => { const d = o.data.of; return `${escaped(d.of)}<br>A ${escaped(shown(d.a, unit))}, B ${escaped(shown(d.b, unit))}<br><b>${escaped(shown(d.b - d.a, between))} \u00b1 ${escaped(shown(d.half, between))}</b>`; };
    return {
      option: { grid: { ...room, left, right: width < 640 ? 20 : 40 }, xAxis: axis_of_figure({ name: figure + ", B \u2212 A", unit: between }, c, { nameGap: 32 }),
                yAxis: axis(c, { type: "category", data: labels, axisLabel: { color: c.text, width: left - 20, overflow: "break", lineHeight: 14, interval: 0 } }), tooltip: { trigger: "item", formatter }, series },
      legend: kinds.map(([name, , colour]) => ({ name, colour, mark: "dot" })), zoom: true, height: 100 + row * all.length, label: `${figure}: B less A with intervals`,
      note: every.length > all.length ? `The first ${all.length} of ${every.length}:` : "",
    };
  };
  return new chart(figure_element, draw, choices);
}
start({ differences });
