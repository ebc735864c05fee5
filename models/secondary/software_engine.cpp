#include "nicteam/secondary/software_engine.h"

#include "nicteam/host/costs.h"
#include "nicteam/host/security_cost.h"
#include "nicteam/packet/crc32c.h"

namespace nicteam::secondary {
namespace {

constexpr std::uint32_t generation = 1;

}  // namespace

software_engine::software_engine(std::string name, host::cpu& c, host::memory& m, std::uint64_t crc32c_cycles)
    : name_(std::move(name)), cpu_(c), ram_(m), digest_octet_{"crc32c_octet", crc32c_cycles, "an octet of a CRC-32c", "parameter of the service"} {}

state::handle software_engine::hold(const pooled_associations::request& r) {
    all_.push_back(&r.numbers);
    return {static_cast<std::uint32_t>(all_.size() - 1), generation};
}

void software_engine::submit(host::cpu& c, driver::crypto_job& j) {
    cpu_.post(c.now(), [this, &j](host::cpu& k) { work_on(k, j); });
}

void software_engine::work_on(host::cpu& c, driver::crypto_job& j) {
    j.result = driver::status::failed;
    j.unknown = false;
    if (j.service == driver::job_service::crc32c) return digest(c, j);
    ipsec::association* const a = j.association.generation == generation && j.association.index < all_.size() ? all_[j.association.index] : nullptr;
    if (!a) j.result = driver::status::refused, j.detail = "no such association";
    else if (j.transmit) j.result = driver::status::refused, j.detail = "software has no transmitter";
    else if (a->life(c.now()) == ipsec::lifetime_state::hard_expired) j.detail = "expired";
    else {
        c.catch_up();
        in_.resize(j.length);
        ram_.read(j.source, in_.data(), in_.size(), c.now());
        if (j.inbound) unprotect(c, *a, j);
        else protect(c, *a, j);
    }
    user_->finished(c, *this, j);
}

void software_engine::digest(host::cpu& c, driver::crypto_job& j) {
    c.spend(digest_octet_, j.length);
    c.catch_up();
    in_.resize(j.length);
    ram_.read(j.source, in_.data(), in_.size(), c.now());
    j.result = driver::status::done;
    j.verdict = static_cast<std::uint8_t>(ipsec::outcome::done);
    j.octets = 0;
    j.sequence = packet::crc32c(in_);
    user_->finished(c, *this, j);
}

void software_engine::protect(host::cpu& c, ipsec::association& a, driver::crypto_job& j) {
    const ipsec::association_parameters& p = a.parameters();
    const auto v = packet::ip_view::parse(in_);
    if (v && ipsec::protected_size(p, *v) > j.room) return void(j.detail = "no_room");
    std::uint8_t iv[16];
    if (!a.draw(j.sequence, iv)) return void(j.detail = "no sequence number is left");
    const bool tunnel = p.mode == ipsec::association_mode::tunnel && p.source.version == 4;
    const std::uint8_t protocol = p.udp ? packet::ip_protocol::udp : static_cast<std::uint8_t>(p.protocol);
    const std::uint32_t identification = tunnel ? identifications_.next(p.source, a.cached().peer, protocol, c.now()) : 0;
    out_.clear();
    ipsec::work work;
    const ipsec::outcome how = ipsec::protect(a, in_, j.sequence, iv, out_, work, identification, &later_);
    host::charge(c, p, work);
    c.catch_up();
    later_.finish(out_);
    if (how != ipsec::outcome::done) out_.clear();
    ram_.write(j.destination, out_.data(), out_.size(), c.now());
    j.result = driver::status::done;
    j.verdict = static_cast<std::uint8_t>(how);
    j.octets = static_cast<std::uint32_t>(out_.size());
}

// The window is the pool's, whose service asks it.
void software_engine::unprotect(host::cpu& c, ipsec::association& a, driver::crypto_job& j) {
    ipsec::opened& out = opened_;
    out.packet.clear();
    ipsec::work work;
    const ipsec::outcome how = ipsec::unprotect(a, in_, out, work, ipsec::window_use::verify_only);
    host::charge(c, a.parameters(), work);
    c.catch_up();
    if (how != ipsec::outcome::done) out.packet.clear();
    ram_.write(j.destination, out.packet.data(), out.packet.size(), c.now());
    j.result = driver::status::done;
    j.verdict = static_cast<std::uint8_t>(how);
    j.octets = static_cast<std::uint32_t>(out.packet.size());
    j.sequence = out.sequence;
}

}  // namespace nicteam::secondary
