#include "nicteam/scenario/idle_settings.h"

#include <fmt/format.h>

#include "scenario/relations/contradiction.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

// With `decides` as `idle` says, `key` of the same component changes nothing.
struct dependent {
    const char *kind, *key, *decides, *idle, *why;
};
constexpr const char *one_chip = "no joint is between two chips", *no_cache = "all associations are at hand", *transport = "there is no outer header",
                     *no_udp = "there is no UDP header", *no_140 = "22b keeps the datagram and holds off", *to_host = "nothing is fed back",
                     *not_lent = "the driver lends no numbers", *no_block = "the nic has no crypto block",
                     *no_metric = "packets are not counted", *no_session = "a CRC-32c has no session",
                     *not_fetched = "nothing is fetched",
                     *all_carry = "all members carry traffic, and each may have `queue`", *own_address = "no backup sends under another one's address";
constexpr dependent dependents[] = {
    {"nic", "crypto.link_word", "crypto.chips", "1", one_chip},
    {"nic", "crypto.link_period", "crypto.chips", "1", one_chip},
    {"nic", "crypto.link_latency", "crypto.chips", "1", one_chip},
    {"nic", "crypto.cache_ways", "crypto.cache_entries", "0", no_cache},
    {"nic", "crypto.cache_replacement", "crypto.cache_entries", "0", no_cache},
    {"nic", "crypto.cache_miss_clocks", "crypto.cache_entries", "0", no_cache},
    {"nic", "crypto.cache_miss_clocks", "crypto.cache_miss", "to_host", not_fetched},
    {"nic", "crypto.cache_hysteresis", "crypto.cache_replacement", "least_recently_used", no_metric},
    {"nic", "crypto.cache_hysteresis", "crypto.cache_replacement", "first_in_first_out", no_metric},
    {"nic", "crypto.cache_decay", "crypto.cache_replacement", "least_recently_used", no_metric},
    {"nic", "crypto.cache_decay", "crypto.cache_replacement", "first_in_first_out", no_metric},
    {"nic", "crypto.when_140_full", "crypto.buffer_140", "0", no_140},
    {"nic", "crypto.buffer_140", "crypto.return_path", "host", to_host},
    {"nic", "crypto.bubble_rule", "crypto.return_path", "host", to_host},
    {"nic", "crypto.feedback_input", "crypto.return_path", "host", to_host},
    {"nic", "driver.lease", "driver.numbers", "in_blocks", not_lent},
    {"nic", "driver.lease", "crypto.enable", "false", no_block},
    {"nic", "driver.early_interrupt", "crypto.enable", "false", no_block},
    {"crypto_load", "direction", "work", "crc32c", no_session},
    {"remote_load", "direction", "work", "crc32c", no_session},
    {"crypto_load", "cipher", "work", "crc32c", no_session},
    {"remote_load", "cipher", "work", "crc32c", no_session},
    {"crypto_load", "authentication", "work", "crc32c", no_session},
    {"remote_load", "authentication", "work", "crc32c", no_session},
    {"team", "address_change", "outbound", "return", own_address},
    {"team", "address_change", "outbound", "transmit", own_address},
    {"team", "sharing.threshold", "mode", "alb", all_carry},
    {"team", "sharing.threshold", "mode", "balance_rr", all_carry},
    {"team", "sharing.threshold", "mode", "balance_xor", all_carry},
    {"team", "sharing.threshold", "mode", "broadcast", all_carry},
    {"team", "sharing.threshold", "mode", "802.3ad", all_carry},
    {"team", "sharing.threshold", "mode", "balance_tlb", all_carry},
    {"team", "sharing.threshold", "mode", "balance_alb", all_carry},
    {"sa", "udp_source", "udp", "false", no_udp},
    {"sa", "udp_destination", "udp", "false", no_udp},
    {"sa", "hop_limit", "mode", "transport", transport},
    {"sa", "dont_fragment", "mode", "transport", transport},
    {"sa", "dscp", "mode", "transport", transport},
    {"sa", "copy_congestion", "mode", "transport", transport},
};

std::string plain(const setting& s) {
    return s.row->kind == quantity::choice ? s.value.text : to_toml(*s.row, s.value);
}

}  // namespace

std::vector<std::string> idle_settings(const resolved& r, const problems& sources) {
    std::vector<std::string> notes;
    for (const component& c : r.components) {
        const setting* told = nullptr;                     // two reasons of one key: the first
        for (const dependent& d : dependents) {
            if (c.kind->name != std::string_view(d.kind)) continue;
            const setting &s = *c.find(d.key), &by = *c.find(d.decides);
            const bool as_by_default = s.row->fallback && s.written == s.row->fallback;
            if (!s.given() || &s == told || as_by_default || plain(by) != d.idle || came_later(by, s)) continue;
            told = &s;
            notes.push_back(fmt::format("{}: note: {} of {} changes nothing: {} = {}: {}", sources.where(s.at), label(c, s), c.path, label(c, by),
                                        to_toml(*by.row, by.value), d.why));
        }
    }
    return notes;
}

}  // namespace nicteam::scenario
