#include "nic/own_memory.h"

#include <algorithm>
#include <utility>

namespace nicteam::nic {
namespace {

constexpr unsigned word_octets = 4;

}  // namespace

own_memory::own_memory(pci::services& bus, std::uint32_t octets) : bus_(bus), memory_(octets), agenda_("memory_timers", *this, 1) {}

// ---------------------------------------------------------------- a target
std::uint32_t own_memory::read(unsigned bar, std::uint32_t offset, unsigned size, ps at) {
    if (bar != window) return core_->read(bar, offset, size, at);
    std::uint32_t v = 0;
    for (unsigned n = 0; n < size; ++n) v |= static_cast<std::uint32_t>(memory_.at(offset + n)) << 8 * n;
    return v;
}

void own_memory::write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (bar != window) return core_->write(bar, offset, size, v, at);
    for (unsigned n = 0; n < size; ++n) memory_.at(offset + n) = static_cast<std::uint8_t>(v >> 8 * n);
}

pci::answer own_memory::respond(unsigned bar, std::uint32_t offset, bool write) { return bar == window ? pci::answer{} : core_->respond(bar, offset, write); }

void own_memory::reset(pci::reset_kind how, ps at) {
    if (how == pci::reset_kind::power_up) std::fill(memory_.begin(), memory_.end(), std::uint8_t{0});
    core_->reset(how, at);
}

// ---------------------------------------------------------------- transfers of the nic's own
bool own_memory::holds(const pci::transfer& t, std::uint32_t& offset) const {
    return pci::is_memory(t.command) && configuration().decode(false, t.address, offset) == static_cast<int>(window) && memory_.size() - offset >= t.bytes;
}

void own_memory::start(pci::transfer& t, ps act) {
    std::uint32_t offset = 0;
    if (!holds(t, offset)) return bus_.start(t, act);
    if (!t.withdrawn) t.done = t.attempts = t.retries = 0;           // attempts are those of the bus: none
    waiting_.push_back({&t, offset, clock().at_or_after(act) + clock().period()});
    plan();
}

void own_memory::limit(pci::transfer& t, ps from) {
    if (&t != current_.what && std::none_of(waiting_.begin(), waiting_.end(), [&](const entry& e) { return e.what == &t; })) bus_.limit(t, from);
}

void own_memory::abandon(ps at) {
    if (current_.what) current_.what->under_way = nullptr;
    current_ = {};
    waiting_.clear();
    agenda_.clear(0);
    free_ = 0;
    bus_.abandon(at);
}

void own_memory::plan() {
    if (current_.what || waiting_.empty()) return;
    ps first = never;
    for (const entry& e : waiting_) first = std::min(first, e.from);
    agenda_.set(0, std::max(first, free_));
}

void own_memory::due(unsigned, ps at) {
    agenda_.clear(0);
    if (current_.what) end(at);
    else begin(at);
    plan();
}

// The lowest priority number first, then who asked first.
void own_memory::begin(ps at) {
    auto next = waiting_.end();
    for (auto e = waiting_.begin(); e != waiting_.end(); ++e)
        if (e->from <= at && (next == waiting_.end() || e->what->priority < next->what->priority)) next = e;
    const entry chosen = *next;
    waiting_.erase(next);
    pci::transfer& t = *chosen.what;
    const pci::attempt a = core_->decide(t, at - clock().period());
    if (a.bytes == 0) {
        t.withdrawn = true;
        return;
    }
    current_ = chosen;
    t.attempt_bytes = a.bytes;
    if (!pci::is_write(t.command)) std::copy_n(memory_.data() + chosen.offset + t.done, a.bytes, t.data + t.done);
    pci::pci_extension& x = pci::extension_of(words_);
    x.word_bytes = word_octets;
    x.data.clear();
    x.data.append({at, clock().period(), pci::data_phases(t.address + t.done, a.bytes, word_octets)});
    t.under_way = &words_;
    agenda_.set(0, x.data.last());
    core_->planned(t, at);
}

void own_memory::end(ps at) {
    const entry e = std::exchange(current_, {});
    pci::transfer& t = *e.what;
    if (pci::is_write(t.command)) std::copy_n(t.data + t.done, t.attempt_bytes, memory_.data() + e.offset + t.done);
    t.done += t.attempt_bytes;
    t.under_way = nullptr;
    free_ = clock().after(at);
    if (t.done >= t.bytes) return core_->ended(t, pci::transfer_result::done, at);
    waiting_.push_back({&t, e.offset, free_});
    core_->attempt_ended(t, pci::ending::limited, free_);
}

}  // namespace nicteam::nic
