// Process-and-transmit, on a card with a link of the test's own that takes frames when it likes.
#include <catch2/catch.hpp>

#include "card_bench.h"
#include "nicteam/packet/ethernet.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

// As a NIC carries the unit: registers in a window, a link behind it.
class linked_card : public pci::device, private pci::function, public rings::transmitter {
public:
    linked_card(sc_core::sc_module_name name, rings::crypto_card_config c, pci::bus& b, int slot, pci::interrupt_sink* s)
        : device(name, b, slot, header(), s), unit_("unit", *this, with_link(c.unit), *this) {
        attach(*this);
        unit_.connect(*this);
    }
    bool take(const bytes& frame, const rings::job&, ps at) override {
        ++asked;
        if (room == 0) return false;
        --room;
        frames.push_back(frame);
        taken.push_back(at);
        return true;
    }
    void make_room(unsigned n) {
        room += n;
        unit_.may_transmit(sim::now());
    }
    std::vector<bytes> frames;
    std::vector<ps> taken;
    unsigned room = 100, asked = 0;

private:
    static pci::configuration_space header() {
        pci::configuration_space c;
        c.declare(0x00, 4, 0x12345678);
        c.declare(0x04, 2, 0, 0x0146);
        c.declare_bar(0, rings::window_octets, false);
        return c;
    }
    static rings::ring_unit_config with_link(rings::ring_unit_config c) {
        c.able.uses = rings::transmits | rings::secondary_out | rings::secondary_in;
        c.able.longest_sent = 1'500;
        return c;
    }
    std::uint32_t read(unsigned, std::uint32_t offset, unsigned size, ps at) override { return unit_.read(offset, size, at); }
    void write(unsigned, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override { unit_.write(offset, size, v, at); }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override { unit_.ended(t, r, at); }
    void reset(pci::reset_kind, ps at) override { unit_.reset(at); }
    rings::ring_unit unit_;
};

bytes framed(const bytes& packet, std::uint16_t type) {
    bytes f;
    packet::append_ethernet(f, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, type);
    f.insert(f.end(), packet.begin(), packet.end());
    return f;
}
bytes behind_link(const bytes& frame) { return bytes(frame.begin() + packet::ethernet_header, frame.end()); }

}  // namespace

TEST_CASE("Transmit: a frame is protected and leaves in the order of the ring") {
    basic_bench<linked_card> b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 9);
    for (unsigned i = 0; i < 3; ++i) b.put_job(at, framed(ip_packet(false, 100 + i), packet::ether_type::ipv4), 0, i, 0, i != 1);
    b.put_job(at, framed(ip_packet(false, 100), packet::ether_type::arp), 0, 3, 0, true);
    b.put_job(at, bytes(13, 2), 0, 4, 0, true);
    b.bell();
    b.run_until_idle();
    const auto all = b.take();
    REQUIRE(all.size() == 5);
    REQUIRE(b.card.frames.size() == 2);
    ipsec::association far(h.host.constants());
    for (const unsigned i : {0u, 2u}) {
        const bytes& f = b.card.frames[i / 2];
        CHECK(all[i].was_executed());
        CHECK(all[i].length == f.size());
        CHECK(bytes(f.begin(), f.begin() + 14) == framed({}, packet::ether_type::ipv4));
        ipsec::opened o;
        ipsec::work w;
        REQUIRE(ipsec::unprotect(far, behind_link(f), o, w) == ipsec::outcome::done);
        CHECK(o.packet == ip_packet(false, 100 + i));
        CHECK(o.sequence == all[i].sequence);
    }
    CHECK(all[1].verdict == static_cast<unsigned>(ipsec::outcome::malformed));      // to be returned: no IP header first
    for (const unsigned i : {3u, 4u}) {
        CHECK(all[i].was_executed());
        CHECK(all[i].verdict == static_cast<unsigned>(ipsec::outcome::malformed));
        CHECK(all[i].sequence == 0);
    }
}

TEST_CASE("Transmit: IPv6 in a tunnel over IPv4 changes the EtherType") {
    basic_bench<linked_card> b;
    b.start();
    handed_over h(some(gcm, ipsec::association_mode::tunnel));
    const state::handle at = b.install(h);
    b.lend(at, h, 9);
    CHECK(b.one(b.put_job(at, framed(ip_packet(true, 80), packet::ether_type::ipv6), 0, 0, 0, true)).was_executed());
    REQUIRE(b.card.frames.size() == 1);
    CHECK(packet::get16(&b.card.frames[0][12]) == packet::ether_type::ipv4);
    CHECK(b.card.frames[0][14] >> 4 == 4);
}

TEST_CASE("Transmit: a link without room holds up its job and those behind it") {
    basic_bench<linked_card> b;
    b.start();
    handed_over h(some(des3_sha1));
    const state::handle at = b.install(h);
    b.lend(at, h, 9);
    b.card.room = 0;
    const auto first = b.put_job(at, framed(ip_packet(false, 60), packet::ether_type::ipv4), 0, 0, 0, true);
    const auto second = b.put_job(at, ip_packet(false, 60), 0, 1);
    b.bell();
    b.run_until_idle();
    CHECK(b.take().empty());
    CHECK(b.card.asked == 1);
    const ps now = sim::now();
    b.card.make_room(1);
    b.run_until_idle();
    REQUIRE(b.card.taken.size() == 1);
    CHECK(b.card.taken[0] == b.bus.clock().after(now));
    const auto all = b.take();
    REQUIRE(all.size() == 2);
    CHECK(all[0].cookie == first);
    CHECK(all[1].cookie == second);
    CHECK(all[1].sequence == 2);
    // What waits for the link is done: an abort leaves it, a reset does not.
    b.card.room = 0;
    b.put_job(at, framed(ip_packet(false, 60), packet::ether_type::ipv4), 0, 0, 0, true);
    b.bell();
    b.run_until_idle();
    b.write(rings::reg::control, rings::control_abort);
    b.run_until_idle();
    b.card.make_room(1);
    b.run_until_idle();
    const auto left = b.take();
    REQUIRE(left.size() == 1);
    CHECK(left[0].was_executed());
    b.card.room = 0;
    b.put_job(at, framed(ip_packet(false, 60), packet::ether_type::ipv4), 0, 0, 0, true);
    b.bell();
    b.run_until_idle();
    b.write(rings::reg::control, rings::control_reset);
    b.card.make_room(1);
    b.run_until_idle();
    CHECK(b.card.frames.size() == 2);
    CHECK(b.take().empty());
}
