// The transmit side of the crypto block between whoever fills its FIFO and a frame buffer that takes what comes.
#pragma once

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/transmit_block.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/udp.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test::transmit {

using namespace nicteam::offload;

constexpr ps period = 30'000;
constexpr packet::ipv4_address here = 0xC0000201, there = 0xC0000202;

inline ipsec::association_parameters tunnel(std::uint32_t spi = 0x1000) {
    ipsec::association_parameters p;
    p.name = "out" + std::to_string(spi);
    p.spi = spi;
    p.mode = ipsec::association_mode::tunnel;
    p.source = p.tunnel.source = packet::ip_address(here);
    p.destination = p.tunnel.destination = packet::ip_address(there);
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, static_cast<std::uint8_t>(spi));
    p.keys.authentication.assign(20, 7);
    return p;
}

// A frame with a UDP datagram, without FCS.
inline bytes clear_frame(std::size_t payload, bool dont_fragment = true) {
    packet::ipv4_fields f;
    f.source = here, f.destination = there;
    f.dont_fragment = dont_fragment;
    const bytes data(payload, 0x5A);
    bytes out;
    packet::append_ethernet(out, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, packet::ether_type::ipv4);
    packet::append_udp_datagram(out, f, 9'000, 9, {data.data(), data.size()});
    return out;
}

struct sent {
    frame_ref frame;
    std::uint32_t octets;
    span words;
    ps taken;
};

struct rig : transmit_block_user, sim::agenda_user {
    explicit rig(const crypto_config& c, receive_block* shares = nullptr) : block("crypto_transmit", c, shares, *this), timers("timers", *this, 3) {}
    void settle() { sim::session::current().settle_order(); }
    void left_fifo(ps at) override { left.push_back(at); }
    ps room(std::uint32_t, ps edge) const override { return room_from == never ? never : std::max(edge, room_from); }
    void comes(const ref<frame>& f, std::uint32_t octets, const span& words, ps at) override { out.push_back({frame_ref(f), octets, words, at}); }

    // At that instant.
    void frame_at(ps at, const bytes& data, std::optional<protection_order> order = {}, trace_id id = 0) {
        const ref<frame> f = frame::make();
        f->data = data;
        f->id = id;
        jobs.push_back({at, f, order});
        if (jobs.size() == next_ + 1) timers.set(0, at);
    }
    void due(unsigned slot, ps at) override {
        if (slot == 1) return block.reset(at);
        if (slot == 2) {
            room_from = 0;
            return block.room_again();
        }
        const job j = jobs[next_++];
        why = ipsec::outcome::done;
        refusals.push_back(block.add(j.frame, static_cast<std::uint32_t>(j.frame->data.size()), j.order, why));
        if (next_ < jobs.size()) timers.set(0, jobs[next_].at);
    }
    void run(ps until = 20 * millisecond) { sc_core::sc_start(sim::to_sc_time(until - sim::now())); }
    std::uint64_t count(const std::string& name) const {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.path == "crypto_transmit." + name && m.as_counter) return m.as_counter->value();
        FAIL("no metric " + name);
        return 0;
    }
    state::handle install(const ipsec::association_parameters& p, std::uint64_t numbers = 1'000) {
        const auto added = block.install(p);
        REQUIRE(added.refused == "");
        if (numbers) REQUIRE(block.associations().find(added.handle)->take({1, numbers}));
        return added.handle;
    }

    struct job {
        ps at;
        ref<nicteam::frame> frame;
        std::optional<protection_order> order;
    };
    transmit_block block;
    sim::agenda timers;
    std::vector<job> jobs;
    std::vector<sent> out;
    std::vector<transmit_refusal> refusals;
    std::vector<ps> left;
    ipsec::outcome why = ipsec::outcome::done;
    ps room_from = 0;
    std::size_t next_ = 0;
};

inline crypto_config usual() {
    crypto_config c;
    c.enable = true;
    c.engines = {"aes-128-round", "sha1"};
    return c;
}

inline ps edges(std::uint64_t n) { return static_cast<ps>(n) * period; }
inline std::uint64_t words(std::size_t octets) { return (octets + 3) / 4; }

inline bytes opened(const sent& s, ipsec::association& a, std::uint64_t* sequence = nullptr) {
    const auto v = packet::ethernet_view::parse({s.frame->data.data(), s.octets});
    REQUIRE(v);
    ipsec::opened o;
    ipsec::work w;
    REQUIRE(ipsec::unprotect(a, v->payload, o, w) == ipsec::outcome::done);
    if (sequence) *sequence = o.sequence;
    return o.packet;
}

inline bytes inner(const bytes& frame) { return bytes(frame.begin() + packet::ethernet_header, frame.end()); }

}  // namespace nicteam::test::transmit
