#include "nicteam/driver/unit_associations.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nicteam/ipsec/association_state.h"
#include "nicteam/sim/session.h"
#include "driver/ring_tables.h"

namespace nicteam::driver {
namespace {

constexpr std::uint32_t generation = 1;
constexpr std::size_t lines = 32;
constexpr unsigned blocks = 64;              // of jobs that are under way

bytes parts_of(const ipsec::association& a) {
    bytes b;
    ipsec::write_constant(a.constants(), b);
    ipsec::write_cached(a.cached(), b);
    a.save(state::part::delegated, b);
    return b;
}

std::string told_reason(rings::reason r) {
    const auto n = static_cast<std::size_t>(r);
    return n < rings::reason_count ? fmt::format("{}: {}", rings::name(r), rings::reasons.rows[n].meaning) : fmt::format("reason {}", n);
}

}  // namespace

unit_associations::unit_associations(ring_driver& r, host::memory& m, sim::shadow& s, ps poll, ps timeout, finished f)
    : ring_(r), ram_(m), shadow_(s), poll_(poll), timeout_(timeout), finished_(std::move(f)), blocks_(take_blocks(m)),
      installed_(sim::bind_counter(r, association_metrics[0])), refused_(sim::bind_counter(r, association_metrics[1])),
      home_(sim::bind_counter(r, association_metrics[2])), changed_(sim::bind_counter(r, association_metrics[7])), lost_(sim::bind_counter(r, association_metrics[3])),
      lifetimes_({&sim::bind_counter(r, association_metrics[4]), &sim::bind_counter(r, association_metrics[5]), &sim::bind_counter(r, association_metrics[6])}),
      places_(sim::bind_level(r, association_metrics[9])) {
    for (unsigned n = blocks; n-- > 0;) free_blocks_.push_back(n);
    r.bind(*this);
}

std::uint64_t unit_associations::take_blocks(host::memory& m) { return m.allocate(blocks * rings::entry_octets, lines); }
std::uint64_t unit_associations::take_room(host::memory& m, const ipsec::association& a) { return m.allocate(parts_of(a).size(), lines); }

state::handle unit_associations::add(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload, std::uint8_t flags, ipsec::association* numbers,
                                     bool at_bring_up) {
    const auto name = static_cast<std::uint32_t>(all_.size());
    all_.push_back(std::make_unique<kept>(p, iv_seed, payload));
    kept& k = *all_.back();
    k.flags = flags;
    k.wanted = at_bring_up;
    if (numbers) k.numbers = numbers;
    bytes constant;
    ipsec::write_constant(k.mine.constants(), constant);
    k.constant = static_cast<std::uint32_t>(constant.size());
    k.octets = static_cast<std::uint32_t>(parts_of(k.mine).size());
    k.room = take_room(ram_, k.mine);
    lent_.add(name, k.mine, 0, k.numbers);
    return {name, generation};
}

unit_associations::kept* unit_associations::find(state::handle name) {
    return name.generation == generation && name.index < all_.size() ? all_[name.index].get() : nullptr;
}

state::handle unit_associations::in_unit(state::handle name) const { return find(name) ? lent_.handle(name.index).value_or(state::handle{}) : state::handle{}; }

state::handle unit_associations::name_of(state::handle h) const {
    for (std::uint32_t n = 0; n < all_.size(); ++n)
        if (lent_.handle(n) == h) return {n, generation};
    for (std::uint32_t n = 0; n < all_.size(); ++n)
        if (h && all_[n]->latest == h) return {n, generation};
    return {};
}

// What the capability block says that the unit cannot.
std::string unit_associations::beyond(const ipsec::association_parameters& p) const {
    const ipsec::algorithms& a = p.algorithms;
    const auto lacks = [](std::uint32_t bits, auto kind) { return !(bits >> static_cast<unsigned>(kind) & 1u); };
    if (lacks(ring_.ciphers(), a.cipher)) return fmt::format("the unit has no engine for {}", ipsec::info(a.cipher).name);
    if (lacks(ring_.authentications(), a.authentication)) return fmt::format("the unit has no engine for {}", ipsec::info(a.authentication).name);
    return {};
}

bool unit_associations::post(host::cpu& c, rings::command k, const pending& what) {
    for (const ps until = c.now() + timeout_; ring_.ready() && ring_.room() == 0 && c.now() < until;) {
        ring_.kick(c);
        c.wait_until(c.now() + poll_);
        ring_.reap(c);
    }
    const std::uint64_t cookie = ring_.post(c, k);
    if (cookie) pending_[cookie] = what;
    return cookie != 0;
}

bool unit_associations::wait(host::cpu& c) {
    ring_.kick(c);
    for (const ps until = c.now() + timeout_; ring_.ready() && ring_.ledger().outstanding() && c.now() < until;) {
        c.wait_until(c.now() + poll_);
        ring_.reap(c);
    }
    return ring_.ready() && ring_.ledger().outstanding() == 0;
}

void unit_associations::refused(const kept& k, const std::string& why) {
    refused_.add();
    const std::string& association = k.mine.parameters().name;
    const auto same = std::find_if(refusals_.begin(), refusals_.end(), [&](const refusal& r) { return r.association == association && r.why == why; });
    if (same != refusals_.end()) ++same->times;
    else refusals_.push_back({association, why, 1});
}

bool unit_associations::install(host::cpu& c) {
    lost(c.now());
    for (std::size_t n = 0; n < all_.size(); ++n) {
        all_[n]->latest = {};
        if (all_[n]->wanted) put_in(c, n, nullptr);
    }
    return wait(c);
}

void unit_associations::take_home(host::cpu& c) {
    for (std::size_t n = 0; ring_.ready() && n < all_.size(); ++n)
        if (lent_.handle(n) && !take_out(c, n, nullptr)) break;
    wait(c);
    lost(c.now());                               // what did not come
}

void unit_associations::lost(ps now) {
    for (const auto& k : all_)
        if (stays()) wipe(*k, now);
    forgotten_ = 0;
    lost_.add(lent_.lost(unit_, [this](state::handle h) { return highest_received(h); }, now).size());
    show(now);
}

std::uint64_t unit_associations::highest_received(state::handle h) const {
    const auto at = told_.find({h.index, h.generation});
    return std::max(ring_.ledger().highest_received(h), at == told_.end() ? 0 : at->second);
}

void unit_associations::told(state::handle h, std::uint64_t sequence) {
    std::uint64_t& highest = told_[{h.index, h.generation}];
    highest = std::max(highest, sequence);
}

void unit_associations::wipe(const kept& k, ps now) {
    const bytes nothing(k.octets);
    ram_.write(k.room, nothing.data(), nothing.size(), now);
}

void unit_associations::concluded(host::cpu& c, const ring_conclusion& what) {
    const auto at = pending_.find(what.cookie);
    if (at == pending_.end()) return;
    const pending p = at->second;
    pending_.erase(at);
    finish(c, p, what);
}

void unit_associations::finish(host::cpu& c, const pending& p, const ring_conclusion& what) {
    const bool executed = what.how == conclusion::executed;
    const bool again = p.kind != pending::what::change && std::exchange(any_stale_, false);       // there is room now
    for (std::size_t n = 0; again && n < all_.size(); ++n)
        if (all_[n]->stale && !all_[n]->changing && lent_.handle(n)) hand_change(c, n);
    switch (p.kind) {
        case pending::what::install:
            if (!executed || !stays()) wipe(*all_[p.id], c.now());     // there were keys
            lent_.installed(p.id, executed ? std::optional(what.completion.handle) : std::nullopt, c.now());
            if (executed) all_[p.id]->latest = what.completion.handle, installed_.add();
            else refused(*all_[p.id], what.told ? told_reason(what.completion.reason) : "the unit is gone");
            show(c.now());
            if (p.asked && !executed) all_[p.id]->wanted = false;      // who asked knows that it is not there
            return conclude(c, p.asked, executed ? status::done : what.told ? status::refused : status::not_done,
                            executed ? "" : what.told ? told_reason(what.completion.reason) : "the unit is gone");
        case pending::what::freeze: {
            if (!executed) return;
            bytes octets(what.completion.length);
            ram_.read(all_[p.id]->room + all_[p.id]->constant, octets.data(), octets.size(), c.now());
            if (lent_.came_back(p.id, {octets.data(), octets.size()}, c.now())) home_.add();
            return;
        }
        case pending::what::remove:
            show(c.now());
            return conclude(c, p.asked, executed ? status::done : status::failed, executed ? "" : "the unit is gone");
        case pending::what::change:
            all_[p.id]->changing = false;
            if (executed) changed_.add();
            if (all_[p.id]->stale && lent_.handle(p.id)) hand_change(c, p.id);
            return;
        case pending::what::job: {
            crypto_job& j = *p.job;
            free_blocks_.push_back(p.block);
            j.unknown = what.how == conclusion::unknown;
            const bool lost = executed && what.completion.reason != rings::reason::none;     // its result did not reach memory
            j.result = executed && !lost ? status::done : what.told && what.completion.reason != rings::reason::aborted ? status::failed : status::not_done;
            j.detail = executed && !lost ? "" : what.told ? name(what.completion.reason) : "the unit is gone";
            j.verdict = what.completion.verdict;
            j.octets = what.completion.length;
            j.sequence = what.completion.sequence;
            if (what.completion.flags & rings::soft_expired) lifetimes_.tell(j.association, ipsec::lifetimes::soft);
            if (what.told && what.completion.reason == rings::reason::expired) lifetimes_.tell(j.association, ipsec::lifetimes::hard);
            finished_(c, j);
        }
    }
}

std::string unit_associations::change_path(host::cpu& c, state::handle name, std::uint32_t octets) {
    kept* k = find(name);
    if (!k) return "the adapter has no such association";
    ipsec::cached_parameters cached = k->mine.cached();
    cached.path_mtu = octets;
    if (std::string why = k->mine.change(cached); !why.empty()) return why;
    if (in_unit(name)) hand_change(c, name.index);
    return {};
}

// The room of its parts is its own again when the unit has answered.
void unit_associations::hand_change(host::cpu& c, std::size_t n) {
    kept& k = *all_[n];
    k.stale = k.changing || ring_.room() == 0;
    any_stale_ |= k.stale;
    if (k.stale) return;
    bytes cached;
    ipsec::write_cached(k.mine.cached(), cached);
    c.catch_up();
    const std::uint64_t at = k.room + k.constant;      // behind the CONST part, which a unit may read again
    ram_.write(at, cached.data(), cached.size(), c.now());
    rings::command command;
    command.handle = *lent_.handle(n);
    command.opcode = rings::opcode::change;
    command.address = at;
    command.length = static_cast<std::uint32_t>(cached.size());
    k.changing = post(c, command, {pending::what::change, n});
    ring_.kick(c);
}

bool unit_associations::submit(host::cpu& c, crypto_job& j) {
    const bool of_digest = j.service == job_service::crc32c;
    const state::handle at = of_digest ? state::handle{} : in_unit(j.association);
    const auto refuse = [&j](status s, const char* why) {
        j.result = s;
        j.detail = why;
        return false;
    };
    if (!ring_.ready()) return refuse(status::not_done, "the unit is not ready");
    if (of_digest && !(ring_.able().uses & rings::digests)) return refuse(status::refused, "the unit has no engine for CRC-32c");
    if (!of_digest && !at) return refuse(status::refused, "the unit does not have the association");
    if (j.transmit && !(ring_.able().uses & rings::transmits)) return refuse(status::refused, "the unit has no transmitter");
    if (free_blocks_.empty() || ring_.room() == 0) return refuse(status::no_room, "the command ring is full");
    std::uint64_t number = 0;
    std::uint8_t iv[16];
    const bool numbered = !of_digest && !j.inbound;
    if (numbered && !find(j.association)->numbers->draw(number, iv)) return refuse(status::failed, "no sequence number is left");
    if (numbered && find(j.association)->numbers->exhausted()) lifetimes_.tell(j.association, ipsec::lifetimes::numbers);
    const unsigned block = free_blocks_.back();
    free_blocks_.pop_back();
    const rings::entry e = rings::encode(rings::job{j.source, j.destination, number, j.length, j.room});
    rings::command k;
    k.opcode = of_digest ? rings::opcode::digest : j.transmit ? rings::opcode::process_and_transmit : rings::opcode::process_and_return;
    k.flags = of_digest ? 0 : !j.inbound ? rings::numbered : j.verify_only ? rings::inbound | rings::verify_only : rings::inbound;
    k.handle = at;
    k.address = blocks_ + block * rings::entry_octets;
    k.length = rings::entry_octets;
    c.catch_up();
    shadow_.mark(j.source, j.length, j.transmit ? j.id : 0);       // a packet that is transmitted crosses the bus once; what comes back is work
    if (j.room) shadow_.mark(j.destination, j.room, 0);
    ram_.write(k.address, e.data(), e.size(), c.now());
    post(c, k, {pending::what::job, 0, &j, block});
    ring_.kick(c);
    return true;
}

}  // namespace nicteam::driver
