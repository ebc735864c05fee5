// The target side of an agent.
#pragma once

#include <cstdint>

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

#include "nicteam/pci/protocol.h"

namespace nicteam::pci {

// A tenure as its target sees it; valid from decode() to ended().
struct access {
    pci::command command;
    std::uint64_t address;            // byte address of the first byte; configuration: function << 8 | register
    std::uint32_t bytes;              // what the master asks for
    std::uint8_t* data;               // written by the master, or to be filled by the target
    const pci_extension* bus;         // edges: bus->data.passed(t) words before t
    bool write() const { return is_write(command); }
    // Bytes carried by the first n words.
    std::uint32_t bytes_in(std::uint64_t words) const {
        if (words == 0) return 0;
        const std::uint64_t n = words * bus->word_bytes - address % bus->word_bytes;
        return n < bytes ? static_cast<std::uint32_t>(n) : bytes;
    }
};

class target_user {
public:
    virtual ~target_user() = default;
    // Does this agent decode the address? Asked at the address edge; the answer may change only through configuration.
    virtual bool claims(pci::command, std::uint64_t address) const = 0;
    // Called at the address edge: see only what happened strictly before it.
    virtual answer decode(access&) = 0;
    // The words' edges are planned, or their plan changed.
    virtual void planned(access&, ps at) {}
    // Called one clock before idle. Exactly access.bytes_in(bus->done) bytes have passed, the last at bus->data.last().
    // A target that answers reads fills `data` here at the latest; a register file samples itself at the word's edge.
    virtual void ended(access&, ps at) = 0;
    // Told right after ended(). A word of a write came with wrong parity; true: PERR#.
    virtual bool parity_error(const access&, std::uint32_t word) { return false; }
    // An address phase on its bus, of this master, had wrong parity; true: SERR#. The tenure is idle at this edge.
    virtual bool address_parity_error(unsigned master, ps idle) { return false; }
};

class target : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<target, 32, pci_types> socket{"socket"};

    target(sc_core::sc_module_name, target_user&);
    ~target() override;
    bool parity_error(std::uint32_t word) { return user_.parity_error(access_, word); }
    bool address_parity_error(unsigned master, ps idle) { return user_.address_parity_error(master, idle); }
    bool claims(pci::command c, std::uint64_t address) const { return user_.claims(c, address); }
    // A 64-bit target answers REQ64# with ACK64#. Elaboration.
    void set_wide(bool w) { wide_ = w; }
    bool wide() const { return wide_; }
    // The target changes its mind, now, about words that have not passed: fewer or more words, another stop, other wait
    // states before later words. `answer.select` stays. Throws std::logic_error when the answer contradicts what is past.
    void replan(access&, const answer&, ps at);

private:
    tlm::tlm_sync_enum from_bus(payload&, tlm::tlm_phase&, sc_core::sc_time&);
    target_user& user_;
    access access_{};
    payload* tenure_ = nullptr;
    bool wide_ = false;
};

}  // namespace nicteam::pci
