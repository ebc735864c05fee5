#include "nicteam/ipsec/association_state.h"

#include <algorithm>

#include "nicteam/state/part_format.h"

namespace nicteam::ipsec {
namespace {

using state::part_reader;
using state::part_writer;

constexpr auto security = state::layer::security;
enum flag : std::uint8_t { extended = 1, udp = 2, fragments = 4, congestion = 8, dscp = 16, protocol = 32, cuts = 64, all_flags = 127 };

void write(part_writer& w, const packet::ip_address& a) { w.octets(a.octets.data(), a.octets.size()); }

packet::ip_address read_address(part_reader& r, std::uint8_t version, bool& good) {
    packet::ip_address a;
    a.version = version;
    r.octets(a.octets.data(), a.octets.size());
    good &= version == 4 || version == 6;
    if (version == 4) good &= std::all_of(a.octets.begin() + 4, a.octets.end(), [](std::uint8_t o) { return o == 0; });
    return a;
}

void write(part_writer& w, const prefix& p) {
    w.u8(p.address.version);
    w.u8(static_cast<std::uint8_t>(p.length));
    write(w, p.address);
}

prefix read_prefix(part_reader& r, bool& good) {
    const std::uint8_t version = r.u8();
    prefix p;
    p.length = r.u8();
    p.address = read_address(r, version, good);
    good &= p.length <= 8 * p.address.size();
    return p;
}

void write(part_writer& w, const limits& l) {
    w.u64(l.packets);
    w.u64(l.octets);
    w.u64(static_cast<std::uint64_t>(l.time));
}

limits read_limits(part_reader& r, bool& good) {
    limits l;
    l.packets = r.u64();
    l.octets = r.u64();
    l.time = static_cast<ps>(r.u64());
    good &= l.time >= 0;
    return l;
}

template <class Kind>
Kind read_kind(part_reader& r, Kind last, bool& good) {
    const std::uint8_t v = r.u8();
    good &= v <= static_cast<std::uint8_t>(last);
    return static_cast<Kind>(good ? v : 0);
}

std::uint8_t flags_of(const association_parameters& p) {
    return static_cast<std::uint8_t>((p.extended_sequence ? flag::extended : 0) | (p.udp ? flag::udp : 0) |
                                     (p.fragments_in_transport ? flag::fragments : 0) |
                                     (p.tunnel.copies_congestion ? flag::congestion : 0) | (p.tunnel.dscp ? flag::dscp : 0) |
                                     (p.inner.protocol >= 0 ? flag::protocol : 0) | (p.cuts_before ? flag::cuts : 0));
}

}  // namespace

void write_constant(const constant_parameters& c, bytes& out) {
    const association_parameters& p = c.parameters;
    part_writer w(out, security, state::part::constant, association_format);
    w.u32(p.spi);
    w.u8(static_cast<std::uint8_t>(p.protocol));
    w.u8(static_cast<std::uint8_t>(p.mode));
    w.u8(static_cast<std::uint8_t>(p.algorithms.cipher));
    w.u8(static_cast<std::uint8_t>(p.algorithms.authentication));
    w.u8(flags_of(p));
    w.u8(p.source.version);
    w.u8(p.tunnel.hop_limit);
    w.u8(static_cast<std::uint8_t>(p.tunnel.dont_fragment));
    w.u8(p.tunnel.dscp.value_or(0));
    w.u8(p.inner.protocol >= 0 ? static_cast<std::uint8_t>(p.inner.protocol) : std::uint8_t{0});
    w.u32(p.replay_window);
    w.u64(static_cast<std::uint64_t>(c.installed));
    w.u64(c.counter_start);
    write(w, p.source);
    write(w, p.destination);
    w.u16(p.udp ? p.udp->source : 0);
    w.u16(p.udp ? p.udp->destination : 0);
    write(w, p.inner.source);
    write(w, p.inner.destination);
    for (const port_range& r : {p.inner.source_ports, p.inner.destination_ports}) {
        w.u16(r.low);
        w.u16(r.high);
    }
    w.u16(static_cast<std::uint16_t>(p.keys.cipher.size()));
    w.u16(static_cast<std::uint16_t>(p.keys.authentication.size()));
    w.octets(p.keys.cipher.data(), p.keys.cipher.size());
    w.octets(p.keys.authentication.data(), p.keys.authentication.size());
    w.finish();
}

std::optional<constant_parameters> read_constant(packet::octets o) {
    part_reader r(o.data, o.size, security, state::part::constant, association_format);
    constant_parameters c;
    association_parameters& p = c.parameters;
    bool good = true;
    p.spi = r.u32();
    const std::uint8_t what = r.u8();
    good &= what == static_cast<std::uint8_t>(security_protocol::esp) || what == static_cast<std::uint8_t>(security_protocol::ah);
    p.protocol = static_cast<security_protocol>(what);
    p.mode = read_kind(r, association_mode::tunnel, good);
    p.algorithms.cipher = read_kind(r, cipher_kind::aes_gcm_16, good);
    p.algorithms.authentication = read_kind(r, authentication_kind::aes_gmac, good);
    const std::uint8_t flags = r.u8(), version = r.u8();
    good &= (flags & ~flag::all_flags) == 0;
    p.extended_sequence = flags & flag::extended;
    p.fragments_in_transport = flags & flag::fragments;
    p.cuts_before = flags & flag::cuts;
    p.tunnel.copies_congestion = flags & flag::congestion;
    p.tunnel.hop_limit = r.u8();
    p.tunnel.dont_fragment = read_kind(r, fragment_bit::clear, good);
    const std::uint8_t dscp = r.u8(), inner_protocol = r.u8();
    if (flags & flag::dscp) p.tunnel.dscp = dscp;
    if (flags & flag::protocol) p.inner.protocol = inner_protocol;
    good &= (flags & flag::dscp ? dscp < 64 : dscp == 0) && (flags & flag::protocol || inner_protocol == 0);
    p.replay_window = r.u32();
    c.installed = static_cast<ps>(r.u64());
    good &= c.installed >= 0;
    c.counter_start = r.u64();
    p.source = read_address(r, version, good);
    p.destination = read_address(r, version, good);
    if (p.mode == association_mode::tunnel) p.tunnel.source = p.source, p.tunnel.destination = p.destination;
    const udp_ports ports{r.u16(), r.u16()};
    if (flags & flag::udp) p.udp = ports;
    else good &= ports.source == 0 && ports.destination == 0;
    p.inner.source = read_prefix(r, good);
    p.inner.destination = read_prefix(r, good);
    for (port_range* range : {&p.inner.source_ports, &p.inner.destination_ports}) {
        range->low = r.u16();
        range->high = r.u16();
    }
    const std::size_t cipher = r.u16(), authentication = r.u16();
    if (r.left() != cipher + authentication) return std::nullopt;
    p.keys.cipher.resize(cipher);
    p.keys.authentication.resize(authentication);
    r.octets(p.keys.cipher.data(), cipher);
    r.octets(p.keys.authentication.data(), authentication);
    return good && r.finished() ? std::optional(std::move(c)) : std::nullopt;
}

void write_cached(const cached_parameters& c, bytes& out) {
    part_writer w(out, security, state::part::cached, association_format);
    write(w, c.soft);
    write(w, c.hard);
    w.u32(c.path_mtu);
    w.u8(c.peer.version);
    write(w, c.peer);
    w.u16(c.peer_port);
    w.finish();
}

std::optional<cached_parameters> read_cached(packet::octets o) {
    part_reader r(o.data, o.size, security, state::part::cached, association_format);
    cached_parameters c;
    bool good = true;
    c.soft = read_limits(r, good);
    c.hard = read_limits(r, good);
    c.path_mtu = r.u32();
    const std::uint8_t version = r.u8();
    c.peer = read_address(r, version, good);
    c.peer_port = r.u16();
    return good && r.finished() ? std::optional(c) : std::nullopt;
}

void association::save(state::part which, bytes& out) const {
    switch (which) {
        case state::part::constant: {
            constant_parameters without_keys = fixed_;
            without_keys.parameters.keys = {};
            return write_constant(without_keys, out);
        }
        case state::part::cached: return write_cached(cached_, out);
        case state::part::delegated: {
            part_writer w(out, security, which, association_format);
            for (const std::uint64_t v : {drawn_, last_, packets_, octets_, window.highest()}) w.u64(v);
            for (const std::uint64_t word : window.map()) w.u64(word);
            return w.finish();
        }
    }
}

bool association::load(state::part which, const std::uint8_t* from, std::size_t n) {
    switch (which) {
        case state::part::constant: {
            const auto c = read_constant({from, n});
            if (!c) return false;
            const keys& k = c->parameters.keys;
            const bool same_keys =
                (k.cipher == fixed_.parameters.keys.cipher && k.authentication == fixed_.parameters.keys.authentication) ||
                (k.cipher.empty() && k.authentication.empty());
            constant_parameters theirs = *c;
            theirs.parameters.keys = {};
            bytes mine, other;
            save(which, mine);
            write_constant(theirs, other);
            return same_keys && mine == other;
        }
        case state::part::cached: {
            const auto c = read_cached({from, n});
            return c && change(*c).empty();
        }
        case state::part::delegated: return load_delegated(from, n);
    }
    return false;
}

bool association::load_delegated(const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, security, state::part::delegated, association_format);
    const std::uint64_t drawn = r.u64(), last = r.u64(), packets = r.u64(), octets = r.u64(), highest = r.u64();
    std::vector<std::uint64_t> map((window.size() + 63u) / 64u);
    for (std::uint64_t& word : map) word = r.u64();
    const std::uint64_t largest = parameters().extended_sequence ? ~std::uint64_t{0} : 0xFFFFFFFF;
    if (!r.finished() || drawn > last || last > largest || highest > largest) return false;
    // Back to what was before: numbers would be used twice, packets taken twice.
    if (drawn < drawn_ || packets < packets_ || octets < octets_ || !window.restore(highest, map)) return false;
    drawn_ = drawn;
    last_ = last;
    packets_ = packets;
    octets_ = octets;
    return true;
}

}  // namespace nicteam::ipsec
