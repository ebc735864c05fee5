// What a run of the clocked bus is given and what it gives back: plain data and text, no SystemC.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace reference::pci {

// Command codes on C/BE# (PCI 2.2, 3.1.1).
enum command : unsigned {
    io_read = 0x2, io_write = 0x3, memory_read = 0x6, memory_write = 0x7, configuration_read = 0xA, configuration_write = 0xB,
    memory_read_multiple = 0xC, memory_read_line = 0xE, memory_write_and_invalidate = 0xF,
};
inline bool is_write(unsigned c) { return c & 1u; }
inline bool is_configuration(unsigned c) { return (c & 0xEu) == 0xAu; }
inline bool is_io(unsigned c) { return (c & 0xEu) == 0x2u; }
inline bool is_memory(unsigned c) { return !is_io(c) && !is_configuration(c); }
constexpr unsigned dual_address_cycle = 0xD;

// A piece of work for a master, carried out in order, in as many tenures as it takes.
struct item {
    std::int64_t arrival = 0;          // ps; seen at the first edge at or after
    unsigned command = memory_read;
    std::uint64_t address = 0;         // configuration: device << 11 | function << 8 | register
    std::uint32_t bytes = 4;
    int limit = -1;                    // the master decides to end each tenure this many clocks after A; -1: never
    std::int64_t data = -1;            // the only word of a write; -1: written_word()
    unsigned repeat = 0;               // after a retry: the command that was tried
    std::vector<std::uint64_t> wrong;  // dwords of a write that a bridge drives with wrong parity: they came so
};

struct master_setup {
    unsigned latency_timer = 64;       // clocks
    unsigned cache_line = 32;          // bytes; 0: not known
    bool wide = false;                 // asserts REQ64#
    bool parity = false;               // asserts PERR# for wrong parity of what it reads
    unsigned follow = 0;               // without an idle clock: 0 never, 1 to the same target, 2 to any
    std::vector<item> items;           // by rising arrival
};

// How a target answers its i-th tenure: entry i % size of each list.
struct target_setup {
    std::uint64_t base = 0;            // address window
    std::uint32_t size = 0;
    bool io = false;                   // the window is in I/O space
    bool wide = false;                 // answers REQ64# with ACK64#
    bool parity = false;               // asserts PERR# for wrong parity of what is written to it, SERR# for that of any address phase
    int device = -1;                   // answers configuration accesses of this IDSEL; -1: none
    unsigned devsel = 2;               // clocks from A to DEVSEL#: 1 … 4
    std::vector<unsigned> first_wait{0};
    std::vector<unsigned> next_wait{0};
    std::uint32_t boundary = 0;        // bytes; stops at multiples of it; 0: runs on
    bool boundary_with_data = true;    // STOP# with the last word before the boundary, or in the data phase after it
    std::string pattern = ".";         // '.' as above, 'r' retry, 'a' abort without data, 'b' abort after abort_words
    std::uint32_t abort_words = 1;
};

enum class arbitration { round_robin, fixed };
enum class parking { last, first, none };

struct setup {
    std::int64_t period = 30'000, phase = 0;   // ps
    arbitration arbiter = arbitration::round_robin;
    reference::pci::parking parking = parking::last;
    bool wide = false;                         // 64 bits of AD
    unsigned wrong_address = 0;                // PAR is inverted for one address phase in so many; 0: for none
    unsigned wrong_parity = 0;                 // PAR is inverted for one data phase in so many
    unsigned wrong_bit = 0;                    // AD[0] is inverted in one data phase in so many, where that byte is asked for
    std::int64_t until = 1'000'000'000;        // ps; ends earlier when all work is done
    std::vector<master_setup> masters;
    std::vector<target_setup> targets;
};

// Data phases of a transfer of `bytes` from byte address `address`, `unit` bytes each.
inline std::uint32_t words_of(std::uint64_t address, std::uint32_t bytes, unsigned unit = 4) {
    return static_cast<std::uint32_t>((address % unit + bytes + unit - 1) / unit);
}
// Where the lower and the upper half of AD find data phase k of an access. An odd first dword stands on both halves.
inline std::uint64_t lower_dword(std::uint64_t address, std::uint32_t k, unsigned unit) {
    return k == 0 ? address / 4 * 4 : address / unit * unit + std::uint64_t{k} * unit;
}
inline std::uint64_t upper_dword(std::uint64_t address, std::uint32_t k) { return address / 8 * 8 + std::uint64_t{k} * 8 + 4; }

// The content of the dword at a dword-aligned address, as masters write it and as targets answer.
inline std::uint32_t written_word(std::uint64_t address) { return static_cast<std::uint32_t>(address >> 2) * 0x9E3779B1u + 0x1234567u; }
inline std::uint32_t memory_word(std::uint64_t address) { return static_cast<std::uint32_t>(address >> 2) * 0x85EBCA6Bu ^ 0xC2B2AE35u; }

// The target that claims an access, by its place in the setup.
constexpr unsigned no_target = ~0u;
inline unsigned target_of(const setup& s, unsigned command, std::uint64_t address) {
    for (unsigned n = 0; n < s.targets.size(); ++n) {
        const target_setup& t = s.targets[n];
        if (is_configuration(command) ? t.device == static_cast<int>(address >> 11) : is_io(command) == t.io && address - t.base < t.size)
            return n;
    }
    return no_target;
}

// The text form: one line per object, '#' comments. read() throws std::runtime_error with the line number.
//   bus period=30000 phase=0 arbiter=round_robin|fixed parking=last|first|none wide=0 until=1000000000
//       wrong_address=0 wrong_parity=0 wrong_bit=0
//   master timer=64 line=32 wide=0 follow=0 parity=0
//   item arrival=0 command=6 address=0x1000 bytes=64 limit=-1 data=-1  belongs to the master above it
//   target base=0 size=65536 io=0 wide=0 parity=0 device=-1 devsel=2 first=0,4 next=0 boundary=0 with_data=1 pattern=..r abort_words=1
setup read(std::istream&);
void write(std::ostream&, const setup&);

// Runs it. One line per tenure, in order:
//   master command address words request A data idle done why
// `command` as on C/BE#, with "/64" behind it when REQ64# was answered by ACK64#: `words` and `done` are 8 bytes each then.
// Edges in ps; `data` as runs first+stride*count joined by commas, or '-'. With `wave`, writes a VCD of all pins there.
std::string run(const setup&, std::ostream* wave = nullptr);

// Rising edges to "first+stride*count,…": greedy, a run of one has stride 0.
std::string runs_of(const std::vector<std::int64_t>& edges);

}  // namespace reference::pci
