#include "nicteam/offload/engine_timing.h"

#include <fmt/format.h>

#include <algorithm>

#include "offload/engine_shortage.h"

namespace nicteam::offload {
namespace {

using ipsec::authentication_kind;
using ipsec::cipher_kind;

constexpr std::size_t esp_front = 8, upper_half = 4;      // SPI and sequence number; what extended numbers add
// Octets that end a message: one bit, and its length in 64 (RFC 1321, 3.1 and 3.2; FIPS 180-4, 5.1.1).
constexpr std::size_t merkle_damgard = 9;

std::size_t up(std::size_t n, std::size_t unit) { return (n + unit - 1) / unit; }

// n blocks that follow each other at `interval`.
std::uint64_t run(std::uint64_t n, std::uint64_t interval, std::uint64_t latency) { return n ? latency + (n - 1) * interval : 0; }

struct stage {                        // an engine's pace on this packet
    std::uint64_t blocks = 0, interval = 0, latency = 0;
    std::size_t block = 1;            // octets
    std::uint64_t alone() const { return run(blocks, interval, latency); }
};

stage cipher_stage(const engines& e, const ipsec::algorithms& a, way w, std::size_t text) {
    if (!e.cipher || a.cipher == cipher_kind::null) return {};
    const engine_core& c = *e.cipher;
    const bool cbc = !ipsec::info(a.cipher).counter;
    // GCM's first counter block makes the mask of the tag (NIST SP 800-38D, 7.1), one block more.
    const std::size_t blocks = up(text, c.block) + (galois(a) && c.kind == core_kind::aes ? 1 : 0);
    if (cbc && w == way::in) return {blocks, c.backward.interval, c.backward.latency, c.block};
    return {blocks, cbc ? c.chained : c.forward.interval, c.forward.latency, c.block};
}

// What is hashed: `front` octets before the text, the text, `behind` octets, then whole blocks `after` all that.
struct message {
    std::size_t front = 0, text = 0, behind = 0;
    std::uint64_t after = 0;
};

message message_of(const ipsec::algorithms& a, std::size_t text, bool extended) {
    const std::size_t number = extended ? upper_half : 0, front = esp_front + a.iv();
    if (galois(a)) return {16, text, 0, 1};  // associated data fill a block, lengths another (NIST SP 800-38D, 7.1)
    if (a.authentication == authentication_kind::aes_gmac) return {front + number, text, 0, 1};
    if (a.authentication == authentication_kind::aes_xcbc_mac_96) return {front, text, number, 0};
    return {front, text, number + merkle_damgard, 1};                           // the outer hash
}

stage hash_stage(const engines& e, const message& m) {
    const engine_core& c = *e.authentication;
    const std::uint64_t interval = c.kind == core_kind::aes ? c.chained : c.forward.interval;
    return {up(m.front + m.text + m.behind, c.block) + m.after, interval, c.forward.latency, c.block};
}

// The last octets of the hash when each of its blocks waits for the cipher's. Block j may start when the text in it is there, and
// `interval` behind block j - 1; so the last one starts at the latest of ready(j) + (last - j) · interval. As long as whole blocks of
// text fill a block of the hash that grows by the same amount with each j: its ends decide.
std::uint64_t behind_cipher(const stage& c, const stage& h, const message& m) {
    const std::uint64_t data = h.blocks - m.after, full = (m.front + m.text) / h.block;
    const std::uint64_t unfilled = c.blocks - up(m.text, c.block);              // the cipher's blocks that are no text come first
    const auto ready = [&](std::uint64_t j) -> std::uint64_t {
        const std::size_t end = std::min<std::size_t>((j + 1) * h.block, m.front + m.text);
        return end <= m.front ? 0 : run(unfilled + up(end - m.front, c.block), c.interval, c.latency);
    };
    std::uint64_t start = 0;
    for (const std::uint64_t j : {std::uint64_t{0}, std::uint64_t{1}, full ? full - 1 : 0, full, data - 1})
        if (j < data) start = std::max(start, ready(j) + (data - 1 - j) * h.interval);
    // The blocks after wait for the result of all before, and are results for the next.
    return start + h.latency * (1 + m.after);
}

std::uint64_t key_setup(const engines& e, way w, const ipsec::algorithms& a, bool new_key) {
    std::uint64_t n = 0;
    if (e.cipher && a.cipher != cipher_kind::null) {
        const bool back = w == way::in && !ipsec::info(a.cipher).counter;
        if (new_key || e.cipher->kind == core_kind::aes_gcm) n = (back ? e.cipher->backward : e.cipher->forward).key_setup;
    }
    // A hash is started for each packet; AES-XCBC-MAC has a key like a cipher.
    if (e.authentication && (new_key || e.authentication->kind != core_kind::aes))
        n = std::max<std::uint64_t>(n, e.authentication->forward.key_setup);
    return n;
}

}  // namespace

std::string refusal(const engines& e, const ipsec::algorithms& a, std::size_t key, way w) {
    const auto& cipher = ipsec::info(a.cipher);
    const auto& authentication = ipsec::info(a.authentication);
    const auto missing = [](const engine_core* c, const std::string& names, const char* what) {
        return fmt::format("{} {}; {} can", c ? std::string(c->name) + " does no" : "there is no engine for", what, names);
    };
    if (a.authentication == authentication_kind::hmac_sha2_384_192 || a.authentication == authentication_kind::hmac_sha2_512_256)
        return fmt::format("no engine with a measured core does {}", authentication.name);
    if (galois(a) && e.cipher && e.cipher->kind == core_kind::aes_gcm && !e.authentication)
        return e.cipher->key == key ? "" : fmt::format("{} takes keys of {} octets, not {}", e.cipher->name, e.cipher->key, key);
    if (a.cipher != cipher_kind::null) {
        if (!e.cipher || e.cipher->kind != kind_for(a.cipher)) return missing(e.cipher, cores_for_cipher(a, key, w), cipher.name);
        if (e.cipher->key != key) return fmt::format("{} takes keys of {} octets, not {}", e.cipher->name, e.cipher->key, key);
        if (!cipher.counter && w == way::in && e.cipher->backward.interval == 0)
            return fmt::format("{} encrypts only; {} is decrypted by another", e.cipher->name, cipher.name);
    }
    if (!a.authenticates()) return {};
    if (!e.authentication || e.authentication->kind != kind_for(a))
        return missing(e.authentication, cores_for_authentication(a), galois(a) ? cipher.name : authentication.name);
    if (e.authentication->kind == core_kind::aes && e.authentication->key != authentication.keys[0])
        return fmt::format("{} takes keys of {} octets, not {}", e.authentication->name, e.authentication->key, authentication.keys[0]);
    return {};
}

engine_clocks esp_clocks(const engines& e, const ipsec::algorithms& a, way w, std::size_t text, bool extended, bool new_key) {
    engine_clocks t;
    t.key_setup = key_setup(e, w, a, new_key);
    if (galois(a) && e.cipher->kind == core_kind::aes_gcm) {
        // Associated data take a block like the text's. Choice: measured were blocks of text.
        const engine_core& c = *e.cipher;
        t.cipher = run(1 + up(text, c.block), c.forward.interval, c.tag);
        t.authentication = t.cipher;
        t.total = t.key_setup + t.cipher;
        return t;
    }
    const stage c = cipher_stage(e, a, w, text);
    t.cipher = c.alone();
    if (!a.authenticates()) {
        t.total = t.key_setup + t.cipher;
        return t;
    }
    const message m = message_of(a, text, extended);
    const stage h = hash_stage(e, m);
    t.authentication = h.alone();
    if (e.coupling == coupling::series) t.total = t.cipher + t.authentication;
    else if (w == way::in || c.blocks == 0) t.total = std::max(t.cipher, t.authentication);
    else t.total = behind_cipher(c, h, m);
    t.total += t.key_setup;
    return t;
}

engine_clocks hash_clocks(const engines& e, const ipsec::algorithms& a, std::size_t octets, bool new_key) {
    engine_clocks t;
    t.key_setup = key_setup({nullptr, e.authentication, e.coupling}, way::out, a, new_key);
    message m = message_of(a, 0, false);
    m.front = octets;
    t.authentication = hash_stage(e, m).alone();
    t.total = t.key_setup + t.authentication;
    return t;
}

std::size_t esp_text(const ipsec::algorithms& a, std::size_t body) { return up(body + 2, a.block()) * a.block(); }

}  // namespace nicteam::offload
