#include "scenario/notes/stack_notes.h"

#include <string_view>

#include <fmt/format.h>

#include "scenario/notes/counted.h"

namespace nicteam::scenario {
namespace {

struct reason {
    const char *metric, *what;
};
constexpr reason reasons[] = {
    {"no_route", "went to an address that no interface reaches: no network of a nic (nic.address), and no gateway (host.stack.gateway)"},
    {"unresolved", "were dropped because no answer to ARP came in time, or too many waited"},
    {"inbound_plaintext", "came without the protection that a policy asks for, and were dropped"},
    {"inbound_mismatch", "came through other associations than a policy asks for, and were dropped"},
    {"inbound_no_policy", "came that no policy of the host selects, and were dropped"},
    {"inbound_refused", "that the crypto block had refused went no further than the stack"},
};

// Where an ARP request or answer was given up on a half-duplex link; "" if nowhere.
std::string lost_arp(const resolved& r, sim::session& s) {
    std::string all;
    for (const auto& [kind, metric] : {std::pair("nic", "tx_lost_arp"), std::pair("peer", "lost_arp")})
        for (const component* c : r.of_kind(kind)) {
            const std::string path = fmt::format("{}.{}", c->path, metric);
            if (const std::uint64_t n = counted(s, path)) all += fmt::format("{}{} of {} ({})", all.empty() ? "" : ", ", n, c->path, path);
        }
    return all.empty() ? "" : "; ARP requests and answers that were given up after 16 collisions or a late one: " + all;
}

}  // namespace

std::vector<std::string> stack_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    const std::string arp = lost_arp(r, s);
    for (const component* host : r.of_kind("host"))
        for (const reason& why : reasons) {
            const std::string path = fmt::format("{}.stack.{}", host->path, why.metric);
            if (const std::uint64_t n = counted(s, path))
                notes.push_back(fmt::format("{}: {} packets {} (stack.{}){}", host->path, n, why.what, why.metric,
                                            std::string_view(why.metric) == "unresolved" ? arp : ""));
        }
    return notes;
}

}  // namespace nicteam::scenario
