#include "scenario/checks/ring_checks.h"

#include "scenario/relations/place_of.h"

#include <fmt/format.h>

#include "nicteam/offload/engine_set.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/engine_set.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

}  // namespace

void check_window(const component& sa, const component& device, problems& found) {
    const std::int64_t size = sa.integer("replay_window");
    if (size > rings::largest_window)
        found.add(place_of(sa, "replay_window"), fmt::format("sa.replay_window = {}: {} takes {} off, and a device looks back at {} numbers at most; allowed: "
                                                             "0 to {}, or a host's CPU: software = \"to\"",
                                                             size, device.path, sa.path, rings::largest_window, rings::largest_window));
}

void ring_checks::wrong(const component& sa, const char* key, const component& ring, const std::string& why) {
    found_.add(place_of(sa, key), fmt::format("sa.{} = \"{}\": {}", key, ring.path, why));
}

void ring_checks::check(const component& sa, const ipsec::association_parameters& p) {
    if (const component* ring = sa.given("sent_back_to") ? r_.find(sa.text("sent_back_to")) : nullptr) check_way_back(sa, *ring, p);
    if (const component* ring = sa.given("put_on_by") ? r_.find(sa.text("put_on_by")) : nullptr) check_way_out(sa, *ring, p);
}

void ring_checks::check_way_back(const component& sa, const component& ring, const ipsec::association_parameters& p) {
    constexpr const char* key = "sent_back_to";
    const component* nic = receiver_of(sa, r_);
    if (!nic) return wrong(sa, key, ring, fmt::format("{} is no host, whose software could send anything back", sa.text("to")));
    if (host_of(&ring) != host_of(nic)) return wrong(sa, key, ring, fmt::format("is in another host than {}", nic->path));
    if (is(ring, "crypto_card")) {
        check_window(sa, ring, found_);
        return check_card(sa, key, ring, p);
    }
    if (&ring != nic) return wrong(sa, key, ring, fmt::format("the association is in {}, which receives it; allowed: that nic, or a crypto_card", nic->path));
    if (!ring.integer("crypto.enable")) return wrong(sa, key, ring, "it has no crypto block; its [nic.crypto] wants enable = true");
    if (taken_off_by_cpu(sa)) return wrong(sa, key, ring, "with software = \"to\" the association is not in the nic; allowed: a crypto_card");
    check_jobs(sa, key, ring);
}

void ring_checks::check_way_out(const component& sa, const component& ring, const ipsec::association_parameters& p) {
    constexpr const char* key = "put_on_by";
    const component* nic = sender_of(sa, r_);
    if (!nic) return wrong(sa, key, ring, fmt::format("{} is no host with a nic, whose software could hand it anything", sa.text("from")));
    if (put_on_by_cpu(sa)) return wrong(sa, key, ring, fmt::format("with software = \"{}\" the CPU puts it on; allowed: one of the two", sa.text("software")));
    if (host_of(&ring) != host_of(nic)) return wrong(sa, key, ring, fmt::format("is in another host than {}", nic->path));
    if (is(ring, "crypto_card")) return check_card(sa, key, ring, p);
    if (&ring != nic) return wrong(sa, key, ring, fmt::format("its packets leave through {}; allowed: that nic, or a crypto_card", nic->path));
    if (ring.integer("crypto.enable")) check_jobs(sa, key, ring);             // else told with `from`
}

void ring_checks::check_jobs(const component& sa, const char* key, const component& nic) {
    if (!nic.integer("crypto.secondary_use")) wrong(sa, key, nic, "its rings take no jobs; crypto.secondary_use = true lets them");
}

void ring_checks::check_card(const component& sa, const char* key, const component& ring, const ipsec::association_parameters& p) {
    const auto card = ring.configure<rings::crypto_card_config>(rings::crypto_card_info);
    if (!rings::refusal(card).empty()) return;               // told with the card
    const offload::engine_set engines(card.unit.engines, static_cast<offload::coupling>(card.unit.coupling));
    if (!rings::serving(engines, p))
        wrong(sa, key, ring, fmt::format("no engines of the card do {} with {}, both ways (its engines)", sa.text("cipher"), sa.text("authentication")));
    if (++on_cards_[&ring] == ring.integer("associations") + 1)
        found_.add(sa.at, fmt::format("sa: {}: all {} places for associations of {} are taken: its associations", sa.path, ring.integer("associations"),
                                      ring.path));
}

}  // namespace nicteam::scenario
