// A case for the transmit side of the crypto block: configuration, packets, and what their octets would decide. Plain data.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/offload/crypto_case.h"

namespace nicteam::test {

struct transmit_packet {
    std::int64_t whole = 0;               // ps: its last octet enters the transmit FIFO
    unsigned octets = 64;                 // from memory
    unsigned octets_from_21a = 64;
    unsigned lookup = 0;
    bool is_protected = false;
    engine_job job;                       // if it is
    unsigned drain = 1;                   // clocks until it has left the frame buffer, behind its last word in and the packet before
};

struct transmit_case {
    std::int64_t block_period = 30'000;   // ps
    unsigned word_octets = 4, crossing = 2, package_clocks = 4;
    unsigned places = 2, cipher_engines = 1, authentication_engines = 1;
    unsigned buffer_octets = 4'096, buffer_frames = 2;
    std::vector<transmit_packet> packets; // in order of `whole`
};

}  // namespace nicteam::test
