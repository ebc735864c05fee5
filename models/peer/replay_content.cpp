#include "peer/replay_content.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "peer/file_order.h"
#include "peer/rewrite.h"

namespace nicteam::peer {
namespace {

constexpr unsigned linktype_ethernet = 1;

template <class T>
std::optional<T> address(const std::string& text, std::optional<T> (*parse)(std::string_view), const char* key, const char* kind) {
    if (text.empty()) return std::nullopt;
    if (auto a = parse(text)) return a;
    throw std::invalid_argument(fmt::format("{}: \"{}\" is no {} address", key, text, kind));
}

unsigned fcs_in_record(const replay_config& c, const packet::capture_interface& i) {
    if (c.fcs == replay_fcs::append) return 0;
    return c.fcs == replay_fcs::included ? static_cast<unsigned>(packet::fcs_octets) : i.fcs_octets;
}

}  // namespace

replay::content::content(const replay_config& c) {
    const auto note = [this](replay_metric why) { others.push_back({frames.size(), why}); };
    new_addresses to;
    to.source_mac = address(c.source_mac, packet::parse_mac, "source_mac", "MAC");
    to.destination_mac = address(c.destination_mac, packet::parse_mac, "destination_mac", "MAC");
    to.source_ip = address(c.source_ip, packet::parse_ipv4, "source_ip", "IPv4");
    to.destination_ip = address(c.destination_ip, packet::parse_ipv4, "destination_ip", "IPv4");
    const auto from_mac = packet::parse_mac(c.only_from);
    const auto from_ip = packet::parse_ipv4(c.only_from);
    if (!c.only_from.empty() && !from_mac && !from_ip)
        throw std::invalid_argument(fmt::format("only_from: \"{}\" is neither a MAC nor an IPv4 address", c.only_from));

    const auto file = packet::capture_reader::open(c.file);
    packet::capture_record r;
    std::uint64_t number = 0;
    file_order order;
    while (file->next(r)) {
        ++number;
        const packet::capture_interface& i = file->interfaces()[r.interface];
        if (i.link_type != linktype_ethernet)
            throw packet::capture_error(c.file, 0, fmt::format("expected link type 1 (Ethernet), found {} on interface {}", i.link_type, r.interface));
        if ((from_mac || from_ip) && !sent_by(r.data, from_mac, from_ip)) continue;
        if (r.data.empty()) {
            note(p_refused_empty);
            continue;
        }
        if (!r.whole() && !c.as_is) {
            note(p_refused_cut);
            continue;
        }
        const unsigned fcs = fcs_in_record(c, i);
        if (fcs != 0 && fcs != packet::fcs_octets)
            throw packet::capture_error(c.file, 0, fmt::format("expected an FCS of 0 or 4 octets, found {} on interface {}", fcs, r.interface));
        recorded f;
        f.data = r.data;
        f.fcs_known = fcs != 0;
        if (!c.as_is) {
            bool good = true;
            if (f.fcs_known) {   // taken off while the frame changes; a bad one stays bad
                const ref<frame> whole = frame::make();
                whole->data = f.data;
                good = packet::check_fcs(*whole);
                if (good) f.data.resize(f.data.size() - fcs);
            }
            if (good) {
                f.fcs_known = false;
                rewrite(f.data, to);
                if (f.data.size() < packet::least_without_fcs) note(p_padded);
                packet::pad_to_minimum(f.data);
            }
        }
        if (!f.fcs_known) f.data.resize(f.data.size() + packet::fcs_octets);
        if (!c.as_is && f.data.size() > static_cast<std::size_t>(c.max_frame)) {
            note(p_refused_long);
            continue;
        }
        f.at = order.due(r, number);
        frames.push_back(std::move(f));
    }
    if (frames.empty() && !others.empty()) {
        const auto refused = [this](replay_metric m) { return std::count_if(others.begin(), others.end(), [m](const turned_down& o) { return o.why == m; }); };
        throw std::invalid_argument(fmt::format("{}: holds no frame that can be sent: {} longer than max_frame, {} cut short in the file, {} without an octet",
                                                c.file, refused(p_refused_long), refused(p_refused_cut), refused(p_refused_empty)));
    }
    if (c.timing != replay_timing::fast) note_on_times = order.note();
    if (c.timing == replay_timing::scaled)
        for (recorded& f : frames) f.at = static_cast<ps>(static_cast<__int128>(f.at) * c.scale / probability_one);
    if (c.timing == replay_timing::fast)
        for (recorded& f : frames) f.at = 0;
    if (!frames.empty()) round = frames.back().at + (frames.size() > 1 ? frames.back().at / static_cast<ps>(frames.size() - 1) : 0);
}

}  // namespace nicteam::peer
