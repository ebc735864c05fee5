#include "nicteam/packet/traffic.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nicteam::packet {
namespace {

struct imix_part { std::uint32_t octets, weight; };
constexpr std::array<imix_part, 3> imix{{{64, 7}, {594, 4}, {1518, 1}}};
constexpr std::uint32_t imix_weights = 12, imix_octets = 7 * 64 + 4 * 594 + 1518;

constexpr std::int64_t least_generated = 64, greatest_generated = longest_datagram;
constexpr std::int64_t least_with_ipv6 = 84;           // 14 + 40 + 8 octets of headers, the mark, FCS
constexpr std::int64_t greatest_with_length = 1518;    // IEEE 802.3 3.2.6: a length field is at most 1500

bool in_range(std::int64_t octets) { return octets >= least_generated && octets <= greatest_generated; }

}  // namespace

std::vector<std::string> problems_of(const traffic_config& c) {
    std::vector<std::string> all;
    if (c.pace == traffic_pace::rate && c.rate <= 0) all.push_back("pace \"rate\" needs a rate above 0");
    if (c.pace == traffic_pace::frames && c.frames_per_second <= 0) all.push_back("pace \"frames\" needs frames_per_second above 0");
    if (c.pace == traffic_pace::line_rate && c.arrivals == traffic_arrivals::poisson)
        all.push_back("arrivals \"poisson\" needs a pace of \"rate\" or \"frames\"");
    if (c.pace != traffic_pace::rate && c.rate != 0) all.push_back("rate is given, but the pace is not \"rate\"");
    if (c.pace != traffic_pace::frames && c.frames_per_second != 0)
        all.push_back("frames_per_second is given, but the pace is not \"frames\"");
    if (c.arrivals == traffic_arrivals::on_off && c.on_time <= 0) all.push_back("arrivals \"on_off\" needs an on_time above 0");
    if (c.sizes == traffic_sizes::fixed && !in_range(c.frame_size)) all.push_back("frame_size must be 64 B … 61000 B");
    if (c.sizes == traffic_sizes::uniform) {
        if (!in_range(c.least_size) || !in_range(c.greatest_size)) all.push_back("least_size and greatest_size must be 64 B … 61000 B");
        if (c.least_size > c.greatest_size) all.push_back("least_size is above greatest_size");
    }
    if (c.protocol == traffic_protocol::udp_ipv6) {
        const std::int64_t shortest = c.sizes == traffic_sizes::fixed ? c.frame_size : c.sizes == traffic_sizes::uniform ? c.least_size : least_generated;
        if (shortest < least_with_ipv6) all.push_back("protocol \"udp_ipv6\" has frames of at least 84 B: the payload's mark comes behind 62 octets of headers");
    }
    if (c.framing == traffic_framing::llc_snap) {
        if (c.protocol != traffic_protocol::raw) all.push_back("framing \"llc_snap\" needs protocol \"raw\"");
        const std::int64_t longest = c.sizes == traffic_sizes::fixed     ? c.frame_size
                                     : c.sizes == traffic_sizes::uniform ? c.greatest_size
                                                                         : greatest_with_length;
        if (longest > greatest_with_length)
            all.push_back("framing \"llc_snap\" has frames of at most 1518 B: a greater length field would be an EtherType");
    }
    if (c.start < 0 || c.duration < 0 || c.off_time < 0 || c.count < 0)
        all.push_back("start, duration, off_time and count must not be negative");
    return all;
}

traffic_source::traffic_source(const traffic_config& c, random_stream r) : config_(c), random_(r) {
    if (const auto wrong = problems_of(c); !wrong.empty()) throw std::invalid_argument(wrong.front());
}

std::uint32_t traffic_source::draw_size() {
    if (config_.sizes == traffic_sizes::fixed) return static_cast<std::uint32_t>(config_.frame_size);
    if (config_.sizes == traffic_sizes::uniform)
        return static_cast<std::uint32_t>(random_.between(config_.least_size, config_.greatest_size));
    auto draw = static_cast<std::uint32_t>(random_.below(imix_weights));
    for (const imix_part& p : imix) {
        if (draw < p.weight) return p.octets;
        draw -= p.weight;
    }
    return imix.back().octets;
}

ps traffic_source::to_wall(ps active) const {
    if (config_.arrivals != traffic_arrivals::on_off) return config_.start + active;
    return config_.start + active / config_.on_time * (config_.on_time + config_.off_time) + active % config_.on_time;
}

ps traffic_source::due(std::uint32_t octets, ps now) {
    using wide = unsigned __int128;
    const bool by_bits = config_.pace == traffic_pace::rate;
    if (config_.pace == traffic_pace::line_rate) {
        const ps t = std::max(now, config_.start);
        if (config_.arrivals != traffic_arrivals::on_off) return t;
        const ps cycle = config_.on_time + config_.off_time, phase = (t - config_.start) % cycle;
        return phase < config_.on_time ? t : t - phase + cycle;
    }
    const wide per_second = static_cast<wide>(by_bits ? config_.rate : config_.frames_per_second);
    if (config_.arrivals == traffic_arrivals::poisson) {
        // Gaps are independent of sizes: their mean comes from the mean size.
        wide numerator = second, denominator = per_second;
        if (by_bits) {
            switch (config_.sizes) {
                case traffic_sizes::fixed: numerator *= 8 * static_cast<wide>(config_.frame_size); break;
                case traffic_sizes::uniform: numerator *= 4 * static_cast<wide>(config_.least_size + config_.greatest_size); break;
                case traffic_sizes::imix: numerator *= 8 * imix_octets; denominator *= imix_weights; break;
            }
        }
        active_ += random_.exponential(static_cast<std::int64_t>(numerator / denominator));
    } else {
        // From the start, not from frame to frame: no rounding adds up. The gap behind a frame is proportional to its size.
        active_ = static_cast<ps>(units_ * second / per_second);
        units_ += by_bits ? 8 * octets : 1;
    }
    return to_wall(active_);
}

departure traffic_source::next(ps now) {
    departure d;
    d.sequence = sequence_;
    if (over_ || (config_.count && sequence_ >= static_cast<std::uint64_t>(config_.count))) return d;
    d.octets = draw_size();
    const ps at = due(d.octets, now);
    if (config_.duration && at - config_.start >= config_.duration) {
        over_ = true;
        return d;
    }
    d.at = at;
    ++sequence_;
    return d;
}

}  // namespace nicteam::packet
