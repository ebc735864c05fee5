#include <algorithm>
#include <stdexcept>
#include <utility>

#include "host/bridge.h"

namespace nicteam::host {

cpu_side::cpu_side(const sc_core::sc_object& o, const bridge_config& c, const clock_domain& clock, const memory_side& m)
    : config_(c), clock_(clock), memory_(m), agenda_("cpu_agenda", *this, 1), reads_(sim::bind_counter(o, bridge_info.metrics.rows[5])),
      writes_(sim::bind_counter(o, bridge_info.metrics.rows[6])), retries_(sim::bind_counter(o, bridge_info.metrics.rows[7])),
      aborts_(sim::bind_counter(o, bridge_info.metrics.rows[8])), given_up_(sim::bind_counter(o, bridge_info.metrics.rows[10])) {}

void cpu_side::connect(unsigned cpu, cpu_port_user& u) {
    if (queues_.size() <= cpu) queues_.resize(cpu + 1);
    queues_[cpu].user = &u;
    queues_[cpu].entries.resize(config_.cpu_writes + 1);
}

void cpu_side::append(queue& q, const entry& e) {
    q.entries[(q.first + q.used++) % q.entries.size()] = e;
    if (!current_ && (agenda_.planned(0) == never || e.ready < agenda_.planned(0))) agenda_.set(0, e.ready);
}

bool cpu_side::post(unsigned cpu, const cpu_access& a, ps at) {
    queue& q = queues_.at(cpu);
    if (q.writes == config_.cpu_writes) {
        q.wants_room = true;
        return false;
    }
    ++q.writes;
    append(q, {a, nullptr, at, clock_.after(at, config_.outbound)});
    return true;
}

void cpu_side::start(unsigned cpu, cpu_access& a, ps at) {
    append(queues_.at(cpu), {a, &a, at, clock_.after(at, config_.outbound)});
}

// Nothing of ours is on the bus at this edge: the oldest access goes, so that a read pushes the writes of every CPU; at one
// instant the lowest CPU's.
void cpu_side::pick(ps at) {
    current_ = nullptr;
    for (queue& q : queues_)
        if (q.used && (!current_ || q.front().asked < current_->front().asked)) current_ = &q;
    const ps next = current_ ? current_->front().ready : never;
    if (next > at) {
        current_ = nullptr;
        agenda_.set(0, next);
        return;
    }
    agenda_.clear(0);
    const cpu_access& a = current_->front().access;
    transfer_ = pci::transfer{};
    transfer_.address = a.address;
    transfer_.bytes = a.bytes;
    transfer_.data = bytes_.data();
    transfer_.command = a.command;
    for (unsigned i = 0; i < 4; ++i) bytes_[i] = static_cast<std::uint8_t>(a.data >> 8 * i);
    initiator_->submit(transfer_, at);
}

// One clock behind, when the initiator has let go of it.
pci::attempt cpu_side::decide(const pci::transfer& t, ps) {
    if (!config_.retry_limit || t.retries < config_.retry_limit) return {t.command, t.bytes - t.done};
    giving_up_ = true;
    agenda_.set(0, clock_.after(sim::now()));
    return {t.command, 0};
}

void cpu_side::due(unsigned, ps at) {
    if (std::exchange(giving_up_, false)) {
        given_up_.add();
        return ended(transfer_, pci::transfer_result::master_abort, at);
    }
    if (!current_) pick(at);
}

void cpu_side::ended(pci::transfer& t, pci::transfer_result result, ps at) {
    queue& q = *current_;
    entry& e = q.front();
    retries_.add(t.retries);
    if (result != pci::transfer_result::done) aborts_.add();
    cpu_access* waiting = e.waiting;
    q.first = (q.first + 1) % static_cast<unsigned>(q.entries.size());
    --q.used;
    if (waiting) {
        reads_.add();
        waiting->good = result == pci::transfer_result::done;
        if (!is_write(t.command)) {
            waiting->data = 0;
            for (unsigned i = 0; i < t.bytes; ++i) waiting->data |= static_cast<std::uint32_t>(bytes_[i]) << 8 * i;
        }
        // What devices had posted before is in memory first.
        q.user->finished(*waiting, std::max(at + config_.inbound * clock_.period(), memory_.last_posted() + 1));
    } else {
        writes_.add();
        --q.writes;
        if (q.wants_room) {
            q.wants_room = false;
            q.user->room(at);
        }
    }
    pick(at);
}

}  // namespace nicteam::host
