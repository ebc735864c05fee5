#include "nicteam/tcp/layers.h"

#include <algorithm>
#include <stdexcept>

#include "tcp/moved_times.h"

namespace nicteam::tcp {

using state::part;
using state::part_reader;
using state::part_writer;

void neighbor::save(part p, bytes& out) const {
    part_writer w(out, layer(), p, format_version);
    if (p == part::cached) {
        w.octets(cached_.destination.data(), cached_.destination.size());
        write_back(w, cached_.host_reachable_at, now_);
        write_back(w, cached_.nic_reachable_at, now_);
        w.u8(static_cast<std::uint8_t>(cached_.format));
    }
    w.finish();
}

bool neighbor::load(part p, const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, layer(), p, format_version);
    if (p != part::cached) return r.finished();
    neighbor_cached c;
    r.octets(c.destination.data(), c.destination.size());
    c.host_reachable_at = read_back(r, now_);
    c.nic_reachable_at = read_back(r, now_);
    const std::uint8_t format = r.u8();
    if (!r.finished() || format > static_cast<std::uint8_t>(header_format::llc_snap)) return false;
    c.format = static_cast<header_format>(format);
    update(c);
    return true;
}

path::path(const path_constant& constant, path_cached cached, std::shared_ptr<neighbor> next_hop)
    : constant_(constant), cached_(cached), next_hop_(std::move(next_hop)) {
    if (constant.source.version != constant.destination.version) throw std::invalid_argument("a path between addresses of two IP versions");
}

void path::update(path_cached c) {
    if (c.path_mtu == cached_.path_mtu) return;
    cached_ = c;
    ++generation_;
}

bool path::too_big(std::uint32_t mtu) {
    if (mtu < least_mtu() || mtu >= cached_.path_mtu) return false;
    update({mtu});
    return true;
}

std::uint16_t path::next_identification() {
    return static_cast<std::uint16_t>(delegated_.identification_start + delegated_.identifications_used++ % 32'768);
}

void path::save(part p, bytes& out) const {
    part_writer w(out, layer(), p, format_version);
    if (p == part::constant) {
        w.u8(constant_.source.version);
        w.octets(constant_.destination.octets.data(), 16);
        w.octets(constant_.source.octets.data(), 16);
    } else if (p == part::cached) {
        w.u32(cached_.path_mtu);
    } else {
        w.u16(delegated_.identification_start);
        w.u32(delegated_.identifications_used);
    }
    w.finish();
}

std::optional<path_constant> path::ends_of(const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, state::layer::path, part::constant, format_version);
    path_constant c;
    c.source.version = c.destination.version = r.u8();
    r.octets(c.destination.octets.data(), 16);
    r.octets(c.source.octets.data(), 16);
    if (!r.finished() || (c.source.version != 4 && c.source.version != 6)) return std::nullopt;
    return c;
}

bool path::load(part p, const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, layer(), p, format_version);
    if (p == part::constant) {
        const auto c = ends_of(from, n);
        return c && c->destination == constant_.destination && c->source == constant_.source;
    }
    if (p == part::cached) {
        const path_cached c{r.u32()};
        if (!r.finished() || c.path_mtu < least_mtu()) return false;
        update(c);
        return true;
    }
    path_delegated d;
    d.identification_start = r.u16();
    d.identifications_used = r.u32();
    if (!r.finished()) return false;
    delegated_ = d;
    return true;
}

}  // namespace nicteam::tcp
