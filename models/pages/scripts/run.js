// A run over time, all charts with one zoom, one cursor and the marks of faults; its stages.
"use strict";
{
  const step_line = (s, values) => values.map((v, n) => [data.from + n * s.step, v]).concat([[data.from + values.length * s.step, values[values.length - 1]]]);
  const marks = c => ({ silent: true, itemStyle: { color: c.note, opacity: 0.14 }, label: { color: c.note, position: "insideTop", fontSize: 11, overflow: "truncate" },
                        data: data.faults.map(f => [{ name: f.name, xAxis: f.from }, { xAxis: f.until }]) });
  const time_axis = c => axis(c, { type: "value", min: data.from, max: data.until, name: "simulated time", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(Number(v.toPrecision(10)), "s") } });

  const sum = values => values.reduce((a, b) => a + b, 0);
  const most_first = (all, of) => [...all].sort((a, b) => of(b) - of(a));
  const shown_at_first = 12;  // of many lines, those that are highest

  // The values of a series in its steps, or where few of them are seen in parts of them, as many as are known: halves, quarters …
  // `together`: what several parts are as one, by their numbers.
  function in_steps(s, magnification) {
    const parts = s.finer ? Math.min(s.finer.parts, 2 ** Math.floor(Math.log2(magnification) + 1e-6)) : 1;
    if (parts <= 1) return { step: s.step, values: s.values };
    const size = s.finer.parts / parts, values = [];
    for (let n = 0; n + size <= s.finer.values.length; n += size) values.push(size === 1 ? s.finer.values[n] : s.together(n, n + size));
    return { step: s.step / parts, values };
  }
  const mean_of = s => ({ ...s, together: (from, to) => sum(s.finer.values.slice(from, to)) / (to - from) });
  const greatest_of = s => ({ ...s, together: (from, to) => s.finer.values.slice(from, to).reduce((a, b) => (a === null || b > a ? b : a), null) });
  const mean_of_packets = (s, packets) => ({ ...s, together: (from, to) => {
    const all = sum(packets.slice(from, to));
    return all ? sum(s.finer.values.slice(from, to).map((v, n) => v * packets[from + n])) / all : null;
  } });

  // `all`: [{ name, step, values, finer: { parts, values } }], with a place of its own among colours and lines where it has one: { look }
  function over_time(figure_element, all, unit, label, most) {
    const look = (s, n, c) => (s.look ? s.look(c) : style_of(n, c)), finer = all.some(s => s.finer);
    // What follows the zoom.
    const detail = magnification => {
      const drawn = all.map(s => in_steps(s, magnification));
      return { series: all.map((s, n) => ({ name: s.name, data: step_line(drawn[n], drawn[n].values) })),
               ...(finer ? { yAxis: { name: `${label}, in steps of ${shown(Math.min(...drawn.map(d => d.step)), "s")}` } } : {}) };
    };
    return new chart(figure_element, (_, c) => {
      const series = all.map((s, n) => { const { colour, type } = look(s, n, c); return { type: "line", step: "end", name: s.name, data: step_line(s, s.values), symbol: "none",
        lineStyle: { color: colour, width: s.look ? 1.5 : 2, type }, itemStyle: { color: colour }, connectNulls: false, ...(n === 0 ? { markArea: marks(c) } : {}) }; });
      const formatter = every => [`<b>${escaped(shown(every[0].axisValue, "s"))}</b>`, ...every.map(o => `${o.marker}${escaped(o.seriesName)}: ${escaped(shown(o.value[1], unit))}`)].join("<br>");
      return {
        option: { grid: room, xAxis: time_axis(c), yAxis: axis(c, { type: "value", min: 0, ...(most ? { max: most } : {}), name: label, nameGap: 66, axisLabel: { color: c.dim, formatter: v => shown(v, unit) } }),
                  tooltip: { trigger: "axis", formatter }, series },
        legend: all.map((s, n) => ({ name: s.name, ...look(s, n, c) })), zoom: true, detail, height: 300, group: "time", label: label + " over simulated time",
        note: all.length > shown_at_first ? `The ${shown_at_first} highest of ${all.length} are shown at first.` : "",
      };
    }, () => [], all.slice(shown_at_first).map(s => s.name));
  }

  // The stages that take most, each in its own colour or stripes; what is left in one piece, which tells its parts.
  const most_stages = 15;
  function stages(figure_element) {
    const took = {};
    for (const f of data.stages) for (const p of f.parts) took[p.name] = (took[p.name] || 0) + p.mean;
    const names = Object.keys(took), great = new Set(most_first(names, n => took[n]).slice(0, names.length > most_stages + 1 ? most_stages : names.length));
    const rest = names.filter(n => !great.has(n)), rest_name = `${rest.length} more`;
    return new chart(figure_element, (_, c, width) => {
      const flows = [...data.stages].reverse(), left = Math.min(240, Math.round(width * 0.35));
      const mean = (f, name) => (f.parts.find(p => p.name === name) || { mean: 0 }).mean;
      const pieces = names.filter(n => great.has(n)).map((name, n) => ({ name, colour: c.series[n % 8], striped: n >= 8, values: flows.map(f => mean(f, name)) }));
      if (rest.length) pieces.push({ name: rest_name, colour: c.line, values: flows.map(f => sum(rest.map(n => mean(f, n)))) });
      const series = pieces.map(p => ({ type: "bar", stack: "all", name: p.name, barMaxWidth: 30, data: p.values,
        itemStyle: { color: p.colour, borderColor: c.back, borderWidth: 1, ...(p.striped ? { decal: stripes(c) } : {}) } }));
      const parts = (f, all) => most_first(all.filter(n => mean(f, n) > 0), n => mean(f, n)).slice(0, 12).map(n => `${escaped(n)}: ${escaped(shown(mean(f, n), "s"))}`).join("<br>");
      const formatter = o => `${escaped(o.name)}<br><b>${escaped(o.seriesName)}: ${escaped(shown(o.value, "s"))}</b>` + (o.seriesName === rest_name ? "<br>" + parts(flows[o.dataIndex], rest) : "");
      return {
        option: { grid: { ...room, left }, xAxis: axis(c, { type: "value", name: "mean of a packet", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, "s") } }),
                  yAxis: axis(c, { type: "category", data: flows.map(f => f.name), splitLine: { show: false }, axisLabel: { color: c.text, width: left - 20, overflow: "truncate" } }),
                  tooltip: { trigger: "item", formatter }, series },
        legend: pieces.map(p => ({ name: p.name, colour: p.colour, mark: p.striped ? "striped" : "box full" })), height: 120 + 40 * flows.length, label: "Where the time of a mean packet went, a bar for each flow",
      };
    });
  }

  function curves(figure_element) {
    const busy = f => Math.max(...f.stages.map(s => s.packets));
    return new chart(figure_element, ({ flow }, c) => {
      const log = v => Math.max(v, 1e-12), share = (s, q) => (s.shares ? s.shares[q] : 100 * q / (s.values.length - 1));
      const series = flow.stages.map((s, n) => ({ type: "line", step: "end", name: s.name, symbol: "none", data: s.values.map((v, q) => [log(v), share(s, q)]),
        lineStyle: { color: style_of(n, c).colour, width: 2, type: style_of(n, c).type }, itemStyle: { color: style_of(n, c).colour } }));
      const least = Math.min(...flow.stages.flatMap(s => s.values.filter(v => v > 0))), most = Math.max(...flow.stages.flatMap(s => s.values));
      return {
        option: { grid: room, xAxis: axis(c, { type: "log", min: 10 ** Math.floor(Math.log10(Math.max(least, most / 1e7))), max: 10 ** Math.ceil(Math.log10(most)), name: "from one stage to the next", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, "s") } }),
                  yAxis: axis(c, { type: "value", min: 0, max: 100, name: "share of packets", nameGap: 66, axisLabel: { color: c.dim, formatter: v => v + " %" } }),
                  tooltip: { trigger: "item", formatter: o => `${escaped(o.seriesName)}<br><b>${shown(o.value[1], "%")} within ${shown(o.value[0], "s")}</b>` }, series },
        legend: flow.stages.map((s, n) => ({ name: s.name, ...style_of(n, c) })), zoom: true, label: "Latency by stage: share of packets within a time",
      };
    }, () => [{ key: "flow", label: "Flow", values: most_first(data.curves.filter(f => f.stages.length), busy).map(f => [f, f.name]) }]);
  }

  const looks_of_latency = { mean: ["line", "solid"], greatest: ["dotted", "dotted"] };
  const latencies = (l, n) => ["mean", "greatest"].map(word => {
    const [mark, type] = looks_of_latency[word], s = { name: `${l.name}, ${word}`, step: l.step, values: l[word], look: c => ({ colour: c.series[n % 8], mark, type }),
      finer: { parts: l.finer.parts, values: l.finer[word] } };
    return word === "mean" ? mean_of_packets(s, l.finer.packets) : greatest_of(s);
  });

  start({
    throughput: f => over_time(f, data.throughput.map(s => (s.finer ? mean_of(s) : s)), "b/s", "throughput"),
    latency: f => over_time(f, data.latency.flatMap(latencies), "s", "latency"),
    queues: f => over_time(f, most_first(data.under_way, s => sum(s.values)).map(mean_of), "", "packets under way"),
    use: f => over_time(f, most_first(data.use, s => sum(s.values)), "%", "use", 100),
    stages, curves,
  });
  EC.connect("time");
}
