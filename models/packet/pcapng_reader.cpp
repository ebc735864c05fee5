// pcapng: blocks of {type, length, body, length}. Unknown blocks and options are passed over, as the format asks.
#include <algorithm>

#include <fmt/format.h>

#include "packet/capture_input.h"
#include "packet/pcapng_format.h"

namespace nicteam::packet {
namespace {

using namespace pcapng;

class pcapng_reader : public capture_reader {
public:
    explicit pcapng_reader(std::unique_ptr<capture_input> in) : in_(std::move(in)) { section(0); }

    bool next(capture_record& r) override {
        while (!in_->at_end()) {
            at_ = in_->offset();
            std::uint8_t h[4];
            in_->read(h, 4, "a block type");
            const std::uint32_t type = number32(h, big_);
            if (type == section_header) {   // the same in both byte orders
                section(at_);
                continue;
            }
            body(length_field());
            if (type == interface_description) interface();
            else if (type == enhanced_packet || type == obsolete_packet) {
                packet(r, type == enhanced_packet);
                return true;
            } else if (type == simple_packet) {
                simple(r);
                return true;
            }
        }
        return false;
    }

    const std::vector<capture_interface>& interfaces() const override { return interfaces_; }

private:
    void section(std::uint64_t at) {
        std::uint8_t h[8];
        at_ = at;
        in_->read(h, 8, "a section header");
        if (number32(h + 4, true) == byte_order_magic) big_ = true;
        else if (number32(h + 4, false) == byte_order_magic) big_ = false;
        else in_->fail(at + 8, fmt::format("expected the byte-order magic 1a2b3c4d, found {:08x}", number32(h + 4, true)));
        const std::uint32_t length = number32(h, big_);
        if (length < 28 || length % 4 || length > largest_block)
            in_->fail(at + 4, fmt::format("expected a section header of 28 … {} octets in fours, found the length {}", largest_block, length));
        body_.resize(length - 16);
        in_->read(body_.data(), body_.size(), "a section header's body");
        trailer(length);
        if (number16(body_.data(), big_) != 1) in_->fail(at + 12, fmt::format("expected pcapng version 1, found {}", number16(body_.data(), big_)));
        base_ = interfaces_.size();
    }

    std::uint32_t length_field() {
        std::uint8_t h[4];
        in_->read(h, 4, "a block length");
        const std::uint32_t length = number32(h, big_);
        if (length < 12 || length % 4 || length > largest_block)
            in_->fail(at_ + 4, fmt::format("expected a block of 12 … {} octets in fours, found the length {}", largest_block, length));
        return length;
    }

    void body(std::uint32_t length) {
        body_.resize(length - 12);
        in_->read(body_.data(), body_.size(), "a block body");
        trailer(length);
    }

    void trailer(std::uint32_t length) {
        std::uint8_t h[4];
        const std::uint64_t at = in_->offset();
        in_->read(h, 4, "a block's closing length");
        if (number32(h, big_) != length) in_->fail(at, fmt::format("expected the block's length {} again, found {}", length, number32(h, big_)));
    }

    void need(std::size_t n, const char* what) const {
        if (body_.size() < n) in_->fail(at_, fmt::format("expected {} of at least {} octets, found {}", what, n, body_.size()));
    }

    // Calls f(code, value, octets) for each option from `from` on.
    template <class F>
    void options(std::size_t from, F&& f) const {
        while (from + 4 <= body_.size()) {
            const unsigned code = number16(&body_[from], big_), n = number16(&body_[from + 2], big_);
            if (code == end_of_options) return;
            if (n > body_.size() - from - 4)
                in_->fail(at_ + 8 + from, fmt::format("expected an option of at most {} octets, found the length {}", body_.size() - from - 4, n));
            f(code, body_.data() + from + 4, n);
            from += 4 + (n + 3u) / 4 * 4;
        }
    }

    void interface() {
        need(8, "an interface description");
        capture_interface i;
        i.link_type = number16(body_.data(), big_);
        i.snap_length = number32(body_.data() + 4, big_);
        options(8, [&](unsigned code, const std::uint8_t* v, unsigned n) {
            if (code == if_name) i.name.assign(v, v + n);
            else if (code == if_description) i.description.assign(v, v + n);
            else if (code == if_speed && n == 8) i.speed = number64(v, big_);
            else if (code == if_tsoffset && n == 8) i.offset = static_cast<std::int64_t>(number64(v, big_));
            else if (code == if_fcslen && n == 1) i.fcs_octets = v[0];
            else if (code == if_tsresol && n == 1) i.resolution = resolution(v[0]);
        });
        interfaces_.push_back(i);
    }

    std::uint64_t resolution(std::uint8_t code) const {
        const unsigned power = code & 127u;
        if (code & 128u) {
            if (power > 63) in_->fail(at_, fmt::format("expected a time resolution of at most 2^-63 s, found 2^-{}", power));
            return std::uint64_t{1} << power;
        }
        if (power > 19) in_->fail(at_, fmt::format("expected a time resolution of at most 10^-19 s, found 10^-{}", power));
        std::uint64_t units = 1;
        for (unsigned i = 0; i < power; ++i) units *= 10;
        return units;
    }

    const capture_interface& interface_of(std::uint32_t number) const {
        if (number >= interfaces_.size() - base_)
            in_->fail(at_ + 8, fmt::format("expected one of the section's {} interfaces, found number {}", interfaces_.size() - base_, number));
        return interfaces_[base_ + number];
    }

    void data(capture_record& r, std::size_t from, std::uint32_t captured) const {
        if (captured > body_.size() - from)
            in_->fail(at_ + 8, fmt::format("expected a packet of at most {} octets in this block, found the length {}", body_.size() - from, captured));
        r.data.assign(body_.begin() + static_cast<std::ptrdiff_t>(from), body_.begin() + static_cast<std::ptrdiff_t>(from + captured));
    }

    void packet(capture_record& r, bool enhanced) {
        need(20, "a packet block");
        const std::uint32_t number = enhanced ? number32(body_.data(), big_) : number16(body_.data(), big_);
        const capture_interface& i = interface_of(number);
        const std::uint64_t stamp = static_cast<std::uint64_t>(number32(&body_[4], big_)) << 32 | number32(&body_[8], big_);
        r.interface = static_cast<unsigned>(base_ + number);
        r.seconds = stamp / i.resolution + static_cast<std::uint64_t>(i.offset);
        r.fraction = static_cast<ps>(static_cast<unsigned __int128>(stamp % i.resolution) * second / i.resolution);
        r.original_octets = number32(&body_[16], big_);
        r.direction = packet_direction::unknown;
        r.comment.clear();
        const std::uint32_t captured = number32(&body_[12], big_);
        data(r, 20, captured);
        options(20 + (captured + std::size_t{3}) / 4 * 4, [&](unsigned code, const std::uint8_t* v, unsigned n) {
            if (code == opt_comment) r.comment.assign(v, v + n);
            else if (code == epb_flags && n == 4) {
                const unsigned d = number32(v, big_) & 3u;
                r.direction = d < 3 ? static_cast<packet_direction>(d) : packet_direction::unknown;
            }
        });
    }

    void simple(capture_record& r) {
        need(4, "a simple packet block");
        const capture_interface& i = interface_of(0);
        r.interface = static_cast<unsigned>(base_);
        r.seconds = 0;   // it carries no time stamp
        r.fraction = 0;
        r.direction = packet_direction::unknown;
        r.comment.clear();
        r.original_octets = number32(body_.data(), big_);
        const auto there = static_cast<std::uint32_t>(body_.size() - 4);
        std::uint32_t captured = std::min(r.original_octets, there);
        if (i.snap_length) captured = std::min(captured, i.snap_length);
        data(r, 4, captured);
    }

    std::unique_ptr<capture_input> in_;
    std::vector<capture_interface> interfaces_;
    bytes body_;
    std::size_t base_ = 0;
    std::uint64_t at_ = 0;
    bool big_ = false;
};

}  // namespace

std::unique_ptr<capture_reader> make_pcapng_reader(std::unique_ptr<capture_input> in) { return std::make_unique<pcapng_reader>(std::move(in)); }

}  // namespace nicteam::packet
