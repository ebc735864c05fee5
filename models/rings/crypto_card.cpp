#include "nicteam/rings/crypto_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "nicteam/offload/engine_faults.h"
#include "nicteam/pci/fault_gate.h"
#include "rings/tables.h"

namespace nicteam::rings {
namespace {

using config = crypto_card_config;
config& of(void* c) { return *static_cast<config*>(c); }
constexpr const char* ours = "own design, no real device";

// A field of the unit, or of its capability.
template <auto Member>
void in_unit(void* c, const value& v) {
    store<Member>(&of(c).unit, v);
}
template <auto Member>
void in_able(void* c, const value& v) {
    store<Member>(&of(c).unit.able, v);
}
template <auto Member>
void in_health(void* c, const value& v) {
    store<Member>(&of(c).unit.health, v);
}
void in_engines(void* c, const value& v) {
    if (!v.list.empty()) of(c).unit.engines = v.list;
}
using unit = ring_unit_config;
using able = capability;

constexpr const char* ring_sizes =
    "2|4|8|16|32|64|128|256|512|1024|2048|4096|8192|16384|32768|65536";
constexpr parameter_info parameters[] = {
    {"engine_clock", quantity::period, "30 ns", "100 ps", "1 us", nullptr, "clock of the engines",
     "that of the bus; the cores' own limits depend on what they are built in", in_unit<&unit::engine_period>},
    {"engines", quantity::list, "", nullptr, nullptr, nullptr, "a core each, by name; left out: one for each algorithm that has a measured one",
     "docs/timing.md has the cores", in_engines},
    {"coupling", quantity::choice, "chained", nullptr, nullptr, "chained|series", "cipher and hash of a packet side by side, or one after the other",
     "source document 004 leaves it open", in_unit<&unit::coupling>},
    {"lookup", quantity::count, "1", "0", "65536", nullptr,
     "clocks of the engines from a packet to its first block: finding its association, which its handle names, and what else a chip does for each job",
     "own choice: one access to a memory on the chip", in_unit<&unit::lookup>},
    {"crossing", quantity::count, "2", "1", "64", nullptr, "edges of the receiving clock until it sees what the other did, bus or engines",
     "own choice: a synchroniser of two flip-flops", in_unit<&unit::crossing>},
    {"places", quantity::count, "4", "1", "256", nullptr, "entries inside, from their reading to their completion", ours, in_unit<&unit::places>},
    {"digest_octets", quantity::count, "0", "0", "64", nullptr, "octets a clock of an engine for CRC-32c (RFC 3720), beside the others; 0: it has none",
     "own choice: a remainder of 4 octets a clock is a few levels of exclusive or", in_unit<&unit::digest_octets>},
    {"engine_watchdog", quantity::count, "1024", "128", "1000000000", nullptr, "clocks of the engines without a block until a job is given up", ours,
     in_unit<&unit::engine_watchdog>},
    {"engine_failures", quantity::count, "3", "0", "65536", nullptr, "in a row, and the engines are out of use until a reset; 0: never", ours,
     in_health<&offload::engine_health::setup::failures>},
    {"self_test", quantity::count, "0", "0", "16777216", nullptr, "of the engines, with a known answer, before each so many jobs; 0: none", ours,
     in_health<&offload::engine_health::setup::self_test>},
    {"associations", quantity::count, "64", "1", "65536", nullptr, "security associations that it holds", ours, in_able<&able::associations>},
    {"command_depth", quantity::count, "256", nullptr, nullptr, ring_sizes, "entries of the largest command ring", ours, in_able<&able::command_depth>},
    {"completion_depth", quantity::count, "256", nullptr, nullptr, ring_sizes, "entries of the largest completion ring", ours,
     in_able<&able::completion_depth>},
    {"longest_job", quantity::size, "2 KiB", "64 B", "64 KiB", nullptr, "the longest packet, before and after",
     "own choice: an Ethernet frame with room for headers", in_able<&able::longest_job>},
    {"memory", quantity::size, "0 B", "0 B", "1 MiB", nullptr, "memory of its own for octets of jobs, BAR 1, without wait states; a power of two, 4 KiB at least; 0: none", ours,
     store<&config::memory>},
    {"width", quantity::choice, "32", nullptr, nullptr, "32|64", "bits of AD that it uses, on a bus that has them", "PCI 2.2, 3.8: REQ64#",
     store<&config::width>},
};

constexpr unsigned memory_bar = 1;
constexpr unsigned bar_1_at = 0x14;       // in configuration space: PCI 2.2, 6.1

pci::configuration_space header(std::uint32_t memory) {
    pci::configuration_space c;
    c.declare(0x00, 2, 0x1AF4);               // a vendor identity that virtual devices use
    c.declare(0x02, 2, 0x0C4D);
    c.declare(0x04, 2, 0, 0x0146);            // memory space, bus master, parity response, SERR# enable: PCI 2.2, 6.2.2
    c.declare(0x06, 2, 0x02A0, 0, 0xF900);    // 66 MHz, fast back-to-back, DEVSEL# medium; error bits cleared by 1: PCI 2.2, 6.2.3
    c.declare(0x09, 3, 0x100000);             // class: network and computing encryption and decryption: PCI 2.2, appendix D
    c.declare(0x0C, 1, 0, 0xFF);
    c.declare(0x0D, 1, 0, 0xFF);
    c.declare_bar(0, window_octets, false);
    if (memory) c.declare_bar(memory_bar, memory, false, true);
    c.declare(0x3C, 1, 0, 0xFF);
    c.declare(0x3D, 1, 1);                    // INTA#
    return c;
}

crypto_card_config checked(crypto_card_config c) {
    if (const std::string why = refusal(c); !why.empty()) throw std::invalid_argument(why);
    c.unit.able.uses = secondary_out | secondary_in | (c.unit.digest_octets ? digests : 0u);
    return c;
}

}  // namespace

const block_info crypto_card_info = {
    "crypto_card", "IPsec engines behind a PCI interface of their own, without a MAC", parameters, metrics, {}, pci::device_faults, {}, {}, {}};

const block_info crypto_card_engines_info = {"crypto_card", "what can be wrong with its engines", {}, {}, {}, offload::engine_faults, {}, {}, {}};

std::string refusal(const crypto_card_config& c) {
    for (const std::uint32_t depth : {c.unit.able.command_depth, c.unit.able.completion_depth})
        if (depth < 2 || depth & (depth - 1)) return fmt::format("a ring of {} entries; they are a power of two", depth);
    constexpr std::uint32_t least_memory = 4'096;
    if (c.memory && (c.memory < least_memory || c.memory & (c.memory - 1))) return fmt::format("a memory of {} B; it is a power of two, 4 KiB at least, or there is none", c.memory);
    if (c.unit.engines.empty()) return "no engines";
    try {
        offload::engine_set{c.unit.engines, offload::coupling::chained};
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return {};
}

crypto_card::crypto_card(sc_core::sc_module_name name, const crypto_card_config& c, pci::bus& b, int slot, pci::interrupt_sink* s,
                         ipsec::payload_kind payload)
    : device(name, b, slot, header(checked(c).memory), s), memory_(c.memory), agenda_("inside", *this, 2), unit_("unit", *this, checked(c).unit, *this, payload) {
    attach(*this);
    offload::bind_engine_faults(*this, unit_.own_health());
    set_wide(c.width == 1);
}
crypto_card::~crypto_card() = default;

std::uint64_t memory_of(const pci::device& d) { return d.configuration().read(bar_1_at, 4) & ~0xFu; }

std::uint32_t crypto_card::read(unsigned bar, std::uint32_t offset, unsigned size, ps at) {
    if (bar != memory_bar) return unit_.read(offset, size, at);
    std::uint32_t v = 0;
    for (unsigned n = 0; n < size; ++n) v |= static_cast<std::uint32_t>(memory_.at(offset + n)) << 8 * n;
    return v;
}

void crypto_card::write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (bar != memory_bar) return unit_.write(offset, size, v, at);
    for (unsigned n = 0; n < size; ++n) memory_.at(offset + n) = static_cast<std::uint8_t>(v >> 8 * n);
}

pci::answer crypto_card::respond(unsigned bar, std::uint32_t offset, bool write) {
    return bar == memory_bar ? pci::answer{} : function::respond(bar, offset, write);
}

void crypto_card::start(pci::transfer& t, ps act) {
    std::uint32_t offset = 0;
    const bool mine = !memory_.empty() && pci::is_memory(t.command) && configuration().decode(false, t.address, offset) == static_cast<int>(memory_bar);
    if (!mine || memory_.size() - offset < t.bytes) return device::start(t, act);
    const bool writes = pci::is_write(t.command);
    under_way_[writes] = {&t, offset};
    agenda_.set(writes, clock().at_or_after(act) + static_cast<ps>((offset % 4 + t.bytes + 3) / 4) * clock().period());
}

void crypto_card::due(unsigned way, ps at) {
    agenda_.clear(way);
    auto [t, offset] = std::exchange(under_way_[way], {});
    std::uint8_t* const here = memory_.data() + offset;
    if (way) std::copy_n(t->data, t->bytes, here);
    else std::copy_n(here, t->bytes, t->data);
    t->done = t->bytes;
    unit_.ended(*t, pci::transfer_result::done, at);
}

void crypto_card::abandon(ps at) {
    for (const unsigned way : {0u, 1u}) agenda_.clear(way), under_way_[way] = {};
    device::abandon(at);
}

void crypto_card::reset(pci::reset_kind how, ps at) {
    if (how == pci::reset_kind::power_up) std::fill(memory_.begin(), memory_.end(), std::uint8_t{0});
    unit_.reset(at);
}

}  // namespace nicteam::rings
