// Commands and parts for tests of the face.
#pragma once

#include "nicteam/ipsec/association_state.h"
#include "nicteam/rings/command_processor.h"
#include "nicteam/rings/registers.h"
#include "unit/ipsec/some_association.h"

namespace nicteam::test {

using rings::opcode;
using rings::reason;

constexpr ipsec::algorithms des3_sha1{ipsec::cipher_kind::des3_cbc, ipsec::authentication_kind::hmac_sha1_96};
constexpr ipsec::algorithms aes_sha1{ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
constexpr ipsec::algorithms gcm{ipsec::cipher_kind::aes_gcm_16, ipsec::authentication_kind::null};

// One for each algorithm that has a measured core.
inline const std::vector<std::string> usual_engines = {"des-area", "3des-area", "aes-128-round", "aes-256-iterative", "md5", "sha1", "sha256", "ghash"};

inline rings::capability usual_capability() {
    rings::capability c;
    c.associations = 4;
    c.uses = rings::secondary_out | rings::secondary_in;
    return c;
}

// As a host hands it over: its own, and the same in octets.
struct handed_over {
    ipsec::association host;
    bytes constant, cached, delegated;
    explicit handed_over(ipsec::association_parameters p, std::uint64_t seed = 5) : host(p, 0, seed) {
        ipsec::write_constant(host.constants(), constant);
        host.save(state::part::cached, cached);
    }
    bytes lease(std::uint64_t n) {
        const ipsec::lease l = host.lend(n);
        bytes b;
        for (const std::uint64_t v : {l.first, l.last})
            for (int i = 0; i < 8; ++i) b.push_back(static_cast<std::uint8_t>(v >> 8 * i));
        return b;
    }
};

inline ipsec::association_parameters with_spi(ipsec::association_parameters p, std::uint32_t spi) {
    p.spi = spi;
    return p;
}

inline rings::command make_command(opcode o, state::handle h = {}, std::uint32_t length = 0, unsigned flags = 0, std::uint64_t cookie = 1) {
    rings::command c;
    c.cookie = cookie;
    c.opcode = o;
    c.handle = h;
    c.length = length;
    c.flags = static_cast<std::uint8_t>(flags);
    return c;
}
inline bytes joined(const bytes& a, const bytes& b) {
    bytes all(a);
    all.insert(all.end(), b.begin(), b.end());
    return all;
}

// The function alone, as a unit without time would drive it.
struct processor_bench {
    rings::own_associations store;
    rings::command_processor unit;
    explicit processor_bench(rings::capability c = usual_capability())
        : store(c.associations, offload::engine_set(usual_engines, offload::coupling::chained)), unit(c, store, 9) {}
    const ipsec::association_table& associations() const { return store.table(); }

    rings::outcome_of_entry run(rings::command c, const bytes& octets = {}, ps now = 0) {
        if (const reason why = unit.check(c); why != reason::none) return unit.not_executed(c, why);
        return unit.execute(c, octets, now);
    }
    rings::outcome_of_entry install(const bytes& parts) {
        return run(make_command(opcode::install, {}, static_cast<std::uint32_t>(parts.size())), parts);
    }
    rings::outcome_of_entry install(ipsec::association_parameters p) { return install(handed_over(std::move(p)).constant); }
    rings::outcome_of_entry lend(state::handle h, const bytes& lease) {
        return run(make_command(opcode::change, h, static_cast<std::uint32_t>(lease.size()), rings::lends), lease);
    }
    rings::outcome_of_entry job(state::handle h, const bytes& packet, unsigned flags = 0, std::uint32_t room = 2'048, std::uint64_t sequence = 0,
                                ps now = 0) {
        const rings::command c = make_command(opcode::process_and_return, h, rings::entry_octets, flags);
        const rings::job j{0, 0, sequence, static_cast<std::uint32_t>(packet.size()), room};
        if (const reason why = unit.check(c); why != reason::none) return unit.not_executed(c, why);
        if (const reason why = unit.check(c, j); why != reason::none) return unit.not_executed(c, why);
        return unit.process(c, j, packet, now);
    }
};

}  // namespace nicteam::test
