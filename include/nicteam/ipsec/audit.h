// What RFC 4301 5.2 and RFC 4303 2.2, 3.4 want audited of packets that are dropped: SPI, time, source, destination, sequence number. Of each reason how
// often, and the first: nobody who sends bad packets fills a memory.
#pragma once

#include <map>
#include <string>

#include "nicteam/ipsec/process.h"

namespace nicteam::ipsec {

class audit_trail {
public:
    struct entry {
        std::uint64_t times = 0;
        // of the first
        ps at = 0;
        packet::ip_address source, destination;
        std::uint32_t spi = 0;               // 0: it shows none
        std::uint32_t sequence = 0;          // as it stands in the packet
    };
    // Only what is auditable is kept. `packet`: as it was when it was dropped.
    void add(passage, outcome, packet::octets packet, ps at);
    const std::map<std::string, entry>& entries() const { return entries_; }      // by reason

private:
    std::map<std::string, entry> entries_;
};

}  // namespace nicteam::ipsec
