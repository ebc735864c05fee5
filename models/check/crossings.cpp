#include "nicteam/check/crossings.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::check {
namespace {

constexpr std::uint32_t fcs = 4, least = 60;              // octets; least: IEEE 802.3 3.2.8, FCS not counted
constexpr ps grace = 10 * millisecond;                    // how long after its end a packet is still watched

std::uint32_t fewest(std::uint32_t octets) { return octets > fcs ? octets - fcs : 0; }
std::uint32_t most(std::uint32_t octets) { return std::max(octets, least) + fcs; }

}  // namespace

class crossings::bus_books : public pci::tenure_observer {
public:
    bus_books(crossings& c, std::size_t number, pci::bus& b, sim::shadow& s) : path(b.name()), owner_(c), number_(number), shadow_(s), streams_(32) {}

    void tenure(const pci::payload& p, const pci::pci_extension& e) override {
        if (!pci::is_memory(e.command)) return;
        const bool aborted = e.why == pci::ending::master_abort || e.why == pci::ending::target_abort;
        const std::uint64_t address = p.get_address();
        const std::uint64_t carried = static_cast<std::uint64_t>(e.done) * e.word_bytes;
        const std::uint32_t n = e.done == 0 ? 0 : static_cast<std::uint32_t>(std::min<std::uint64_t>(carried - address % e.word_bytes, p.get_data_length()));
        if (n == 0 && !aborted) return;
        stream& s = streams_[e.master % streams_.size()];
        if (n != 0 && address == s.next && n <= s.left) {          // goes on where it stopped, within the same body
            s.next += n;
            s.left -= n;
            return owner_.moved(number_, s.id, n, aborted, e.idle);
        }
        s = {};
        if (n == 0) {
            if (const trace_id id = shadow_.at(address)) owner_.moved(number_, id, 0, true, e.idle);
            return;
        }
        const trace_id first = shadow_.at(address), last = shadow_.at(address + n - 1);
        if (first != last) return by_octet(address, n, aborted, e.idle);
        if (first == 0) {
            for (std::uint64_t a = address + step; a + 1 < address + n; a += step)
                if (shadow_.at(a)) return by_octet(address, n, aborted, e.idle);
            return;
        }
        const body* b = owner_.find(first);
        if (!b) return;
        s.next = address + n;
        s.id = first;
        s.left = fewest(b->octets) > n ? fewest(b->octets) - n : 0;
        owner_.moved(number_, first, n, aborted, e.idle);
    }

    // Most reports name it by the same string.
    bool named(const std::string& bus) {
        if (&bus == known_ && bus.size() == path.size()) return true;
        if (bus != path) return false;
        known_ = &bus;
        return true;
    }

    std::string path;
    std::uint64_t octets = 0;

private:
    const std::string* known_ = nullptr;
    // Where a master stopped: `left` octets from there on surely belong to the same body.
    struct stream { std::uint64_t next = 0; trace_id id = 0; std::uint32_t left = 0; };
    static constexpr std::uint64_t step = 32;

    // Several packets, or packets and other things, in one tenure.
    void by_octet(std::uint64_t address, std::uint32_t n, bool aborted, ps at) {
        for (std::uint64_t a = address; a < address + n;) {
            const trace_id id = shadow_.at(a);
            std::uint64_t end = a + 1;
            while (end < address + n && shadow_.at(end) == id) ++end;
            if (id) owner_.moved(number_, id, static_cast<std::uint32_t>(end - a), aborted, at);
            a = end;
        }
    }

    crossings& owner_;
    std::size_t number_;
    sim::shadow& shadow_;
    std::vector<stream> streams_;
};

crossings::crossings(breaches& b, sim::session& s) : breaches_(b), session_(s) {}
crossings::~crossings() = default;

void crossings::watch(pci::bus& b) {
    buses_.push_back(std::make_unique<bus_books>(*this, buses_.size(), b, session_.shadow_of(b.name())));
    b.observe(*buses_.back());
}

crossings::body* crossings::look_up(trace_id id) {
    const std::uint32_t slot = under_way_.find(id);
    return slot == report::id_table::none ? nullptr : recent_ = &bodies_[slot];
}

void crossings::born(trace_id id, trace_id parent, const std::string&, std::uint32_t octets, ps) {
    if (id == 0 || find(id)) return;                     // conservation complains
    body* original = parent ? find(parent) : nullptr;
    if (original) original->parted = true;
    std::uint32_t slot;
    if (free_.empty()) {
        slot = static_cast<std::uint32_t>(bodies_.size());
        bodies_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    under_way_.insert(id, slot);
    body& b = bodies_[slot];
    b.id = id;
    b.octets = octets;
    b.ended = b.lost = b.aborted = b.complained = false;
    b.parted = original != nullptr;
    b.moved.assign(buses_.size(), 0);
    b.told.assign(buses_.size(), 0);
}

void crossings::breach(body& b, std::size_t bus, const char* what, ps at) {
    if (b.complained) return;
    b.complained = true;
    breaches_.report(checker::crossings, at, fmt::format("packet {} of {} B {} {}: {} B moved in tenures, {} B reported", id_text(b.id), b.octets, what,
                                                         buses_[bus]->path, b.moved[bus], b.told[bus]));
}

void crossings::moved(std::size_t bus, trace_id id, std::uint32_t octets, bool aborted, ps at) {
    body* b = find(id);
    if (!b || bus >= b->moved.size()) return;
    b->aborted |= aborted;
    b->moved[bus] += octets;
    buses_[bus]->octets += octets;
    if (b->moved[bus] > most(b->octets)) breach(*b, bus, "crossed more than once over", at);
}

void crossings::crossed(trace_id id, const std::string& bus, std::uint32_t octets, ps) {
    body* b = find(id);
    if (!b) return;
    for (std::size_t i = 0; i < b->told.size(); ++i)
        if (buses_[i]->named(bus)) b->told[i] += octets;
}

void crossings::judge(body& b, ps at) {
    for (std::size_t i = 0; i < b.moved.size(); ++i) {
        // A frame that was damaged on its way crosses partly as the original, partly as the copy.
        if (b.lost || b.aborted || b.parted || b.moved[i] == b.told[i]) {
            if (!b.lost && !b.aborted && !b.parted && b.moved[i] != 0 && b.moved[i] < fewest(b.octets)) breach(b, i, "crossed only in part over", at);
            continue;
        }
        breach(b, i, "did not cross as reported over", at);
    }
}

void crossings::ended(trace_id id, const outcome_info& o, const std::string&, ps at) {
    const std::uint32_t slot = under_way_.find(id);
    if (id == 0 || slot == report::id_table::none || bodies_[slot].ended) return;
    body& b = bodies_[slot];
    b.ended = true;
    b.lost = o.lost;
    b.end = at;
    judge(b, at);
    waiting_.push_back(slot);
    while (bodies_[waiting_.front()].end + grace < at) {
        close(waiting_.front());
        waiting_.pop_front();
    }
}

void crossings::close(std::uint32_t slot) {
    if (recent_ == &bodies_[slot]) recent_ = nullptr;
    under_way_.erase(bodies_[slot].id);
    free_.push_back(slot);
}

void crossings::finish(ps) {
    for (std::uint32_t slot : waiting_) close(slot);
    waiting_.clear();
}

std::uint64_t crossings::octets(const pci::bus& b) const {
    for (const auto& books : buses_)
        if (books->path == b.name()) return books->octets;
    return 0;
}

}  // namespace nicteam::check
