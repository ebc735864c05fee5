#include "nicteam/secondary/job_content.h"

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/crc32c.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/sim/session.h"

namespace nicteam::secondary {
namespace {

constexpr std::uint8_t experimental = 253;               // protocol number: RFC 3692
constexpr packet::ipv4_address here = 0xC000'0201, there = 0xC000'0202;          // RFC 5737
constexpr std::uint32_t first_spi = 0x10'0000;           // far from those that scenarios make
constexpr std::uint32_t window = 1'024;                  // engines end jobs in any order

bytes random_octets(std::uint64_t seed, const std::string& path, const char* purpose, std::size_t n) {
    random_stream from(seed, path, purpose);
    bytes out(n);
    for (std::uint8_t& o : out) o = static_cast<std::uint8_t>(from.below(256));
    return out;
}

}  // namespace

ipsec::association_parameters session_of(const crypto_load_config& c, unsigned n, bool inbound, std::uint64_t seed) {
    ipsec::association_parameters p;
    p.name = "session" + std::to_string(n) + (inbound ? "_in" : "_out");
    p.spi = first_spi + 2 * n + inbound;
    p.source = packet::ip_address(inbound ? there : here);
    p.destination = packet::ip_address(inbound ? here : there);
    p.algorithms = {c.cipher, c.authentication};
    p.keys.cipher = random_octets(seed, p.name, "key", ipsec::cipher_key_octets(c.cipher));
    p.keys.authentication = random_octets(seed, p.name, "authentication_key", ipsec::authentication_key_octets(c.authentication));
    p.replay_window = p.algorithms.authenticates() ? window : 0;
    return p;
}

job_content::job_content(const sc_core::sc_object& owner, const crypto_load_config& c, ipsec::payload_kind payload, unsigned number, pooled_associations& pool)
    : config_(c), sizes_(sim::stream_of(owner, "sizes")) {
    const std::uint64_t seed = sim::session::current().seed();
    const std::string name = owner.name();
    const auto open = [&](bool inbound) {
        const auto p = session_of(c, number, inbound, seed);
        return end{pool.hold(p, random_stream(seed, name, inbound ? "iv in" : "iv out").next(), payload, inbound),
                   std::make_unique<ipsec::association>(p, 0, random_stream(seed, name, "far iv").next(), payload)};
    };
    if (encrypts(c)) out_ = open(false);
    if (decrypts(c)) in_ = open(true);
}

void job_content::choose(job& j) {
    ++chosen_;
    j.octets = static_cast<std::uint32_t>(config_.sizes == 0 ? config_.size : sizes_.between(config_.least_size, config_.greatest_size));
    j.inbound = in_.far && (!out_.far || chosen_ % 2 == 0);
}

const bytes& job_content::make(job& j) {
    j.plain.clear();
    if (!uses_ipsec(config_)) {
        for (std::uint32_t n = 0; n < j.octets; ++n) j.plain.push_back(static_cast<std::uint8_t>(chosen_ * 7 + n));
        return made_ = j.plain;
    }
    packet::ipv4_fields f;
    f.source = j.inbound ? there : here;
    f.destination = j.inbound ? here : there;
    f.protocol = experimental;
    f.identification = static_cast<std::uint16_t>(chosen_);
    packet::append_ipv4(j.plain, f, j.octets);
    for (std::uint32_t n = 0; n < j.octets; ++n) j.plain.push_back(static_cast<std::uint8_t>(chosen_ + n));
    made_ = j.plain;
    if (!j.inbound) return made_;
    std::uint64_t sequence = 0;
    std::uint8_t iv[16];
    ipsec::work none;
    made_.clear();
    in_.far->draw(sequence, iv);
    ipsec::protect(*in_.far, j.plain, sequence, iv, made_, none);
    return made_;
}

bool job_content::good(const job& j, const bytes& result, std::uint64_t value) {
    if (!uses_ipsec(config_)) return value == packet::crc32c(j.plain);
    ipsec::work none;
    return j.inbound ? result == j.plain : ipsec::unprotect(*out_.far, result, opened_, none) == ipsec::outcome::done && opened_.packet == j.plain;
}

}  // namespace nicteam::secondary
