// What may have been meant: by the fingers, by another word for the same thing, by a word of a longer name.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "nicteam/scenario/problem.h"
#include "scenario/language/closest.h"

namespace nicteam::scenario {
namespace {

// Other words for what the language and the command call otherwise.
struct alias {
    const char *said, *meant;
};
constexpr alias aliases[] = {
    {"clock", "period"},       {"frequency", "period"},    {"freq", "period"},        {"speed", "rate"},         {"speed", "link_rate"},
    {"bandwidth", "rate"},     {"bitrate", "rate"},        {"latency", "delay"},      {"propagation", "delay"},
    {"size", "frame_size"},    {"length", "frame_size"},  {"ber", "bit_error_ratio_a_to_b"},
    {"bit_error_ratio", "bit_error_ratio_a_to_b"},         {"loss", "loss_a_to_b"},   {"duplication", "duplication_a_to_b"},
    {"reordering", "reordering_a_to_b"},                   {"drop", "loss_a_to_b"},   {"irq", "interrupts"},     {"interrupt", "interrupts"},
    {"device", "slot"},        {"idsel", "slot"},          {"ram", "memory"},         {"file", "replay"},        {"pcap", "capture"},
    {"bridge", "switch"},      {"hub", "repeater"},        {"wire", "link"},          {"cable", "link"},         {"server", "host"},
    {"computer", "host"},      {"processor", "cpu"},       {"client", "peer"},        {"station", "peer"},       {"adapter", "nic"},
    {"gateway", "router"},     {"card", "nic"},           {"master", "background"},   {"disk", "background"},    {"flow", "traffic"},       {"generator", "traffic"},
    {"connection", "connections"}, {"tcp", "connections"}, {"http", "connections"},
    {"mac_address", "mac"},    {"ip", "address"},          {"ip_address", "ip"},      {"address", "ip"},         {"error", "fault"},
    {"assert", "expect"},      {"check", "expect"},        {"min", "at_least"},       {"minimum", "at_least"},   {"max", "at_most"},
    {"maximum", "at_most"},    {"is", "equals"},           {"begin", "from"},         {"start", "from"},         {"end", "until"},
    {"stop", "until"},         {"length", "for"},          {"duration", "for"},       {"time", "duration"},      {"runtime", "duration"},
    {"warmup", "warm_up"},     {"random", "seed"},         {"vcd", "wave"},           {"waveform", "wave"},      {"waves", "wave"},
    {"pcapng", "pcap"},        {"capture", "pcap"},        {"csv", "packets"},        {"everything", "all"},     {"off", "none"},
    {"crc", "rx_crc_errors"},  {"fcs", "rx_crc_errors"},   {"utilization", "busy"},   {"utilisation", "busy"},   {"throughput", "rate"},
    {"flaps", "moves"},        {"group", "port_group"},    {"lag", "port_group"},     {"ageing", "ageing_time"}, {"aging_time", "ageing_time"},
    {"type", "what"},          {"kind", "what"},           {"where", "at"},           {"target", "at"},          {"value", "amount"},
    {"drop", "discard"},       {"deny", "discard"},       {"block", "discard"},     {"allow", "bypass"},       {"encrypt", "protect"},
    {"aes-128-cbc", "aes-cbc"}, {"aes-192-cbc", "aes-cbc"}, {"aes-256-cbc", "aes-cbc"}, {"aes-128-ctr", "aes-ctr"}, {"aes-192-ctr", "aes-ctr"},
    {"aes-256-ctr", "aes-ctr"}, {"aes-gcm", "aes-gcm-16"},  {"aes-128-gcm", "aes-gcm-16"}, {"aes-192-gcm", "aes-gcm-16"}, {"aes-256-gcm", "aes-gcm-16"},
    {"ring", "receive_ring"},  {"timer", "latency_timer"}, {"port", "destination_port"},
};

// Edit distance with transpositions.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

bool other_word(std::string_view said, std::string_view meant) {
    return std::any_of(std::begin(aliases), std::end(aliases), [&](const alias& a) { return said == a.said && meant == a.meant; });
}

// How many slips of the fingers a word of this length may hold.
std::size_t slips(std::string_view word) { return std::max<std::size_t>(1, word.size() / 3); }

}  // namespace

bool holds_word(std::string_view text, std::string_view word) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    for (auto at = text.begin(); !word.empty(); ++at) {
        at = std::search(at, text.end(), word.begin(), word.end(), same);
        if (at == text.end()) break;
        const auto behind = at + static_cast<std::ptrdiff_t>(word.size());
        if ((at == text.begin() || !letter(*(at - 1))) && (behind == text.end() || !letter(*behind))) return true;
    }
    return false;
}

std::vector<std::string> all_nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::vector<std::string> best;
    if (word.empty()) return best;
    std::size_t least = slips(word) + 1;
    for (const std::string& c : candidates) {
        std::size_t d = distance(word, c);
        // Each letter of a short word slipped: no likeness at all.
        if (d >= std::min(word.size(), c.size())) d = SIZE_MAX;
        if (other_word(word, c)) d = 0;
        // A part of a long name is a likely slip as well: "threshold" for "receive_threshold".
        if (word.size() >= 3 && (holds_word(c, word) || (word.size() >= 4 && c.find(word) != std::string::npos))) d = std::min(d, slips(word));
        // And so is a long name with something behind it: "aes-cbc-256" for "aes-cbc".
        const bool begins = c.size() >= 4 && word.size() > c.size() && word.substr(0, c.size()) == c;
        if (begins && (word[c.size()] == '-' || word[c.size()] == '_')) d = std::min(d, slips(word));
        if (d < least) best.clear();
        if (d < least || (d == least && !best.empty() && std::find(best.begin(), best.end(), c) == best.end())) {
            least = d;
            best.push_back(c);
        }
    }
    return best;
}

std::vector<std::string> closest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most) {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const std::string& c : candidates) order.emplace_back(distance(word, c), c);
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    std::vector<std::string> best;
    for (std::size_t n = 0; n < std::min(most, order.size()); ++n) best.push_back(order[n].second);
    return best;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const auto all = all_nearest(word, candidates);
    return all.empty() ? "" : all.front();
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string name = nearest(word, candidates);
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

}  // namespace nicteam::scenario
