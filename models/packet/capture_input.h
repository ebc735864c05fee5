// Octets of a capture file, read in order; knows where it is, for messages.
#pragma once

#include <cstdio>
#include <string>

#include "nicteam/packet/capture_file.h"

namespace nicteam::packet {

class capture_input {
public:
    explicit capture_input(const std::string& path);
    capture_input(bytes content, std::string name);
    ~capture_input();
    capture_input(const capture_input&) = delete;
    capture_input& operator=(const capture_input&) = delete;

    bool at_end();
    // All n octets or a capture_error: "expected <what>, n octets, but the file ends after m of them".
    void read(std::uint8_t* to, std::size_t n, const char* what);
    std::uint64_t offset() const { return offset_; }
    const std::string& name() const { return name_; }
    [[noreturn]] void fail(std::uint64_t at, const std::string& what) const { throw capture_error(name_, at, what); }

private:
    std::size_t take(std::uint8_t* to, std::size_t n);
    std::string name_;
    std::FILE* file_ = nullptr;
    bytes content_;
    std::uint64_t offset_ = 0;
};

// Largest record or block that a reader believes (libpcap's own limit for link types other than USB is 256 KiB).
constexpr std::uint32_t largest_record = 262'144;
constexpr std::uint32_t largest_block = 16u << 20;

std::unique_ptr<capture_reader> make_pcap_reader(std::unique_ptr<capture_input>, std::uint32_t magic_octets);
std::unique_ptr<capture_reader> make_pcapng_reader(std::unique_ptr<capture_input>);

inline std::uint32_t number32(const std::uint8_t* p, bool big) {
    return big ? static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 | static_cast<std::uint32_t>(p[2]) << 8 | p[3]
               : static_cast<std::uint32_t>(p[3]) << 24 | static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[1]) << 8 | p[0];
}
inline std::uint16_t number16(const std::uint8_t* p, bool big) {
    return static_cast<std::uint16_t>(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}
inline std::uint64_t number64(const std::uint8_t* p, bool big) {
    const std::uint64_t a = number32(p, big), b = number32(p + 4, big);
    return big ? a << 32 | b : b << 32 | a;
}

}  // namespace nicteam::packet
