// A figure over a parameter, a line for each value of another: means with the band of their interval, closed forms beside them.
"use strict";
// A bound holds at each point; what a mean equals is said only of points where that counts.
const holds = (figure, form, row) => row[form.at] !== null && (form !== figure.equals || row[figure.counts.at] > 0);

function families(figure_element, points) {
  const x_values = points.varied.map(p => [p, p.name]);
  const others = state => points.varied.filter(p => p !== state.x);
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    if (!state.x) [state.x, state.series] = opening_pair(points, state.figure, p => p.values.length <= most_series);
    const { figure: f, x } = state, candidates = others(state).filter(p => p.values.length <= most_series);
    if (!candidates.includes(state.series) && state.series !== null) state.series = candidates[0] || null;
    const fixed = others(state).filter(p => p !== state.series), rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null);
    return [{ key: "figure", label: "Figure", values: points.figures.map(one => [one, one.name]) }, { key: "x", label: "over", values: x_values },
            { key: "series", label: "a line for each", values: [...candidates.map(p => [p, p.name]), [null, "(none)"]] },
            ...fixed_choices(points, state, rows, fixed, slice => seen_along(slice, x, state.series, f))];
  };

  const band = (name, rows, x, f, colour) => ({
    type: "custom", name, silent: true, clip: true, z: 1, tooltip: { show: false }, itemStyle: { color: colour },
    data: [[rows[0][x.at], rows[0][f.at]]],
    renderItem: (_, api) => {
      const edge = sign => rows.map(r => api.coord([r[x.at], r[f.at] + sign * (r[f.half.at] || 0)]));
      return { type: "polygon", shape: { points: [...edge(1), ...edge(-1).reverse()] }, style: { fill: colour, opacity: 0.18 } };
    },
  });

  const draw = (state, c) => {
    const { figure: f, x, series: by } = state;
    const fixed = others(state).filter(p => p !== by);
    const rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null && fixed.every(p => r[p.at] === state[key_of(p)]))
                       .sort((a, b) => (x.kind === "text" ? x.values.indexOf(a[x.at]) - x.values.indexOf(b[x.at]) : a[x.at] - b[x.at]));
    const series = [], legend = [], bounds = new Set();
    const groups = by ? by.values : [null];
    groups.forEach((value, n) => {
      const mine = by ? rows.filter(r => r[by.at] === value) : rows;
      if (!mine.length) return;
      const name = by ? `${by.name} ${shown(value, by.unit)}` : f.name, colour = c.series[n % 8];
      if (f.half && mine.some(r => r[f.half.at] > 0)) series.push(band(name, mine, x, f, colour));
      series.push({ type: "line", name, data: mine.map(r => [r[x.at], r[f.at]]), symbol: symbols[n % 8], symbolSize: 8, z: 3, lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } });
      legend.push({ name, colour });
      for (const [form, word] of [[f.at_most, "at most"], [f.at_least, "at least"], [f.equals, "equals"]]) {
        if (!form) continue;
        const line = mine.filter(r => holds(f, form, r)).map(r => [r[x.at], r[form.at]]), same = word + JSON.stringify(line);
        if (!line.length || bounds.has(same)) continue;
        bounds.add(same);
        series.push({ type: "line", name: `closed form, ${word}`, data: line, symbol: "none", z: 2, lineStyle: { color: by ? colour : c.text, width: 1.5, type: "dashed" }, itemStyle: { color: c.text } });
      }
    });
    for (const word of ["at most", "at least", "equals"])
      if (series.some(s => s.name === `closed form, ${word}`)) legend.push({ name: `closed form, ${word}`, colour: c.text, mark: "dashed" });
    const formatter = all => {
      const at = all[0].axisValue, lines = [`<b>${escaped(x.name)} ${escaped(shown(x.kind === "text" ? at : Number(at), x.unit))}</b>`];
      for (const one of all.filter(o => o.seriesType === "line")) lines.push(`${one.marker}${escaped(one.seriesName)}: ${escaped(shown(one.value[1], f.unit))}`);
      return lines.join("<br>");
    };
    return {
      option: { grid: room, xAxis: axis_of(x, c), yAxis: axis_of_figure(f, c), tooltip: { trigger: "axis", formatter }, series },
      legend, zoom: true, label: `${f.name} over ${x.name}${by ? ", a line for each " + by.name : ""}`,
    };
  };
  return new chart(figure_element, draw, choices);
}

// Of points that lie anywhere, as samples do: one mark each.
function scattered(figure_element, points) {
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    return [{ key: "figure", label: "Figure", values: points.figures.map(f => [f, f.name]) }, { key: "x", label: "over", values: points.varied.map(p => [p, p.name]) }];
  };
  const draw = ({ figure: f, x }, c) => {
    const rows = points.rows.filter(r => r[f.at] !== null && r[x.at] !== null), legend = [{ name: f.name, colour: c.series[0], mark: "dot" }];
    const series = [{ type: "scatter", name: f.name, symbolSize: 8, itemStyle: { color: c.series[0] }, data: rows.map(r => ({ value: [r[x.at], r[f.at]], row: r })) }];
    for (const [form, word, n] of [[f.at_most, "at most", 1], [f.at_least, "at least", 2], [f.equals, "equals", 3]]) {
      if (!form) continue;
      const name = `closed form, ${word}`;
      series.push({ type: "scatter", name, symbol: "rect", symbolSize: [12, 2], itemStyle: { color: c.series[n] }, data: rows.filter(r => holds(f, form, r)).map(r => ({ value: [r[x.at], r[form.at]], row: r })) });
      legend.push({ name, colour: c.series[n], mark: "dashed" });
    }
    const formatter = o => `${points.title(o.data.row)}<br><b>${escaped(o.seriesName)}: ${escaped(shown(o.value[1], f.unit))}</b>`;
    return { option: { grid: room, xAxis: axis_of(x, c), yAxis: axis_of_figure(f, c), tooltip: { trigger: "item", formatter }, series }, legend, zoom: true, label: `${f.name} over ${x.name}, a mark for each point` };
  };
  return new chart(figure_element, draw, choices);
}
