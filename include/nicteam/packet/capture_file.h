// Capture files: what one record holds, and the reader of pcap and pcapng (draft-ietf-opsawg-pcap,
// draft-ietf-opsawg-pcapng), in both byte orders and any time resolution.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"

namespace nicteam::packet {

enum class packet_direction : std::uint8_t { unknown = 0, inbound = 1, outbound = 2 };   // epb_flags bits 1:0

struct capture_interface {
    std::string name, description;
    std::uint64_t speed = 0;            // bit/s, 0: not given
    unsigned fcs_octets = 0;            // octets of FCS in each record
    unsigned link_type = 1;             // LINKTYPE_ETHERNET
    std::uint32_t snap_length = 0;      // 0: none
    // Units per second of its time stamps, and seconds to add to them.
    std::uint64_t resolution = 1'000'000;
    std::int64_t offset = 0;
};

struct capture_record {
    unsigned interface = 0;             // index into interfaces()
    // Since 1970 when the file says so, else since its own zero; whole picoseconds below the second, floor.
    std::uint64_t seconds = 0;
    ps fraction = 0;
    std::uint32_t original_octets = 0;  // before the snap length cut it
    packet_direction direction = packet_direction::unknown;
    std::string comment;
    bytes data;

    bool whole() const { return data.size() >= original_octets; }
};

// What is wrong with a file: name, octet offset, what was expected, what was there.
class capture_error : public std::runtime_error {
public:
    capture_error(const std::string& file, std::uint64_t offset, const std::string& what);
    std::uint64_t offset;
};

class capture_reader {
public:
    virtual ~capture_reader() = default;

    // Opens and reads the header. Throws capture_error (foreign or unreadable file).
    static std::unique_ptr<capture_reader> open(const std::string& path);
    // The same over octets in memory; `name` is for messages.
    static std::unique_ptr<capture_reader> over(bytes content, const std::string& name);

    // The next record; false at the end of the file. Throws capture_error on a file cut short or damaged.
    virtual bool next(capture_record&) = 0;
    virtual const std::vector<capture_interface>& interfaces() const = 0;
};

}  // namespace nicteam::packet
