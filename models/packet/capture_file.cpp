#include "nicteam/packet/capture_file.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "packet/capture_input.h"

namespace nicteam::packet {

capture_error::capture_error(const std::string& file, std::uint64_t at, const std::string& what)
    : std::runtime_error(fmt::format("{}: at octet {}: {}", file, at, what)), offset(at) {}

capture_input::capture_input(const std::string& path) : name_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) fail(0, fmt::format("cannot be opened: {}", std::strerror(errno)));
}

capture_input::capture_input(bytes content, std::string name) : name_(std::move(name)), content_(std::move(content)) {}

capture_input::~capture_input() {
    if (file_) std::fclose(file_);
}

bool capture_input::at_end() {
    if (!file_) return offset_ >= content_.size();
    const int c = std::fgetc(file_);
    if (c == EOF) {
        if (std::ferror(file_)) fail(offset_, fmt::format("cannot be read: {}", std::strerror(errno)));
        return true;
    }
    std::ungetc(c, file_);
    return false;
}

std::size_t capture_input::take(std::uint8_t* to, std::size_t n) {
    if (n == 0) return 0;
    if (file_) return std::fread(to, 1, n, file_);
    const std::size_t there = content_.size() - static_cast<std::size_t>(offset_);
    const std::size_t taken = n < there ? n : there;
    if (taken) std::memcpy(to, content_.data() + offset_, taken);
    return taken;
}

void capture_input::read(std::uint8_t* to, std::size_t n, const char* what) {
    const std::size_t got = take(to, n);
    if (got < n) fail(offset_, fmt::format("expected {} of {} octets, found the end of the file after {}", what, n, got));
    offset_ += n;
}

namespace {

std::unique_ptr<capture_reader> reader_of(std::unique_ptr<capture_input> in) {
    std::uint8_t magic[4];
    in->read(magic, 4, "a capture file's magic number");
    const std::uint32_t big = number32(magic, true), little = number32(magic, false);
    if (big == 0x0A0D0D0A) return make_pcapng_reader(std::move(in));
    for (const std::uint32_t known : {0xA1B2C3D4u, 0xA1B23C4Du})
        if (big == known || little == known) return make_pcap_reader(std::move(in), big);
    in->fail(0, fmt::format("expected pcapng (0a0d0d0a) or pcap (a1b2c3d4, a1b23c4d, either byte order), found {:08x}", big));
}

}  // namespace

std::unique_ptr<capture_reader> capture_reader::open(const std::string& path) { return reader_of(std::make_unique<capture_input>(path)); }

std::unique_ptr<capture_reader> capture_reader::over(bytes content, const std::string& name) {
    return reader_of(std::make_unique<capture_input>(std::move(content), name));
}

}  // namespace nicteam::packet
