#include "scenario/language/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nicteam/base/metrics.h"
#include "nicteam/base/since_power_on.h"
#include "nicteam/host/cpu.h"
#include "scenario/language/cores.h"
#include "scenario/language/values.h"

namespace nicteam::scenario {
namespace {

std::string line(const char* label, const std::string& text) { return fmt::format("  {:<8} {}\n", label, text); }

std::string kind_of(quantity q) {
    const std::string units = units_of(q);
    return units == "none" ? name_of(q) : fmt::format("{} in {}", name_of(q), units);
}

std::string default_of(const parameter_info& p, const char* made) {
    if (made) return std::string("made when left out: ") + made;
    if (!p.fallback) return "none, it must be given";
    return *p.fallback ? p.fallback : "not given";
}

std::string details_of(const kind_info& k, const key_info& key) {
    const parameter_info& p = *key.row;
    std::string out = line("kind", key.reference ? "path of a component" : kind_of(p.kind));
    out += line("default", default_of(p, made_value(k, key)));
    if (key.reference) out += line("allowed", fmt::format("a {}", key.reference->kinds));
    if (const std::string range = allowed(p); !range.empty()) out += line("allowed", range);
    const bool engines = p.kind == quantity::list && (p.name == std::string_view("engines") || p.name == std::string_view("transmit_engines"));
    if (engines) out += line("allowed", fmt::format("{}; `nicteam explain NAME` tells of each", fmt::join(all_cores(), ", ")));
    out += line("source", p.source);
    if (k.form == shape::top)
        return out + line("used in", fmt::format("{} = …, before all tables{}", p.name,
                                                 std::string_view(p.name) == "extends" ? "" : fmt::format("; --set {}=…", p.name)));
    const std::string table = fmt::format("{}{}{}", k.name, *key.in->name ? "." : "", key.in->name);
    const bool fixed = key.reference && key.reference->parent;
    return out + line("used in", fmt::format(k.form == shape::table || *key.in->name ? "[{}]{}" : "[[{}]]{}", table,
                                             fixed || std::string_view(p.name) == "name"
                                                 ? std::string()
                                                 : fmt::format("; --set {}.{}=…", example_of(table), p.name)));
}

class collector {
public:
    std::vector<entry> collect() {
        for (const kind_info& k : kinds())
            for (const key_info& key : keys_of(k)) {
                const std::string table = k.form == shape::top ? "" : *key.in->name ? std::string(k.name) + "." + key.in->name : k.name;
                add(table, key.row->name, "parameter", key.row->meaning, details_of(k, key));
            }
        for (const table_entry& t : all_tables()) rows(t);
        for (const host::operation* o : all_operations())
            add("cpu", o->name, "operation", o->meaning,
                line("cost", fmt::format("{} cycles", o->cycles)) + line("source", o->source) +
                    line("used in", fmt::format("[[cpu]] cost_{0}; metric {1}.cycles_{0}", o->name, example_of("cpu"))));
        return std::move(all_);
    }

private:
    void add(const std::string& table, const char* name, const char* what, const char* meaning, std::string details) {
        all_.push_back({table, name, what, meaning, std::move(details)});
    }

    static bool settable(const table_entry& t) {
        const kind_info* k = find_kind(t.path.substr(0, t.path.find('.')));
        if (t.path == "scenario") return true;
        for (std::size_t n = 0; k && n < k->sections.size(); ++n)
            if (k->sections[n].info == t.info) return true;
        return false;
    }

    void rows(const table_entry& t) {
        const block_info& b = *t.info;
        const std::string at = example_of(t.path);
        const std::string kinds[] = {"counter", "level over time", fmt::format("samples, with percentiles: {}", histogram::accuracy)};
        if (!settable(t))
            for (const parameter_info& p : b.parameters)
                add(t.path, p.name, "parameter", p.meaning,
                    line("kind", kind_of(p.kind)) + line("fixed", default_of(p, nullptr)) + line("source", p.source));
        for (const metric_info& m : b.metrics)
            add(t.path, m.name, "metric", m.meaning,
                line("unit", *m.unit ? m.unit : "none") + line("kind", kinds[m.kind]) +
                    (since_power_on(m) ? line("counted", "since power-on, whatever the measuring window") : "") +
                    line("used in", fmt::format("result.json; [[expect]] metric = \"{}.{}\"", at, m.name)));
        for (const probe_info& p : b.probes) {
            std::string states, event;
            for (const char* const* s = p.states; s && *s; ++s) states += (states.empty() ? "" : ", ") + std::string(*s);
            if (p.bits == 1) event = fmt::format("; [[expect]] event = \"{}.{}\", when it rises", at, p.name);
            if (p.bits == 0 && p.states) event = fmt::format("; [[expect]] event = \"{}.{}.{}\"", at, p.name, p.states[0]);
            add(t.path, p.name, "probe", p.meaning,
                line("kind", p.bits ? fmt::format("{} bit", p.bits) : "text") + (states.empty() ? "" : line("states", states)) +
                    line("used in", fmt::format("wave.vcd, {}.{}{}", at, p.name, event)));
        }
        for (const probe_info& p : b.probes)
            for (const char* const* s = p.bits == 0 ? p.states : nullptr; s && *s; ++s)
                add(t.path + "." + p.name, *s, "event", p.meaning,
                    line("happens", fmt::format("when {} becomes {}", p.name, *s)) +
                        line("used in", fmt::format("[[expect]] event = \"{}.{}.{}\"", at, p.name, *s)));
        for (const fault_info& f : b.faults)
            add(t.path, f.name, "fault", f.meaning,
                line("amount", *f.unit ? f.unit : "none") + line("used in", fmt::format("[[fault]] at = \"{}\", what = \"{}\"", at, f.name)));
        for (const capture_info& c : b.captures)
            add(t.path, c.name, "capture point", c.meaning, line("used in", fmt::format("[[capture]] at = \"{}.{}\"", at, c.name)));
        for (const stage_info& s : b.stages)
            add(t.path, s.name, "stage", s.meaning,
                line("used in", fmt::format("packets.csv; the latency of each stage; [[expect]] event = \"{}.{}\"", at, s.name)));
        for (const outcome_info& o : b.outcomes)
            add(t.path, o.name, "end", o.meaning,
                line("counts", o.no_room ? "as lost for want of room" : o.lost ? "as lost" : "as not lost") +
                    line("used in", fmt::format("packets.csv; losses with their reasons; [[expect]] event = \"{}.{}\"", at, o.name)));
    }

    std::vector<entry> all_;
};

}  // namespace

std::string example_of(const std::string& table) {
    struct example {
        const char *kind, *path;
    };
    static constexpr example all[] = {
        {"host", "server"},        {"cpu", "server.cpu0"},           {"bus", "server.pci0"},
        {"nic", "server.pci0.nic0"}, {"background", "server.pci0.disk"}, {"copy_engine", "server.pci0.copier"}, {"data_device", "server.pci0.camera"}, {"crypto_card", "server.pci0.card"}, {"pci_bridge", "server.pci0.riser"},
        {"link", "lan0"},          {"repeater", "hub"},              {"switch", "lan"}, {"port_group", "lan.team0"}, {"peer", "client"},                {"router", "client.gateway"}, {"port", "guest"},                {"echo", "server.echo7"},            {"ping", "server.pings"},
        {"traffic", "client.down"}, {"connections", "client.web"}, {"sa", "inbound"}, {"policy", "encrypt"}, {"replay", "client.recorded"},
        {"crypto_service", "server.pool"}, {"crypto_load", "server.pool.load"}, {"job_server", "server.pool.jobs"}, {"remote_load", "east.asks"},
          {"pass_through", "server.pci0.nic0.shim"}, {"team", "server.team0"},
    };
    const std::size_t dot = table.find('.');
    std::string rest = dot == std::string::npos ? "" : table.substr(dot);
    if (const std::size_t star = rest.find('*'); star != std::string::npos) rest.replace(star, 1, table.substr(0, dot) == "switch" ? "lan0" : "9");
    for (const example& e : all)
        if (table.substr(0, dot) == e.kind) return e.path + rest;
    return table;
}

const std::vector<entry>& catalogue() {
    static const std::vector<entry> all = collector().collect();
    return all;
}

}  // namespace nicteam::scenario
