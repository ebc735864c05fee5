// What is done to a frame on its way out: an association that its command names is put on. Functions of octets and of a time; when it
// happens is the blocks'. Refused means that nothing of the packet goes out, never that it goes out as it was.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/ipsec/protect.h"
#include "nicteam/offload/served_associations.h"
#include "nicteam/packet/identification.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

// What a command block asks for.
struct protection_order {
    state::handle association;
    std::uint64_t sequence = 0;               // 0: the next one of what is lent to the association
};

enum class transmit_refusal : std::uint8_t {
    none,
    stale_handle,                             // no association of this index and generation
    number_refused,                           // not behind all that it used or was lent, or numbers are lent to it
    no_number,                                // none is lent to it
    exhausted,                                // and none will be (RFC 4303, 3.3.3)
    expired,                                  // past a hard lifetime
    without_engines,                          // they are out of use
    frozen,                                   // what the association had is the host's
    too_long,                                 // behind the association, for the path or the link
    packet,                                   // `why` tells
};

struct protected_frame {
    transmit_refusal refused = transmit_refusal::none;
    ipsec::outcome why = ipsec::outcome::done;
    bool soft_expired = false;                // the association had asked for its successor before
    std::uint64_t sequence = 0;
    bytes octets;                             // destination address … last octet of ICV, neither filled up nor with an FCS
    ipsec::work work;
    ipsec::sealed_later later;                // `octets` are whole when it has finished them
};

class transmit_protection {
public:
    // `first`: of the indices in handles.
    transmit_protection(std::size_t associations, std::uint32_t first, std::size_t longest, engine_set e)
        : known_(associations, first, std::move(e), way::out), longest_(longest) {}

    struct added {
        state::handle handle;
        std::string refused;                  // empty: it is there, without a number
    };
    added install(const ipsec::association_parameters&, ps now, std::uint64_t iv_seed, ipsec::payload_kind = ipsec::payload_kind::real);

    // `frame`: destination address … last octet of the packet. The number is drawn here.
    protected_frame protect(const protection_order&, packet::octets frame, ps now);

    // A fault: for a test of who watches numbers.
    void repeat_numbers(bool on) { repeats_ = on; }

    served_associations& known() { return known_; }
    packet::identification_source& identifications() { return identifications_; }

private:
    served_associations known_;
    std::size_t longest_;                     // octets of a packet on the link
    packet::identification_source identifications_;
    bool repeats_ = false;
    protection_order latest_;
};

}  // namespace nicteam::offload
