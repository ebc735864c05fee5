// The classic format: 24 octets of header, then 16 octets before each record.
#include <fmt/format.h>

#include "packet/capture_input.h"

namespace nicteam::packet {
namespace {

class pcap_reader : public capture_reader {
public:
    pcap_reader(std::unique_ptr<capture_input> in, std::uint32_t magic) : in_(std::move(in)) {
        big_ = magic == 0xA1B2C3D4 || magic == 0xA1B23C4D;
        const bool nano = magic == 0xA1B23C4D || magic == 0x4D3CB2A1;
        std::uint8_t h[20];
        in_->read(h, sizeof h, "the pcap file header's rest");
        if (number16(h, big_) != 2) in_->fail(4, fmt::format("expected pcap version 2, found {}", number16(h, big_)));
        capture_interface i;
        i.snap_length = number32(h + 12, big_);
        const std::uint32_t link = number32(h + 16, big_);
        i.link_type = link & 0xFFFF;
        if (link & 1u << 26) i.fcs_octets = (link >> 28) * 2;   // "P" bit: length of the FCS in 16-bit units
        i.resolution = nano ? 1'000'000'000 : 1'000'000;
        interfaces_.push_back(i);
    }

    bool next(capture_record& r) override {
        if (in_->at_end()) return false;
        const std::uint64_t at = in_->offset();
        std::uint8_t h[16];
        in_->read(h, sizeof h, "a record header");
        const std::uint32_t captured = number32(h + 8, big_);
        if (captured > largest_record)
            in_->fail(at + 8, fmt::format("expected a record of at most {} octets, found the length {}", largest_record, captured));
        const std::uint64_t part = number32(h + 4, big_), resolution = interfaces_[0].resolution;
        r.interface = 0;
        r.seconds = number32(h, big_) + part / resolution;
        r.fraction = static_cast<ps>(part % resolution * (second / static_cast<ps>(resolution)));
        r.original_octets = number32(h + 12, big_);
        r.direction = packet_direction::unknown;
        r.comment.clear();
        r.data.resize(captured);
        in_->read(r.data.data(), captured, "a record");
        return true;
    }

    const std::vector<capture_interface>& interfaces() const override { return interfaces_; }

private:
    std::unique_ptr<capture_input> in_;
    bool big_ = false;
    std::vector<capture_interface> interfaces_;
};

}  // namespace

std::unique_ptr<capture_reader> make_pcap_reader(std::unique_ptr<capture_input> in, std::uint32_t magic_octets) {
    return std::make_unique<pcap_reader>(std::move(in), magic_octets);
}

}  // namespace nicteam::packet
