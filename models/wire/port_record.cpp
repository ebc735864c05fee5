#include "nicteam/wire/port_record.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "nicteam/packet/pcapng_writer.h"
#include "nicteam/report/file_writer.h"

namespace nicteam::wire {
namespace {

constexpr const char* names[happening_count] = {"",           "attached",     "detached",        "refused_empty",   "refused_short",
                                                "refused_long", "refused_partial", "refused_framing", "dropped", "abandoned"};
constexpr std::uint64_t latest_second = 1'000'000;   // no run is longer: the scenario language's `duration`

// "refused_empty 3"; false: no such thing happens.
bool parse(const std::string& comment, happened& h) {
    const std::size_t space = comment.find(' ');
    const std::string name = comment.substr(0, space);
    for (unsigned n = 1; n < happening_count; ++n) {
        if (name != names[n]) continue;
        h.what = static_cast<happening>(n);
        h.count = 1;
        if (space == std::string::npos) return true;
        const std::string digits = comment.substr(space + 1);
        if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return false;
        h.count = std::stoull(digits);
        return true;
    }
    return false;
}

}  // namespace

const char* name_of(happening h) { return h == happening::frame ? "frame" : names[static_cast<unsigned>(h)]; }

port_record_writer::port_record_writer(std::string path) : path_(std::move(path)) {
    try {
        file_ = std::make_unique<packet::pcapng_writer>(path_ + ".part", "nicteam", packet::stamp_unit::picoseconds);
    } catch (const std::runtime_error& e) {
        throw report::write_error(e.what());
    }
    packet::capture_interface i;
    i.name = "port";
    i.description = "what came in at an external port";
    file_->add_interface(i);
}

port_record_writer::~port_record_writer() {
    if (!file_) return;
    file_.reset();
    std::remove((path_ + ".part").c_str());
}

void port_record_writer::write(const happened& h) {
    if (h.what == happening::frame) return file_->packet(0, h.at, {h.data.data(), h.data.size()}, packet::packet_direction::inbound);
    const std::string comment = h.count == 1 ? names[static_cast<unsigned>(h.what)] : fmt::format("{} {}", name_of(h.what), h.count);
    file_->packet(0, h.at, {}, packet::packet_direction::unknown, 0, comment.c_str());
}

void port_record_writer::flush() { file_->flush(); }

void port_record_writer::commit() {
    const bool good = file_->close();
    const std::string why = file_->error();
    file_.reset();
    const std::string part = path_ + ".part";
    if (good && std::rename(part.c_str(), path_.c_str()) == 0) return;
    const std::string text = good ? path_ + ": " + std::strerror(errno) : why;
    std::remove(part.c_str());
    throw report::write_error(text);
}

std::vector<happened> read_port_record(const std::string& path) {
    const auto file = packet::capture_reader::open(path);
    std::vector<happened> all;
    packet::capture_record r;
    ps latest = 0, latest_drop = 0;                // a drop is known at once, all else from the next edge on
    while (file->next(r)) {
        const auto wrong = [&](const std::string& what) {
            return packet::capture_error(path, 0, fmt::format("record {} of a port: {}", all.size() + 1, what));
        };
        happened h;
        if (r.seconds > latest_second) throw wrong(fmt::format("expected a time of at most {} s, found {} s", latest_second, r.seconds));
        h.at = static_cast<ps>(r.seconds) * second + r.fraction;
        if (!r.data.empty()) {
            if (!r.whole()) throw wrong(fmt::format("expected a whole frame, found {} of {} octets", r.data.size(), r.original_octets));
            h.data = r.data;
        } else if (!parse(r.comment, h)) {
            throw wrong(fmt::format("expected a frame or what happened, as in \"attached\", found no octets and the comment \"{}\"", r.comment));
        }
        ps& before = h.what == happening::dropped ? latest_drop : latest;
        if (h.at < before) throw wrong(fmt::format("expected a time of at least {} ps, found {} ps", before, h.at));
        before = h.at;
        all.push_back(std::move(h));
    }
    return all;
}

}  // namespace nicteam::wire
