// A figure over a parameter, a line for each value of another: means with the band of their interval, closed forms beside them.
"use strict";
// A bound holds at each point; what a mean equals is said only of points where that counts.
const holds = (figure, form, row) => row[form.at] !== null && (form !== figure.equals || row[figure.counts.at] > 0);

const forms_of = f => [[f.at_most, "at most", 1], [f.at_least, "at least", 2], [f.equals, "equals", 3]].filter(([form]) => form);

// Intervals: as a band along a line, as a bar at each mark. Their ends count for the axis.
const ends = (rows, x, f) => rows.map(r => [r[x.at], r[f.at] - (r[f.half.at] || 0), r[f.at] + (r[f.half.at] || 0)]);
const interval_series = (name, colour, z, data, renderItem) => ({ type: "custom", name, silent: true, clip: true, z, tooltip: { show: false }, itemStyle: { color: colour }, encode: { x: 0, y: [1, 2] }, data, renderItem });
const known_intervals = (rows, f) => f.half && rows.some(r => r[f.half.at] > 0);
function band(name, rows, x, f, colour) {
  const data = ends(rows, x, f);
  return interval_series(name, colour, 1, data, (item, api) => item.dataIndex ? null :
    { type: "polygon", shape: { points: [...data.map(([at, , most]) => api.coord([at, most])), ...data.map(([at, least]) => api.coord([at, least])).reverse()] }, style: { fill: colour, opacity: 0.18 } });
}
function bars(name, rows, x, f, colour) {
  return interval_series(name, colour, 2, ends(rows.filter(r => r[f.half.at] > 0), x, f), (_, api) => {
    const [at, least] = api.coord([api.value(0), api.value(1)]), [, most] = api.coord([api.value(0), api.value(2)]);
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, fill: "none", lineWidth: 1.5 } });
    return { type: "group", children: [line(at, least, at, most), line(at - 4, least, at + 4, least), line(at - 4, most, at + 4, most)] };
  });
}

const one_at_each = (rows, x) => new Set(rows.map(r => r[x.at])).size === rows.length;
// Of points that were listed there are no slices: over what they are one line, or one for each value of something, if there is such a parameter.
function opening_of_list(points, state, rows, candidates) {
  if (state.over === state.x) return;
  state.over = state.x;
  state.series = one_at_each(rows, state.x) ? null : candidates.find(p => p.values.every(v => one_at_each(rows.filter(r => r[p.at] === v), state.x))) || null;
}

// `gridded`: what is neither across nor a line of its own is fixed.
function families(figure_element, points, gridded) {
  const x_values = points.varied.map(p => [p, p.name]);
  const others = state => points.varied.filter(p => p !== state.x);
  const fixed_of = state => (gridded ? others(state).filter(p => p !== state.series) : []);
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    if (!state.x && gridded) [state.x, state.series] = opening_pair(points, state.figure, p => p.values.length <= most_series);
    if (!state.x) [state.x] = by_effect(points, state.figure).sort((a, b) => (a.kind === "text") - (b.kind === "text") || b.values.length - a.values.length);
    const { figure: f, x } = state, candidates = others(state).filter(p => p.values.length <= most_series), rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null);
    if (!gridded) opening_of_list(points, state, rows, candidates);
    if (!candidates.includes(state.series) && state.series !== null) state.series = candidates[0] || null;
    return [{ key: "figure", label: "Figure", values: points.figures.map(one => [one, one.name]) }, { key: "x", label: "over", values: x_values },
            { key: "series", label: "a line for each", values: [...candidates.map(p => [p, p.name]), [null, "(none)"]] },
            ...fixed_choices(points, state, rows, fixed_of(state), slice => seen_along(slice, x, state.series, f))];
  };

  const draw = (state, c) => {
    const { figure: f, x, series: by } = state, fixed = fixed_of(state);
    const rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null && fixed.every(p => r[p.at] === state[key_of(p)]))
                       .sort((a, b) => (x.kind === "text" ? x.values.indexOf(a[x.at]) - x.values.indexOf(b[x.at]) : a[x.at] - b[x.at]));
    const series = [], legend = [], bounds = new Map();  // closed forms, each drawn once: for these lines
    const groups = by ? by.values : [null];
    const place = (r, column) => (gridded ? [r[x.at], r[column.at]] : { value: [r[x.at], r[column.at]], row: r });
    groups.forEach((value, n) => {
      const mine = by ? rows.filter(r => r[by.at] === value) : rows;
      if (!mine.length) return;
      const name = by ? `${by.name} ${shown(value, by.unit)}` : f.name, colour = c.series[n % 8], joined = gridded || one_at_each(mine, x);
      if (known_intervals(mine, f)) series.push((joined && mine.length > 1 ? band : bars)(name, mine, x, f, colour));
      series.push({ type: joined ? "line" : "scatter", name, data: mine.map(r => place(r, f)), symbol: symbols[n % 8], symbolSize: 8, z: 3, lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } });
      legend.push({ name, colour, mark: joined ? "line" : "dot" });
      for (const [form, word] of forms_of(f)) {
        const held = mine.filter(r => holds(f, form, r)), same = word + JSON.stringify(held.map(r => [r[x.at], r[form.at]]));
        if (bounds.has(same)) bounds.get(same).push(name);
        if (!held.length || bounds.has(same)) continue;
        bounds.set(same, [name]);
        const data = held.map(r => place(r, form)), of_form = by ? colour : c.text;
        series.push({ name: `closed form, ${word}`, ...(by ? { id: same, of: bounds.get(same) } : {}), data, z: 2, ...(joined ? { type: "line", symbol: "none", lineStyle: { color: of_form, width: 1.5, type: "dashed" }, itemStyle: { color: c.text } }
                                                                          : { type: "scatter", symbol: "rect", symbolSize: [12, 2], itemStyle: { color: of_form } }) });
      }
    });
    for (const [, word] of forms_of(f))
      if (series.some(s => s.name === `closed form, ${word}`)) legend.push({ name: `closed form, ${word}`, colour: c.text, mark: "dashed" });
    const at_value = all => {
      const at = all[0].axisValue, lines = [`<b>${escaped(x.name)} ${escaped(shown(x.kind === "text" ? at : Number(at), x.unit))}</b>`];
      for (const one of all.filter(o => o.seriesType === "line")) lines.push(`${one.marker}${escaped(one.seriesName)}: ${escaped(shown(one.value[1], f.unit))}`);
      return lines.join("<br>");
    };
    return {
      option: { grid: room, xAxis: axis_of(x, c), yAxis: axis_of_figure(f, c), tooltip: gridded ? { trigger: "axis", formatter: at_value } : { trigger: "item", formatter: of_point(points, f) }, series },
      legend, zoom: true, label: `${f.name} over ${x.name}${by ? ", a line for each " + by.name : ""}`,
    };
  };
  return new chart(figure_element, draw, choices);
}
const of_point = (points, f) => o => `${points.title(o.data.row)}<br><b>${escaped(o.seriesName)}: ${escaped(shown(o.value[1], f.unit))}${
  f.half && o.data.row[f.half.at] > 0 && !o.seriesName.startsWith("closed") ? " \u00b1 " + escaped(shown(o.data.row[f.half.at], f.unit)) : ""}</b>`;

// Of points that lie anywhere, as samples do: one mark each.
function scattered(figure_element, points) {
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    return [{ key: "figure", label: "Figure", values: points.figures.map(f => [f, f.name]) }, { key: "x", label: "over", values: points.varied.map(p => [p, p.name]) }];
  };
  const draw = ({ figure: f, x }, c) => {
    const rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null), legend = [{ name: f.name, colour: c.series[0], mark: "dot" }];
    const series = [{ type: "scatter", name: f.name, symbolSize: 8, z: 3, itemStyle: { color: c.series[0] }, data: rows.map(r => ({ value: [r[x.at], r[f.at]], row: r })) }];
    if (known_intervals(rows, f)) series.push(bars(f.name, rows, x, f, c.series[0]));
    for (const [form, word, n] of forms_of(f)) {
      const name = `closed form, ${word}`;
      series.push({ type: "scatter", name, z: 3, symbol: "rect", symbolSize: [12, 2], itemStyle: { color: c.series[n] }, data: rows.filter(r => holds(f, form, r)).map(r => ({ value: [r[x.at], r[form.at]], row: r })) });
      legend.push({ name, colour: c.series[n], mark: "dashed" });
    }
    return { option: { grid: room, xAxis: axis_of(x, c), yAxis: axis_of_figure(f, c), tooltip: { trigger: "item", formatter: of_point(points, f) }, series }, legend, zoom: true, label: `${f.name} over ${x.name}, a mark for each point` };
  };
  return new chart(figure_element, draw, choices);
}
