// Two CPUs of one host take IPsec off what two adapters bring at the same time: software runs under one lock, so they take turns; each
// packet comes out as it went in, in the order of its adapter.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/udp.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr unsigned senders = 2, packets = 40;
constexpr std::uint16_t port_of[senders] = {9, 10};
constexpr std::uint32_t networks[senders] = {0x0A000000, 0x0A000100};
const char* const macs[senders] = {"02:00:00:00:00:02", "02:00:00:00:00:03"};

packet::ip_address ip(std::uint32_t a) {
    return *packet::parse_ip(std::to_string(a >> 24) + "." + std::to_string(a >> 16 & 255) + "." + std::to_string(a >> 8 & 255) + "." +
                             std::to_string(a & 255));
}

ipsec::association_parameters parameters(unsigned n) {
    ipsec::association_parameters p;
    p.name = "from" + std::to_string(n);
    p.spi = 0x1000 + n;
    p.algorithms = {ipsec::cipher_kind::des3_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(24, 0);
    for (std::size_t k = 0; k < 24; ++k) p.keys.cipher[k] = static_cast<std::uint8_t>(16 * n + k + 1);
    p.keys.authentication.assign(20, static_cast<std::uint8_t>(0x40 + n));
    p.source = ip(networks[n] + 1);
    p.destination = ip(networks[n] + 2);
    return p;
}

bytes payload_of(unsigned sender, unsigned number) {
    bytes b(40 + (number * 37 + sender * 11) % 1300, static_cast<std::uint8_t>(sender * 101 + number));
    b[0] = static_cast<std::uint8_t>(number);
    return b;
}

// A host that sends frames as they are given.
struct sender : stack::socket_user {
    explicit sender(unsigned n) : number(n), m(n ? "s1" : "s0", numbered(n ? 4 : 1)), out(m.stack->open_raw({driver::protocol::everything_else})), from(parameters(n)) { out.user(*this); }
    void received(host::cpu&, stack::socket&, const stack::arrival&) override {}
    // Protected; every third one, big enough, in fragments behind that.
    std::vector<bytes> frames(unsigned n) {
        packet::ipv4_fields f;
        f.source = networks[number] + 1;
        f.destination = networks[number] + 2;
        f.protocol = packet::ip_protocol::udp;
        f.dont_fragment = false;
        f.identification = static_cast<std::uint16_t>(n + 1);
        bytes inner;
        packet::append_udp_datagram(inner, f, 9000, port_of[number], payload_of(number, n));
        std::uint64_t sequence = 0;
        std::uint8_t iv[16] = {};
        bytes outer;
        ipsec::work w;
        REQUIRE(from.draw(sequence, iv));
        REQUIRE(ipsec::protect(from, packet::octets{inner.data(), inner.size()}, sequence, iv, outer, w) == ipsec::outcome::done);
        std::vector<bytes> parts{outer};
        if (n % 3 == 2 && outer.size() > 600) {
            parts.clear();
            REQUIRE(packet::fragment(packet::octets{outer.data(), outer.size()}, 576, n, parts) == packet::fragment_result::fragmented);
        }
        std::vector<bytes> all;
        for (const bytes& p : parts) {
            bytes frame;
            packet::append_ethernet(frame, *packet::parse_mac(macs[number]), *packet::parse_mac(number ? "02:00:00:00:00:04" : "02:00:00:00:00:01"), packet::ether_type::ipv4);
            frame.insert(frame.end(), p.begin(), p.end());
            all.push_back(frame);
        }
        return all;
    }
    void send_at(ps at, unsigned n) {
        m.host.cpu().post(at, [this, all = frames(n)](host::cpu& c) {
            for (const bytes& f : all) CHECK(out.send(c, {}, f, 0, 0) == driver::status::done);
        });
    }
    unsigned number;
    machine m;
    stack::socket& out;
    ipsec::association from;
};

// Takes time over each datagram, in which nobody else may be at work in the stack.
struct reader : stack::socket_user {
    reader(stack::socket& s, unsigned& inside) : inside(inside) { s.user(*this); }
    void received(host::cpu& c, stack::socket&, const stack::arrival& a) override {
        most = std::max(most, ++inside);
        by.push_back(&c);
        const bytes before(a.data.data, a.data.data + a.data.size);
        c.spend(load, 500);
        c.catch_up();
        got.emplace_back(a.data.data, a.data.data + a.data.size);
        CHECK(got.back() == before);
        --inside;
    }
    const host::operation load{"load", 1, "a cycle of a test's reader", "test"};
    unsigned& inside;
    unsigned most = 0;
    std::vector<host::cpu*> by;
    std::vector<bytes> got;
};

}  // namespace

TEST_CASE("Two CPUs open what two adapters bring at once in turns: each packet is right and in order", "[stack]") {
    fresh_kernel k;
    machine_config c = numbered(2);
    c.host.cpus = {{"cpu0", {}}, {"cpu1", {}}};
    machine b("b", c);
    nic::nic_config second;
    second.mac = macs[1];
    second.slot = 1;                              // its line goes to the other CPU
    nic::nic card("b_nic1", second, b.host.bus(), &b.host.interrupt_sink());
    driver::base_driver_config with;
    with.mac = macs[1];
    driver::base_driver below("b_driver1", with, b.host.place_of(0, 1));
    b.host.install(card.pci_device(), 0, 1);
    b.intermediary.attach(below);
    b.stack->add_interface(1, "10.0.1.2/24");
    sender from[senders]{sender(0), sender(1)};
    wire::cable lan0("lan0", {}, from[0].m.nic, b.nic), lan1("lan1", {}, from[1].m.nic, card);
    unsigned inside = 0;
    reader first(b.stack->open_udp(port_of[0]), inside), other(b.stack->open_udp(port_of[1]), inside);
    reader* const readers[] = {&first, &other};
    for (unsigned n = 0; n < senders; ++n) b.stack->take_off(parameters(n), ipsec::payload_kind::real);
    for (unsigned n = 0; n < packets; ++n)
        for (sender& s : from) s.send_at(2 * millisecond + n / 4 * 1500 * microsecond, n);      // four at a time from each
    simulate(120 * millisecond);
    for (unsigned n = 0; n < senders; ++n) {
        INFO("sender " << n);
        const reader& r = *readers[n];
        REQUIRE(r.got.size() == packets);
        for (unsigned i = 0; i < packets; ++i) CHECK(r.got[i] == payload_of(n, i));
        for (host::cpu* by : r.by) CHECK(by == &b.host.cpu(n));
        CHECK(r.most == 1);
        const std::string cpu = "b.cpu" + std::to_string(n);
        CHECK(metric(cpu + ".cycles_des3_byte") > 0);
        CHECK(metric(cpu + ".lock_wait") > 0);                // the other one was within
    }
    CHECK(metric("b_stack.security_taken_off") == senders * packets);
    CHECK(metric("b_stack.security_reassembled") > 4);
    CHECK(metric("b_stack.security_dropped") == 0);
}
