// The PCI bus as a TLM-2.0 protocol of its own: it cannot be bound to base-protocol sockets by mistake.
//
// One payload is one attempt (a tenure): from REQ# to idle. What is left over is a new payload. Delay arguments are always
// zero; the times are in the extension. docs/bus.md gives every edge.
//
//   initiator → bus   PCI_REQUEST  REQ# is sampled low from `request` on. Called at or before request - 1 clock. Until the
//                                  address phase `request` may be moved to an earlier edge by PCI_REPLAN, or
//                                  taken back (`never`) earlier than one clock before it.
//   bus → initiator   PCI_ADDRESS  called at `address`; the initiator fills command, address, length, data as it decided one
//                                  clock earlier; words = 0: it withdraws, the payload is its own again. Then bus → target with the same
//                                  phase: the target fills `answer`; the bus then writes the span `data` and calls PCI_REPLAN on both.
//   any → bus → both  PCI_REPLAN   `data` or `answer` changed for the time after now
//   bus → both        PCI_END      called one clock before `idle`; `done`, `octets`, `why`, `idle` are final
#pragma once

#include <cstdint>
#include <vector>

#include <tlm>

#include "nicteam/base/span.h"
#include "nicteam/base/time.h"

namespace nicteam::pci {

class payload;
struct pci_types {
    using tlm_payload_type = payload;
    using tlm_phase_type = tlm::tlm_phase;
};

DECLARE_EXTENDED_PHASE(PCI_REQUEST);
DECLARE_EXTENDED_PHASE(PCI_ADDRESS);
DECLARE_EXTENDED_PHASE(PCI_REPLAN);
DECLARE_EXTENDED_PHASE(PCI_END);

// C/BE#[3:0] in the address phase (PCI 2.2, 3.1.1).
enum class command : std::uint8_t {
    interrupt_acknowledge = 0x0, special_cycle = 0x1, io_read = 0x2, io_write = 0x3,
    memory_read = 0x6, memory_write = 0x7, configuration_read = 0xA, configuration_write = 0xB,
    memory_read_multiple = 0xC, dual_address_cycle = 0xD, memory_read_line = 0xE, memory_write_and_invalidate = 0xF,
};
constexpr bool is_write(command c) { return (static_cast<unsigned>(c) & 1u) != 0 && c != command::dual_address_cycle; }
constexpr bool is_memory(command c) {
    return c == command::memory_read || c == command::memory_write || c == command::memory_read_multiple ||
           c == command::memory_read_line || c == command::memory_write_and_invalidate;
}
constexpr bool is_io(command c) { return c == command::io_read || c == command::io_write; }
constexpr bool is_configuration(command c) { return c == command::configuration_read || c == command::configuration_write; }
const char* name_of(command);

// DEVSEL# is sampled low this many clocks after the address phase. `none`: nobody claims it, master abort.
enum class devsel : std::uint8_t { none = 0, fast = 1, medium = 2, slow = 3, subtractive = 4 };

// How the target means to end the tenure, if the master does not end it first.
enum class stop : std::uint8_t { none, retry, with_data, without_data, abort };

// The target's plan for one tenure, given at the address phase.
struct answer {
    devsel select = devsel::medium;
    unsigned first_wait = 0;      // wait states before the first data phase, or before STOP# of a retry or abort
    unsigned next_wait = 0;       // wait states before each later data phase
    std::uint32_t words = UINT32_MAX;  // data phases before `stop` takes effect (with_data: the last of them carries STOP#)
    stop how = stop::none;
    // A bridge passes on what came wrong on its other side: words of a read that it drives with wrong parity, of a write for which it
    // asserts PERR#. By rising number; null: none.
    const std::vector<std::uint32_t>* wrong = nullptr;
};

// Why a tenure ended.
enum class ending : std::uint8_t {
    completed,        // all that the master asked for
    limited,          // the master ended early: nothing more to send or no room
    latency_timer,    // expired while GNT# was gone
    disconnect,       // the target stopped, some data passed
    retry,            // the target stopped, no data passed
    master_abort,     // nobody claimed it
    target_abort,
};
const char* name_of(ending);

struct tenure_errors;

struct pci_extension : tlm::tlm_extension<pci_extension> {
    pci::command command = pci::command::memory_read;
    unsigned master = 0;          // number of the master on its bus: its REQ#/GNT# pair
    unsigned word_bytes = 4;      // bytes a data phase carries: 8 when ACK64# answers REQ64#
    bool wide = false;            // REQ64# with FRAME#: the master offers 64-bit data phases
    bool dual = false;            // two address phases, for an address above 4 GiB: filled by the bus
    bool again = false;           // the master has asked for this before, and nothing of it has passed
    bool back_to_back = false;    // no idle clock before the address phase: filled by the bus
    std::uint32_t words = 0;      // data phases that the master wants
    ps request = never;           // edge at which REQ# is first sampled low
    ps address = never;           // edge at which FRAME# is first sampled low; a second address phase is one clock later
    ps idle = never;              // edge at which FRAME# and IRDY# are first both sampled high again
    span data;                    // edges at which words pass (IRDY# and TRDY# both sampled low)
    pci::answer answer;
    ps limit = never;             // the master decided at this edge to end early; PCI_REPLAN tells the bus
    unsigned line_bytes = 0;      // cache line of the master, 0 if not set; filled by the bus before PCI_ADDRESS
    ps frame_high = never;        // edge at which FRAME# is first sampled high again, as planned
    ps stopped = never;           // edge at which STOP# is first sampled low; `never`: not at all
    std::uint32_t done = 0;       // words passed, final at PCI_END
    std::uint32_t octets = 0;     // what they carried, known at PCI_END
    ending why = ending::completed;
    std::uint32_t wrong_from = 0;            // number of the first word of this tenure in `wrong`
    const std::vector<std::uint32_t>* wrong = nullptr;   // words of a write that the master drives with wrong parity: transfer.wrong
    const tenure_errors* errors = nullptr;   // parity.h: what is driven wrong, while a fault is on

    tlm::tlm_extension_base* clone() const override;
    void copy_from(const tlm::tlm_extension_base&) override;
};

// A generic payload that carries its extension: get_extension<pci_extension>() finds it, extension_of() need not look.
class payload : public tlm::tlm_generic_payload {
public:
    explicit payload(tlm::tlm_mm_interface* m) : tlm_generic_payload(m) { set_extension<pci_extension>(&bus_); }
    ~payload() override { clear_extension<pci_extension>(&bus_); }

private:
    friend pci_extension& extension_of(payload&);
    struct carried : pci_extension {
        void free() override {}        // goes with its payload
    };
    carried bus_;
};

// Type 1: bus << 16 | device << 11 | function << 8 | register, with this bit; only bridges claim it (PCI 2.2, 3.2.2.3.4).
constexpr std::uint64_t type_1_configuration = 0x8000'0000;

// A payload from the pool, with its extension; acquired once. Byte address and length may be odd: the first and last word
// carry byte enables. In configuration commands of type 0 the address is device << 11 | function << 8 | register.
payload& make_payload();
inline pci_extension& extension_of(payload& p) { return p.bus_; }

// Data phases of `word_bytes` bytes each that these bytes touch.
constexpr std::uint32_t data_phases(std::uint64_t address, std::uint32_t bytes, unsigned word_bytes) {
    return static_cast<std::uint32_t>((address % word_bytes + bytes + word_bytes - 1) / word_bytes);
}
// The read command that PCI 2.2 recommends (table 3-2) where memory may be fetched ahead: up to half a line, up to three lines, more.
constexpr command read_command(std::uint64_t, std::uint32_t bytes, std::uint32_t line) {
    if (line == 0 || bytes <= line / 2) return command::memory_read;
    return bytes <= 3 * line ? command::memory_read_line : command::memory_read_multiple;
}
constexpr bool above_4_gib(std::uint64_t address) { return address >> 32 != 0; }

}  // namespace nicteam::pci
