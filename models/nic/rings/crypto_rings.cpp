#include "nic/rings/crypto_rings.h"

namespace nicteam::nic {
namespace {

rings::ring_unit_config config_of(const offload::crypto_config& c) {
    rings::ring_unit_config u;
    u.engine_period = c.period;
    u.lookup = c.lookup_clocks;
    u.crossing = c.crossing;
    u.places = c.ring_places;
    u.digest_octets = c.digest_octets;
    u.engine_watchdog = c.engine_watchdog;
    u.able.associations = c.associations;
    u.able.uses = rings::inline_out | rings::inline_in;
    if (c.secondary_use) u.able.uses |= rings::secondary_out | rings::secondary_in | rings::transmits | (c.digest_octets ? rings::digests : 0u);
    if (c.cache_miss == offload::cache_miss::over_the_bus) u.able.uses |= rings::fetches;
    u.able.command_depth = c.command_depth;
    u.able.completion_depth = c.completion_depth;
    u.able.longest_job = c.longest_job;
    u.able.longest_sent = c.longest_packet;
    return u;
}

}  // namespace

crypto_rings::crypto_rings(const chip& c, offload::receive_block& in, offload::transmit_block& out)
    : sc_module(sc_core::sc_module_name("crypto_rings")), chip_(c), out_(out), services_(c.bus), associations_(in, out), engines_(in, out),
      fetcher_(c, in, associations_),
      unit_("unit", *this, config_of(c.config.crypto), services_, rings::ring_carrier{associations_, engines_}, c.config.crypto.payload) {
    unit_.connect(*this);
    if (c.config.crypto.cache_miss == offload::cache_miss::over_the_bus) in.fetch_from(fetcher_);
    out_.on_made_taken([this](ps at) { unit_.may_transmit(at); });
}

// Of whose octets it is made, observers want to know.
bool crypto_rings::take(const bytes& frame, const rings::job& made_of, ps at) {
    if (!out_.has_room_for_made()) return false;
    const trace_id before = chip_.shadow.at(made_of.source);
    chip_.station.crossed(before, chip_.bus.bus_path(), made_of.length, at);
    out_.add_made(frame, before);
    return true;
}

}  // namespace nicteam::nic
