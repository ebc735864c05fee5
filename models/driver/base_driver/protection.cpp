// What is sent behind an association of a device with a crypto block: command blocks that name it (docs/crypto-face.md). The driver owns the
// sequence numbers that were lent to it: it writes one into each block, or lends the device some at a time.
#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

base_driver::machinery::lent_numbers* base_driver::machinery::numbers_of(state::handle h) {
    for (lent_numbers& n : outbound)
        if (n.association == h) return &n;
    return nullptr;
}

// A block of the ring beside its own may be needed, to lend the device the next numbers.
unsigned base_driver::machinery::blocks_for(const packet& p) {
    const lent_numbers* n = p.protection ? numbers_of(p.protection) : nullptr;
    return n && config.numbers == 1 && n->with_device == 0 ? 2 : 1;
}

bool base_driver::machinery::can_protect(const packet& p) {
    const lent_numbers* n = numbers_of(p.protection);
    return n && extended_blocks() && associations->in_unit(n->association) && (n->with_device || associations->numbers_of(n->association).left());
}

void base_driver::machinery::lend(host::cpu& c, lent_numbers& n) {
    const ipsec::lease some = associations->numbers_of(n.association).lend(config.lease);
    const state::handle at_device = associations->in_unit(n.association);
    n.with_device = some.last - some.first + 1;
    const std::uint64_t block = open_block(c);
    const ps at = c.now();
    const std::uint32_t words[] = {static_cast<std::uint32_t>(some.first), static_cast<std::uint32_t>(some.first >> 32), at_device.index, at_device.generation,
                                   static_cast<std::uint32_t>(some.last), static_cast<std::uint32_t>(some.last >> 32)};
    for (unsigned i = 0; i < 6; ++i) ram.write32(block + block_body + 4 * i, words[i], at);
    close_block(c, lend_numbers, {});
    count(driver_metric::leases);
}

// The number for the packet's block; 0: the device has some.
std::uint64_t base_driver::machinery::draw(host::cpu& c, const packet& p) {
    lent_numbers& n = *numbers_of(p.protection);
    if (config.numbers == 0) return associations->numbers_of(n.association).lend(1).first;
    if (!n.with_device) lend(c, n);
    --n.with_device;
    return 0;
}

void base_driver::machinery::write_protected(host::cpu& c, packet& p, std::uint64_t block, std::uint64_t number) {
    const std::uint64_t array = block + protected_bytes;
    const auto pieces = static_cast<std::uint32_t>(p.pieces.size());
    const state::handle at_device = associations->in_unit(p.protection);
    const std::uint32_t flags = protects | (p.insert_checksums ? inserts_checksums : 0u);
    const std::uint32_t words[] = {static_cast<std::uint32_t>(array), flags | pieces << 24, at_device.index, at_device.generation, static_cast<std::uint32_t>(number),
                                   static_cast<std::uint32_t>(number >> 32)};
    const ps at = c.now();
    for (unsigned i = 0; i < 6; ++i) ram.write32(block + block_body + 4 * i, words[i], at);
    for (unsigned i = 0; i < pieces; ++i) {
        ram.write32(array + i * buffer_descriptor, static_cast<std::uint32_t>(p.pieces[i].address), at);
        ram.write32(array + i * buffer_descriptor + 4, p.pieces[i].bytes | (i + 1 == pieces ? last_buffer : 0u), at);
    }
}

}  // namespace nicteam::driver
