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
constexpr ps latest = 1'000'000 * second;            // no run is longer: the scenario language's `duration`

bool parse_number(const std::string& digits, std::uint64_t& out) {
    if (digits.empty() || digits.size() > 19 || digits.find_first_not_of("0123456789") != std::string::npos) return false;
    out = std::stoull(digits);
    return true;
}

// "5 ps", "5 ps: attached", "5 ps: refused_empty 3"; false: nothing that happens.
bool parse(const std::string& comment, happened& h) {
    const std::string unit = " ps";
    const std::size_t end = comment.find(unit);
    std::uint64_t at = 0;
    if (end == std::string::npos || !parse_number(comment.substr(0, end), at)) return false;
    h.at = static_cast<ps>(at);
    std::string what = comment.substr(end + unit.size());
    if (what.empty()) return true;
    if (what.rfind(": ", 0) != 0) return false;
    what.erase(0, 2);
    const std::size_t space = what.find(' ');
    for (unsigned n = 1; n < happening_count; ++n) {
        if (what.substr(0, space) != names[n]) continue;
        h.what = static_cast<happening>(n);
        return space == std::string::npos || parse_number(what.substr(space + 1), h.count);
    }
    return false;
}

}  // namespace

const char* name_of(happening h) { return h == happening::frame ? "frame" : names[static_cast<unsigned>(h)]; }

port_record_writer::port_record_writer(std::string path) : path_(std::move(path)) {
    try {
        file_ = std::make_unique<packet::pcapng_writer>(path_ + ".part", "nicteam");
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
    const bool frame = h.what == happening::frame;
    std::string comment = fmt::format("{} ps", h.at);
    if (!frame) comment += fmt::format(": {}", name_of(h.what));
    if (h.count != 1) comment += fmt::format(" {}", h.count);
    file_->packet(0, h.at, {h.data.data(), h.data.size()}, frame ? packet::packet_direction::inbound : packet::packet_direction::unknown, 0, comment.c_str());
}

// The file as it will be called, not as it is called while it grows.
std::string port_record_writer::error() const {
    const std::string &why = file_->error(), part = path_ + ".part";
    return why.compare(0, part.size(), part) == 0 ? path_ + why.substr(part.size()) : why;
}

void port_record_writer::flush() { file_->flush(); }

void port_record_writer::commit() {
    const bool good = file_->close();
    const std::string why = error();
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
    ps before = 0, before_drop = 0;                // a drop is known at once, all else from the next edge on
    while (file->next(r)) {
        const auto wrong = [&](const std::string& what) {
            return packet::capture_error(path, 0, fmt::format("record {} of a port: {}", all.size() + 1, what));
        };
        happened h;
        if (!parse(r.comment, h) || r.data.empty() == (h.what == happening::frame))
            throw wrong(fmt::format("expected a frame with the comment \"5 ps\", or what happened, as in \"5 ps: attached\", found {} octets and the comment \"{}\"",
                                    r.data.size(), r.comment));
        if (!r.whole()) throw wrong(fmt::format("expected a whole frame, found {} of {} octets", r.data.size(), r.original_octets));
        if (h.at > latest) throw wrong(fmt::format("expected a time of at most {} ps, found {} ps", latest, h.at));
        ps& last = h.what == happening::dropped ? before_drop : before;
        if (h.at < last) throw wrong(fmt::format("expected a time of at least {} ps, found {} ps", last, h.at));
        last = h.at;
        h.data = r.data;
        all.push_back(std::move(h));
    }
    return all;
}

}  // namespace nicteam::wire
