// I-3: of an association each sequence number leaves once, whichever transmitter of its owner it leaves by, and of a key of a counter mode (CTR, GCM, GMAC) each IV.
// What goes out again after a collision is the same frame; so are the copies that a team sends by all its members, once by each.
//
// Reads the frames: ESP and AH, in UDP and behind AH too, with the number and IV that stand there in the clear; what is inside ESP nobody can see. Numbers are
// kept as ranges, so that memory grows with gaps and not with packets.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
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
    void takes_copies() { copies_ = true; }      // one owner's transmitters may send the same octets, each once
    // A frame without FCS; `part`: it was cut, and may come again.
    void left(packet::octets frame, bool part, trace_id, const std::string& where, ps);

private:
    struct copy {
        std::uint64_t number;
        bytes octets;                    // behind the addresses of Ethernet
        std::set<std::string> by;
    };
    static constexpr std::size_t remembered = 256;
    struct books {
        std::string name;
        bool extended = false;
        std::uint64_t highest = 0;
        number_ranges sequence;
        number_ranges* iv = nullptr;     // of its key, in a counter mode
        bytes cut;                       // what left last was cut: its octets
        std::uint64_t cut_number = 0;
        std::deque<copy> latest;         // where there may be copies
    };
    using key = std::tuple<std::uint32_t, std::vector<std::uint8_t>, std::uint8_t>;      // SPI, destination, protocol
    void found(const struct seen_packet&, std::uint8_t protocol, packet::octets header, packet::octets frame, bool part, trace_id, const std::string&, ps);

    bool is_copy(books&, std::uint64_t number, packet::octets frame, const std::string& where);

    breaches& breaches_;
    std::string owner_;
    bool copies_ = false;
    std::map<key, books> all_;
    std::map<bytes, number_ranges> ivs_;      // by key with its salt: whichever associations have it
};

}  // namespace nicteam::check
