#include "nicteam/check/crossings.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::check {
namespace {

constexpr std::uint32_t fcs = 4, least = 60;              // octets; least: IEEE 802.3 3.2.8, FCS not counted

// The crossing table for what there is: paths of a packet through a host, and how often its body crosses the host's buses.
constexpr std::uint32_t plain_transmit = 1;               // born there
constexpr std::uint32_t plain_receive = 1;                // ended there

constexpr std::uint32_t header = 14;                      // of Ethernet, which every frame has
// Of a frame of 64 octets from a host it is not known how many lay in memory, and how many the NIC padded.
std::uint32_t fewest(std::uint32_t octets, bool from_host) {
    if (from_host && octets == least + fcs) return header;
    return octets > fcs ? octets - fcs : 0;
}
std::uint32_t most(std::uint32_t octets) { return std::max(octets, least) + fcs; }

}  // namespace

class crossings::bus_books : public pci::tenure_observer {
public:
    bus_books(crossings& c, std::size_t number, pci::bus& b, std::uint32_t bridges, sim::session& s)
        : path(b.name()),
          owner_(c),
          number_(number),
          bridges_(bridges),
          shadow_(s.shadow_of(path)),
          doubt_(s.doubt_of(path)),
          streams_(b.masters()),
          period_(b.clock().period()) {
        const std::size_t dot = path.rfind('.');
        host = c.number_of(dot == std::string::npos ? path : path.substr(0, dot));
    }

    void tenure(const pci::payload& p, const pci::pci_extension& e) override {
        // FRAME# low before the bus was idle again, or more words than clocks: two masters drive.
        if (e.address < idle_ + (e.back_to_back ? 0 : 1) || e.idle <= e.address || e.done > static_cast<std::uint64_t>((e.idle - e.address) / period_))
            owner_.breaches_.report(checker::crossings, e.address, fmt::format("the tenure of master {} overlaps another on {}", e.master, path));
        idle_ = e.idle;
        if (!pci::is_memory(e.command)) return;
        const bool aborted = e.why == pci::ending::master_abort || e.why == pci::ending::target_abort;
        const std::uint64_t address = p.get_address();
        if (bridges_ >> e.master & 1u) {                           // what it carries was counted where it came from
            if (aborted) owner_.aborted(host, address, e.idle);
            return;
        }
        const std::uint32_t n = e.octets;
        if (n == 0 && !aborted) return;
        if (e.master >= streams_.size()) streams_.resize(e.master + 1);
        stream& s = streams_[e.master];
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
        if (!shadow_.any(address, n)) {
            if (owner_.beside_) owner_.beside_->moved(host, address, n, !pci::is_write(e.command));
            return;
        }
        const trace_id first = shadow_.at(address);
        if (first == 0 || first != shadow_.at(address + n - 1)) return several(address, n, aborted, e.idle);
        const body* b = owner_.find(first);
        if (!b) return;
        s.next = address + n;
        s.id = first;
        const std::uint32_t so_far = b->moved[host] + n;           // behind the body's end other octets may follow: a jam
        s.left = std::max(fewest(b->birthplace == host ? b->crossed_as : b->octets, b->birthplace != 0), so_far) - so_far;
        owner_.moved(number_, first, n, aborted, e.idle);
    }

    // Most reports name it by the same string.
    bool named(const std::string& bus) {
        if (&bus == known_ && bus.size() == path.size()) return true;
        if (bus != path) return false;
        known_ = &bus;
        return true;
    }

    void goes_on(trace_id before, trace_id copy) {
        for (stream& s : streams_)
            if (s.id == before) s.id = copy;
    }

    // Devices here may be misled: they fetch and store beside the bodies, and what they like.
    bool in_doubt() const { return doubt_.raised() && doubt_.reaches(path); }
    trace_id at(std::uint64_t address) const { return shadow_.at(address); }

    std::string path;
    std::uint64_t octets = 0;
    std::uint32_t host = 0;

private:
    const std::string* known_ = nullptr;
    // Where a master stopped: `left` octets from there on surely belong to the same body.
    struct stream { std::uint64_t next = 0; trace_id id = 0; std::uint32_t left = 0; };

    // Several packets, or packets and other things, in one tenure.
    void several(std::uint64_t address, std::uint32_t n, bool aborted, ps at) {
        shadow_.each(address, n, [&](trace_id id, std::uint32_t octets) { owner_.moved(number_, id, octets, aborted, at); });
    }

    crossings& owner_;
    std::size_t number_;
    std::uint32_t bridges_;
    sim::shadow& shadow_;
    const sim::doubt& doubt_;
    std::vector<stream> streams_;                          // by master
    ps period_, idle_ = -1;                                // of the latest tenure
};

crossings::crossings(breaches& b, sim::session& s, ps after_end) : breaches_(b), session_(s), after_end_(after_end), hosts_(1), doubts_(1) {}
crossings::~crossings() = default;

void crossings::watch(pci::bus& b, std::uint32_t bridges) {
    buses_.push_back(std::make_unique<bus_books>(*this, buses_.size(), b, bridges, session_));
    b.observe(*buses_.back());
}

std::uint32_t crossings::number_of(const std::string& host) {
    for (std::uint32_t n = 1; n < hosts_.size(); ++n)
        if (hosts_[n] == host) return n;
    hosts_.push_back(host);
    doubts_.push_back(&session_.doubt_of_host(host));
    return static_cast<std::uint32_t>(hosts_.size() - 1);
}

// A device's own: no bus of its host brings it there.
bool crossings::made_inside(const std::string& where) const {
    constexpr std::string_view own = ".chimney";
    return where.size() > own.size() && where.compare(where.size() - own.size(), own.size(), own) == 0 && of_device(where);
}

std::uint32_t crossings::host_of(const std::string& path) const {
    for (std::uint32_t n = 1; n < hosts_.size(); ++n) {
        const std::string& h = hosts_[n];
        if (path.compare(0, h.size(), h) == 0 && (path.size() == h.size() || path[h.size()] == '.')) return n;
    }
    return 0;
}

// Below a bus, where devices are.
bool crossings::of_device(const std::string& path) const {
    return std::any_of(buses_.begin(), buses_.end(), [&](const auto& b) { return path.rfind(b->path + ".", 0) == 0; });
}

crossings::body* crossings::look_up(trace_id id) {
    const std::uint32_t slot = under_way_.find(id);
    return slot == report::id_table::none ? nullptr : recent_ = &bodies_[slot];
}

void crossings::born(trace_id id, trace_id parent, const std::string& where, std::uint32_t octets, ps) {
    if (id == 0 || find(id)) return;                     // conservation complains
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
    b.octets = b.crossed_as = octets;
    b.ended = b.lost = b.goes_on = b.aborted = b.complained = b.in_memory = b.leads_beside = b.beside = false;
    b.birthplace = made_inside(where) ? 0 : host_of(where);
    b.moved.assign(hosts_.size(), 0);
    b.told.assign(hosts_.size(), 0);
    // What is made here of a packet from elsewhere, as IPsec is taken off it, was not born here either. A device's crosses the bus like
    // one that arrives, software's has crossed as what it was. What has ended is answered, not made into something.
    const body* made_of = parent && b.birthplace ? find(parent) : nullptr;
    if (made_of && !made_of->ended && made_of->birthplace != b.birthplace) {
        b.in_memory = made_of->in_memory || !of_device(where);
        b.birthplace = 0;
    }
    const body* led = parent && b.birthplace ? find(parent) : nullptr;
    b.beside = led && led->leads_beside;
    // A copy made within its host by a device, of what is not over there (the far end may have given it up): what has crossed of the one
    // serves the other, the rest crosses for it. What software makes of what it has not sent yet crosses as it is then.
    const body* original = parent && b.birthplace && of_device(where) ? find(parent) : nullptr;
    if (!original || original->birthplace != b.birthplace || (original->ended && original->endplace == b.birthplace)) return;
    b.crossed_as = original->crossed_as;                  // what IPsec was put on did so as it was before
    b.moved[b.birthplace] = original->moved[b.birthplace];
    b.told[b.birthplace] = original->told[b.birthplace];
    b.aborted = original->aborted;
    for (const auto& books : buses_)
        if (books->host == b.birthplace) books->goes_on(parent, id);
}

void crossings::breach(body& b, std::size_t host, const char* what, ps at) {
    if (b.complained) return;
    b.complained = true;
    breaches_.report(checker::crossings, at, fmt::format("packet {} of {} B {} {}: {} B moved in tenures, {} B reported", id_text(b.id), b.octets, what,
                                                         hosts_[host], b.moved[host], b.told[host]));
}

void crossings::moved(std::size_t bus, trace_id id, std::uint32_t octets, bool aborted, ps at) {
    body* b = find(id);
    if (!b) return;
    const std::uint32_t host = buses_[bus]->host;
    b->aborted |= aborted;
    buses_[bus]->octets += octets;
    if (buses_[bus]->in_doubt()) b->moved[host] = touched_in_doubt;
    if (b->moved[host] == touched_in_doubt) return;
    b->moved[host] += octets;
    if (!b->aborted && b->moved[host] > greatest(*b, host)) breach(*b, host, "crossed too often over the buses of", at);
}

// Behind a bridge: whose it was is known on the bus where it came from.
void crossings::aborted(std::uint32_t host, std::uint64_t address, ps at) {
    for (std::size_t n = 0; n < buses_.size(); ++n)
        if (buses_[n]->host == host)
            if (const trace_id id = buses_[n]->at(address)) moved(n, id, 0, true, at);
}

void crossings::crossed(trace_id id, const std::string& bus, std::uint32_t octets, ps) {
    body* b = find(id);
    if (!b) return;
    for (const auto& books : buses_)
        if (books->named(bus)) b->told[books->host] += octets;
}

// Before its end a packet may still come to any host, also to the one where it was born, over another NIC.
std::uint32_t crossings::greatest(const body& b, std::uint32_t host) {
    if (b.in_memory) return 0;
    return (b.birthplace == host ? plain_transmit * most(b.crossed_as) : 0) + (!b.ended || b.endplace == host ? plain_receive * most(b.octets) : 0);
}

std::uint32_t crossings::least(const body& b, std::uint32_t host) {
    if (b.in_memory) return 0;
    const bool from_host = b.birthplace != 0;
    const std::uint32_t out = b.birthplace == host ? plain_transmit * fewest(b.crossed_as, from_host) : 0;
    if (b.beside && b.moved[host] <= header) return 0;
    return out + (!b.ended || b.endplace == host ? plain_receive * fewest(b.octets, from_host) : 0);
}

void crossings::judge(body& b, ps at) {
    if (b.aborted || b.goes_on) return;
    for (std::uint32_t h = 1; h < b.moved.size(); ++h) {
        if (b.moved[h] == touched_in_doubt) continue;
        if (doubts_[h]->raised() && !b.moved[h] && !b.told[h]) continue;      // software believes what no device did
        if (b.moved[h] > greatest(b, h)) {
            breach(b, h, "crossed too often over the buses of", at);
            continue;
        }
        if (b.lost) continue;
        if (b.moved[h] != b.told[h]) breach(b, h, "did not cross as reported over the buses of", at);
        else if (b.moved[h] < least(b, h))
            breach(b, h, b.moved[h] ? "crossed only in part over the buses of" : "never crossed the buses of", at);
    }
}

void crossings::ended(trace_id id, const outcome_info& o, const std::string& where, ps at) {
    const std::uint32_t slot = under_way_.find(id);
    if (id == 0 || slot == report::id_table::none || bodies_[slot].ended) return;
    body& b = bodies_[slot];
    b.ended = true;
    b.lost = o.lost;
    b.goes_on = o.goes_on;
    b.end = at;
    b.endplace = o.in_device ? 0 : host_of(where);
    judge(b, at);
    waiting_.push_back(slot);
    while (bodies_[waiting_.front()].end + after_end_ < at) {
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

void crossings::not_sent(trace_id id) {
    if (body* b = find(id)) b->aborted = true;
}

void crossings::beside_the_bus(trace_id id) {
    if (body* b = find(id)) b->leads_beside = true;
}

std::optional<unsigned> crossings::times(trace_id id, std::uint32_t host) {
    const body* b = find(id);
    if (!b || b->aborted || doubts_[host]->raised() || b->moved[host] == touched_in_doubt) return {};
    const std::uint32_t moved = b->moved[host], size = b->birthplace == host ? b->crossed_as : b->octets;
    if (!moved || (b->beside && moved <= header)) return 0;
    const unsigned n = std::max(1u, moved / std::max(1u, nicteam::check::most(size)));
    for (unsigned k = n; k <= n + 1; ++k)
        if (moved >= k * fewest(size, b->birthplace != 0) && moved <= k * nicteam::check::most(size)) return k;
    return {};
}

void crossings::overheard(const pci::bus& b, const pci::payload& p, const pci::pci_extension& e) {
    for (const auto& books : buses_)
        if (books->path == b.name()) books->tenure(p, e);
}

std::uint64_t crossings::octets(const pci::bus& b) const {
    for (const auto& books : buses_)
        if (books->path == b.name()) return books->octets;
    return 0;
}

}  // namespace nicteam::check
