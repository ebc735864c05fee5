// I-3: of an association each sequence number leaves once, whichever transmitter of its owner it leaves by, and of a key of a counter mode (CTR, GCM, GMAC) each IV.
// What goes out again after a collision is the same frame.
//
// Reads the frames: ESP and AH, in UDP and behind AH too, with the number and IV that stand there in the clear; what is inside ESP nobody can see. Numbers are
// kept as ranges, so that memory grows with gaps and not with packets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/ipsec/association.h"
#include "nicteam/packet/octets.h"

namespace nicteam::check {

// A set of numbers that mostly follow one another.
class number_ranges {
public:
    bool add(std::uint64_t);             // false: it was there
    std::size_t ranges() const { return first_to_last_.size(); }

private:
    std::map<std::uint64_t, std::uint64_t> first_to_last_;
};

class numbers {
public:
    numbers(breaches& b, std::string owner) : breaches_(b), owner_(std::move(owner)) {}
    void add(const ipsec::association_parameters&);
    // A frame without FCS; `part`: it was cut, and may come again.
    void left(packet::octets frame, bool part, trace_id, const std::string& where, ps);

private:
    struct books {
        std::string name;
        bool extended = false;
        std::uint64_t highest = 0;
        number_ranges sequence;
        number_ranges* iv = nullptr;     // of its key, in a counter mode
        bytes cut;                       // what left last was cut: its octets
        std::uint64_t cut_number = 0;
    };
    using key = std::tuple<std::uint32_t, std::vector<std::uint8_t>, std::uint8_t>;      // SPI, destination, protocol
    void found(const struct seen_packet&, std::uint8_t protocol, packet::octets header, packet::octets frame, bool part, trace_id, const std::string&, ps);

    breaches& breaches_;
    std::string owner_;
    std::map<key, books> all_;
    std::map<bytes, number_ranges> ivs_;      // by key with its salt: whichever associations have it
};

}  // namespace nicteam::check
