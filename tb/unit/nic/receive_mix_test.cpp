// Everything that shapes received frames and their bursts at once, by chance: what is in memory is what was sent, and so is what is on
// the wire.
#include <random>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t ring_at = 0x10000, list = 0x40000, room = 0x50000, blocks = 0xA0000, step = 0x800;
constexpr unsigned frames = 12, buffers = 220;

struct dice {
    std::mt19937_64 engine;
    explicit dice(unsigned seed) : engine(seed) {}
    unsigned below(unsigned n) { return static_cast<unsigned>(engine() % n); }
    unsigned between(unsigned a, unsigned b) { return a + below(b - a + 1); }
    bool one_in(unsigned n) { return below(n) == 0; }
};

struct setup {
    bool word, fcs, strip, flexible, header, limits;
    unsigned size, header_size;
};

// What of a frame is to be in memory, from the rules of docs/decisions/0030.
bytes in_memory(const bytes& d, const setup& s) {
    bytes out = d;
    std::uint8_t b[4];
    packet::put_fcs(b, packet::fcs_of(d));
    const unsigned length = d[12] << 8 | d[13];
    if (s.fcs) out.insert(out.end(), b, b + 4);
    else if (s.strip && length < 46) out.resize(14 + length);
    if (s.word) {
        unsigned sum = 0;
        for (std::size_t i = 14; i < d.size(); ++i) sum += i % 2 ? d[i] << 8 : d[i];
        while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
        out.push_back(static_cast<std::uint8_t>(sum));
        out.push_back(static_cast<std::uint8_t>(sum >> 8));
    }
    return out;
}

// The bytes that the descriptors tell of: the frame's own area, then its buffers from `buffer` on.
bytes told(rig& r, std::uint32_t at, unsigned& buffer) {
    const unsigned own = r.memory.read16(at + 12) & 0x3FFF;
    bytes out(r.memory.at(at + 16), r.memory.at(at + 16) + own);
    if (!(r.memory.read16(at + 2) & 8)) return out;
    // The last of the frame's buffers has EOF.
    while (buffer < buffers) {
        const unsigned count = r.memory.read16(list + buffer * 16);
        if (!(count & 0x4000)) break;
        const std::uint32_t from = room + buffer * 0x140;
        out.insert(out.end(), r.memory.at(from), r.memory.at(from) + (count & 0x3FFF));
        ++buffer;
        if (count & 0x8000) break;
    }
    return out;
}

void play(unsigned seed) {
    dice r(seed);
    fresh_kernel k;
    rig g({}, 1 << 20);
    g.card.pci_device().registers().write(0x0D, 1, r.one_in(2) ? 0xF8 : 8 * r.below(8));
    g.card.pci_device().registers().write(0x0C, 1, r.one_in(2) ? 8 : 16);
    setup s{};
    s.word = r.one_in(2), s.fcs = r.one_in(3), s.strip = r.one_in(2), s.flexible = r.one_in(2);
    s.header = r.one_in(2), s.limits = r.one_in(2);
    s.size = s.flexible ? 2 * r.below(200) : 1600;
    s.header_size = 2 * r.between(7, 100);
    auto c = rig::usual();
    c[1] = static_cast<std::uint8_t>(r.below(16) | r.below(8) << 4);
    c[3] = static_cast<std::uint8_t>(2 | (r.one_in(2) ? 0x0D : 0));
    c[4] = static_cast<std::uint8_t>(r.one_in(3) ? 0 : r.below(30));
    c[5] = static_cast<std::uint8_t>((s.limits ? 0x80 : 0) | (r.one_in(3) ? 0 : r.below(30)));
    c[7] = static_cast<std::uint8_t>(0x46 | r.below(2));
    if (s.word) c[9] |= 1;
    if (s.fcs) c[18] |= 4;
    if (s.strip) c[18] |= 1;
    g.configure(c);
    g.memory.next_wait = r.one_in(3) ? 1 : 0;
    g.memory.burst_words = r.one_in(3) ? r.between(4, 64) : UINT32_MAX;
    if (s.header) g.scb(0, 5, s.header_size);
    const unsigned size = s.header ? s.size + s.header_size : s.size;
    for (unsigned i = 0; i < frames + 1; ++i) {
        g.descriptor(ring_at + i * step, (s.flexible ? 8 : 0) | (s.header ? 0x10 : 0), ring_at + (i + 1) * step, s.size);
        g.memory.write32(ring_at + i * step + 8, list);
    }
    for (unsigned i = 0; i < buffers; ++i) {
        g.memory.write32(list + i * 16, 0);
        g.memory.write32(list + i * 16 + 4, list + (i + 1) * 16);
        g.memory.write32(list + i * 16 + 8, room + i * 0x140);
        g.memory.write32(list + i * 16 + 12, r.between(100, 0x140));
    }
    std::vector<bytes> sent, came;
    for (unsigned i = 0; i < frames; ++i) {
        bytes d = rig::payload(r.one_in(3) ? 60 : r.between(60, 1514), {2, 0, 0, 0, 0, 1}, r.below(1000));
        if (r.one_in(3)) d[12] = 0, d[13] = static_cast<std::uint8_t>(r.below(60));
        came.push_back(d);
        sent.push_back(rig::payload(r.between(60, 1514), {2, 0, 0, 0, 0, 9}, r.below(1000)));
        g.transmit_block(blocks + i * step, sent.back(), i + 1 == frames ? 0x8004 : 4, blocks + (i + 1) * step, r.below(0xE0));
    }
    g.scb(0, 1, ring_at);
    for (const bytes& d : came) g.arrive(d, wire::wire_end::good, r.one_in(2) ? sim::now() + r.below(1000) * 1'000'000LL : 0);
    g.run(r.below(200) * microsecond + microsecond);
    g.scb(1, 0, blocks);
    g.run_until_idle();

    INFO("seed " << seed << " word " << s.word << " fcs " << s.fcs << " strip " << s.strip << " flexible " << s.flexible << " header "
                 << s.header << " limits " << s.limits);
    CHECK(g.metric("rx_overruns") == 0);
    CHECK(g.metric("rx_frames") == frames);
    REQUIRE(g.cable.sent.size() == frames + g.metric("tx_underruns"));
    unsigned good = 0, buffer = 0;
    for (const auto& x : g.cable.sent)
        if (x.how == wire::wire_end::good) {
            REQUIRE(good < frames);
            const bool same = std::equal(sent[good].begin(), sent[good].end(), x.frame->data.begin());
            CHECK(same);
            ++good;
        }
    CHECK(good == frames);
    for (unsigned i = 0; i < frames; ++i) {
        const std::uint32_t at = ring_at + i * step;
        const bytes expected = in_memory(came[i], s);
        REQUIRE((g.memory.read16(at) & 0xA000) == 0xA000);
        unsigned none = buffers;                         // of a frame that ends in the descriptor's own area
        const bytes found = told(g, at, s.flexible && expected.size() <= size ? none : buffer);
        CHECK(found.size() == expected.size());
        const bool same = found == expected;           // not printed: they are long
        CHECK(same);
    }
}

}  // namespace

TEST_CASE("receive mix: by chance all that shapes frames and bursts at once and no octet is lost") {
    for (unsigned seed = 1; seed <= 200; ++seed) play(seed);
}
