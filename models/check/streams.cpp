#include "nicteam/check/streams.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::check {

void streams::handed(const tcp::stream_name& n, packet::octets o, ps) {
    books& b = all_[key_of(n)];
    if (b.begin > b.under_way.size() / 2) {
        b.under_way.erase(b.under_way.begin(), b.under_way.begin() + static_cast<std::ptrdiff_t>(b.begin));
        b.begin = 0;
    }
    b.under_way.insert(b.under_way.end(), o.data, o.data + o.size);
}

void streams::taken(const tcp::stream_name& n, packet::octets o, ps at) {
    books& b = all_[key_of(n)];
    const std::size_t there = b.under_way.size() - b.begin, both = std::min(there, o.size);
    const std::uint8_t* sent = b.under_way.data() + b.begin;
    const auto differ = std::mismatch(o.data, o.data + both, sent);
    if (differ.first != o.data + both)
        report(n, at, fmt::format("octet {} was sent as {:02X}h and taken as {:02X}h", b.taken + static_cast<std::uint64_t>(differ.first - o.data),
                                  *differ.second, *differ.first));
    else if (o.size > there)
        report(n, at, fmt::format("{} octets were taken, {} sent", b.taken + o.size, b.taken + there));
    b.taken += o.size;
    b.begin += both;
    if (b.begin < b.under_way.size()) return;
    if (b.ended) all_.erase(key_of(n));
    else b.begin = 0, bytes().swap(b.under_way);
}

void streams::ended(const tcp::stream_name& n, std::size_t unread, ps at) {
    const auto it = all_.find(key_of(n));
    if (it == all_.end()) return;
    books& b = it->second;
    const std::size_t left = b.under_way.size() - b.begin;
    if (left > unread) report(n, at, fmt::format("FIN came behind octet {}, and {} more were sent", b.taken + unread, left - unread));
    if (left == 0) all_.erase(it);
    else b.ended = true;
}

void streams::report(const tcp::stream_name& n, ps at, const std::string& what) {
    const auto path = paths_.find(n.group);
    breaches_.report(checker::streams, at, fmt::format("{}, connection {}, {}: {}", path == paths_.end() ? std::to_string(n.group) : path->second,
                                                       n.connection, n.answers ? "responses" : "requests", what));
}

}  // namespace nicteam::check
