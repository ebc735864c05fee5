#include "scenario/language/cores.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/offload/engine_cores.h"

namespace nicteam::scenario {
namespace {

const char* work_of(offload::core_kind k) {
    using c = offload::core_kind;
    switch (k) {
        case c::des: return "des-cbc";
        case c::des3: return "3des-cbc";
        case c::aes: return "aes-cbc, aes-ctr; aes-gcm beside ghash; aes-xcbc-mac-96 with a key of 16 octets";
        case c::md5: return "hmac-md5-96";
        case c::sha1: return "hmac-sha1-96";
        case c::sha256: return "hmac-sha2-256-128";
        case c::ghash: return "aes-gmac; aes-gcm beside an AES core";
        default: return "aes-gcm alone";
    }
}

std::string rate(const offload::block_rate& r, unsigned interval) {
    if (!interval) return "no";
    return fmt::format("a block each {} clocks, its result {} behind its start{}", interval, r.latency,
                       r.key_setup ? fmt::format(", {} for another key", r.key_setup) : "");
}

}  // namespace

std::vector<std::string> all_cores() {
    std::vector<std::string> all;
    for (const offload::engine_core& c : offload::engine_cores) all.emplace_back(c.name);
    return all;
}

std::string core_called(const std::string& key) {
    const offload::engine_core* c = offload::core_named(key);
    if (!c) return "";
    std::string out = fmt::format("{}: core of an engine\n  does     {}\n  block    {} octets\n", c->name, work_of(c->kind), c->block);
    const auto line = [&](const char* what, const std::string& text) { out += fmt::format("  {:<8} {}\n", what, text); };
    if (c->key) {
        line("key", fmt::format("{} octets", c->key));
        line("forward", rate(c->forward, c->forward.interval));
        if (c->chained) line("CBC out", fmt::format("a block each {} clocks, as each waits for the one before", c->chained));
        if (c->kind != offload::core_kind::aes_gcm) line("CBC in", rate(c->backward, c->backward.interval));
        if (c->tag) line("tag", fmt::format("{} clocks from the start of the last block", c->tag));
    } else {
        line("pace", rate(c->forward, c->forward.interval));
    }
    line("source", c->source);
    line("used in", "nic.crypto.engines, nic.crypto.transmit_engines, crypto_card.engines; docs/timing.md; a packet's clocks: docs/ipsec.md");
    return out + "\n";
}

}  // namespace nicteam::scenario
