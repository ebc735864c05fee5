// Where single packets spent their time: a bar per packet, a piece per stage, coloured by who had the packet.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/page/charts.h"
#include "nicteam/report/html.h"
#include "report/page/scale.h"

namespace nicteam::report {
namespace {

constexpr std::size_t most_flows = 6;

// Who worked on a packet, or held it, until it passed this stage.
const char* holder_before(const std::string& stage) {
    static const std::map<std::string, const char*> known = {
        {"host_post", "software"}, {"driver_queued", "software"}, {"nic_notified", "bus"},
        {"nic_tx_fetch", "bus"},   {"nic_tx_fifo_start", "nic"},  {"wire_begin", "nic"},
        {"wire_tx", "wire"},       {"wire_end", "wire"},          {"rx_first_octet", "wire"},
        {"rx_in_fifo", "wire"},    {"rx_dma_start", "nic"},       {"rx_dma_done", "bus"},
        {"status_written", "bus"}, {"interrupt", "nic"},          {"driver_received", "software"},
        {"delivered", "software"}, {"end", "software"},           {"whole_in_fifo", "bus"},
        {"packaged_22a", "nic"},   {"protect_start", "nic"},      {"protect_done", "nic"},
        {"frame_buffer", "nic"},   {"in_142", "wire"},            {"past_21a", "nic"},
        {"mux_130", "nic"},        {"mux_122", "nic"},            {"path_152", "nic"},
        {"fed_back", "nic"},       {"engines_start", "nic"},      {"engines_done", "nic"},
        {"delivered_22b", "nic"},
        {"delivered_308", "software"}, {"forwarded_316", "software"}, {"received_322", "software"},
        {"forwarded_336", "software"}, {"delivered_340", "software"},
        {"returned_320", "nic"},   {"returned_338", "nic"},       // from another member's engines
    };
    const auto it = known.find(stage);
    return it == known.end() ? "other" : it->second;
}

// A stage passed, and whether the packet came to it from another station's hands: a repeater that sends while it still receives.
struct pass {
    std::size_t stage;
    ps at;
    bool handed_on;
};
// From the birth of the original on, through all copies that were made of it: further attempts, a repeater's.
struct way {
    std::string from, here;
    ps born;
    std::vector<pass> passes;
};
struct step {
    std::string to;
    ps at;
    const char* holder;
};
struct life {
    std::string name;
    stored_packet packet;
    std::vector<step> steps;
};

// Behind a wire or a switch nobody has it before the last octet has arrived.
const char* holder_at_end(const std::vector<step>& before) {
    static const std::set<std::string> under_way = {"wire_begin", "wire_tx", "wire_end", "switched"};
    return !before.empty() && under_way.count(before.back().to) ? "wire" : holder_before("end");
}

// Stages passed before the end, in order of time; completions that come later are none of its way.
std::vector<step> steps_of(const way& w, ps ended, const std::vector<std::string>& stages) {
    std::vector<step> all;
    for (const pass& p : w.passes) {
        const std::string& stage = stages[p.stage];
        if (p.at > ended || stage == "driver_reaped") continue;
        // Out of the crypto block into the receive FIFO it comes from within the NIC.
        const bool in_block = std::any_of(all.begin(), all.end(), [](const step& s) { return s.to == "delivered_22b"; });
        const bool into_fifo = stage == "rx_first_octet" || stage == "rx_in_fifo";
        all.push_back({stage, p.at, p.handed_on && stage == "wire_begin" ? "wire" : in_block && into_fifo ? "nic" : holder_before(stage)});
    }
    all.push_back({"end", ended, holder_at_end(all)});
    return all;
}

std::string bar(const life& l, ps longest) {
    std::string svg;
    ps from = l.packet.born;
    std::string name = "born";
    for (const step& s : l.steps) {
        if (s.at > from) {
            const auto x = [&](ps t) {
                return static_cast<std::int64_t>(static_cast<__int128>(t - l.packet.born) * scale::whole / longest);
            };
            svg += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"10\"><title>{} to {}: {}</title></rect>",
                               s.holder, x(from), std::max<std::int64_t>(x(s.at) - x(from), 1), escaped(name), escaped(s.to),
                               time_text(s.at - from));
        }
        from = s.at;
        name = s.to;
    }
    return fmt::format(
        "<div>{}</div><div><svg viewBox=\"0 0 10000 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{}</svg></div>\n",
        escaped(l.name), escaped(l.name), svg);
}

std::string axis(ps longest) {
    std::string spans;
    const scale x = scale::linear(scale::of::time, 0, longest);
    for (const auto& t : x.ticks())
        spans += fmt::format("<span style=\"left:{}.{:02}%\">{}</span>", t.place / 100, t.place % 100, escaped(t.text));
    return "<div></div><div class=\"axis\">" + spans + "</div>\n";
}

std::string as_table(const std::vector<life>& all) {
    html_table t("<<<>>", {"packet", "from", "to", "took", "after birth"});
    for (const life& l : all) {
        ps from = l.packet.born;
        std::string name = "born";
        for (const step& s : l.steps) {
            t.row({l.packet.id, name, s.to, time_text(s.at - from), time_text(s.at - l.packet.born)});
            from = s.at;
            name = s.to;
        }
    }
    return "<details><summary>The same as a table</summary>" + t.text() + "</details>\n";
}

// The rows of packets.csv, each with its whole way.
template <class Take>
std::vector<std::string> read_whole(const std::string& file, Take take) {
    std::unordered_map<std::string, way> originals;
    return read_packets(file, [&](stored_packet p) {
        way w{p.from, p.from, p.born, {}};
        bool handed_on = false;
        if (const auto it = originals.find(p.parent); it != originals.end()) {
            const way& original = it->second;
            w.from = original.from, w.born = original.born;
            for (const pass& s : original.passes)
                if (s.at <= p.born) w.passes.push_back(s);
            handed_on = original.here != p.from;
        }
        const auto own = w.passes.size();
        for (std::size_t n = 0; n < p.passed.size(); ++n)
            if (p.passed[n] != never) w.passes.push_back({n, p.passed[n], false});
        std::stable_sort(w.passes.begin() + static_cast<std::ptrdiff_t>(own), w.passes.end(), [](const pass& a, const pass& b) { return a.at < b.at; });
        if (handed_on && own < w.passes.size()) w.passes[own].handed_on = true;
        p.from = w.from, p.born = w.born;
        take(p, w);
        if (p.fate == "goes_on") originals[p.id] = std::move(w);
    });
}

}  // namespace

std::string lifelines_chart(const run_result& r, const std::string& file) {
    using key = std::pair<std::string, std::string>;
    std::map<key, std::vector<std::pair<ps, std::size_t>>> of_flow;  // latency and number of the row
    std::size_t number = 0;
    read_whole(file, [&](const stored_packet& p, const way&) {
        if (p.fate == "arrived" && p.ended >= r.from) of_flow[{p.from, p.to}].emplace_back(p.ended - p.born, number);
        ++number;
    });
    if (of_flow.empty()) return "<p>No packet arrived that packets.csv has.</p>\n";
    std::vector<key> flows;
    for (const auto& [k, rows] : of_flow) flows.push_back(k);
    std::stable_sort(flows.begin(), flows.end(), [&](const key& a, const key& b) { return of_flow[a].size() > of_flow[b].size(); });
    if (flows.size() > most_flows) flows.resize(most_flows);
    std::sort(flows.begin(), flows.end());

    static constexpr struct {
        const char* name;
        unsigned percent;
    } picks[] = {{"fastest", 0}, {"middle", 50}, {"slower than 90 %", 90}, {"slowest", 100}};
    std::map<std::size_t, std::vector<std::pair<std::size_t, std::string>>> wanted;  // row: flow and name
    for (std::size_t n = 0; n < flows.size(); ++n) {
        auto& rows = of_flow[flows[n]];
        std::sort(rows.begin(), rows.end());
        std::size_t last = SIZE_MAX;
        for (const auto& p : picks) {
            const std::size_t at = (rows.size() - 1) * p.percent / 100;
            if (at == last) continue;
            last = at;
            wanted[rows[at].second].emplace_back(
                n, fmt::format("{}, {}", rows.size() == 1 ? "the only one" : p.name, time_text(rows[at].first)));
        }
    }
    std::vector<std::vector<life>> chosen(flows.size());
    number = 0;
    std::vector<std::pair<stored_packet, way>> kept;
    std::vector<std::pair<std::size_t, std::string>> whose;
    const auto stages = read_whole(file, [&](const stored_packet& p, const way& taken) {
        const auto it = wanted.find(number++);
        if (it == wanted.end()) return;
        for (const auto& w : it->second) {
            kept.emplace_back(p, taken);
            whose.push_back(w);
        }
    });
    for (std::size_t i = 0; i < kept.size(); ++i)
        chosen[whose[i].first].push_back({whose[i].second, kept[i].first, steps_of(kept[i].second, kept[i].first.ended, stages)});

    std::string s =
        "<figure><figcaption>A bar per packet from its birth to its end, coloured by who had it; point at a piece for its stages.";
    if (of_flow.size() > most_flows) s += fmt::format(" The {} flows with the most packets, of {}.", most_flows, of_flow.size());
    s += "</figcaption>\n<ul class=\"legend\">";
    static constexpr struct {
        const char *holder, *name;
    } legend[] = {{"software", "software"}, {"bus", "bus and memory"}, {"nic", "NIC"}, {"wire", "wire"}, {"other", "other"}};
    for (const auto& l : legend)
        s += fmt::format("<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><rect class=\"{}\" width=\"30\" height=\"10\"/></svg>{}</li>",
                         l.holder, l.name);
    s += "</ul>\n";
    std::vector<life> all;
    for (std::size_t n = 0; n < flows.size(); ++n) {
        std::sort(chosen[n].begin(), chosen[n].end(),
                  [](const life& a, const life& b) { return a.packet.ended - a.packet.born < b.packet.ended - b.packet.born; });
        ps longest = 1;
        for (const life& l : chosen[n]) longest = std::max(longest, l.packet.ended - l.packet.born);
        s += fmt::format("<h3>{} to {}</h3>\n<div class=\"life\">\n", escaped(flows[n].first), escaped(flows[n].second));
        for (const life& l : chosen[n]) s += bar(l, longest);
        s += axis(longest) + "</div>\n";
        all.insert(all.end(), chosen[n].begin(), chosen[n].end());
    }
    return s + as_table(all) + "</figure>\n";
}

}  // namespace nicteam::report
