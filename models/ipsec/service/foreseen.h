// Packets that will probably be opened: they are being opened already. A few; what nobody asks for is forgotten.
#pragma once

#include <deque>
#include <memory>

#include "ipsec/service/sealed_packet.h"

namespace nicteam::ipsec {

class foreseen {
public:
    static constexpr std::size_t most = 64;
    explicit foreseen(work_stealing& w) : workers_(w) {}
    foreseen(const foreseen&) = delete;
    foreseen& operator=(const foreseen&) = delete;

    void open(std::shared_ptr<packet_task>);
    // The task for this very packet, done; nullptr: nobody foresaw it.
    std::shared_ptr<packet_task> take(std::uint64_t transform, std::optional<std::uint32_t> high, packet::octets whole);

private:
    work_stealing& workers_;
    std::deque<std::shared_ptr<packet_task>> all_;
};

}  // namespace nicteam::ipsec
