#include "nicteam/rings/ring_unit.h"

#include <algorithm>
#include <utility>

#include "nicteam/sim/session.h"
#include "rings/tables.h"

namespace nicteam::rings {

const table<metric_info> ring_unit_metrics = metrics;
const block_info ring_unit_info = {"crypto_rings", "rings of a nic with a crypto block: docs/crypto-face.md", {}, metrics, {}, {}, {}, {}, {}};

struct ring_unit::parts {
    parts(const sc_core::sc_object& owner, const ring_unit_config& c)
        : associations(c.able.associations, offload::engine_set(c.engines, static_cast<offload::coupling>(c.coupling))),
          engines(owner, clock_domain(c.engine_period), associations.engines(), c.health) {}
    own_associations associations;
    own_engines engines;
};

ring_unit::ring_unit(sc_core::sc_module_name name, const sc_core::sc_object& owner, const ring_unit_config& c, pci::services& bus,
                     ipsec::payload_kind payload)
    : ring_unit(name, owner, c, bus, std::make_unique<parts>(owner, c), std::nullopt, payload) {}

ring_unit::ring_unit(sc_core::sc_module_name name, const sc_core::sc_object& owner, const ring_unit_config& c, pci::services& bus, ring_carrier carrier,
                     ipsec::payload_kind payload)
    : ring_unit(name, owner, c, bus, nullptr, carrier, payload) {}

ring_unit::ring_unit(sc_core::sc_module_name name, const sc_core::sc_object& owner, const ring_unit_config& c, pci::services& bus,
                     std::unique_ptr<parts> own, std::optional<ring_carrier> carrier, ipsec::payload_kind payload)
    : sc_module(name),
      config_(c),
      bus_(bus),
      engine_clock_(c.engine_period),
      own_(std::move(own)),
      processor_(c.able, carrier ? carrier->associations : own_->associations, sim::stream_of(owner, "iv").next(), payload),
      engines_(carrier ? carrier->engines : own_->engines),
      agenda_("agenda", *this, slots),
      executed_(sim::bind_counter(owner, metrics[executed_entries])),
      not_executed_(sim::bind_counter(owner, metrics[refused_entries])),
      jobs_out_(sim::bind_counter(owner, metrics[jobs_out])),
      jobs_in_(sim::bind_counter(owner, metrics[jobs_in])),
      engine_failures_(sim::bind_counter(owner, metrics[engine_failures])),
      octets_read_(sim::bind_counter(owner, metrics[octets_read])),
      octets_written_(sim::bind_counter(owner, metrics[octets_written])),
      time_(sim::bind_histogram(owner, metrics[entry_time])) {}
ring_unit::~ring_unit() = default;

const ipsec::association_table& ring_unit::associations() const { return own_->associations.table(); }
offload::engine_health& ring_unit::own_health() { return own_->engines.health(offload::way::out); }
const offload::engine_health& ring_unit::own_health() const { return own_->engines.health(offload::way::out); }

// Something happened at `at`: its side looks at it at the next edge.
void ring_unit::wake(unsigned slot, ps at) { agenda_.set(slot, std::min(agenda_.planned(slot), bus_.clock().after(at))); }

void ring_unit::due(unsigned slot, ps at) {
    if (resetting_ && slot != slot_reset) return;
    switch (slot) {
        case slot_reset: return asked_to_reset(at);
        case slot_abort: return abort_from_here(at);
        case slot_store: return store(at);
        default: return fetch(at);
    }
}

void ring_unit::die(ps at) {
    fetching_ = fetching::nothing;
    change_status((status_.latest() & ~(status_running | status_aborting)) | status_dead, at);
}

// Behind a master that others use too nothing can be forgotten: what is under way ends first, and nothing is begun meanwhile.
void ring_unit::asked_to_reset(ps at) {
    resetting_ = !own_ && under_way();
    if (!resetting_) return reset(at);
    for (const unsigned s : {slot_abort, slot_store, slot_fetch}) agenda_.clear(s);
}

void ring_unit::reset(ps at) {
    if (own_) bus_.abandon(at);
    fetch_open_ = store_open_ = resetting_ = false;
    for (unsigned s = 0; s < slots; ++s) agenda_.clear(s);
    processor_.reset();
    engines_.stop();
    digest_free_ = 0;
    if (own_) own_health().reset(at);
    for (inside_entry& e : queue_) left_behind_.push_back(std::move(e));
    left_behind_.push_back(std::move(current_));
    queue_.clear();
    std::fill(parts_.begin(), parts_.end(), std::uint8_t{0});
    current_ = {};
    engines_.other_key(offload::way::out, {});
    fetching_ = fetching::nothing;
    storing_ = storing::nothing;
    fetched_ = stored_ = never;
    aborting_ = false;
    command_low_ = command_high_ = command_size_ = completion_low_ = completion_high_ = completion_size_ = 0;
    interrupt_enable_ = identifications_ = early_ = 0;
    told_ = false;
    processor_.use_identifications({});
    for (auto* r : {&head_, &tail_, &completion_tail_, &completion_head_}) r->set(at, 0);
    change_status(0, at);
}

void ring_unit::ended(pci::transfer& t, pci::transfer_result r, ps at) {
    const bool failed = r != pci::transfer_result::done;
    (&t == &fetch_ ? fetch_open_ : store_open_) = false;
    if (resetting_) return under_way() ? void() : wake(slot_reset, at);
    if (&t == &fetch_) {
        fetched_ = at, fetch_failed_ = failed;
        if (!failed) octets_read_.add(t.bytes);
        return wake(slot_fetch, at);
    }
    stored_ = at, store_failed_ = failed;
    if (!failed) octets_written_.add(t.bytes);
    if (storing_ == storing::completion && !failed) {
        completion_tail_.set(at, completion_tail_.latest() + 1);
        if (!std::exchange(told_, false)) tell(at);
    }
    wake(slot_store, at);
}

}  // namespace nicteam::rings
