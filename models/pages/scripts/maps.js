// Two parameters across and up: a figure as a colour, or what limited the runs there.
"use strict";
const lightness = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];  // viridis: even to eyes that see no colours
// The same order for lines, which have to stand out from what is behind them.
const lines_on_light = ["#2b0a4a", "#5310b6", "#2a54ae", "#008b36", "#819a00"], lines_on_dark = ["#963ec6", "#8882b6", "#10bc7a", "#aae76e", "#fff500"];
const on_dark = c => parseInt(c.back.slice(1, 3), 16) < 128;

// The two parameters, and the values of the others, between which most is to see: several kinds of what limited the runs, at many points, as many of each as can be.
function opening(points, state) {
  const usual = points.baseline && (p => points.baseline[p.at]);
  let most = -1;
  for (const x of points.varied)
    for (const y of points.varied) {
      if (x === y || points.varied.indexOf(x) > points.varied.indexOf(y)) continue;
      const others = points.varied.filter(p => p !== x && p !== y), slices = new Map();
      for (const r of points.rows) {
        const key = JSON.stringify(others.map(p => r[p.at])), kind = r[points.limit.at];
        if (kind === null || (usual && others.some(p => r[p.at] !== usual(p)))) continue;
        if (!slices.has(key)) slices.set(key, { row: r, kinds: new Map() });
        const { kinds } = slices.get(key);
        kinds.set(kind, (kinds.get(kind) || 0) + 1);
      }
      for (const { row, kinds } of slices.values()) {
        const all = [...kinds.values()].reduce((a, b) => a + b, 0), mixed = -[...kinds.values()].reduce((a, n) => a + n / all * Math.log(n / all), 0);
        const score = (mixed + 1e-3) * Math.log(all);
        if (score <= most + 1e-9) continue;
        most = score;
        Object.assign(state, { x, y });
        for (const p of others) state[key_of(p)] = row[p.at];
      }
    }
}

// `open`: sets what the state opens on; `seen`: how much a slice shows. Of points that lie anywhere nothing is fixed.
function across_and_up(points, state, more, rows, open, seen, gridded = true) {
  if (!state.x && points.varied.length > 1) open();
  if (!state.x) state.x = points.varied[0];
  const up = points.varied.filter(p => p !== state.x), all = [...more, { key: "x", label: "across", values: points.varied.map(p => [p, p.name]) }];
  if (!up.includes(state.y)) state.y = up[0] || null;
  if (up.length) all.push({ key: "y", label: "up", values: up.map(p => [p, p.name]) });
  return gridded ? [...all, ...fixed_choices(points, state, rows, up.filter(p => p !== state.y), seen)] : all;
}
const rows_of_map = (points, { x, y, ...state }) =>
  points.rows.filter(r => r[x.at] !== null && points.varied.every(p => p === x || p === y || r[p.at] === state[key_of(p)]));
const places = (column, c, more) => axis(c, { type: "category", data: column ? column.values.map(v => shown(v, column.unit)) : [""], name: column ? column.name : "", splitLine: { show: false }, ...more });

function heat_map(figure_element, points) {
  const choices = state => {
    if (!state.figure) state.figure = points.first;
    const f = state.figure, rows = points.rows.filter(r => r[f.at] !== null);
    const seen = slice => {
      const across = seen_along(slice, state.x, state.y, f), up = state.y ? seen_along(slice, state.y, state.x, f) : across;
      return { changes: across.changes + up.changes, score: across.score + up.score };
    };
    const open = () => { [state.x, state.y] = opening_pair(points, f); };
    return across_and_up(points, state, [{ key: "figure", label: "Figure", values: points.figures.map(one => [one, one.name]) }], rows, open, seen);
  };
  const draw = (state, c, width) => {
    const { figure: f, x, y } = state, rows = rows_of_map(points, state).filter(r => r[f.at] !== null);
    const figures = rows.map(r => r[f.at]), least = Math.min(...figures), most = Math.max(...figures);
    const cells = rows.map(r => ({ value: [x.values.indexOf(r[x.at]), y ? y.values.indexOf(r[y.at]) : 0, r[f.at]], row: r,
                                   label: { color: most > least && (r[f.at] - least) / (most - least) > 0.55 ? "#000" : "#fff" } }));
    const narrow = width < 640, height = Math.min(640, 150 + 46 * (y ? y.values.length : 1)) + (narrow ? 60 : 0);
    const longest = Math.max(...cells.map(o => shown(o.value[2], f.unit).length)), fits = (width - (narrow ? 130 : 230)) / x.values.length > 7 * longest;
    return {
      option: {
        grid: { ...room, left: 110, ...(narrow ? { right: 20, bottom: 116 } : { right: 120 }) }, xAxis: places(x, c), yAxis: places(y, c, { nameGap: 84 }),
        visualMap: { min: least, max: most === least ? least + 1 : most, calculable: false,
                     ...(narrow ? { orient: "horizontal", left: "center", bottom: 0, itemHeight: 120 } : { orient: "vertical", right: 4, top: "middle", itemHeight: Math.min(180, height - 120) }), inRange: { color: lightness },
                     textStyle: { color: c.text }, formatter: v => shown(v, f.unit), text: [shown(most, f.unit), shown(least, f.unit)] },
        tooltip: { trigger: "item", formatter: o => `${points.title(o.data.row)}<br><b>${escaped(f.name)}: ${escaped(shown(o.value[2], f.unit))}</b>` },
        series: [{ type: "heatmap", name: f.name, data: cells, label: { show: fits, formatter: o => shown(o.value[2], f.unit) }, itemStyle: { borderColor: c.back, borderWidth: 1 } }],
      },
      height, label: `${f.name} as a colour, ${x.name} across${y ? ", " + y.name + " up" : ""}`,
    };
  };
  return new chart(figure_element, draw, choices);
}

// Of what limited the runs, a rectangle or a mark for each resource, with a colour of its own; several resources share the place of a point.
const limits_in = (points, row) => (row[points.limit.at] === null ? [] : row[points.limit.at].split(", "));
function limits(figure_element, points, gridded) {
  const known = points.rows.filter(r => r[points.limit.at] !== null);
  const choices = state => across_and_up(points, state, [], known, () => opening(points, state),
                                         slice => seen_along(slice, state.x, state.y, points.limit), gridded);
  const resources = [...new Set(known.flatMap(r => limits_in(points, r)))], full = resources.filter(kind => kind !== "nothing");
  const draw = (state, c) => {
    const { x, y } = state, rows = gridded ? rows_of_map(points, state) : points.rows, legend = [], series = [];
    for (const kind of resources) {
      const n = full.indexOf(kind), colour = n < 0 ? c.line : c.series[n % 8], striped = n >= 8;
      const mine = rows.map(r => ({ row: r, all: limits_in(points, r) })).filter(o => o.all.includes(kind));
      // Behind the place: which part of it, of how many.
      const data_of = mine.map(o => ({ value: [...(gridded ? [x.values.indexOf(o.row[x.at]), y ? y.values.indexOf(o.row[y.at]) : 0] : [o.row[x.at], y ? o.row[y.at] : 0]), o.all.indexOf(kind), o.all.length],
                                       row: o.row, ...(gridded ? {} : { symbolOffset: [(o.all.indexOf(kind) - (o.all.length - 1) / 2) * 10, 0] }) }));
      legend.push({ name: kind, colour, mark: striped ? "striped" : "box" });
      series.push(gridded ? {
        type: "custom", name: kind, data: data_of, encode: { x: 0, y: 1 }, itemStyle: { color: colour },
        renderItem: (_, api) => {
          const [px, py] = api.coord([api.value(0), api.value(1)]), [w, h] = api.size([1, 1]), part = (h - 2) / api.value(3), top = py - h / 2 + 1 + api.value(2) * part;
          const text = part < 13 ? "" : end_of(kind, w - 8);
          return { type: "group", children: [
            { type: "rect", shape: { x: px - w / 2 + 1, y: top, width: w - 2, height: part }, style: { fill: colour, opacity: 0.55, stroke: colour, ...(striped ? { decal: stripes(c) } : {}) } },
            { type: "text", style: { text, x: px, y: top + part / 2, align: "center", verticalAlign: "middle", fill: c.text, width: w - 6, overflow: "truncate", fontSize: 12 } }] };
        },
      } : { type: "scatter", name: kind, data: data_of, encode: { x: 0, y: 1 }, symbol: n < 0 ? "emptyCircle" : symbols[n % 8], symbolSize: 10, itemStyle: { color: colour, borderColor: c.text, borderWidth: 0.5, ...(striped ? { decal: stripes(c) } : {}) } });
    }
    const formatter = o => `${points.title(o.data.row)}<br><b>limited by ${escaped(o.data.row[points.limit.at])}</b>`;
    return {
      option: { grid: { ...room, left: 110 }, xAxis: gridded ? places(x, c) : axis_of(x, c), yAxis: gridded ? places(y, c, { nameGap: 84 }) : y ? axis_of(y, c, { nameGap: 66 }) : axis(c, { type: "value", show: false, min: -1, max: 1 }),
                tooltip: { trigger: "item", formatter }, series },
      legend, height: gridded ? Math.min(640, 120 + 46 * (y ? y.values.length : 1)) : y ? 380 : 150, label: `What limited the runs, ${x.name} across${y ? ", " + y.name + " up" : ""}`,
    };
  };
  return new chart(figure_element, draw, choices);
}
