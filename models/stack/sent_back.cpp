#include "stack/sent_back.h"

#include <algorithm>

#include "stack/receive_security.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"sent_back", "packets", "encrypted packets handed to the ring of a nic or of a crypto card to be decrypted"},
    {"sent_back_returned", "packets", "of these, those that came back decrypted"},
    {"sent_back_refused", "packets", "of these, those that do not verify, or that the ring did not do"},
    {"sent_back_no_room", "packets", "not handed over: too many are under way, or longer than a place for one"},
};
constexpr outcome_info outcome_rows[] = {
    {"not_returned", true, "handed to a ring to be decrypted: it does not verify, or was not done"},
    {"sent_back_no_room", true, "to be handed to a ring: too many are under way, or it is too long", false, true},
};

}  // namespace

const block_info stack_sent_back_info = {"stack", "IPsec taken off by a ring for the host", {}, metric_rows, {}, {}, {}, {}, outcome_rows};

std::uint64_t take_sent_back(host::memory& m) { return m.allocate(std::size_t{sent_back::places} * sent_back::room, 32); }

sent_back::sent_back(const sc_core::sc_object& stack, protocol_stack_100::machinery& m) : m_(m) {
    for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
    const std::uint64_t memory = take_sent_back(m.ram);
    for (unsigned n = 0; n < places; ++n) {
        all_.push_back(std::make_unique<traveller>());
        driver::crypto_job& j = all_.back()->job;
        j.source = j.destination = memory + std::uint64_t{n} * room;
        j.room = room;
    }
}

void sent_back::end(trace_id id, outcome o, ps at) const { m_.station.ended(id, outcome_rows[static_cast<unsigned>(o)], at); }

void sent_back::claim(const sim::station::claim& c) const {
    for (const auto& t : all_)
        if (t->under_way) c(t->id);
}

bool sent_back::take(host::cpu& c, unsigned interface, state::handle mine, const bytes& packet, const std::vector<ipsec::applied>& steps, trace_id id) {
    const auto to = known_.find(mine.index);
    if (to == known_.end()) return false;
    const auto at = std::find_if(all_.begin(), all_.end(), [](const auto& t) { return !t->under_way; });
    if (at == all_.end() || packet.size() > room) {
        counters_[m_no_room]->add();
        end(id, outcome::no_room, c.now());
        return true;
    }
    traveller& t = **at;
    t.under_way = true;
    t.interface = interface;
    t.association = mine;
    t.steps = steps;
    t.id = id;
    t.job.association = to->second.name;
    t.job.length = static_cast<std::uint32_t>(packet.size());
    m_.ram.write(t.job.source, packet.data(), packet.size(), c.now());
    counters_[m_sent]->add();
    const unsigned adapter = to->second.adapter;
    c.spend(host::of(host::cost::copy_byte), packet.size());
    m_.stack.submit(c, *this, adapter, t.job);
    return true;
}

void sent_back::finished(host::cpu& c, driver::job& j) {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& t) { return &t->job == &j; });
    traveller& t = **at;
    t.under_way = false;
    const bool good = t.job.result == driver::status::done && t.job.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    counters_[good ? m_returned : m_refused]->add();
    if (!good) return end(t.id, outcome::not_verified, c.now());
    result_.resize(t.job.octets);
    m_.ram.read(t.job.destination, result_.data(), result_.size(), c.now());
    ipsec::applied step;
    step.association = t.association;
    step.sequence = t.job.sequence;
    t.steps.push_back(step);
    m_.security->go_on(c, t.interface, result_, t.steps, t.id);
}

}  // namespace nicteam::stack
