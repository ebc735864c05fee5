#include "scenario/notes/feedback_saved.h"

#include <string_view>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {
namespace {

bool begins(const std::string& s, const std::string& with) { return s.compare(0, with.size(), with) == 0; }
bool ends(const std::string& s, std::string_view with) { return s.size() >= with.size() && s.compare(s.size() - with.size(), with.size(), with) == 0; }

// Of one host, all its buses and CPUs together.
struct spent {
    std::uint64_t datagrams = 0, words = 0, cycles = 0;
    __int128 latency = 0;

    spent(const std::string& host, const resolved& r, const report::run_result& result) {
        for (const report::metric_value& m : result.metrics) {
            if (!begins(m.path, host + ".")) continue;
            const bool sink = begins(m.path, host + ".sink_");
            if (sink && ends(m.path, ".received")) datagrams += m.total;
            if (sink && ends(m.path, ".latency")) latency += m.sum;
            for (const component* bus : r.of_kind("bus"))
                if (m.path == bus->path + ".words") words += m.total;
            for (const component* cpu : r.of_kind("cpu"))
                if (begins(m.path, cpu->path + ".cycles_")) cycles += m.total;
        }
    }
    std::uint64_t each(std::uint64_t total) const { return total / datagrams; }
};

}  // namespace

std::vector<std::string> feedback_saved(const resolved& r, const report::run_result& result) {
    const component *fed_back = nullptr, *prior = nullptr;
    for (const component* nic : r.of_kind("nic")) {
        if (!nic->integer("crypto.enable")) continue;
        const component*& one = nic->text("crypto.return_path") == "host" ? prior : fed_back;
        if (one) return {};
        one = nic;
    }
    if (!fed_back || !prior || host_of(fed_back) == host_of(prior)) return {};
    const spent with(host_of(fed_back)->path, r, result), without(host_of(prior)->path, r, result);
    if (!with.datagrams || !without.datagrams) return {};
    const auto row = [&](const char* unit, std::uint64_t less, std::uint64_t more) {
        return fmt::format("{} {} instead of {}", report::grouped(static_cast<__int128>(less)), unit, report::grouped(static_cast<__int128>(more)));
    };
    const auto mean = [](const spent& h) { return static_cast<ps>(h.latency / static_cast<__int128>(h.datagrams)); };
    return {fmt::format("{} against {}, whose host puts together and decrypts: a datagram takes {}, {}, and arrives {} behind its sending instead of {}",
                        fed_back->path, prior->path, row("words of the bus", with.each(with.words), without.each(without.words)),
                        row("cycles of the CPU", with.each(with.cycles), without.each(without.cycles)), report::time_text(mean(with)),
                        report::time_text(mean(without)))};
}

}  // namespace nicteam::scenario
