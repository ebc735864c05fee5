// What the rooms themselves say about a configuration, and files that a scenario names. No model is built.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/peer/replay.h"
#include "nicteam/tcp/connections.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/offload_unit.h"
#include "scenario/relations/contradiction.h"
#include "scenario/checks/link_rates.h"
#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"

namespace nicteam::scenario {
namespace {

// Keys of a crypto block that contradict each other: what a problem names, and what may have brought it about.
constexpr struct {
    const char *named, *beside;
} together[] = {
    {"crypto.period", "crypto.word"},          {"crypto.bypass", "crypto.buffer_142"},    {"crypto.bypass_room", "crypto.bypass"},
    {"crypto.bypass_room", "crypto.buffer_142"}, {"crypto.cache_entries", "crypto.cache_ways"}, {"crypto.bubble_rule", "crypto.buffer_140"},
    {"crypto.bubble_rule", "crypto.places"},   {"crypto.bubble_rule", "crypto.feedback_input"}, {"crypto.frame_buffer", "crypto.longest_packet"},
    {"crypto.transmit_engines", "crypto.engines_shared"}, {"crypto.frame_start", "crypto.chips"},
};

// The one that was written last; of a file's what the problem names, unless only the other stands there.
const setting* brought_about(const component& c, const setting* named, std::string_view parameter) {
    const setting* last = named;
    for (const auto& pair : together)
        if (const setting* other = parameter == pair.named ? c.find(pair.beside) : nullptr; other && last && other->given())
            if (came_later(*other, *last) || !last->given()) last = other;
    return last;
}

void check_nic(const component& c, const resolved& r, problems& found) {
    std::int64_t rate = 0;
    for (const component* link : r.of_kind("link"))
        if ((link->text("a") == c.path || link->text("b") == c.path) && !rate_refused(*link, r)) rate = link->integer("rate");
    auto config = c.configure<nic::nic_config>(nic::nic_info);
    config.slot = static_cast<int>(c.integer("slot"));
    config.crypto = c.configure<offload::crypto_config>(offload::crypto_info, "crypto");
    config.chimney = c.configure<rings::offload_unit_config>(rings::offload_unit_info, "chimney");
    auto free = config;                             // what is wrong with any identity is not the identity's
    free.identity = nic::nic_identity::extended;
    const auto problems_of = [&](const nic::nic_config& n) { return nic::check(n, rate); };
    for (const nic::problem& p : problems_of(config)) {
        const setting *s = c.find(p.parameter), &identity = *c.find("identity");
        const auto others = problems_of(free);
        const bool any = std::any_of(others.begin(), others.end(), [&](const nic::problem& o) { return o.parameter == p.parameter; });
        const bool elsewhere = s && s->given() && !any && came_later(identity, *s);
        const setting* last = elsewhere ? &identity : brought_about(c, s, p.parameter);
        found.add(last && last->given() ? last->at : c.at, fmt::format("nic.{}{}: {}{}", p.parameter, s ? " = " + to_toml(*s->row, s->value) : "", p.message,
                                                                       last && s ? and_where(*s, *last, found) : ""));
    }
}

void check_replay(const component& c, problems& found) {
    const setting& s = *c.find("file");
    if (s.value.text.empty()) return;
    const std::string why = peer::replay::problem_of(c.configure<peer::replay_config>(peer::replay_info));
    if (!why.empty()) found.add(s.at, fmt::format("replay.file = {}: {}", quoted(s.written), why));
}

void check_port(const component& c, problems& found) {
    const std::string why = wire::external_port::problem_of(c.configure<wire::external_port_config>(wire::external_port_info));
    if (why.empty()) return;
    const std::string key = why.substr(0, why.find(':'));
    const setting* s = c.find(key);
    found.add(place_of(c, s ? key : "name"), s ? fmt::format("port.{}", why) : fmt::format("port: {} {}", c.path, why));
}

void check_background(const component& c, problems& found) {
    const setting &window = *c.find("window_size"), &burst = *c.find("burst");
    const bool whole = burst.value.integer > 0 && window.value.integer % burst.value.integer == 0;
    if (!whole) found.add(place_of(c, window.given() ? "window_size" : "burst"),
                          fmt::format("background.window_size = {}: must be a multiple of burst = {}", window.value.text, burst.value.text));
}

// Nobody but a host's stack cuts what no frame holds.
void check_sizes(const component& c, const resolved& r, problems& found) {
    const component* from = r.find(c.text("from"));
    if (!from || (host_of(from) && c.text("protocol") != "raw")) return;
    for (const char* key : {"frame_size", "least_size", "greatest_size"})
        if (const setting& s = *c.find(key); s.value.integer > packet::longest_frame)
            found.add(s.at, fmt::format("traffic.{} = {}: is longer than {} B, and only a host cuts its UDP datagrams", key, quoted(s.written),
                                        packet::longest_frame));
}

}  // namespace

void check_texts(const resolved& r, problems& found) {
    for (const component& c : r.components)
        for (const setting& s : c.settings) {
            const std::string key = *s.section->name ? std::string(s.section->name) + "." + s.row->name : s.row->name;
            const text_form* form = s.given() && !s.value.text.empty() ? form_of(key) : nullptr;
            if (form && !form->holds(s.value.text))
                found.add_last(s.at,
                               fmt::format("{} = {}: is no {}; allowed: {}", label(c, s), quoted(s.value.text), form->what, form->allowed));
        }
}

void check_rooms(const resolved& r, problems& found) {
    for (const component& c : r.components) {
        const std::string_view kind = c.kind->name;
        if (kind == "nic") check_nic(c, r, found);
        if (kind == "background") check_background(c, found);
        if (kind == "crypto_card")
            if (const std::string why = rings::refusal(c.configure<rings::crypto_card_config>(rings::crypto_card_info)); !why.empty())
                found.add(c.at, fmt::format("crypto_card: {}: {}", c.path, why));
        if (kind == "replay") check_replay(c, found);
        if (kind == "port") check_port(c, found);
        if (kind == "connections")
            for (const std::string& why : tcp::problems_of(c.configure<tcp::connections_config>(tcp::connections_info)))
                found.add(c.at, fmt::format("connections: {}: {}", c.path, why));
        if (kind == "traffic") {
            for (const std::string& why : packet::problems_of(c.configure<packet::traffic_config>(packet::traffic_info)))
                found.add(c.at, fmt::format("traffic: {}{}", c.path.empty() ? "" : c.path + ": ", why));
            check_sizes(c, r, found);
        }
    }
}

}  // namespace nicteam::scenario
