// Any octets, and what became of good ones on a bad way, through the control logic of the crypto block: every packet ends after a few visits, and what
// an association hands up was sent through it, octet by octet. And any entries, parts and jobs to what stands behind the rings: each is
// answered, and no key comes out.
#include <algorithm>
#include <deque>

#include "fuzz/target.h"
#include "nicteam/ipsec/association_state.h"
#include "nicteam/offload/control_logic.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/rings/command_processor.h"
#include "nicteam/rings/registers.h"
#include "unit/ipsec/some_association.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

// ---- the way in

constexpr unsigned most_visits = 3 * ipsec::deepest_nesting;      // each but the first follows an association or a reassembly
constexpr std::size_t most_packets = 48;

std::vector<ipsec::association_parameters> associations() {
    using namespace ipsec;
    const algorithms cbc{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}, des{cipher_kind::des3_cbc, authentication_kind::hmac_md5_96},
        galois{cipher_kind::aes_gcm_16, authentication_kind::null}, plain{cipher_kind::null, authentication_kind::hmac_sha2_256_128};
    std::vector<association_parameters> all;
    const auto add = [&](const algorithms& a, association_mode mode, bool six, security_protocol protocol = security_protocol::esp) -> auto& {
        all.push_back(some(a, mode, six, protocol));
        all.back().spi = 0x1000 + static_cast<std::uint32_t>(all.size());
        all.back().name = std::to_string(all.size());
        return all.back();
    };
    add(cbc, association_mode::tunnel, false).tunnel.dont_fragment = fragment_bit::clear;
    add(des, association_mode::transport, false);
    add(galois, association_mode::tunnel, false).udp = udp_ports{};
    add(plain, association_mode::tunnel, false, security_protocol::ah);
    add(plain, association_mode::transport, false, security_protocol::ah);
    add(cbc, association_mode::tunnel, true);
    add(galois, association_mode::transport, true);
    add(plain, association_mode::transport, true, security_protocol::ah).extended_sequence = true;
    add(cbc, association_mode::transport, false).fragments_in_transport = true;
    return all;
}
constexpr unsigned literal = 8;      // the last: where a fragment stands is not under its protection

struct way_in {
    explicit way_in(packet::reassembly_limits l) : limits(l), again(l) {
        for (const auto& p : associations()) {
            demand(from.add(p).refused.empty() && nic.add(p).refused.empty(), "these associations may be");
            by_handle.push_back(nic.find(p.spi, p.destination, p.protocol));
        }
    }

    void arrive(bytes p) {
        offload::received r;
        r.packet = std::move(p);
        for (unsigned visits = 1;; ++visits) {
            demand(visits <= most_visits, "a packet ends after a few visits");
            offload::visit_ipsec_logic_21a(nic, r, now);
            const auto t = offload::visit_receiver_logic_22b(nic, again, r, now);
            if (t.next == offload::next_stop::deliver) return judge(r);
            if (t.next != offload::next_stop::feed_back) return;
        }
    }

    // All of IPsec was taken off and is good: then it was put on, here.
    void judge(const offload::received& r) const {
        demand(again.contexts() <= limits.contexts && again.held() <= limits.held, "the reassembly keeps its limits");
        if (r.security != ipsec::passage::pass || r.taken_off == 0) return;
        for (const ipsec::applied& s : r.steps)
            if (s.association == by_handle[literal]) return;
        const auto v = packet::ip_view::parse(r.packet);
        demand(v.has_value(), "what comes out is IP");
        const bool known = std::any_of(sent.begin(), sent.end(), [&](const bytes& b) {
            const auto was = packet::ip_view::parse(b);
            return was->protocol == v->protocol && was->payload.size == v->payload.size &&
                   std::equal(v->payload.data, v->payload.data + v->payload.size, was->payload.data);
        });
        demand(known, "what an association hands up was sent through it");
    }

    packet::reassembly_limits limits;
    ipsec::association_table from, nic;
    std::vector<state::handle> by_handle;
    packet::reassembler again;
    std::vector<bytes> sent;
    ps now = 0;
};

void cut(std::vector<bytes>& all, std::size_t mtu, std::uint32_t id) {
    std::vector<bytes> pieces;
    for (const bytes& p : all) {
        const auto r = packet::fragment(p, mtu, id, pieces);
        if (r != packet::fragment_result::whole && r != packet::fragment_result::fragmented) pieces.push_back(p);
    }
    all = std::move(pieces);
}

// A packet of our own, protected and cut as the octets say.
std::vector<bytes> made(way_in& w, tape& t) {
    const unsigned what = t.octet();
    bytes whole = ip_packet(what & 1, 1 + t.word() % 2'000);
    const auto number = static_cast<std::uint16_t>(w.sent.size() + 1);
    if (!(what & 1)) packet::put16(&whole[4], number), whole[6] = 0;
    packet::finish_ip(whole);
    w.sent.push_back(whole);
    std::vector<bytes> all{whole};
    for (unsigned layers = what >> 1 & 3; layers; --layers) {
        if (what & 8) cut(all, 200 + t.octet() * 4, number);
        ipsec::association& a = *w.from.find(w.by_handle[t.octet() % w.by_handle.size()]);
        std::vector<bytes> behind;
        for (const bytes& p : all) {
            const auto s = protect_next(a, p);
            if (s.how != ipsec::outcome::done) continue;
            behind.push_back(s.packet);
            if (behind.back()[0] >> 4 == 4 && a.parameters().mode == ipsec::association_mode::tunnel) {
                packet::put16(&behind.back()[4], static_cast<std::uint16_t>(s.sequence));      // a name of its own
                behind.back()[6] = static_cast<std::uint8_t>(behind.back()[6] & 0xBF);
                packet::finish_ip(behind.back());
            }
        }
        all = std::move(behind);
    }
    if (what & 16) cut(all, 68 + t.octet() * 6, number);
    return all;
}

void damage(bytes& p, tape& t) {
    const unsigned how = t.octet();
    if (p.empty()) return;
    if (how & 1) p[t.word() % p.size()] ^= static_cast<std::uint8_t>(1 + t.octet() % 255);
    if (how & 2) p.resize(t.word() % (p.size() + 1));
    if ((how & 4) && packet::ip_view::parse(p)) packet::finish_ip(p);
}

void inbound(tape& t) {
    packet::reassembly_limits l;
    const unsigned limits = t.octet();
    l.contexts = 1 + (limits & 7);
    l.fragments = 2 + (limits >> 3 & 31);
    l.held = 16'384;
    l.timeout = millisecond;
    way_in w(l);
    std::deque<bytes> under_way;
    for (std::size_t n = 0; n < most_packets && t.left(); ++n) {
        const unsigned how = t.octet();
        switch (how & 3) {
            case 0: under_way.push_back(t.octets(t.word() % 2'048)); break;
            case 1:
            case 2:
                for (bytes& p : made(w, t)) under_way.push_back(std::move(p));
                break;
            default: w.now += t.octet() * 10 * microsecond; w.again.expire(w.now);
        }
        if (how & 4 && !under_way.empty()) damage(under_way[t.octet() % under_way.size()], t);
        if (how & 8) std::reverse(under_way.begin(), under_way.end());
        if (how & 16 && !under_way.empty()) under_way.push_back(under_way.front());
        for (unsigned out = how >> 5; out && !under_way.empty(); --out) {
            w.arrive(std::move(under_way.front()));
            under_way.pop_front();
        }
    }
    for (bytes& p : under_way) w.arrive(std::move(p));
}

// ---- the rings

void behind_the_rings(tape& t) {
    using namespace rings;
    capability able;
    able.associations = 4;
    able.uses = secondary_out | secondary_in | (t.octet() & 1 ? transmits : 0u);
    const offload::engine_set engines({"3des-cascade", "aes-128-round", "md5", "sha1", "sha256", "ghash"}, offload::coupling::chained);
    own_associations store(able.associations, engines);
    command_processor unit(able, store, 1);
    const auto known = associations();
    bytes keys[2] = {known[0].keys.cipher, known[0].keys.authentication};
    ps now = 0;
    for (unsigned n = 0; n < 64 && t.left(); ++n) {
        const unsigned how = t.octet();
        entry e{};
        const auto noise = t.octets(how & 1 ? e.size() : 0);
        std::copy(noise.begin(), noise.end(), e.begin());
        demand(encode(decode_command(e)) == e && encode(decode_job(e)) == e && encode(decode_completion(e)) == e, "an entry says all that is in it");
        command c = decode_command(e);
        if (!(how & 1)) {
            c.opcode = static_cast<opcode>(t.octet() % 9);
            c.flags = how & 2 ? static_cast<std::uint8_t>(t.octet()) : 0;
            c.length = how & 4 ? t.word() : 0;
        }
        if (!(how & 8)) c.handle = {t.octet() % 5, 1 + t.octet() % 3};
        now += how & 16 ? second : 0;
        bytes parts;
        if (how & 32) parts = t.octets(t.word() % 1'024);
        else {
            ipsec::constant_parameters p;
            p.parameters = known[t.octet() % known.size()];
            p.parameters.name.clear();
            ipsec::write_constant(p, parts);
            damage(parts, t);
        }
        if (c.opcode == opcode::install && !(how & 4)) c.length = static_cast<std::uint32_t>(parts.size());
        outcome_of_entry o;
        reason why = unit.check(c);
        if (why != reason::none) o = command_processor::not_executed(c, why);
        else if (is_job(c.opcode)) {
            job j = decode_job(e);
            bytes packet = how & 64 ? t.octets(t.word() % 2'048) : ip_packet(how & 128, t.word() % 1'500);
            if (!(how & 1)) j = {0, 0, how & 2 ? t.dword() : 0u, static_cast<std::uint32_t>(packet.size()), 4'096};
            packet.resize(std::min<std::size_t>(j.length, able.longest_job));
            why = unit.check(c, j);
            o = why != reason::none ? command_processor::not_executed(c, why) : unit.process(c, j, packet, now);
            if (why == reason::none) demand(o.written.size() <= j.room || c.opcode == opcode::process_and_transmit, "a result has the room that it was given");
        } else {
            parts.resize(unit.octets_of(c));
            o = unit.execute(c, parts, now);
        }
        demand(o.completion.cookie == c.cookie && o.completion.opcode == c.opcode, "an entry is answered by its name");
        demand(o.completion.was_executed() == (o.completion.reason == reason::none), "what was not executed has a reason, and only that");
        demand(store.table().size() <= able.associations, "no more associations than places");
        for (const bytes& key : keys)
            demand(std::search(o.written.begin(), o.written.end(), key.begin(), key.end()) == o.written.end() || is_job(c.opcode), "keys never come out");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets == 0 || octets > 8'192) return 0;
    tape t(input, octets);
    if (t.octet() & 1) behind_the_rings(t);
    else inbound(t);
    return 0;
}
