// [[sa]] and [[policy]]: what cannot be, and who could not take it off.
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/receive_record.h"
#include "nicteam/peer/protection.h"
#include "scenario/checks/bundle_checks.h"
#include "scenario/relations/contradiction.h"
#include "scenario/checks/key_checks.h"
#include "scenario/checks/objections.h"
#include "scenario/checks/ring_checks.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

constexpr std::int64_t largest_buffer = 16'382;     // octets, even: SDM 6.4.3.1

class checker {
public:
    checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check() {
        for (const component* c : r_.of_kind("sa")) check_association(*c);
        for (const component* c : r_.of_kind("policy")) check_policy(*c);
        for (const component* c : r_.of_kind("peer")) {
            for (const char* key : {"interior_mtu", "route_mtu"})
                if (const std::string why = peer::problem_of(c->list(key)); !why.empty()) found_.add(place_of(*c, key), fmt::format("peer.{}: {}", key, why));
        }
        for (const component* c : r_.of_kind("router")) check_router(*c);
        for (const component* c : r_.of_kind("nic")) check_nic(*c);
    }

private:
    void check_router(const component& c) {
        for (const char* kind : {"nic", "team", "peer", "port"})
            for (const component* other : r_.of_kind(kind))
                if (other != c.parent && address_of(other->path, r_) == address_of(c.path, r_))
                    found_.add(place_of(c, "ip"), fmt::format("router.ip = {}: is the address of {} already", quoted(c.text("ip")), other->path));
    }

    void check_nic(const component& c) {
        const setting& records = *c.find("driver.receive_records");
        if (!c.integer("crypto.enable") && records.value.integer)
            found_.add(place_of(c, "driver.receive_records"),
                       "nic.driver.receive_records = true: the nic has no crypto block that writes any; allowed: false, or crypto.enable = true");
        if (!c.integer("crypto.enable")) return;
        if (!records.value.integer)
            found_.add(place_of(c, "driver.receive_records"),
                       "nic.driver.receive_records = false: the crypto block writes a record behind each frame, which the driver must know");
        constexpr std::int64_t record = offload::receive_record::tail + offload::receive_record::entry * ipsec::deepest_nesting;
        if (c.integer("driver.receive_buffer") + record > largest_buffer)
            found_.add(place_of(c, "driver.receive_buffer"),
                       fmt::format("nic.driver.receive_buffer = {} B: with a record of {} octets behind each frame a buffer would be longer than its 14 bits; "
                                   "allowed: 64 B … {} B",
                                   c.integer("driver.receive_buffer"), record, largest_buffer - record));
        if (c.integer("driver.flow_control") && c.integer("crypto.buffer_142") == 0)
            found_.add(place_of(c, "driver.flow_control"),
                       "nic.driver.flow_control = true: without buffer 142 (crypto.buffer_142 = 0 B) nothing fills that a PAUSE could spare; allowed: false");
        for (const char* key : {"driver.crc_to_memory", "driver.save_bad"})
            if (c.integer(key))
                found_.add(place_of(c, key), fmt::format("nic.{} = true: nothing that is bad, and no FCS, passes the crypto block; allowed: false", key));
    }

    void check_association(const component& c) {
        if (!r_.find(c.text("from")) || !r_.find(c.text("to")) || c.path.empty()) return;      // told already
        const bool between_two = check_ends(c);
        if (!check_objections(c, r_, found_) || !between_two) return;
        const ipsec::association_parameters p = parameters_of(c, r_);
        const auto [it, fresh] = known_.emplace(std::tuple(p.spi, p.destination, p.protocol), &c);
        if (!fresh)
            return found_.add(place_of(c, "spi"), fmt::format("sa.spi = {}: {} to the same address has it already, {}", p.spi, it->second->path,
                                                              found_.where(it->second->at)));
        keys_.check(c, p);
        check_when_unable(c);
        check_life(c);
        rings_.check(c, p);
        if (!is_outside(*r_.find(c.text("to")))) check_end(c, p, "to", receiver_of(c, r_), offload::way::in);
        if (!is_outside(*r_.find(c.text("from")))) check_end(c, p, "from", sender_of(c, r_), offload::way::out);
        for (const char* key : {"from", "to"})
            if (is_outside(*r_.find(c.text(key))) && (*key == 'f' ? put_on_by_cpu(c) : taken_off_by_cpu(c)))
                found_.add(place_of(c, "software"), fmt::format("sa.software = {}: {} is no host, and has no CPU to charge; allowed: ends that are hosts",
                                                                quoted(c.text("software")), c.text(key)));
    }

    // Only a team says that it cannot, for a time.
    void check_when_unable(const component& c) {
        const component* from = sender_of(c, r_);
        if (c.text("when_unable") == "drop" || (from && is_team(*from) && !put_on_by_cpu(c))) return;
        found_.add(place_of(c, "when_unable"), fmt::format("sa: {}: when_unable = \"cpu\": {}; allowed: drop, or a sender with a team whose members put it on",
                                                           c.path, put_on_by_cpu(c) ? "the CPU puts it on in any case" : c.text("from") + " has no team"));
    }

    // Only a team whose associations move takes them in and out by itself.
    void check_life(const component& c) {
        const component *from = sender_of(c, r_), *to = receiver_of(c, r_);
        const bool out = from && is_team(*from) && !put_on_by_cpu(c), in = to && is_team(*to) && !taken_off_by_cpu(c);
        const auto for_ever = [](const component* t) { return t->text("rehoming.policy") == "pre_install"; };
        const component* team = out && for_ever(from) ? from : in ? to : out ? from : nullptr;
        for (const char* key : {"added", "deleted"})
            if (c.given(key) && (!team || for_ever(team)))
                found_.add(place_of(c, key), fmt::format("sa: {}: {}: {}; allowed: left out, or an end with a team whose rehoming.policy moves associations",
                                                         c.path, key, team ? team->path + " has them in all members for ever (pre_install)"
                                                                      : "no end of it is a team that puts it on or takes it off"));
        if (c.given("added") && c.given("deleted") && c.integer("deleted") <= c.integer("added"))
            found_.add(place_of(c, "deleted"), fmt::format("sa: {}: deleted: is not behind added; allowed: later", c.path));
    }

    // False: what it would protect never leaves where it is.
    bool check_ends(const component& c) {
        const component *from = r_.find(c.text("from")), *to = r_.find(c.text("to"));
        if (from != to && (!host_of(from) || host_of(from) != host_of(to))) return true;
        const setting &s = *c.find("to"), &other = *c.find("from");
        found_.add(blamed(s, other), fmt::format("sa.to of {} = {}{}: begins and ends at {}; allowed: two ends", c.path, quoted(s.written),
                                                 and_where(s, other, found_), c.text("from")));
        return false;
    }

    // A nic that takes it off, or puts it on.
    void check_end(const component& c, const ipsec::association_parameters& p, const char* key, const component* nic, offload::way way) {
        if (!nic) return found_.add(place_of(c, key), fmt::format("sa.{0} = \"{1}\": {1} has no nic", key, c.text(key)));
        const bool by_cpu = way == offload::way::in ? taken_off_by_cpu(c) : put_on_by_cpu(c);
        if (by_cpu || (way == offload::way::out && put_on_by_card(c, r_))) return;
        if (is_team(*nic)) return check_team(c, p, key, *nic, way);
        if (!nic->integer("crypto.enable"))
            return found_.add(place_of(c, key),
                              fmt::format("sa.{} = \"{}\": {} has no crypto block; its [nic.crypto] wants enable = true, or the association software = "
                                          "\"{}\", so that the host's CPU {}",
                                          key, c.text(key), nic->path, key, way == offload::way::in ? "takes it off" : "puts it on"));
        if (way == offload::way::out && !c.given("put_on_by") && nic->integer("driver.standard_tcb"))
            found_.add(place_of(c, key), fmt::format("sa.{} = \"{}\": the driver of {} names associations in extended command blocks; its "
                                                     "driver.standard_tcb wants false",
                                                     key, c.text(key), nic->path));
        check_engines(c, p, *nic, way);
        if (way == offload::way::in) check_window(c, *nic, found_);
        const std::int64_t places = nic->integer("crypto.associations");
        if (++installed_[{nic, way}] == places + 1)
            found_.add(c.at, fmt::format("sa: {}: all {} places for associations of {} are taken: its crypto.associations", c.path, places, nic->path));
    }

    // One of its units has to be able to, for all of it.
    void check_team(const component& c, const ipsec::association_parameters& p, const char* key, const component& team, offload::way way) {
        const bool in = way == offload::way::in;
        for (const char* ring : {"put_on_by", "sent_back_to"})
            if (c.given(ring))
                found_.add(place_of(c, ring), fmt::format("sa.{} = \"{}\": {} chooses who does the work; allowed: left out", ring, c.text(ring), team.path));
        const std::string by_host = fmt::format("or the association software = \"{}\", so that the host's CPU {}", key, in ? "takes it off" : "puts it on");
        if (!has_engines(team, r_))
            return found_.add(place_of(c, key),
                              fmt::format("sa.{} = \"{}\": {} has no engines; one of its members wants a crypto block ([nic.crypto] enable = true), {}",
                                                            key, c.text(key), team.path, by_host));
        if (!units_for(team, p, in, r_) && team.text("sharing.software") == "never")
            found_.add(place_of(c, "cipher"),
                       fmt::format("sa.cipher = \"{}\": {}: no unit of {} has engines for it and {}; one of them wants such, {}", c.text("cipher"), c.path,
                                   team.path, c.text("authentication"), by_host));
        if (in)
            for (const component* u : units_of(team, r_)) check_window(c, *u, found_);
    }

    void check_engines(const component& c, const ipsec::association_parameters& p, const component& nic, offload::way way) {
        const auto config = nic.configure<offload::crypto_config>(offload::crypto_info, "crypto");
        if (!offload::check(config).empty()) return;             // told with the nic
        const bool own = way == offload::way::out && !config.transmit_engines.empty();
        const auto check_list = [&](const char* list, const char* why) {
            const auto& cores = list == std::string_view("engines") ? config.engines : config.transmit_engines;
            const auto with = offload::engine_set(cores, config.coupling).serving(p, way);
            if (with.refused.empty()) return;
            const setting &cipher = *c.find("cipher"), &engines = *nic.find("crypto." + std::string(list));
            const position at = came_later(engines, cipher) ? engines.at : place_of(c, cipher.given() ? "cipher" : "authentication");
            const bool in = way == offload::way::in, both = in ? put_on_by_cpu(c) : taken_off_by_cpu(c);
            found_.add(at, fmt::format("sa: {}: {}: {} (crypto.{}{}); or software = \"{}\", so that the host's CPU {}", c.path, nic.path, with.refused, list,
                                       why, both ? "both" : in ? "to" : "from", in ? "takes it off" : "puts it on"));
        };
        check_list(own ? "transmit_engines" : "engines", "");
        if (way == offload::way::in && offload::over_152(config.feedback_input) && !config.transmit_engines.empty())
            check_list("transmit_engines", ", which take it off over path 152");
    }

    void check_policy(const component& c) {
        check_bundle(c, r_, found_);
        const component* to = r_.find(c.text("to"));
        if (c.text("held_by") == "receiver" && to && !host_of(to))
            found_.add(place_of(c, "held_by"),
                       fmt::format("policy.held_by = \"receiver\": {} is no host, and takes what comes; allowed: both, sender", to->path));
    }

    const resolved& r_;
    problems& found_;
    std::map<std::tuple<std::uint32_t, packet::ip_address, ipsec::security_protocol>, const component*> known_;
    std::map<std::pair<const component*, offload::way>, std::int64_t> installed_;
    ring_checks rings_{r_, found_};
    key_checks keys_{found_};
};

}  // namespace

void check_security(const resolved& r, problems& found) {
    checker(r, found).check();
    check_team_places(r, found);
}

}  // namespace nicteam::scenario
