#include "nicteam/packet/pcapng_writer.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "packet/pcapng_format.h"

namespace nicteam::packet {

using namespace pcapng;

namespace {
constexpr std::size_t flush_at = 1u << 18;
constexpr std::uint8_t nanoseconds = 9;
}  // namespace

pcapng_writer::pcapng_writer(const std::string& path, const std::string& application) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) throw std::runtime_error(fmt::format("{}: cannot be created: {}", path, std::strerror(errno)));
    std::setvbuf(file_, nullptr, _IONBF, 0);
    const std::size_t at = open_block(section_header);
    u32(byte_order_magic);
    u16(1);
    u16(0);
    u64(UINT64_MAX);   // section length: not given
    option(shb_userappl, application.data(), application.size());
    end_options();
    close_block(at);
}

pcapng_writer::~pcapng_writer() { close(); }

unsigned pcapng_writer::add_interface(const capture_interface& i) {
    const std::size_t at = open_block(interface_description);
    u16(i.link_type);
    u16(0);
    u32(i.snap_length);
    if (!i.name.empty()) option(if_name, i.name.data(), i.name.size());
    if (!i.description.empty()) option(if_description, i.description.data(), i.description.size());
    if (i.speed) {
        std::uint8_t v[8];
        for (unsigned k = 0; k < 8; ++k) v[k] = static_cast<std::uint8_t>(i.speed >> (8 * k));
        option(if_speed, v, sizeof v);
    }
    option(if_tsresol, &nanoseconds, 1);
    const auto fcs = static_cast<std::uint8_t>(i.fcs_octets);
    option(if_fcslen, &fcs, 1);
    end_options();
    close_block(at);
    return interfaces_++;
}

void pcapng_writer::packet(unsigned interface, ps at, octets data, packet_direction direction, std::uint32_t errors, const char* comment) {
    const std::size_t block = open_block(enhanced_packet);
    const auto stamp = static_cast<std::uint64_t>((at + nanosecond / 2) / nanosecond);
    u32(interface);
    u32(static_cast<std::uint32_t>(stamp >> 32));
    u32(static_cast<std::uint32_t>(stamp));
    u32(static_cast<std::uint32_t>(data.size));
    u32(static_cast<std::uint32_t>(data.size));
    buffer_.insert(buffer_.end(), data.data, data.data + data.size);
    buffer_.resize((buffer_.size() - block + 3) / 4 * 4 + block, 0);
    if (const std::uint32_t flags = static_cast<std::uint32_t>(direction) | errors; flags) {
        std::uint8_t v[4];
        for (unsigned k = 0; k < 4; ++k) v[k] = static_cast<std::uint8_t>(flags >> (8 * k));
        option(epb_flags, v, sizeof v);
    }
    if (comment) option(opt_comment, comment, std::strlen(comment));
    end_options();
    close_block(block);
}

void pcapng_writer::statistics(unsigned interface, ps at, std::uint64_t received, std::uint64_t dropped) {
    const std::size_t block = open_block(interface_statistics);
    const auto stamp = static_cast<std::uint64_t>((at + nanosecond / 2) / nanosecond);
    u32(interface);
    u32(static_cast<std::uint32_t>(stamp >> 32));
    u32(static_cast<std::uint32_t>(stamp));
    const std::uint64_t values[2] = {received, dropped};
    for (unsigned o = 0; o < 2; ++o) {
        std::uint8_t v[8];
        for (unsigned k = 0; k < 8; ++k) v[k] = static_cast<std::uint8_t>(values[o] >> (8 * k));
        option(isb_ifrecv + o, v, sizeof v);
    }
    end_options();
    close_block(block);
}

void pcapng_writer::u16(std::uint32_t v) { buffer_.insert(buffer_.end(), {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8)}); }
void pcapng_writer::u32(std::uint32_t v) {
    u16(v);
    u16(v >> 16);
}
void pcapng_writer::u64(std::uint64_t v) {
    u32(static_cast<std::uint32_t>(v));
    u32(static_cast<std::uint32_t>(v >> 32));
}

void pcapng_writer::option(unsigned code, const void* data, std::size_t n) {
    if (n > 65'535) n = 65'535;   // the length field's reach; longer texts lose their end
    u16(code);
    u16(static_cast<std::uint32_t>(n));
    const auto* p = static_cast<const std::uint8_t*>(data);
    buffer_.insert(buffer_.end(), p, p + n);
    buffer_.resize(buffer_.size() + (4 - n % 4) % 4, 0);
}

void pcapng_writer::end_options() { u32(0); }

std::size_t pcapng_writer::open_block(std::uint32_t type) {
    const std::size_t at = buffer_.size();
    u32(type);
    u32(0);
    return at;
}

void pcapng_writer::close_block(std::size_t at) {
    const auto length = static_cast<std::uint32_t>(buffer_.size() + 4 - at);
    for (unsigned k = 0; k < 4; ++k) buffer_[at + 4 + k] = static_cast<std::uint8_t>(length >> (8 * k));
    u32(length);
    total_ += length;
    if (buffer_.size() >= flush_at) flush();
}

bool pcapng_writer::flush() {
    if (file_ && error_.empty() && std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size())
        error_ = fmt::format("{}: cannot be written: {}", path_, std::strerror(errno));
    buffer_.clear();   // after an error nothing more is kept: the file ends where the disk did
    return error_.empty();
}

bool pcapng_writer::close() {
    if (!file_) return error_.empty();
    flush();
    if (std::fclose(file_) != 0 && error_.empty()) error_ = fmt::format("{}: cannot be closed: {}", path_, std::strerror(errno));
    file_ = nullptr;
    return error_.empty();
}

}  // namespace nicteam::packet
