// What a bridge does with a frame: learns, filters, forwards, floods (IEEE 802.1D 7.7 to 7.9). Apart from time: no kernel.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/wire/filtering_database.h"
#include "nicteam/wire/port_choice.h"

namespace nicteam::wire {

class forwarding {
public:
    enum class fate : std::uint8_t {
        forwarded,      // by its entry, to one port
        unknown,        // flooded: no entry
        to_group,       // flooded: a group address
        filtered,       // its entry is where it came from
        reserved,       // 01-80-C2-00-00-00 … 0F: the bridge's own (IEEE 802.1D table 7-10)
        no_port,        // nothing else is up, or a static entry's port is down
    };
    struct decision {
        fate what = fate::no_port;
        filtering_database::lesson lesson = filtering_database::lesson::refreshed;
        std::vector<unsigned> to;       // ports, ascending
    };
    struct group { std::vector<unsigned> ports; port_choice_kind choice; };

    forwarding(unsigned ports, const std::vector<group>&, std::size_t table_size, ps ageing);

    void fix(std::uint64_t address, unsigned port) { table_.fix(address, place_of(port)); }
    // A port may send and receive or no longer. What was learned there goes with the last port of the place, whoever comes up at that
    // very instant; how many.
    std::size_t set_up(unsigned port, bool up, ps at);
    bool up(unsigned port) const { return up_since_[port] != never; }

    // learns: false for a frame whose port has been down since it came.
    const decision& decide(const bytes& frame, unsigned from, bool learns, ps now);

    // A port is a place of its own, or shares that of its group.
    filtering_database::place place_of(unsigned port) const { return place_[port]; }
    unsigned members_up(std::size_t group) const { return static_cast<unsigned>(active_[ports_ + group].size()); }
    filtering_database& table() { return table_; }
    const filtering_database& table() const { return table_; }

private:
    unsigned port_at(filtering_database::place, const bytes& frame);

    unsigned ports_;
    filtering_database table_;
    std::vector<filtering_database::place> place_;          // by port
    std::vector<std::vector<unsigned>> active_;             // by place: its ports that are up
    std::vector<std::unique_ptr<port_choice>> choice_;      // by place; null: a port
    std::vector<ps> up_since_;                              // never: down
    decision last_;
};

constexpr std::uint64_t first_reserved = 0x0180C2000000, last_reserved = 0x0180C200000F;

}  // namespace nicteam::wire
