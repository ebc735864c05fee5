// A run over time, all charts with one zoom, one cursor and the marks of faults; its stages.
"use strict";
{
  const step_line = (s, values) => values.map((v, n) => [data.from + n * s.step, v]).concat([[data.from + values.length * s.step, values[values.length - 1]]]);
  const marks = c => ({ silent: true, itemStyle: { color: c.note, opacity: 0.14 }, label: { color: c.note, position: "insideTop", fontSize: 11, overflow: "truncate" },
                        data: data.faults.map(f => [{ name: f.name, xAxis: f.from }, { xAxis: f.until }]) });
  const time_axis = c => axis(c, { type: "value", min: data.from, max: data.until, name: "simulated time", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(Number(v.toPrecision(10)), "s") } });

  // `all`: [{ name, step, values }]
  function over_time(figure_element, all, unit, label, most, stacked = false) {
    const c = new chart(figure_element, (_, c) => {
      const series = all.map((s, n) => ({ type: "line", step: s.steps === false ? false : "end", name: s.name, data: step_line(s, s.values), symbol: "none", stack: stacked ? "all" : undefined, sampling: undefined,
        lineStyle: { color: c.series[(s.colour ?? n) % 8], width: s.thin ? 1 : 2, type: s.thin || n >= 8 ? "dashed" : "solid" }, itemStyle: { color: c.series[(s.colour ?? n) % 8] }, connectNulls: false,
        ...(n === 0 ? { markArea: marks(c) } : {}) }));
      const formatter = every => [`<b>${escaped(shown(every[0].axisValue, "s"))}</b>`, ...every.map(o => `${o.marker}${escaped(o.seriesName)}: ${escaped(shown(o.value[1], unit))}`)].join("<br>");
      return {
        option: { grid: room, xAxis: time_axis(c), yAxis: axis(c, { type: "value", min: 0, ...(most ? { max: most } : {}), name: label, nameGap: 66, axisLabel: { color: c.dim, formatter: v => shown(v, unit) } }),
                  tooltip: { trigger: "axis", formatter }, series },
        legend: all.map((s, n) => ({ name: s.name, colour: c.series[(s.colour ?? n) % 8], mark: s.thin || n >= 8 ? "dashed" : "line" })), zoom: true, height: 300, group: "time", label: label + " over simulated time",
      };
    });
    return c;
  }

  function stages(figure_element) {
    return new chart(figure_element, (_, c) => {
      const names = [...new Set(data.stages.flatMap(f => f.parts.map(p => p.name)))], flows = [...data.stages].reverse();
      const series = names.map((name, n) => ({ type: "bar", stack: "all", name, barMaxWidth: 30, itemStyle: { color: c.series[n % 8], opacity: n < 8 ? 1 : 0.55, borderColor: c.back, borderWidth: 1 },
        data: flows.map(f => (f.parts.find(p => p.name === name) || { mean: 0 }).mean) }));
      return {
        option: { grid: { ...room, left: 240 }, xAxis: axis(c, { type: "value", name: "mean of a packet", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, "s") } }),
                  yAxis: axis(c, { type: "category", data: flows.map(f => f.name), splitLine: { show: false }, axisLabel: { color: c.text, width: 220, overflow: "truncate" } }),
                  tooltip: { trigger: "item", formatter: o => `${escaped(o.name)}<br><b>${escaped(o.seriesName)}: ${escaped(shown(o.value, "s"))}</b>` }, series },
        legend: names.map((name, n) => ({ name, colour: c.series[n % 8], mark: n < 8 ? "box full" : "box" })), height: 120 + 40 * flows.length, label: "Where the time of a mean packet went, a bar for each flow",
      };
    });
  }

  function curves(figure_element) {
    return new chart(figure_element, ({ flow }, c) => {
      const log = v => Math.max(v, 1e-12), whole = flow.stages.length ? flow.stages[0].values.length - 1 : 1;
      const series = flow.stages.map((s, n) => ({ type: "line", step: "end", name: s.name, symbol: "none", data: s.values.map((v, q) => [log(v), 100 * q / whole]),
        lineStyle: { color: c.series[n % 8], width: 2, type: n < 8 ? "solid" : "dashed" }, itemStyle: { color: c.series[n % 8] } }));
      const least = Math.min(...flow.stages.flatMap(s => s.values.filter(v => v > 0))), most = Math.max(...flow.stages.flatMap(s => s.values));
      return {
        option: { grid: room, xAxis: axis(c, { type: "log", min: 10 ** Math.floor(Math.log10(Math.max(least, most / 1e7))), max: 10 ** Math.ceil(Math.log10(most)), name: "from one stage to the next", axisLabel: { color: c.dim, hideOverlap: true, formatter: v => shown(v, "s") } }),
                  yAxis: axis(c, { type: "value", min: 0, max: 100, name: "share of packets", nameGap: 66, axisLabel: { color: c.dim, formatter: v => v + " %" } }),
                  tooltip: { trigger: "item", formatter: o => `${escaped(o.seriesName)}<br><b>${shown(o.value[1], "%")} within ${shown(o.value[0], "s")}</b>` }, series },
        legend: flow.stages.map((s, n) => ({ name: s.name, colour: c.series[n % 8], mark: n < 8 ? "line" : "dashed" })), zoom: true, label: "Latency by stage: share of packets within a time",
      };
    }, () => [{ key: "flow", label: "Flow", values: data.curves.filter(f => f.stages.length).map(f => [f, f.name]) }]);
  }

  start({
    throughput: f => over_time(f, data.throughput, "bps", "throughput"),
    latency: f => over_time(f, data.latency.flatMap((l, n) => [{ name: l.name + ", mean", step: l.step, values: l.mean, colour: n }, { name: l.name + ", greatest", step: l.step, values: l.greatest, colour: n, thin: true }]), "s", "latency"),
    queues: f => over_time(f, data.under_way, "", "packets under way"),
    use: f => over_time(f, data.use, "%", "use", 100),
    stages, curves,
  });
  EC.connect("time");
}
