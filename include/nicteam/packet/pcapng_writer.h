// Writes pcapng: one section, nanosecond time stamps since 1970 (the model's power-on is 0). The same calls give the same
// octets on every machine. Buffered; the first write error is kept and reported by flush() and close().
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/packet/capture_file.h"
#include "nicteam/packet/octets.h"

namespace nicteam::packet {

class pcapng_writer {
public:
    // Creates or replaces the file. `application` goes into shb_userappl. Throws std::runtime_error naming path and reason.
    pcapng_writer(const std::string& path, const std::string& application);
    ~pcapng_writer();
    pcapng_writer(const pcapng_writer&) = delete;
    pcapng_writer& operator=(const pcapng_writer&) = delete;

    // Resolution and offset of `i` are ignored: always nanoseconds since 0. Returns the interface's number.
    unsigned add_interface(const capture_interface& i);

    // `at` is rounded to the nearest nanosecond. `errors`: epb_flags link-layer errors, bits 31:16; 0 = none.
    static constexpr std::uint32_t crc_error = 1u << 24;
    void packet(unsigned interface, ps at, octets data, packet_direction, std::uint32_t errors = 0, const char* comment = nullptr);

    // Counts at the end: frames received by and dropped at this capture point (interface statistics block).
    void statistics(unsigned interface, ps at, std::uint64_t received, std::uint64_t dropped);

    // False, and error() says why, when anything could not be written.
    bool flush();
    bool close();
    const std::string& error() const { return error_; }
    std::uint64_t octets_written() const { return total_; }

private:
    void u16(std::uint32_t);
    void u32(std::uint32_t);
    void u64(std::uint64_t);
    void option(unsigned code, const void* data, std::size_t n);
    void end_options();
    std::size_t open_block(std::uint32_t type);
    void close_block(std::size_t at);

    std::string path_, error_;
    std::FILE* file_ = nullptr;
    bytes buffer_;
    std::uint64_t total_ = 0;
    unsigned interfaces_ = 0;
};

}  // namespace nicteam::packet
