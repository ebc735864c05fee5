// I-9: the body of a packet crosses a host's bus as often as the crossing table says; for plain transmit and receive once.
//
// Own books: octets that tenures move from or to memory that the shadow of that bus maps to a packet. Retries, disconnects and
// partial tenures add up octet by octet; words that are fetched twice show. At the end of a packet that was not lost, each bus
// has moved none of it or all of it, once. A packet lost on its way may have crossed in part, never more than once.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/pci/bus.h"
#include "nicteam/report/id_table.h"

namespace nicteam::check {

class crossings : public sim::packet_observer {
public:
    crossings(breaches&, sim::session&);
    ~crossings() override;

    void watch(pci::bus&);               // after elaboration; buses that are not watched are not checked

    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string& where, ps) override {}
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string& bus, std::uint32_t octets, ps) override;

    void finish(ps end);

    // Octets of packet bodies that crossed this bus, by our own books.
    std::uint64_t octets(const pci::bus&) const;

private:
    class bus_books;
    struct body {
        trace_id id = 0;
        std::uint32_t octets = 0;                // as born: destination address … FCS, or … last payload octet
        bool ended = false, lost = false, aborted = false, parted = false, complained = false;
        ps end = 0;
        std::vector<std::uint32_t> moved, told;  // per watched bus: by tenures; by the model's own report
    };
    void moved(std::size_t bus, trace_id, std::uint32_t octets, bool aborted, ps);
    void judge(body&, ps);
    void close(std::uint32_t slot);
    void breach(body&, std::size_t bus, const char* what, ps);
    body* find(trace_id id) { return recent_ && recent_->id == id ? recent_ : look_up(id); }
    body* look_up(trace_id);

    breaches& breaches_;
    sim::session& session_;
    std::vector<std::unique_ptr<bus_books>> buses_;
    std::deque<body> bodies_;
    std::vector<std::uint32_t> free_;
    std::deque<std::uint32_t> waiting_;          // ended, but a tenure may still come: a second crossing after the end
    report::id_table under_way_;
    body* recent_ = nullptr;                     // found last: a packet crosses in many tenures
};

}  // namespace nicteam::check
