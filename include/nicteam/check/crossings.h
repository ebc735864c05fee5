// I-9: the body of a packet crosses the buses of a host as often as the crossing table says: once if it was born in the host
// (plain transmit), once if it ended there (plain receive), else never. And one master drives a bus at a time.
//
// Own books: octets that tenures move from or to memory that the shadow of that bus maps to a packet. Retries, disconnects and
// partial tenures add up octet by octet; words that are fetched twice show. A packet that a device in doubt has touched (sim/doubt.h), or
// that nobody touched in a host in doubt, is not judged. A packet that was delivered has crossed whole, and as the model reports it; one lost on its way, or cut by an abort, may have crossed in part, never more often. What a frame was
// before it was damaged counts with the damaged copy.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/pci/bus.h"
#include "nicteam/report/id_table.h"

namespace nicteam::check {

// Hears of tenures beside the bodies of packets.
class beside_bodies {
public:
    virtual ~beside_bodies() = default;
    virtual void moved(std::uint32_t host, std::uint64_t address, std::uint32_t octets, bool read) = 0;
};

class crossings : public sim::packet_observer {
public:
    crossings(breaches&, sim::session&, ps after_end = 10 * millisecond);
    ~crossings() override;

    // After elaboration; buses that are not watched are not checked. `bridges`: bit m, master m is a PCI-to-PCI bridge; what it carries has
    // crossed, or will cross, the bus behind it and counts there: it may fetch more than is asked for, and some of it twice.
    void watch(pci::bus&, std::uint32_t bridges = 0);

    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string& where, ps) override {}
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string& bus, std::uint32_t octets, ps) override;

    void finish(ps end);

    // A tenure on a watched bus: what the bus tells us, or a test that breaks the rules.
    void overheard(const pci::bus&, const pci::payload&, const pci::pci_extension&);

    // Octets of packet bodies that crossed this bus, by our own books.
    std::uint64_t octets(const pci::bus&) const;

    // Octets at addresses of no packet.
    void tell(beside_bodies& b) { beside_ = &b; }
    bool made_inside(const std::string& where) const;
    std::uint32_t host_of(const std::string& path) const;    // 0: in no host whose bus is watched
    const std::string& host_name(std::uint32_t host) const { return hosts_[host]; }
    bool in_doubt(std::uint32_t host) const { return doubts_[host]->raised(); }
    // How often the whole body has crossed the host's buses; nothing: in part, or nobody can tell. A body that ended is known for `after_end`.
    std::optional<unsigned> times(trace_id, std::uint32_t host);
    // A unit fetched it to send it and did not: another one may, and it crosses again. From now on it is not judged.
    void not_sent(trace_id);
    // What is made of it lies in memory of a nic: its header crosses, and all of it when another nic sends it. Told before that is born.
    void beside_the_bus(trace_id);

private:
    class bus_books;
    struct body {
        trace_id id = 0;
        std::uint32_t octets = 0;                // as born: destination address … FCS, or … last payload octet
        std::uint32_t crossed_as = 0;            // in the host where it was born: what its device made it of had another size
        bool ended = false, lost = false, goes_on = false, aborted = false, complained = false;
        bool in_memory = false;                  // made by software of what had crossed already
        bool leads_beside = false, beside = false;       // what is made of it lies in memory of a nic; it does
        std::uint32_t birthplace = 0, endplace = 0;      // numbers of hosts, 0: none
        ps end = 0;
        std::vector<std::uint32_t> moved, told;  // by host: by tenures; by the model's own report
    };
    static constexpr std::uint32_t touched_in_doubt = UINT32_MAX;     // instead of octets moved
    void aborted(std::uint32_t host, std::uint64_t address, ps at);
    void moved(std::size_t bus, trace_id, std::uint32_t octets, bool aborted, ps);
    static std::uint32_t greatest(const body&, std::uint32_t host);  // octets that may cross, by the crossing table
    static std::uint32_t least(const body&, std::uint32_t host);     // … that must
    void judge(body&, ps);
    void close(std::uint32_t slot);
    void breach(body&, std::size_t host, const char* what, ps);
    std::uint32_t number_of(const std::string& host);
    bool of_device(const std::string& path) const;
    body* find(trace_id id) { return recent_ && recent_->id == id ? recent_ : look_up(id); }
    body* look_up(trace_id);

    breaches& breaches_;
    sim::session& session_;
    ps after_end_;
    std::vector<std::unique_ptr<bus_books>> buses_;
    std::vector<std::string> hosts_;             // by number; "" is none
    std::vector<const sim::doubt*> doubts_;      // by host
    std::deque<body> bodies_;
    std::vector<std::uint32_t> free_;
    std::deque<std::uint32_t> waiting_;          // ended, but a tenure may still come: a second crossing after the end
    report::id_table under_way_;
    beside_bodies* beside_ = nullptr;
    body* recent_ = nullptr;                     // found last: a packet crosses in many tenures
};

}  // namespace nicteam::check
