// What keys do to octets: seal and open an ESP packet in place, and the integrity check value of AH. Keyed once, used for every
// packet of an association; not shared between threads.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>

#include "nicteam/ipsec/algorithms.h"

namespace nicteam::ipsec {

constexpr std::size_t esp_header = 8;     // SPI, sequence number

enum class payload_kind : std::uint8_t {
    real,
    timing_only,     // no cipher: text stays clear; the ICV is a short keyed checksum of the same length (for sweeps)
};

// The integrity check value over parts of a packet.
class authenticator {
public:
    virtual ~authenticator() = default;
    virtual void update(packet::octets) = 0;
    virtual void finish(std::uint8_t* icv, std::size_t n) = 0;      // the first n octets; ready for the next packet
};

// A packet that is being sealed meanwhile, from a copy. Given up when this goes.
class sealing {
public:
    virtual ~sealing() = default;
    // Once: leaves at `esp`, where the packet stands as it was handed over, what `seal` would have left there.
    virtual void finish(std::uint8_t* esp) = 0;
};

class transform {
public:
    // Algorithms and keys that `refusal` accepts; std::invalid_argument otherwise.
    static std::unique_ptr<transform> make(const algorithms&, const keys&, payload_kind = payload_kind::real);
    virtual ~transform() = default;

    // `esp`: SPI, sequence number, IV, text; `size` octets, the text a multiple of the block. `high`: the upper half of a 64-bit
    // sequence number, which is authenticated and not sent. Sealing writes the ICV behind `size`; opening reads it there and
    // decrypts only when it is right.
    virtual void seal(std::uint8_t* esp, std::size_t size, std::optional<std::uint32_t> high) = 0;
    virtual bool open(std::uint8_t* esp, std::size_t size, std::optional<std::uint32_t> high) = 0;

    // The same ahead of time, for whoever does not need it at once: somebody else may do it meanwhile (ipsec/transform_service.h). Neither
    // changes what comes out. nullptr: nobody does; seal it.
    virtual std::unique_ptr<sealing> seal_ahead(const std::uint8_t*, std::size_t, std::optional<std::uint32_t>) { return nullptr; }
    // What `open` will probably be asked for; with its ICV.
    virtual void open_ahead(const std::uint8_t*, std::size_t, std::optional<std::uint32_t>) {}

    // The ICV of AH over these parts. AES-GMAC takes its IV; others have none.
    virtual void check_value(std::initializer_list<packet::octets> parts, const std::uint8_t* iv, std::uint8_t* icv) = 0;
};

// Equal without telling where they differ.
bool equal(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);

}  // namespace nicteam::ipsec
