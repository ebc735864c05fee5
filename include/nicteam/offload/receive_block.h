// The receive side of the crypto block, put together: buffer 142, multiplexer 120, IPsec logic 21a, receiver IP logic 22b, feedback
// path 110 with buffer 140. Source document 004, FIG. 4; docs/crypto-block.md. In front of it is the MAC (16b), which has judged a
// frame when it says that it is good; behind it whoever stores packets.
#pragma once

#include <memory>

#include <systemc>

#include "nicteam/ipsec/audit.h"
#include "nicteam/ipsec/databases.h"
#include "nicteam/offload/classifier.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/offload/joint_observer.h"
#include "nicteam/offload/receive_record.h"
#include "nicteam/offload/stream.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::offload {

class association_source;
class engine_bank;
class engine_health;
class receive_end_152;
class transmit_end_152;
class served_associations;
class work_observer;

// What leaves the block.
struct delivered {
    frame_ref frame;          // destination address … FCS, which is the frame's own or, when IPsec was taken off it, a good one
    receive_record record;
    state::handle connection; // that the classifier found; generation 0: it goes to the receive unit
    step_list way;            // of FIG. 5, or of FIG. 7 when the prior art was chosen
};

// Who takes it: one at a time.
class receive_block_user {
public:
    virtual ~receive_block_user() = default;
    // Room for so many octets, record included, as an edge behind `at` sees it; else the block holds off until room_again().
    virtual bool has_room(std::uint32_t octets, ps at) const = 0;
    // Of the packet that comes, what may have come in all when an edge behind `at` looks, so that nothing overruns. Asked of one that is longer than has
    // ever room; the words behind it stall, and are planned anew with replans() when there is room_again().
    virtual std::uint32_t may_hold(std::uint32_t octets, ps) const { return octets; }
    virtual void replans(const span&, ps) {}
    // Its octets come as `octets` says, the record behind the frame. Those that are not planned yet lie in the far future.
    virtual void comes(const delivered&, const span& octets, ps at) = 0;
    virtual void came(const delivered&, ps at) = 0;              // the last one has passed
    virtual void changed_142(ps) {}                              // its level or its plan has
};

class receive_block : public sc_core::sc_module, private sim::agenda_user {
public:
    // Throws std::invalid_argument with the first of check()'s problems.
    receive_block(sc_core::sc_module_name, const crypto_config&, receive_block_user&);
    ~receive_block() override;

    // From the MAC: `octets` begins with the destination address. end(), while it is arriving(): good, or it never was.
    void begin(const frame_ref&, const span& octets);
    bool arriving() const;                        // else it was thrown away by a reset
    void replan(const span& octets);
    void end(const frame_ref&, bool good);
    void room_again();                            // at the present instant
    std::uint32_t level_142(ps at) const;         // octets, behind this instant
    ps reaches_142(std::uint32_t octets) const;   // when it holds so many, by present plans; at or before now: it does
    void reset(ps at);                            // what is inside goes; associations stay

    // Why there can be no such association here; empty: it is installed.
    std::string install(const ipsec::association_parameters&, ps at = 0, ipsec::payload_kind = ipsec::payload_kind::real);
    ipsec::association_table& associations();
    connection_table& connections();              // that the classifier asks; empty unless somebody fills it
    served_associations& known();                 // the same with its engines, for rings

    // Elaboration, with `cache_miss` over the bus: whom 21a asks for associations. `at`, an edge of the bus: its last octet has come; not good: it has not, or is
    // another, and the packet goes on as one whose engines failed.
    void fetch_from(association_source&);
    void fetched(bool good, ps at);

    void watch(joint_observer&);      // elaboration
    void watch(work_observer&);       // likewise
    const ipsec::audit_trail& audited() const;    // of what it refused

    // For the transmit side, when both share engines, and for jobs: whose they are, and that what is due at the present instant has
    // happened here.
    engine_bank& engines();
    engine_health& health();                      // of this direction's
    void serve();
    receive_end_152& join_152(transmit_end_152&);        // and what goes back over path 152

private:
    void due(unsigned slot, ps at) override;
    struct machinery;
    friend class receive_path_152;
    std::unique_ptr<machinery> machinery_;        // models/offload/receive_machinery.h
};

}  // namespace nicteam::offload
