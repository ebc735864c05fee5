#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "nicteam/check/recorders.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::check {
namespace {

packet::packet_direction way_of(sim::direction d) {
    return d == sim::direction::in    ? packet::packet_direction::inbound
           : d == sim::direction::out ? packet::packet_direction::outbound
                                      : packet::packet_direction::unknown;
}

constexpr std::uint64_t most_around_a_frame = 256;     // block, options, a comment; and its part of the statistics at the end

}  // namespace

capture_recorder::capture_recorder(const std::string& path, const std::string& application, const std::vector<point>& points, ps from,
                                   ps until, std::size_t hold, std::uint64_t limit)
    : path_(path),
      part_(path + ".part"),
      file_(std::make_unique<packet::pcapng_writer>(part_, application)),
      points_(points),
      per_point_(points.size()),
      hold_(hold),
      from_(from),
      until_(until),
      limit_(limit) {
    for (const point& p : points_) {
        const std::string meaning = p.at->info ? p.at->info->meaning : "";
        file_->add_interface({p.at->path, meaning, p.bits_per_second, packet::fcs_octets});
        p.at->sinks.push_back(this);
    }
}

capture_recorder::~capture_recorder() {
    for (const point& p : points_) p.at->sinks.erase(std::remove(p.at->sinks.begin(), p.at->sinks.end(), this), p.at->sinks.end());
    if (!file_) return;
    file_.reset();
    std::remove(part_.c_str());
}

void capture_recorder::take(const sim::capture_point& at, const frame_ref& f, ps time, sim::direction way, const char* comment) {
    if (time < from_ || time >= until_) return;
    unsigned i = 0;
    while (i < points_.size() && points_[i].at != &at) ++i;
    if (i == points_.size()) return;
    held_.push_back({time, f, i, way, comment});
    if (held_.size() < hold_) return;
    sort();
    write_before(held_[held_.size() / 2].at);
}

void capture_recorder::sort() {
    std::stable_sort(held_.begin(), held_.end(),
                     [](const taken& a, const taken& b) { return a.at != b.at ? a.at < b.at : a.interface < b.interface; });
}

void capture_recorder::write_before(ps t) {
    std::size_t n = 0;
    for (; n < held_.size() && held_[n].at < t; ++n) {
        const taken& x = held_[n];
        if (cut_at_ != never || file_->octets_written() + most_around_a_frame + x.frame->data.size() > limit_) {
            if (cut_at_ == never) cut_at_ = std::max(x.at, written_);      // a frame may be told of late
            ++left_out_;
            continue;
        }
        const bool good = x.frame->fcs_known ? packet::check_fcs(*x.frame) : true;
        if (!x.frame->fcs_known) packet::ensure_fcs(*x.frame);
        const char* comment = x.comment ? x.comment : good ? nullptr : "bad FCS";
        file_->packet(x.interface, x.at, x.frame->data, way_of(x.way), good ? 0 : packet::pcapng_writer::crc_error, comment);
        ++per_point_[x.interface];
        ++frames_;
        if (x.at < written_) ++late_;
        written_ = std::max(written_, x.at);
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(n));
}

// The file as it will be called, not as it is called while it grows.
std::string capture_recorder::error() const {
    if (!file_ || file_->error().empty()) return "";
    const std::string& why = file_->error();
    return why.compare(0, part_.size(), part_) == 0 ? path_ + why.substr(part_.size()) : why;
}

void capture_recorder::close(ps end) {
    if (!file_) return;
    sort();
    write_before(never);
    for (unsigned i = 0; i < points_.size(); ++i) file_->statistics(i, end, per_point_[i], 0);
    const bool good = file_->close();
    const std::string why = error();
    file_.reset();
    if (!good) {
        std::remove(part_.c_str());
        throw report::write_error(why);
    }
    if (std::rename(part_.c_str(), path_.c_str()) != 0) {
        const int error = errno;
        std::remove(part_.c_str());
        throw report::write_error(path_ + ": " + std::strerror(error));
    }
}

}  // namespace nicteam::check
