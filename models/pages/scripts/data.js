// What the page carries, and how it is told: columns by role, values with their units.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);

const prefixes = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "\u00b5"], [1e-9, "n"], [1e-12, "p"]];
const base_units = ["s", "Hz", "b/s", "B"];

const sign = unit => (unit === "us" ? "\u00b5s" : unit.replace(/bps$/, "b/s"));  // as runs tell rates

// Octets are counted: whole, the thirds of five digits and more apart; a mean has tenths below a thousand.
function octets(value) {
  const size = Math.abs(value), whole = size >= 999.95 || Number.isInteger(value);
  const digits = whole ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
  return (size >= 9999.5 ? digits.replace(/\B(?=(\d{3})+$)/g, "\u202f") : digits) + "\u00a0B";
}

// Four digits with the prefix that fits, where the unit takes one.
function shown(value, unit) {
  if (value === null || value === undefined) return "\u2013";
  if (typeof value === "string") return value;
  const behind = unit ? "\u00a0" + sign(unit) : "";
  if (value === 0) return "0" + behind;
  const size = Math.abs(value);
  if (unit === "B" && size < 1e7) return octets(value);
  if (base_units.includes(unit && sign(unit))) {
    const [factor, prefix] = prefixes.find(([f]) => size >= f * 0.99995) || prefixes[prefixes.length - 1];
    return Number((value / factor).toPrecision(4)) + "\u00a0" + prefix + sign(unit);
  }
  return (size >= 1e9 || size < 1e-4 ? value.toExponential(3) : size >= 1e4 ? String(Math.round(value)) : String(Number(value.toPrecision(4)))) + behind;
}

class columns_of_points {
  constructor(points) {
    this.rows = points.rows;
    const all = points.columns.map((c, at) => ({ ...c, at }));
    const named = name => all.find(c => c.name === name);
    this.parameters = all.filter(c => c.role === "parameter");
    this.figures = all.filter(c => c.role === "figure").map(c => ({
      ...c, half: named(c.name + "_half_width"), at_most: named(c.name + "_at_most"), at_least: named(c.name + "_at_least"), equals: named(c.name + "_equals"),
      counts: named(c.name + "_counts"),
      aim: (data.figures.find(f => f.figure === c.name) || {}).aim,
    }));
    // What a chart opens on: the first figure with an aim and a closed form, or with one of them.
    const held = f => f.at_most || f.at_least || f.equals;
    this.first = this.figures.find(f => f.aim && held(f)) || this.figures.find(f => f.aim) || this.figures.find(held) || this.figures[0];
    this.limit = all.find(c => c.role === "limit");
    this.front = all.find(c => c.role === "front");
    this.baseline = this.rows.find(r => r[named("baseline").at] === 1);
    const scales = new Map(data.scales.split("\n").map(line => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
    this.parameters.forEach(p => { p.scale = scales.get(p.name); });  // "linear", "logarithmic"; of lists none is declared
    this.parameters.forEach(p => { p.values = this.values(p); });
    this.varied = this.parameters.filter(p => p.values.length > 1);
  }
  // In order: of size, or as they come.
  values(column) {
    const all = [...new Set(this.rows.map(r => r[column.at]).filter(v => v !== null))];
    return column.kind === "text" ? all : all.sort((a, b) => a - b);
  }
  title(row) {
    return this.parameters.map(p => `${escaped(p.name)}: ${escaped(shown(row[p.at], p.unit))}`).join("<br>");
  }
}

function escaped(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
const axis_name = column => column.name + (column.unit ? ` [${sign(column.unit)}]` : "");
