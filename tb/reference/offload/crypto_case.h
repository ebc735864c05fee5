// A case for the receive side of the crypto block: configuration, packets, and what their octets would decide. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nicteam::test {

struct engine_job {
    unsigned cipher = 0, authentication = 0, lag = 0;
    bool chained = true;
};

struct crypto_visit {                     // one round: through 21a, then 22b
    unsigned lookup = 0;
    std::vector<unsigned> associations;   // that are looked up
    std::vector<engine_job> jobs;
    unsigned octets_from_21a = 64;
    unsigned clocks_22b = 0;
    enum { held, back, out, dropped } then = out;
    unsigned octets_from_22b = 64;
};

struct crypto_packet {
    unsigned gap = 12;                    // octet times in front of its first octet
    unsigned octets = 64;
    bool good = true;
    bool past_21a = false;                // to 22b at once: one visit, without 21a's part
    std::vector<crypto_visit> visits;     // all but the last say `back`
};

struct crypto_transmission {              // what 22a brings to path 152
    unsigned gap = 1;                     // clocks behind the last word of the one before, 1 at least
    unsigned octets = 64;
    crypto_visit visit;
};

struct crypto_case {
    std::int64_t block_period = 30'000, octet_period = 80'000;      // ps
    unsigned word_octets = 4, crossing = 2;
    unsigned octets_142 = 4'096;          // 0: no buffer, the frame before must have left
    unsigned cut_through = 0;             // octets of a frame, a word at least, that are seen before it is offered; 0: all
    unsigned places = 2, cipher_engines = 1, authentication_engines = 1;
    unsigned places_140 = 1;              // 0: 22b keeps what it feeds back
    bool sorts = false;                   // some packets may go past 21a
    unsigned kept_142 = 0;                // octets for those alone
    unsigned cache_sets = 0, cache_ways = 1, miss_clocks = 0;       // no sets: no cache
    bool least_recently_used = true;      // else first in, first out
    bool separate_150 = false;            // what is fed back has an input of its own
    bool path_152 = false;                // what is fed back goes behind 22a, through the transmit side's 21a
    unsigned tag_152 = 0;                 // octets of the tag in front of it
    unsigned chips = 1;                   // 2: 21a on its own; 3: and 16a and 16b on theirs
    std::int64_t link_period = 30'000;
    unsigned link_word = 4, link_latency = 0;
    bool drop_at_140 = false;
    enum { feedback_first, feedforward_first, alternate } priority = feedback_first;
    bool bubble = false;
    unsigned sink_gap = 0;                // clocks between the last word out and the next take
    std::vector<crypto_packet> packets;
    std::vector<crypto_transmission> transmitted;        // only with path 152; their numbers follow those of the packets
    unsigned gap_16a = 0;                 // as sink_gap, of the frame buffer
};

}  // namespace nicteam::test
