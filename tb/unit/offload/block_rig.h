// The receive side of the crypto block between a sender that protects and cuts, and whoever takes what comes out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/ipsec/process.h"
#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/identification.h"
#include "nicteam/packet/udp.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test::block {

using namespace nicteam::offload;

constexpr ps octet = 80'000, period = 30'000;
constexpr packet::ipv4_address there = 0xC0000202, here = 0xC0000201;

inline ipsec::association_parameters tunnel(std::uint32_t spi, const char* name = "sa") {
    ipsec::association_parameters p;
    p.name = name;
    p.spi = spi;
    p.mode = ipsec::association_mode::tunnel;
    p.source = p.tunnel.source = packet::ip_address(there);
    p.destination = p.tunnel.destination = packet::ip_address(here);
    p.tunnel.dont_fragment = ipsec::fragment_bit::clear;
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, static_cast<std::uint8_t>(spi));
    p.keys.authentication.assign(20, 7);
    return p;
}

inline bytes datagram(std::size_t payload) {
    packet::ipv4_fields f;
    f.source = there, f.destination = here;
    const bytes data(payload, 0x5A);
    bytes out;
    packet::append_udp_datagram(out, f, 9'000, 9, {data.data(), data.size()});
    return out;
}

// The other end: protects along `bundle`, then cuts to `mtu`.
struct sender {
    ipsec::association_table table;
    packet::identification_source identifications;
    std::vector<bytes> send(const bytes& p, std::vector<std::string> bundle, std::size_t mtu = 1'500) {
        ipsec::policy along;
        along.bundle = std::move(bundle);
        const auto done = ipsec::outbound_along(table, along, {p.data(), p.size()}, 0, identifications);
        REQUIRE(done.how == ipsec::passage::pass);
        std::vector<bytes> out;
        packet::fragment({done.packet.data(), done.packet.size()}, mtu, 0, out);
        return out;
    }
};

struct arrived {
    bytes packet;                 // behind the Ethernet header
    receive_record record;
    ps first, last;
    std::string way;
};

struct rig : receive_block_user, sim::agenda_user {
    explicit rig(const crypto_config& c, sim::packet_observer* o = nullptr) : block("crypto", c, *this), timers("timers", *this, 3) {
        if (o) sim::session::current().observe(o);
        sim::session::current().settle_order();
    }
    bool has_room(std::uint32_t, ps) const override { return room; }
    void comes(const delivered&, const span& octets, ps) override { octets_ = octets; }
    void came(const delivered& d, ps at) override {
        const bytes& f = d.frame->data;
        out.push_back({bytes(f.begin() + packet::ethernet_header, f.end() - packet::fcs_octets), d.record, octets_.first(), at, to_text(d.way)});
        connections.push_back(d.connection);
        CHECK(octets_.last() == at);
        CHECK(octets_.units() == f.size() - packet::fcs_octets + d.record.octets());
    }
    // One frame behind the other, with the gap of Ethernet.
    void frame_of(const bytes& packet, bool good = true) {
        const ref<nicteam::frame> f = nicteam::frame::make();
        packet::append_ethernet(f->data, {2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, packet::ether_type::ipv4);
        f->data.insert(f->data.end(), packet.begin(), packet.end());
        packet::pad_to_minimum(f->data);
        packet::append_lazy_fcs(*f);
        frames.push_back({frame_ref(f), good});
    }
    void due(unsigned slot, ps at) override {
        if (slot == 2) return block.reset(at);
        if (slot == 0) {
            span octets;
            octets.append({at, octet, static_cast<std::uint32_t>(frames[next_].first->data.size())});
            block.begin(frames[next_].first, octets);
            timers.set(1, octets.last());
            return;
        }
        if (block.arriving()) block.end(frames[next_].first, frames[next_].second);
        if (++next_ < frames.size()) timers.set(0, at + 21 * octet);
    }
    void run(ps until = 20 * millisecond) {
        if (sim::now() == 0) timers.set(0, octet);
        sc_core::sc_start(sim::to_sc_time(until - sim::now()));
    }
    void resume() { timers.set(0, sim::now() + 21 * octet); }      // what was added since the last frame
    std::uint64_t count(const std::string& name) const {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "crypto." + name && m.as_counter) return m.as_counter->value();
        FAIL("no metric " + name);
        return 0;
    }

    bool room = true;
    receive_block block;
    sim::agenda timers;
    std::vector<std::pair<frame_ref, bool>> frames;
    std::vector<arrived> out;
    std::vector<state::handle> connections;       // that the classifier found, by packet
    span octets_;
    std::size_t next_ = 0;
};

inline crypto_config usual() {
    crypto_config c;
    c.enable = true;
    c.engines = {"aes-128-round", "sha1"};
    return c;
}

// How every packet ended, and that it did.
struct books : sim::packet_observer {
    std::map<trace_id, std::string> ends;
    std::map<trace_id, trace_id> parents;
    std::map<std::string, std::vector<ps>> stages;
    void born(trace_id id, trace_id parent, const std::string&, std::uint32_t, ps) override { parents[id] = parent; }
    void passed(trace_id, const stage_info& s, const std::string&, ps at) override { stages[s.name].push_back(at); }
    void ended(trace_id id, const outcome_info& o, const std::string&, ps) override {
        CHECK(ends.count(id) == 0);
        ends[id] = o.name;
    }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

// A block that is slower than the wire, so that frames wait in buffer 142.
inline crypto_config slow() {
    crypto_config c = usual();
    c.period = 400'000;
    c.buffer_142 = 65'536;
    c.buffer_140 = 1;
    return c;
}

struct loop : rig {
    explicit loop(const crypto_config& c, sim::packet_observer* o = nullptr) : rig(c, o) {
        from.table.add(tunnel(0x1234));
        block.install(tunnel(0x1234));
    }
    // Datagrams in two pieces each, whose first pieces come before all last ones: each last piece completes one.
    void interleaved(unsigned datagrams) {
        std::vector<bytes> last;
        for (unsigned n = 0; n < datagrams; ++n) {
            const auto pieces = from.send(datagram(560 + n), {"sa"}, 576);
            REQUIRE(pieces.size() == 2);
            frame_of(pieces[0]);
            last.push_back(pieces[1]);
        }
        for (const bytes& p : last) frame_of(p);
    }
    level& standing() const {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "crypto.locked_up") return *m.as_level;
        throw std::logic_error("no metric");
    }
    bool locked_up() const { return standing().value() == 1; }

    sender from;
};

}  // namespace nicteam::test::block
