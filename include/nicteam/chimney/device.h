// What a device with an Offload Target does with the host's questions and with segments, apart from when: questions in, answers and segments out.
#pragma once

#include <unordered_map>

#include "nicteam/chimney/messages.h"

namespace nicteam::chimney {

class device {
public:
    // `by` outlives it.
    device(const tcp::runner& by, const abilities& a, tcp::secret s) : target_(by, a, s) {}

    struct effects {
        std::vector<answer> answers;                                   // in order
        std::vector<tcp::results::outgoing> segments;
    };
    // Any entry with any octets. What is no question is answered `malformed`.
    void ask(ps now, const question&, packet::octets, effects&);
    void refuse(const question&, status, effects&) const;              // not even read

    // The connection that this segment is for and that runs here; empty: none, and it is the host's.
    state::handle between(const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment) const {
        return target_.between(source, destination, segment);
    }
    void take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, effects&);
    ps next_deadline() const { return target_.next_deadline(); }
    void on_timer(ps now, effects&);

    const chimney::target& target() const { return target_; }
    // What the host said of the connection that sends this; defaults when it is gone.
    tcp::transport_cached cached_of(const tcp::results::outgoing&) const;
    tcp::path* path_to(const packet::ip_address& local, const packet::ip_address& remote) { return target_.path_to(local, remote); }

private:
    struct told {                                                      // to the host, of a connection
        state::handle of;
        tcp::sequence next = 0, acknowledged = 0;
    };
    told& remember(state::handle);
    status act(ps now, const question&, packet::octets, bytes& back);
    void settle(state::handle touched, effects&);
    void tell(state::handle, std::uint32_t events, effects&);

    chimney::target target_;
    outcome out_;
    std::unordered_map<std::uint32_t, told> told_;                     // by index of the target's handle
};

}  // namespace nicteam::chimney
