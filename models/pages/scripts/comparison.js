// Differences of two runs or sweeps, each with its interval.
"use strict";
const most_shown = 60;
function differences(figure_element) {
  const known = data.differences.filter(d => d.half !== null), figures = [...new Set(known.map(d => d.figure))];
  const choices = () => [{ key: "figure", label: "Figure", values: figures.map(f => [f, f]) }];
  const draw = ({ figure }, c, width) => {
    const left = Math.min(330, Math.round(width * 0.4));
    const every = known.filter(d => d.figure === figure), all = every.slice(0, most_shown).reverse(), unit = all[0].unit;
    const kinds = [["differs", d => d.differs.startsWith("B"), c.series[1], "circle"], ["by itself only", d => d.differs === "by itself only", c.series[0], "diamond"],
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
    const formatter = o => { const d = o.data.of; return `${escaped(d.of)}<br>A ${escaped(shown(d.a, unit))}, B ${escaped(shown(d.b, unit))}<br><b>${escaped(shown(d.b - d.a, unit))} \u00b1 ${escaped(shown(d.half, unit))}</b>`; };
    return {
      option: { grid: { ...room, left, right: width < 640 ? 20 : 40 }, xAxis: axis_of_figure({ name: figure + ", B \u2212 A", unit }, c, { nameGap: 32 }),
                yAxis: axis(c, { type: "category", data: all.map(d => d.of), axisLabel: { color: c.text, width: left - 20, overflow: "truncate", interval: 0 } }), tooltip: { trigger: "item", formatter }, series },
      legend: kinds.map(([name, , colour]) => ({ name, colour, mark: "dot" })), zoom: true, height: 100 + 24 * all.length, label: `${figure}: B less A with intervals`,
      note: every.length > all.length ? `The first ${all.length} of ${every.length}:` : "",
    };
  };
  return new chart(figure_element, draw, choices);
}
start({ differences });
