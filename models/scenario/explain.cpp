#include "nicteam/scenario/explain.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "nicteam/host/cpu.h"
#include "nicteam/scenario/language.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/tree.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

std::string kind_of(quantity q) {
    const std::string units = units_of(q);
    return units == "none" ? name_of(q) : fmt::format("{} in {}", name_of(q), units);
}

class finder {
public:
    explicit finder(const std::string& key) : steps_(split_path(key)) {}

    std::string search() {
        for (const kind_info& k : kinds())
            if (k.form != shape::top && one_step(k.name)) table(k);
        for (const table_entry& t : all_tables()) block(t);
        for (const host::operation* o : all_operations()) {
            names_.insert(o->name);
            if (steps_.back() != o->name) continue;
            out_ += fmt::format("{}: operation of a CPU\n  {}\n  cost     {} cycles\n  source   {}\n  set      cpu.cost_{}\n\n", o->name,
                                o->meaning, o->cycles, o->source, o->name);
        }
        return out_;
    }
    std::string nearest_names(const std::string& key) const {
        std::string near = did_you_mean(steps_.back(), {names_.begin(), names_.end()});
        if (near.empty()) near = did_you_mean(key, {names_.begin(), names_.end()});
        return near.empty() ? "; `nicteam explain scenario` shows where to begin" : near;
    }

private:
    bool one_step(const char* name) {
        names_.insert(name);
        return steps_.size() == 1 && steps_[0] == name;
    }

    // "ring", "driver.ring", "nic.driver.ring" and "server.pci0.nic0.driver.ring" all mean the row ring of nic.driver.
    bool meant(const std::string& table, const char* row) {
        names_.insert(row);
        if (steps_.back() != row) return false;
        if (steps_.size() == 1) return true;
        const auto own = split_path(table);
        const std::string before = steps_[steps_.size() - 2];
        if (before == own.back() || table == "scenario") return true;
        return !find_kind(before) && own.size() == 1;  // a component's name: any table may be meant
    }

    void table(const kind_info& k) {
        const char* form = k.form == shape::table ? "[{}]" : "[[{}]]";
        out_ += fmt::format(fmt::runtime(std::string(form) + ": table of a scenario\n  {}\n"), k.name, k.meaning());
        for (const section& s : k.sections)
            for (const parameter_info& row : s.info->parameters) {
                const std::string name = *s.name ? fmt::format("{}.{}", s.name, row.name) : row.name;
                out_ += fmt::format("  {:<28} {}\n", name, row.meaning);
            }
        out_ += "\n";
    }

    void block(const table_entry& t) {
        const block_info& b = *t.info;
        if (t.path == b.kind && one_step(b.kind) && !find_kind(b.kind)) {
            out_ += fmt::format("{}: {}\n", t.path, b.meaning);
            for (const parameter_info& row : b.parameters) out_ += fmt::format("  {:<28} {}\n", row.name, row.meaning);
            for (const metric_info& row : b.metrics) out_ += fmt::format("  {:<28} {}\n", row.name, row.meaning);
            out_ += "\n";
        }
        for (const parameter_info& p : b.parameters) {
            if (!meant(t.path, p.name)) continue;
            out_ += fmt::format("{}{}: parameter\n  {}\n  kind     {}\n", t.path == "scenario" ? "" : t.path + ".", p.name, p.meaning,
                                kind_of(p.kind));
            out_ += fmt::format("  default  {}\n", !p.fallback ? "none, it must be given" : !*p.fallback ? "not given" : p.fallback);
            if (const std::string range = allowed(p); !range.empty()) out_ += fmt::format("  allowed  {}\n", range);
            out_ += fmt::format("  source   {}\n\n", p.source);
        }
        for (const metric_info& m : b.metrics) {
            static constexpr const char* kinds[] = {"counter", "level over time", "samples, with percentiles"};
            if (meant(t.path, m.name))
                out_ += fmt::format("{}.{}: metric\n  {}\n  unit     {}\n  kind     {}\n  used in  result.json, [[expect]]\n\n", t.path,
                                    m.name, m.meaning, m.unit, kinds[m.kind]);
        }
        for (const probe_info& p : b.probes) {
            if (!meant(t.path, p.name)) continue;
            out_ += fmt::format("{}.{}: probe\n  {}\n", t.path, p.name, p.meaning);
            out_ += p.bits ? fmt::format("  bits     {}\n", p.bits) : "  kind     text\n";
            if (p.states) {
                std::string states;
                for (const char* const* s = p.states; *s; ++s) states += (states.empty() ? "" : ", ") + std::string(*s);
                out_ += fmt::format("  states   {}\n", states);
            }
            out_ += "  used in  wave.vcd\n\n";
        }
        for (const fault_info& f : b.faults)
            if (meant(t.path, f.name))
                out_ += fmt::format("{}.{}: fault\n  {}\n  amount   {}\n  used in  [[fault]] what = \"{}\"\n\n", t.path, f.name, f.meaning,
                                    *f.unit ? f.unit : "none", f.name);
        for (const capture_info& c : b.captures)
            if (meant(t.path, c.name))
                out_ +=
                    fmt::format("{}.{}: capture point\n  {}\n  used in  [[capture]] at = \"…{}\"\n\n", t.path, c.name, c.meaning, c.name);
        for (const stage_info& s : b.stages)
            if (meant(t.path, s.name))
                out_ += fmt::format("{}.{}: stage of a packet's way\n  {}\n  used in  packets.csv, the latency of each stage\n\n", t.path,
                                    s.name, s.meaning);
        for (const outcome_info& o : b.outcomes)
            if (meant(t.path, o.name))
                out_ += fmt::format("{}.{}: end of a packet's way, {}\n  {}\n  used in  packets.csv, losses with their reasons\n\n", t.path,
                                    o.name, o.lost ? "lost" : "not lost", o.meaning);
    }

    std::vector<std::string> steps_;
    std::set<std::string> names_;
    std::string out_;
};

}  // namespace

bool explain(const std::string& key, std::string& out) {
    finder f(key);
    out = f.search();
    if (out.empty()) {
        out = fmt::format("nothing is called {}{}", key, f.nearest_names(key));
        return false;
    }
    out.pop_back();
    return true;
}

std::vector<listed> list(const std::string& directory) {
    std::vector<listed> all;
    std::error_code failed;
    for (const auto& e : std::filesystem::directory_iterator(directory, failed)) {
        if (e.path().extension() != ".toml") continue;
        problems ignored;
        node tree;
        listed l{e.path().string(), "", read_toml(e.path().string(), ignored, tree, {})};
        if (const node::entry* title = tree.find("title"); title && title->value.kind == node::string) l.title = title->value.text;
        if (!l.readable) l.title = "cannot be read; `nicteam validate` says why";
        if (!l.title.empty()) all.push_back(std::move(l));
    }
    std::sort(all.begin(), all.end(), [](const listed& a, const listed& b) { return a.file < b.file; });
    return all;
}

}  // namespace nicteam::scenario
