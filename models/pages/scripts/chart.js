// A chart within its figure: what is chosen, legend and zoom as buttons and by keys, export.
"use strict";
const symbols = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow", "emptyCircle"];
const all_charts = [];

// Of many lines: eight colours, then the same dashed, dotted, dashed and dotted; in the legend as well.
const styles = [["line", "solid"], ["dashed", "dashed"], ["dotted", "dotted"], ["dashdot", [9, 3, 2, 3]]];
const style_of = (n, c) => ({ colour: c.series[n % 8], mark: styles[Math.floor(n / 8) % 4][0], type: styles[Math.floor(n / 8) % 4][1] });
// Of many areas: eight colours, then the same striped.
const stripes = c => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: c.back });

function colours() {
  const style = getComputedStyle(document.documentElement), of = name => style.getPropertyValue("--" + name).trim();
  return { back: of("bg"), text: of("fg"), dim: of("dim"), line: of("line"), note: of("note"), soft: of("soft"), series: [1, 2, 3, 4, 5, 6, 7, 8].map(n => of("c" + n)) };
}

function made(tag, class_name, text) {
  const e = document.createElement(tag);
  if (class_name) e.className = class_name;
  if (text !== undefined) e.textContent = text;
  return e;
}
function button(text, label, act) {
  const b = made("button", "", text);
  b.type = "button";
  if (label) b.setAttribute("aria-label", label), b.title = label;
  b.addEventListener("click", act);
  return b;
}

class chart {
  // `draw(state, colours, width)`: { option, legend: [{name, colour, mark}], zoom, height, least, label }, `least` the width below which it is moved about in,
  // with `detail(magnification)` what of the option follows the zoom;
  // `choices(state)`: [{key, label, values: [[value, text, disabled]]}], where a key that the state has not yet gets the first that is not disabled;
  // `hidden`: names that are not shown at first.
  constructor(figure, draw, choices = () => [], hidden = []) {
    Object.assign(this, { figure, draw, choices, state: {}, hidden: new Set(hidden), from: 0, to: 100 });
    this.chosen = made("p", "chosen");
    this.frame = made("div", "frame");
    this.controls = made("div", "controls");
    this.legend = made("div", "legend keys");
    this.legend.setAttribute("role", "group");
    this.legend.setAttribute("aria-label", "Legend: each button shows or hides what it names");
    this.canvas = made("div", "canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.addEventListener("keydown", e => this.key(e));
    this.frame.append(this.canvas);
    figure.append(this.controls, this.chosen, this.frame, this.legend);
    this.update();
    all_charts.push(this);
  }

  update() {
    this.make_controls();
    this.paint();
  }

  make_controls() {
    const had = document.activeElement && this.controls.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.controls.replaceChildren();
    const chosen = [];
    for (const c of this.choices(this.state)) {
      const enabled = c.values.filter(([, , disabled]) => !disabled);
      if (!enabled.some(([v]) => v === this.state[c.key])) this.state[c.key] = (enabled[0] || c.values[0])[0];
      chosen.push(`${c.label}: ${c.values.find(([v]) => v === this.state[c.key])[1]}`);
      if (c.values.length < 2) continue;
      const label = made("label", "", c.label + " "), select = made("select");
      select.dataset.key = c.key;
      c.values.forEach(([v, text, disabled], n) => {
        const o = made("option", "", text);
        o.value = n;
        o.disabled = Boolean(disabled);
        o.selected = v === this.state[c.key];
        select.append(o);
      });
      select.addEventListener("change", () => { this.state[c.key] = c.values[select.value][0]; this.update(); });
      label.append(select);
      this.controls.append(label);
      if (had === c.key) select.focus();
    }
    this.chosen.textContent = chosen.join("; ");  // paper has no controls
    this.tools = made("span", "tools");
    this.controls.append(this.tools);
  }

  paint() {
    const made_of = this.draw(this.state, colours(), this.frame.clientWidth || 1000);
    this.drawn = made_of;
    this.canvas.style.minWidth = made_of.least ? made_of.least + "px" : "";
    this.canvas.style.height = (made_of.height || 380) + "px";
    this.canvas.setAttribute("aria-label", made_of.label + (made_of.zoom ? ". Arrow keys move, plus and minus zoom, 0 shows all." : ""));
    if (this.library) this.library.dispose();
    this.closer = false;
    this.library = EC.init(this.canvas, null, { renderer: "svg" });
    this.library.setOption(this.whole_option(made_of, false));
    if (made_of.group) this.library.group = made_of.group;
    if (made_of.zoom) this.library.on("datazoom", () => {
      const z = this.library.getOption().dataZoom[0];
      this.from = z.start, this.to = z.end;
      this.canvas.dataset.shown = `${this.from.toFixed(2)} ${this.to.toFixed(2)}`;
      this.look_closer(this.library);
    });
    this.look_closer(this.library);
    this.library.getZr().flush();  // paper does not wait for the next frame
    this.sized();
    for (const name of this.hidden) this.act({ type: "legendUnSelect", name });
    this.make_tools(made_of);
    this.make_legend(made_of);
  }

  whole_option(made_of, with_legend) {
    const c = colours(), option = made_of.option, names = (made_of.legend || []).map(l => l.name);
    return {
      animation: false, backgroundColor: "transparent", textStyle: { color: c.text, fontFamily: "system-ui, sans-serif" },
      ...option, series: this.followed(option.series),
      legend: { show: with_legend, data: names, top: 0, textStyle: { color: c.text } },
      tooltip: { confine: true, backgroundColor: c.back, borderColor: c.line, textStyle: { color: c.text, fontSize: 13 }, ...(option.tooltip || {}) },
      ...(made_of.zoom ? { dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", start: this.from, end: this.to, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }] } : {}),
    };
  }

  look_closer(library) {
    if (this.drawn.detail) library.setOption(this.drawn.detail(100 / (this.to - this.from)));
    const up = this.seen_up(library);
    if (up) library.setOption({ yAxis: up });
  }

  // Series that go with others, `of` them by name: where none of those is shown, they are not either. Such a series has an `id`.
  followed(series) {
    return series.map(s => (s.of && s.of.every(name => this.hidden.has(name)) ? { ...s, data: [] } : s));
  }

  // Ends of the axis that goes up, round ones, about what is shown between the ends of the one across: corners, and lines where they pass those ends.
  seen_up(library) {
    const { option, zoom } = this.drawn, up = option.yAxis, whole = this.from <= 0 && this.to >= 100;
    if (!zoom || up.type !== "value" || up.max !== undefined || (whole && !this.closer)) return null;
    this.closer = !whole;
    if (whole) return { min: up.min === undefined ? null : up.min, max: null };
    const { startValue: from, endValue: to } = library.getOption().dataZoom[0], places = option.xAxis.data, all = [];
    for (const s of library.getOption().series.filter(one => !this.hidden.has(one.name))) {
      const rows = s.data.map(d => d.value || d).map(v => [places ? places.indexOf(v[0]) : v[0], v.slice(1).filter(y => typeof y === "number")]);
      rows.forEach(([x, ys], n) => {
        if (x >= from && x <= to) all.push(...ys);
        const [next, then] = n + 1 < rows.length && s.type !== "scatter" ? rows[n + 1] : [x, ys];
        for (const end of [from, to])
          if (x < end && end < next) ys.forEach((y, k) => k < then.length && all.push(s.step ? y : y + (then[k] - y) * (end - x) / (next - x)));
      });
    }
    if (!all.length) return null;
    const least = Math.min(...all), most = Math.max(...all), part = (most - least || Math.abs(most) || 1) / 8, ten = 10 ** Math.floor(Math.log10(part));
    const step = [1, 2, 2.5, 5, 10].find(n => n * ten >= part) * ten, round = v => Number(v.toPrecision(12));
    return { min: up.min === undefined ? round(Math.floor(least / step) * step) : up.min, max: round(Math.ceil(most / step + (most === least ? 1 : 0)) * step) };
  }

  act(what) {
    this.library.dispatchAction(what);
    all_charts.concat(this).forEach(c => c.library && c.library.getZr().flush());  // others may follow
  }

  // A view box lets paper make it as wide as it is.
  sized() {
    const svg = this.canvas.querySelector("svg");
    if (svg) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  }

  make_tools(made_of) {
    this.tools.replaceChildren();
    if (made_of.zoom)
      this.tools.append(button("+", "Zoom in", () => this.zoom(0.5)), button("\u2212", "Zoom out", () => this.zoom(2)), button("\u25c0", "Move left", () => this.move(-0.25)),
                        button("\u25b6", "Move right", () => this.move(0.25)), button("all", "Show all", () => this.show(0, 100)));
    this.tools.append(button("SVG", "Save this chart as SVG", () => this.save()));
  }

  make_legend(made_of) {
    this.legend.replaceChildren();
    for (const l of made_of.legend || []) {
      const b = button("", "", () => {
        this.hidden.has(l.name) ? this.hidden.delete(l.name) : this.hidden.add(l.name);
        const following = this.followed(made_of.option.series.filter(one => one.of)).map(({ id, data: values }) => ({ id, data: values }));
        if (following.length) this.library.setOption({ series: following });
        this.act({ type: "legendToggleSelect", name: l.name });
        b.setAttribute("aria-pressed", String(!this.hidden.has(l.name)));
      });
      b.setAttribute("aria-pressed", String(!this.hidden.has(l.name)));
      const swatch = made("span", "swatch " + (l.mark || "line"));
      swatch.style.setProperty("--of", l.colour);
      b.append(swatch, l.name);
      this.legend.append(b);
    }
    if (made_of.note) this.legend.append(made("span", "entry", made_of.note));
    for (const l of made_of.scale || []) {  // of colours: nothing to show or hide
      const entry = made("span", "entry"), swatch = made("span", "swatch " + l.mark);
      swatch.style.setProperty("--of", l.colour);
      entry.append(swatch, l.name);
      this.legend.append(entry);
    }
  }

  key(e) {
    if (!this.drawn.zoom || e.ctrlKey || e.metaKey || e.altKey) return;
    const act = { "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), ArrowLeft: () => this.move(-0.25), ArrowRight: () => this.move(0.25),
                  "0": () => this.show(0, 100), Home: () => this.show(0, 100) }[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  }
  zoom(by) {
    const middle = (this.from + this.to) / 2, half = Math.min(50, Math.max(0.5, (this.to - this.from) * by / 2));
    const from = Math.max(0, Math.min(100 - 2 * half, middle - half));
    this.show(from, from + 2 * half);
  }
  move(by) {
    const width = this.to - this.from, from = Math.max(0, Math.min(100 - width, this.from + by * width));
    this.show(from, from + width);
  }
  show(from, to) {
    this.from = from, this.to = to;
    this.act({ type: "dataZoom", start: from, end: to });
    this.canvas.dataset.shown = `${from.toFixed(2)} ${to.toFixed(2)}`;
  }

  save() {
    const box = made("div");
    Object.assign(box.style, { position: "absolute", left: "-3000px", width: "1000px", height: "600px" });
    document.body.append(box);
    const copy = EC.init(box, null, { renderer: "svg" }), option = this.whole_option(this.drawn, true);
    option.backgroundColor = colours().back;
    option.legend.selected = Object.fromEntries([...this.hidden].map(n => [n, false]));
    if (option.grid) option.grid = { ...option.grid, top: 50 };
    copy.setOption(option);
    this.look_closer(copy);
    const text = titled(copy.renderToSVGString(), this.drawn.label, this.chosen.textContent), link = made("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    link.download = this.figure.id + ".svg";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    copy.dispose();
    box.remove();
  }
}

// A picture by itself says what it shows and what of that was chosen: above it, and to who cannot see it.
function titled(svg, label, chosen) {
  const c = colours(), lines = [];
  for (const part of chosen ? chosen.split("; ") : [])
    if (lines.length && (lines[lines.length - 1] + part).length < 150) lines.push(`${lines.pop()}; ${part}`);
    else lines.push(part);
  const above = 36 + 17 * lines.length, [, width, height] = svg.match(/<svg[^>]*?width="(\d+)"[^>]*?height="(\d+)"/);
  const text = (y, size, colour, words) => `<text x="12" y="${y - above}" font-size="${size}" font-family="system-ui, sans-serif" fill="${colour}">${escaped(words)}</text>`;
  const root = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${Number(height) + above}" viewBox="0 ${-above} ${width} ${Number(height) + above}">`;
  return svg.replace(/<svg[^>]*>/, () => `${root}<title>${escaped(chosen ? `${label}; ${chosen}` : label)}</title><rect x="0" y="${-above}" width="${width}" height="${above}" fill="${c.back}"/>` +
    text(22, 15, c.text, label) + lines.map((l, n) => text(42 + 17 * n, 12, c.dim, l)).join(""));
}

const axis = (c, more) => ({
  nameLocation: "middle", nameGap: 32, nameTextStyle: { color: c.text }, axisLabel: { color: c.dim, hideOverlap: true }, axisLine: { show: true, lineStyle: { color: c.dim } },
  splitLine: { lineStyle: { color: c.line } }, axisTick: { show: true, lineStyle: { color: c.dim } }, ...more,
});
// The end of a path that has room, in whole words; "" if none has.
function end_of(path, room) {
  const parts = path.split(".");
  while (parts.length && parts.join(".").length * 7 > room) parts.shift();
  return parts.join(".");
}
const room = { left: 86, right: 28, top: 18, bottom: 56 };

// Of a logarithmic axis: powers of ten are too far apart for a range of one or two.
const log_ends = (least, most) => (most / least < 100 ? { logBase: 2, min: least, max: most } : {});

// An axis of a column's values: of numbers, or one place a word; on the scale that was declared,
// and if none was, of ratios of 20 and more a logarithmic one.
function axis_of(column, c, more = {}) {
  if (column.kind === "text") return axis(c, { type: "category", data: column.values, name: axis_name(column), ...more });
  const least = column.values[0], most = column.values[column.values.length - 1];
  const logarithmic = least > 0 && (column.scale ? column.scale === "logarithmic" : column.values.length > 2 && most / least >= 20);
  return axis(c, { type: logarithmic ? "log" : "value", scale: true, ...(logarithmic ? log_ends(least, most) : {}), name: axis_name(column),
                   axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, column.unit) }, ...more });
}
function axis_of_figure(figure, c, more = {}) {
  return axis(c, { type: "value", name: axis_name(figure), nameGap: 66, axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, figure.unit) }, ...more });
}

function start(charts) {
  document.documentElement.classList.add("scripts");
  for (const figure of document.querySelectorAll("figure.chart")) {
    const make = charts[figure.dataset.chart];
    if (make) make(figure);
  }
  const again = () => all_charts.forEach(c => c.paint());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let waits = 0;
  addEventListener("resize", () => { clearTimeout(waits); waits = setTimeout(again, 150); });
  // Paper is white, whatever the screen is.
  addEventListener("beforeprint", () => { document.documentElement.classList.add("paper"); again(); });
  addEventListener("afterprint", () => { document.documentElement.classList.remove("paper"); again(); });
  document.documentElement.dataset.drawn = String(all_charts.length);
}
