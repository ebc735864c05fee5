// What a chart with two axes shows of a grid: the points with one value of each parameter that has no axis. Constraints leave combinations out:
// a chart opens where points are, and offers no others.
"use strict";
const key_of = parameter => "fixed:" + parameter.name;
const at_values = (row, parameters) => JSON.stringify(parameters.map(p => row[p.at]));
const most_series = 8;  // lines of one chart

function slices_of(rows, others) {
  const all = new Map();
  for (const r of rows) {
    const key = at_values(r, others);
    if (!all.has(key)) all.set(key, []);
    all.get(key).push(r);
  }
  return [...all.values()];
}

// How much there is to see along a parameter: steps from one point of a line to the next, and more where the figure changes.
function seen_along(rows, x, by, f) {
  let steps = 0, changes = 0, lines = 0;
  for (const line of slices_of(rows, by ? [by] : [])) {
    line.sort((a, b) => x.values.indexOf(a[x.at]) - x.values.indexOf(b[x.at]));
    lines += line.length > 1;
    for (let n = 1; n < line.length; ++n) ++steps, changes += line[n][f.at] !== line[n - 1][f.at];
  }
  return { lines, changes, score: steps + 2 * changes };
}
const best_slice = (rows, others, seen) => slices_of(rows, others).map(slice => ({ slice, ...seen(slice) })).reduce((a, b) => (b.score > a.score ? b : a));

// A choice for each of `others`, from the left: values that no point has with those before it are disabled. What the state has stays where points
// are; the rest is of the baseline, where something is to see there, or of the slice where most is.
function fixed_choices(points, state, rows, others, seen) {
  let left = rows.filter(r => others.every(p => r[p.at] !== null));
  return others.map((p, n) => {
    const there = new Set(left.map(r => r[p.at]));
    if (left.length && !there.has(state[key_of(p)])) {
      const rest = others.slice(n), base = points.baseline && left.filter(r => rest.every(q => r[q.at] === points.baseline[q.at]));
      const [row] = base && base.length && seen(base).changes ? base : best_slice(left, rest, seen).slice;
      for (const q of rest) state[key_of(q)] = row[q.at];
    }
    left = left.filter(r => r[p.at] === state[key_of(p)]);
    return { key: key_of(p), label: p.name, values: p.values.map(v => [v, shown(v, p.unit), !there.has(v)]) };
  });
}

// Those that do most to a figure first.
function by_effect(points, figure) {
  const swing = p => Math.max(0, ...data.effects.filter(e => e.figure === figure.name && e.parameter === p.name).map(e => e.swing));
  return points.varied.map(p => [swing(p), p]).sort((a, b) => b[0] - a[0]).map(([, p]) => p);
}

// Two parameters for the axes: of the greatest effects those of which some slice shows more than one line, and most of the plane that they make;
// else the two of which most is to see. Across goes the one that is a number, or has more values.
function opening_pair(points, f, fits = () => true) {
  const ranked = by_effect(points, f), wider = (a, b) => (a.kind !== "text") - (b.kind !== "text") || a.values.length - b.values.length;
  let best = null;
  for (let n = 1; n < ranked.length; ++n)
    for (let k = 0; k < n; ++k) {
      const [x, y] = wider(ranked[n], ranked[k]) > 0 ? [ranked[n], ranked[k]] : [ranked[k], ranked[n]];
      const rows = points.rows.filter(r => r[f.at] !== null && points.varied.every(p => r[p.at] !== null));
      if (!fits(y) || !rows.length) continue;
      const found = best_slice(rows, points.varied.filter(p => p !== x && p !== y), slice => seen_along(slice, x, y, f));
      if (found.changes && found.lines > 1 && 2 * found.slice.length >= x.values.length * y.values.length) return [x, y];
      if (!best || found.score > best.score) best = { x, y, score: found.score };
    }
  return best ? [best.x, best.y] : [ranked[0], null];
}
