// A PCI device, no nic and no CPU, with data in memory of its own that it wants work done on: the controller of a disk or a camera, another nic
// (source documents 000/001, FIG. 6, 350: requester). Engines reach that memory as bus masters; nobody copies. Own design, no real device.
//
// BAR 0, 32 octets of memory, dword access, little endian:
//   00h request   its oldest one: 31 there is one, 30 inbound, 29:16 its number, 15:0 place             read only
//   04h length    octets of it                                                                          read only
//   08h take      any write: the host has it, and `request` shows the next one                          write only
//   0Ch octets    of a result that `done` tells of                                                      read, write
//   10h value     likewise: bits 31:0 of a packet's number, or a CRC-32c                                read, write
//   14h done      a request is done with: 31 well, 30 is 0, 29:16 its number, 15:0 place                write only
//   18h room      octets of a place                                                                     read only
//   1Ch enable    bit 0: INTA# is asserted while there is a request; 0 behind a reset                   read, write
// BAR 1: its memory. Place n begins at 2 n room, its result at (2 n + 1) room. A `done` of
// another number than the place's request has is of before a reset, and nothing.
#pragma once

#include <deque>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/pci/device.h"

namespace nicteam::secondary {

extern const block_info data_device_info;     // kind "data_device"

class data_device : public pci::device, private pci::function {
public:
    static constexpr std::uint32_t request = 0x00, length = 0x04, take = 0x08, octets = 0x0C, value = 0x10, done = 0x14, room = 0x18, enable = 0x1C;
    static constexpr std::uint32_t set = 1u << 31, inbound = 1u << 30;
    static constexpr std::uint32_t numbers = 0x3FFF, places = 0xFFFF;         // of a request: modulo 2^14; at most

    // `p`: places, `r`: octets of each packet and of each result, a multiple of 4.
    data_device(sc_core::sc_module_name, unsigned p, std::uint32_t r, pci::bus&, int slot, pci::interrupt_sink* = nullptr);
    ~data_device() override;

    // What fills its memory and looks at results: on the chip, without time.
    struct answer {
        unsigned place = 0;
        bool good = false;
        std::uint32_t octets = 0, value = 0;
    };
    class user {
    public:
        virtual ~user() = default;
        virtual void concluded(const answer&, ps at) = 0;
        virtual void forgotten(ps at) = 0;    // a reset: no request of before is known any more
    };
    void bind(user& u) { user_ = &u; }
    // A packet lies in this place, which no request has. Shows behind the edge.
    void ask(unsigned place, bool in, const bytes& packet, ps at);
    void result(unsigned place, std::uint32_t n, bytes& to) const;

private:
    struct asked {
        std::uint32_t word = 0, octets = 0;
        ps at = 0;
    };
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override;
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override;
    pci::answer respond(unsigned bar, std::uint32_t offset, bool write) override;
    void ended(pci::transfer&, pci::transfer_result, ps) override {}          // it masters nothing
    void reset(pci::reset_kind, ps at) override;
    std::uint32_t register_at(std::uint32_t offset, ps at) const;
    void conclude(std::uint32_t v, ps at);
    void drive(ps at) { interrupt(enabled_ && !asked_.empty(), at); }

    user* user_ = nullptr;
    std::uint32_t room_;
    bytes memory_;
    std::deque<asked> asked_;
    std::vector<std::uint32_t> open_;         // by place: number of its request and `set`; 0: none
    std::uint32_t number_ = 0, octets_ = 0, value_ = 0;
    bool enabled_ = false;
    counter &requests_, &answers_;
};

}  // namespace nicteam::secondary
