#include "nic/dma_yield.h"

#include <algorithm>

namespace nicteam::nic {
namespace {

constexpr unsigned behind = 3;                               // priority: after all channels
constexpr std::uint32_t unit = 4;                            // data cycles, SDM 6.4.2.3; 0: at once, but one passes
constexpr unsigned transmit = 1;                             // the channel whose data read align is for

// The edge from which the burst ends with its next word, not before `from` and so that it ends at a cache line.
ps at_line(const pci::pci_extension& x, std::uint64_t address, std::uint32_t line, ps from) {
    const std::uint64_t lead = address % line / x.word_bytes, words = x.data.passed(from + 1) + 1, in_line = line / x.word_bytes;
    const std::uint64_t n = (lead + words + in_line - 1) / in_line * in_line - lead;
    return n == words ? from : x.data.when(n - 2);
}

}  // namespace

void dma_yield::configured(const configuration& c) {
    const bool was = on_;
    on_ = c.get(field::dma_limits_on);
    align_ = c.get(field::read_align);
    if (on_ && !was) clear();                                // what was ordered meanwhile is not known
    sides_[0].maximum = std::max(1u, c.get(field::rx_dma_limit) * unit);
    sides_[1].maximum = std::max(1u, c.get(field::tx_dma_limit) * unit);
}

void dma_yield::wants(unsigned channel, ps act, pci::services& bus) {
    sides_[channel].act = act;
    if (act == never) sides_[channel].burst = nullptr;
    limit(1 - channel, bus);
}

void dma_yield::bursts(unsigned channel, pci::transfer& t, pci::services& bus) {
    sides_[channel].burst = &t;
    t.priority = channel;
    limit(channel, bus);
}

void dma_yield::yielded(unsigned channel, pci::transfer& t) {
    t.priority = behind;
    if (pci::transfer* other = sides_[1 - channel].burst) other->priority = 1 - channel;
}

// The master sees the request and the count at an edge and lets one more word pass: the edge before the last one of the maximum.
void dma_yield::limit(unsigned channel, pci::services& bus) {
    const side& s = sides_[channel];
    if (!s.burst || !s.burst->under_way) return;
    const ps wanted = sides_[1 - channel].act;
    ps from = never;
    if (wanted != never) {
        const pci::pci_extension& x = pci::extension_of(*s.burst->under_way);
        const ps had = s.maximum < 2 ? x.address : x.data.when(s.maximum - 2);
        if (had != never) from = std::max(had, wanted);
        const std::uint32_t line = align_ && channel == transmit && from != never ? bus.configuration().cache_line_bytes() : 0;
        if (line) from = at_line(x, s.burst->address + s.burst->done, line, from);
    }
    bus.limit(*s.burst, from);
}

}  // namespace nicteam::nic
