#include "nicteam/ipsec/protect.h"

#include <algorithm>
#include <array>

#include "ipsec/authentication_header.h"
#include "ipsec/tunnel.h"
#include "nicteam/packet/ipv4.h"

namespace nicteam::ipsec {
namespace {

using namespace packet;

constexpr std::size_t udp_header = 8, longest_4 = 65'535, longest_6 = 65'535 + ipv6_header, most_icv = 64;

bool is_esp(const association_parameters& p) { return p.protocol == security_protocol::esp; }

std::optional<std::uint32_t> high_of(const association_parameters& p, std::uint64_t sequence) {
    return p.extended_sequence ? std::optional(static_cast<std::uint32_t>(sequence >> 32)) : std::nullopt;
}

std::size_t esp_padding(const algorithms& a, std::size_t body) { return (a.block() - (body + 2) % a.block()) % a.block(); }

std::size_t esp_size(const algorithms& a, std::size_t body) { return esp_header + a.iv() + body + esp_padding(a, body) + 2 + a.icv(); }

// Where the security header goes and what stands behind it.
struct place {
    bytes front;                 // the headers in front, naming the security protocol at `named_at`
    std::size_t named_at = 0;
    octets body;
    std::uint8_t next = 0;
};

outcome find_place(const association& a, const ip_view& v, std::uint32_t identification, place& at) {
    const association_parameters& p = a.parameters();
    const std::uint8_t names = p.udp ? ip_protocol::udp : static_cast<std::uint8_t>(p.protocol);
    if (p.mode == association_mode::tunnel) {
        append_ip(at.front, outer_fields(a, v, names, identification), 0);
        at.named_at = at.front[0] >> 4 == 4 ? 9 : 6;
        at.body = v.packet;
        at.next = v.version == 4 ? ip_protocol::ipv4 : ip_protocol::ipv6;
        return outcome::done;
    }
    if (v.is_fragment() && !p.fragments_in_transport) return outcome::fragment;
    const header_end end = v.is_fragment() ? header_end{v.header.size, v.protocol_at} : end_of_hop_headers(v);
    at.front.assign(v.packet.data, v.packet.data + end.end);
    at.named_at = end.named_at;
    at.next = at.front[end.named_at];
    at.front[end.named_at] = names;
    at.body = v.packet.from(end.end);
    return outcome::done;
}

void seal_esp(association& a, const place& at, std::uint64_t sequence, const std::uint8_t* iv, bytes& out, work& w, sealed_later* later) {
    const association_parameters& p = a.parameters();
    const std::size_t pad = esp_padding(p.algorithms, at.body.size), begin = out.size();
    out.resize(begin + esp_size(p.algorithms, at.body.size));
    std::uint8_t* esp = &out[begin];
    put32(esp, p.spi);
    put32(esp + 4, static_cast<std::uint32_t>(sequence));
    std::copy_n(iv, p.algorithms.iv(), esp + esp_header);
    std::uint8_t* text = esp + esp_header + p.algorithms.iv();
    std::copy_n(at.body.data, at.body.size, text);
    for (std::size_t k = 0; k < pad; ++k) text[at.body.size + k] = static_cast<std::uint8_t>(k + 1);
    text[at.body.size + pad] = static_cast<std::uint8_t>(pad);
    text[at.body.size + pad + 1] = at.next;
    const std::size_t size = out.size() - begin - p.algorithms.icv();
    std::unique_ptr<sealing> ahead = later ? a.transform().seal_ahead(esp, size, high_of(p, sequence)) : nullptr;
    if (ahead) later->expect(std::move(ahead), begin);
    else a.transform().seal(esp, size, high_of(p, sequence));
    w.copied_octets += static_cast<std::uint32_t>(at.body.size);
    w.cipher_octets += p.algorithms.cipher == cipher_kind::null ? 0 : static_cast<std::uint32_t>(size - esp_header - p.algorithms.iv());
    w.authentication_octets += p.algorithms.authenticates() ? static_cast<std::uint32_t>(size) : 0;
}

// The ICV over everything with the ICV itself zero; the padding behind it counts as it was sent (RFC 4302, 3.3.3.2.1).
bool ah_check_value(association& a, octets whole, std::size_t ah_at, std::uint64_t sequence, const std::uint8_t* iv, std::uint8_t* icv,
                    work& w) {
    const association_parameters& p = a.parameters();
    const auto v = ip_view::parse(whole);
    const auto headers = immutable_headers(*v, ah_at);
    if (!headers) return false;
    const std::size_t size = ah_size(p.algorithms, v->version), field = ah_fixed + p.algorithms.iv();
    bytes header(whole.data + ah_at, whole.data + ah_at + size);
    std::fill_n(header.begin() + static_cast<std::ptrdiff_t>(field), p.algorithms.icv(), std::uint8_t{0});
    std::array<std::uint8_t, 4> high{};
    if (p.extended_sequence) put32(high.data(), static_cast<std::uint32_t>(sequence >> 32));
    const octets tail(high.data(), p.extended_sequence ? high.size() : 0);
    a.transform().check_value({*headers, header, whole.from(ah_at + size), tail}, iv, icv);
    w.authentication_octets += static_cast<std::uint32_t>(whole.size + tail.size);
    return true;
}

outcome seal_ah(association& a, const place& at, std::uint64_t sequence, const std::uint8_t* iv, bytes& out, work& w) {
    const association_parameters& p = a.parameters();
    const std::size_t begin = out.size(), size = ah_size(p.algorithms, out[0] >> 4);
    out.resize(begin + size);
    std::uint8_t* ah = &out[begin];
    ah[0] = at.next;
    ah[1] = static_cast<std::uint8_t>(size / 4 - 2);
    put32(ah + 4, p.spi);
    put32(ah + 8, static_cast<std::uint32_t>(sequence));
    std::copy_n(iv, p.algorithms.iv(), ah + ah_fixed);
    out.insert(out.end(), at.body.data, at.body.data + at.body.size);
    finish_ip(out);
    std::uint8_t icv[most_icv];
    if (!ah_check_value(a, out, begin, sequence, iv, icv, w)) return outcome::malformed;
    std::copy_n(icv, p.algorithms.icv(), &out[begin + ah_fixed + p.algorithms.iv()]);
    w.copied_octets += static_cast<std::uint32_t>(at.body.size);
    return outcome::done;
}

outcome window_says(replay_verdict v) {
    switch (v) {
        case replay_verdict::fresh: return outcome::done;
        case replay_verdict::old: return outcome::too_old;
        case replay_verdict::repeated: return outcome::replayed;
        case replay_verdict::zero: return outcome::sequence_zero;
    }
    return outcome::malformed;
}

// Body and next header of a verified packet, into the packet that it was.
outcome unpack(const association_parameters& p, const ip_view& v, std::size_t front, std::size_t named_at, octets body, std::uint8_t next,
               opened& out) {
    if (next == ip_protocol::nothing) return outcome::dummy;
    out.was_tunnel = p.mode == association_mode::tunnel;
    if (out.was_tunnel) {
        // Behind a translator (RFC 3948) the far end has an address that nobody here knows.
        if (v.destination != p.destination || (!p.udp && v.source != p.source)) return outcome::selector_mismatch;
        if (next != ip_protocol::ipv4 && next != ip_protocol::ipv6) return outcome::bad_inner;
        const auto inner = ip_view::parse(body);
        if (!inner || inner->version != (next == ip_protocol::ipv4 ? 4 : 6)) return outcome::bad_inner;
        out.packet.assign(inner->packet.data, inner->packet.data + inner->packet.size);  // without padding for traffic flow confidentiality
        if (!join_congestion(v.traffic_class, out.packet)) return outcome::congestion;
    } else {
        out.packet.assign(v.packet.data, v.packet.data + front);
        out.packet[named_at] = next;
        out.packet.insert(out.packet.end(), body.data, body.data + body.size);
        finish_ip(out.packet);
    }
    const auto result = ip_view::parse(out.packet);
    if (!result) return outcome::bad_inner;
    return p.inner.selects(flow::of(*result)) ? outcome::done : outcome::selector_mismatch;
}

// Its integrity check value is right. Without one any number could be somebody's.
void authentic(association& a, std::uint64_t sequence, window_use use) {
    if (use == window_use::full) a.window.accept(sequence);
    else if (a.parameters().algorithms.authenticates()) a.window.advise(sequence);
}

outcome open_esp(association& a, const ip_view& v, std::size_t at, std::size_t front, std::size_t named_at, opened& out, work& w,
                 window_use use) {
    const association_parameters& p = a.parameters();
    const algorithms& al = p.algorithms;
    const octets esp = v.packet.from(at);
    const std::size_t overhead = esp_header + al.iv() + al.icv();
    if (const outcome o = lengths(p, esp, v.version); o != outcome::done) return o;
    const std::size_t text = esp.size - overhead;
    if (use == window_use::full)
        if (const outcome o = window_says(a.window.look(out.sequence)); o != outcome::done) return o;
    bytes clear(esp.data, esp.data + esp.size);
    w.copied_octets += static_cast<std::uint32_t>(esp.size);
    w.authentication_octets += al.authenticates() ? static_cast<std::uint32_t>(esp.size - al.icv()) : 0;
    if (!a.transform().open(clear.data(), esp.size - al.icv(), high_of(p, out.sequence))) return outcome::bad_icv;
    w.cipher_octets += al.cipher == cipher_kind::null ? 0 : static_cast<std::uint32_t>(text);
    authentic(a, out.sequence, use);
    const std::uint8_t* begin = clear.data() + esp_header + al.iv();
    const std::size_t pad = begin[text - 2];
    if (pad + 2 > text) return outcome::bad_padding;
    const octets body(begin, text - 2 - pad);
    for (std::size_t k = 0; k < pad; ++k)
        if (begin[body.size + k] != k + 1) return outcome::bad_padding;
    return unpack(p, v, front, named_at, body, begin[text - 1], out);
}

outcome open_ah(association& a, const ip_view& v, std::size_t at, std::size_t named_at, opened& out, work& w, window_use use) {
    const association_parameters& p = a.parameters();
    const algorithms& al = p.algorithms;
    const octets ah = v.packet.from(at);
    const std::size_t size = ah_size(al, v.version);
    if (const outcome o = lengths(p, ah, v.version); o != outcome::done) return o;
    if (use == window_use::full)
        if (const outcome o = window_says(a.window.look(out.sequence)); o != outcome::done) return o;
    std::uint8_t icv[most_icv];
    const std::uint8_t* iv = ah.data + ah_fixed;
    if (!ah_check_value(a, v.packet, at, out.sequence, iv, icv, w)) return outcome::malformed;
    if (!equal(icv, iv + al.iv(), al.icv())) return outcome::bad_icv;
    authentic(a, out.sequence, use);
    w.copied_octets += static_cast<std::uint32_t>(ah.size - size);
    return unpack(p, v, at, named_at, ah.from(size), ah[0], out);
}

}  // namespace

const char* name(outcome o) {
    constexpr const char* names[] = {"done",       "malformed",     "fragment",          "too_big",   "not_ours", "short_packet",
                                     "misaligned", "sequence_zero", "replayed",          "too_old",   "bad_icv",  "bad_padding",
                                     "dummy",      "bad_inner",     "selector_mismatch", "congestion"};
    return names[static_cast<std::size_t>(o)];
}

outcome protect(association& a, octets packet, std::uint64_t sequence, const std::uint8_t* iv, bytes& out, work& w,
                std::uint32_t identification, sealed_later* later) {
    const association_parameters& p = a.parameters();
    const auto v = ip_view::parse(packet);
    if (!v) return outcome::malformed;
    place at;
    if (const outcome o = find_place(a, *v, identification, at); o != outcome::done) return o;
    const std::size_t security = is_esp(p) ? esp_size(p.algorithms, at.body.size) : ah_size(p.algorithms, at.front[0] >> 4) + at.body.size;
    const std::size_t size = at.front.size() + (p.udp ? udp_header : 0) + security;
    if (size > (at.front[0] >> 4 == 4 ? longest_4 : longest_6)) return outcome::too_big;
    out.reserve(size);
    out = at.front;
    if (p.udp) {
        out.resize(out.size() + udp_header);
        std::uint8_t* u = &out[out.size() - udp_header];
        put16(u, p.udp->source);
        put16(u + 2, a.cached().peer_port);
        put16(u + 4, static_cast<std::uint16_t>(udp_header + security));      // its checksum is 0 (RFC 3948, 2.1; IPv6: RFC 6935)
    }
    if (!is_esp(p)) return seal_ah(a, at, sequence, iv, out, w);
    seal_esp(a, at, sequence, iv, out, w, later);
    finish_ip(out);
    return outcome::done;
}

std::optional<security_header> find_security_header(const ip_view& v, std::uint16_t udp_port) {
    if (v.fragment_offset) return std::nullopt;
    security_header h;
    h.at = v.header.size;
    std::size_t spi_at = 0;
    if (v.protocol == ip_protocol::esp) {
        h.protocol = security_protocol::esp;
    } else if (v.protocol == ip_protocol::ah) {
        h.protocol = security_protocol::ah;
        spi_at = 4;
    } else if (v.protocol == ip_protocol::udp && udp_port && v.payload.size >= udp_header + 4 &&
               (get16(v.payload.data + 2) == udp_port || get16(v.payload.data) == udp_port) && get32(v.payload.data + udp_header) != 0) {
        h.in_udp = true;             // four zero octets there would be IKE (RFC 3948, 2.2)
        h.at += udp_header;
    } else {
        return std::nullopt;
    }
    const octets rest = v.packet.from(h.at);
    if (rest.size < spi_at + 8) return std::nullopt;
    h.spi = get32(rest.data + spi_at);
    h.sequence = get32(rest.data + spi_at + 4);
    return h;
}

outcome lengths(const association_parameters& p, octets from, std::uint8_t version) {
    const algorithms& al = p.algorithms;
    if (is_esp(p)) {
        const std::size_t overhead = esp_header + al.iv() + al.icv();
        if (from.size < overhead + 2) return outcome::short_packet;
        return (from.size - overhead) % al.block() ? outcome::misaligned : outcome::done;
    }
    const std::size_t size = ah_size(al, version);
    if (from.size < size) return outcome::short_packet;
    return (from[1] + 2u) * 4u == size ? outcome::done : outcome::misaligned;
}

outcome unprotect(association& a, octets packet, opened& out, work& w, window_use use) {
    const association_parameters& p = a.parameters();
    const auto v = ip_view::parse(packet);
    if (!v) return outcome::malformed;
    if (v->is_fragment() && !(p.fragments_in_transport && p.mode == association_mode::transport)) return outcome::fragment;
    const std::size_t udp = p.udp ? udp_header : 0, at = v->header.size + udp, spi_at = is_esp(p) ? 0 : 4;
    if (v->protocol != (p.udp ? ip_protocol::udp : static_cast<std::uint8_t>(p.protocol))) return outcome::not_ours;
    const octets rest = v->packet.from(at);
    if (rest.size < spi_at + esp_header) return outcome::short_packet;
    if (get32(rest.data + spi_at) != p.spi) return outcome::not_ours;
    out.sequence = a.window.whole(get32(rest.data + spi_at + 4));
    return is_esp(p) ? open_esp(a, *v, at, v->header.size, v->protocol_at, out, w, use) : open_ah(a, *v, at, v->protocol_at, out, w, use);
}

void foresee(association& a, octets from, std::uint8_t version) {
    const association_parameters& p = a.parameters();
    if (!is_esp(p) || lengths(p, from, version) != outcome::done) return;
    const std::uint64_t sequence = a.window.whole(get32(from.data + 4));
    a.transform().open_ahead(from.data, from.size - p.algorithms.icv(), high_of(p, sequence));
}

std::size_t protected_size(const association_parameters& p, std::size_t packet, std::size_t header) {
    const bool tunnel = p.mode == association_mode::tunnel;
    const unsigned version = p.source.version;
    const std::size_t outer = tunnel ? (version == 4 ? ipv4_header : ipv6_header) : header, body = tunnel ? packet : packet - header;
    return outer + (p.udp ? udp_header : 0) + (is_esp(p) ? esp_size(p.algorithms, body) : ah_size(p.algorithms, version) + body);
}

std::size_t protected_size(const association_parameters& p, const ip_view& v) {
    const std::size_t header = v.is_fragment() ? v.header.size : end_of_hop_headers(v).end;
    return protected_size(p, v.packet.size, header);
}

std::size_t largest_within(const association_parameters& p, std::size_t mtu, std::size_t header) {
    // The size grows by whole blocks, so the search needs a block's worth of steps at most.
    for (std::size_t n = mtu; n >= header && n; --n)
        if (protected_size(p, n, header) <= mtu) return n;
    return 0;
}

}  // namespace nicteam::ipsec
