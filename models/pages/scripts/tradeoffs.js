// The trade-off front with the points behind it; what each parameter does; every point as a line through all of its values.
"use strict";
function front(figure_element, points) {
  const aimed = points.figures.filter(f => f.aim);
  const choices = state => {
    if (!state.x) state.x = aimed[0];
    const up = aimed.filter(f => f !== state.x);
    if (!up.includes(state.y)) state.y = up[0];
    return [{ key: "x", label: "across", values: aimed.map(f => [f, f.name]) }, { key: "y", label: "up", values: up.map(f => [f, f.name]) }];
  };
  const draw = ({ x, y }, c) => {
    const rows = points.rows.filter(r => r[x.at] !== null && r[y.at] !== null), kinds = [];
    const mark = r => ({ value: [r[x.at], r[y.at]], row: r });
    const best = rows.filter(r => r[points.front.at] === 0).sort((a, b) => a[x.at] - b[x.at]);
    kinds.push(["dominated", rows.filter(r => r[points.front.at] > 0), "emptyCircle", c.dim, "scatter"], ["trade-off front", best, "circle", c.series[1], aimed.length === 2 ? "line" : "scatter"]);
    if (points.baseline) kinds.push(["baseline", rows.filter(r => r === points.baseline), "diamond", c.series[0], "scatter"]);
    const series = kinds.map(([name, mine, symbol, colour, type], n) => ({ type, name, data: mine.map(mark), symbol: symbol === "emptyCircle" ? "circle" : symbol, symbolSize: name === "baseline" ? 16 : 9, z: 2 + n, itemStyle: symbol === "emptyCircle" ? { color: c.back, borderColor: colour, borderWidth: 1.5 } : { color: colour }, lineStyle: { color: colour, width: 1.5 } }));
    const formatter = o => `${points.title(o.data.row)}<br><b>${escaped(x.name)}: ${escaped(shown(o.value[0], x.unit))}<br>${escaped(y.name)}: ${escaped(shown(o.value[1], y.unit))}</b>` +
      (o.data.row[points.front.at] ? `<br>dominated by ${o.data.row[points.front.at]}` : "<br>on the front");
    const better = f => `${f.name}${f.unit ? " [" + f.unit + "]" : ""}, ${f.aim === "maximise" ? "more" : "less"} is better`;
    return {
      option: { grid: room, xAxis: axis_of_figure(x, c, { name: better(x), nameGap: 32, scale: true }), yAxis: axis_of_figure(y, c, { name: better(y), scale: true }), tooltip: { trigger: "item", formatter }, series },
      legend: kinds.map(([name, , symbol, colour]) => ({ name, colour, mark: symbol === "emptyCircle" ? "ring" : "dot" })), zoom: true, label: `${y.name} against ${x.name}: the trade-off front and the points that it dominates`,
    };
  };
  return new chart(figure_element, draw, choices);
}

function tornado(figure_element, points) {
  const told = points.figures.filter(f => data.effects.some(e => e.figure === f.name));
  const choices = state => {
    if (!state.figure && told.includes(points.first)) state.figure = points.first;
    return [{ key: "figure", label: "Figure", values: told.map(f => [f, f.name]) }];
  };
  const draw = ({ figure: f }, c, width) => {
    const by_parameter = new Map();
    for (const e of data.effects.filter(e => e.figure === f.name)) by_parameter.set(e.parameter, [...(by_parameter.get(e.parameter) || []), e]);
    const all = [...by_parameter].map(([name, levels]) => {
      const sorted = [...levels].sort((a, b) => a.mean - b.mean);
      return { name, low: sorted[0], high: sorted[sorted.length - 1], column: points.parameters.find(p => p.name === name) };
    }).reverse();
    const values = points.rows.map(r => r[f.at]).filter(v => v !== null), mean = values.reduce((a, b) => a + b, 0) / values.length;
    const value = (text, column) => (column && column.kind !== "text" && text !== "" && !isNaN(text) ? shown(Number(text), column.unit) : text);
    const level = (e, column) => e.level.split(" to ").map(end => value(end, column)).join(" to ");  // a value, or a third of a range
    const lows = all.map(e => e.low.mean), highs = all.map(e => e.high.mean), least = Math.min(mean, ...lows), most = Math.max(mean, ...highs);
    const left = Math.min(190, Math.round(width * 0.3));
    // Room for the words at both ends of a bar, and for no more than the bars leave of it.
    const right = width < 640 ? 20 : 50, wide = width - left - right, every = all.flatMap(e => [e.low, e.high].map(l => level(l, e.column)));
    const lines = 6.8 * Math.max(...every.map(l => l.length)) > wide * 0.3 ? l => l.replace(" to ", "\nto ") : l => l;
    const longest = Math.max(...every.flatMap(l => lines(l).split("\n")).map(l => l.length));
    const words = Math.min(longest * 6.8 + 14, wide * 0.42);
    const around = (most - least || Math.abs(mean) || 1) * words / (wide - 2 * words);
    const bars = all.map((e, n) => ({ value: [n, e.low.mean, e.high.mean], of: e }));
    const series = [{
      type: "custom", name: f.name, data: bars, encode: { y: 0, x: [1, 2] }, itemStyle: { color: c.series[0] },
      renderItem: (_, api) => {
        const n = api.value(0), a = api.coord([api.value(1), n]), b = api.coord([api.value(2), n]), m = api.coord([mean, n]), h = Math.min(26, api.size([0, 1])[1] * 0.6), e = all[n];
        const text = (at, label, align) => ({ type: "text", style: { text: label, x: at[0] + (align === "right" ? -6 : 6), y: at[1], align, verticalAlign: "middle", fill: c.text, fontSize: 12, lineHeight: 14 } });
        return { type: "group", children: [
          { type: "rect", shape: { x: a[0], y: a[1] - h / 2, width: Math.max(1, m[0] - a[0]), height: h }, style: { fill: c.series[0] } },
          { type: "rect", shape: { x: m[0], y: a[1] - h / 2, width: Math.max(1, b[0] - m[0]), height: h }, style: { fill: c.series[1] } },
          text(a, lines(level(e.low, e.column)), "right"), text(b, lines(level(e.high, e.column)), "left")] };
      },
      markLine: { symbol: "none", silent: true, lineStyle: { color: c.text, type: "solid" }, label: { formatter: "mean " + shown(mean, f.unit), color: c.text }, data: [{ xAxis: mean }] },
    }];
    const formatter = o => `<b>${escaped(o.data.of.name)}</b><br>${escaped(level(o.data.of.low, o.data.of.column))}: ${escaped(shown(o.data.of.low.mean, f.unit))}<br>${escaped(level(o.data.of.high, o.data.of.column))}: ${escaped(shown(o.data.of.high.mean, f.unit))}`;
    return {
      option: { grid: { ...room, left, top: 30, right }, xAxis: axis_of_figure(f, c, { nameGap: 32, min: least - around, max: most + around, splitNumber: width < 640 ? 2 : 5,
                                                         axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, f.unit), showMinLabel: false, showMaxLabel: false } }),
                yAxis: axis(c, { type: "category", data: all.map(e => e.name), splitLine: { show: false }, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: c.text, width: left - 15, overflow: "truncate" } }), tooltip: { trigger: "item", formatter }, series },
      height: 110 + 44 * all.length, label: `What each parameter does to the mean of ${f.name}, the greatest swing on top`,
    };
  };
  return new chart(figure_element, draw, choices);
}

const most_lines = 1000;  // in parallel coordinates; more are a black area
const most_places = 12;  // of an axis that has its values as places
function parallel(figure_element, points) {
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    return [{ key: "figure", label: "Colour by", values: points.figures.map(f => [f, f.name]) }];
  };
  const placed = p => p.role === "parameter" && (p.kind === "text" || p.values.length <= most_places);
  const draw = ({ figure: f }, c) => {
    const every = Math.ceil(points.rows.length / most_lines), rows = points.rows.filter((r, n) => n % every === 0 || (points.front && r[points.front.at] === 0));
    const columns = [...points.varied, ...points.figures], known = rows.map(r => r[f.at]).filter(v => v !== null), least = Math.min(...known), most = Math.max(...known);
    const parallelAxis = columns.map((p, dim) => ({
      dim, name: p.name, nameTextStyle: { color: c.text, width: 110, overflow: "truncate" }, ...(placed(p) ? { type: "category", data: p.values.map(v => shown(v, p.unit)) } : { type: "value", scale: true }),
      axisLabel: { color: c.text, ...(placed(p) ? { interval: 0 } : { formatter: v => shown(Number(v), p.unit) }), hideOverlap: true, textBorderColor: c.back, textBorderWidth: 4 }, axisTick: { show: !placed(p) }, axisLine: { lineStyle: { color: c.dim } }, nameLocation: "end", nameGap: dim % 2 ? 30 : 14,
    }));
    const strips = on_dark(c) ? lines_on_dark : lines_on_light, strip = i => strips[Math.min(4, Math.floor(i * 5))];
    const lines = rows.map(r => ({ value: columns.map(p => (r[p.at] === null ? "-" : placed(p) ? p.values.indexOf(r[p.at]) : r[p.at])), row: r, lineStyle: {
      color: r[f.at] === null ? c.line : strip(most > least ? (r[f.at] - least) / (most - least) : 0.5), width: points.front && r[points.front.at] === 0 ? 2.5 : 1, opacity: points.front && r[points.front.at] === 0 ? 1 : 0.45 } }));
    const scale = strips.map((colour, n) => ({ name: `${shown(least + (most - least) * n / 5, f.unit)} to ${shown(least + (most - least) * (n + 1) / 5, f.unit)}`, colour, mark: "line" }));
    return {
      option: { parallel: { left: 60, right: 90, top: 64, bottom: 24, parallelAxisDefault: {} }, parallelAxis,
                tooltip: { trigger: "item", formatter: o => columns.map(p => `${escaped(p.name)}: ${escaped(shown(o.data.row[p.at], p.unit))}`).join("<br>") },
                series: [{ type: "parallel", name: f.name, data: lines, smooth: false, progressive: 0 }] },
      scale, height: 420, least: 150 + 84 * columns.length, label: `Every point as a line through its parameters and figures, coloured by ${f.name}`,
      note: every > 1 ? `Of ${points.rows.length} points every ${every}th${points.front ? ", and the front" : ""}:` : "",
    };
  };
  return new chart(figure_element, draw, choices);
}
