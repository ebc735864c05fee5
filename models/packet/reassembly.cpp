#include "nicteam/packet/reassembly.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <map>
#include <tuple>

#include "nicteam/packet/ipv4.h"

namespace nicteam::packet {
namespace {

constexpr std::size_t unit = 8, longest = 65'535, units = (longest + unit - 1) / unit, tcp_flags_unit = 8;

// One bit per eight octets of a datagram. Ranges are looked at 64 units at a time.
class unit_set {
public:
    bool test(std::size_t i) const { return words_[i / 64] >> i % 64 & 1; }
    void set(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << i % 64; }
    void clear(std::size_t i) { words_[i / 64] &= ~(std::uint64_t{1} << i % 64); }
    void set(std::size_t from, std::size_t to) {
        each_word(from, to, [&](std::size_t w, std::uint64_t mask) { words_[w] |= mask; return true; });
    }
    bool any(std::size_t from, std::size_t to) const {
        return !each_word(from, to, [&](std::size_t w, std::uint64_t mask) { return !(words_[w] & mask); });
    }
    bool all(std::size_t from, std::size_t to) const {
        return each_word(from, to, [&](std::size_t w, std::uint64_t mask) { return (words_[w] & mask) == mask; });
    }
    std::size_t count(std::size_t from, std::size_t to) const {
        std::size_t n = 0;
        each_word(from, to, [&](std::size_t w, std::uint64_t mask) {
            n += static_cast<std::size_t>(__builtin_popcountll(words_[w] & mask));
            return true;
        });
        return n;
    }

private:
    template <class F>
    static bool each_word(std::size_t from, std::size_t to, F&& f) {
        for (std::size_t at = from; at < to;) {
            const std::size_t w = at / 64, end = std::min(to, (w + 1) * 64), n = end - at;
            const std::uint64_t mask = (n == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1) << at % 64;
            if (!f(w, mask)) return false;
            at = end;
        }
        return true;
    }
    std::array<std::uint64_t, (units + 63) / 64> words_{};
};

// RFC 791: source, destination, protocol, identification. RFC 8200: no protocol, which only the first fragment knows.
using context_key = std::tuple<ip_address, ip_address, std::uint32_t, std::uint8_t, std::uint64_t>;

context_key key_of(const ip_view& v, std::uint64_t scope) {
    return {v.source, v.destination, v.identification, v.version == 4 ? v.protocol : std::uint8_t{0}, scope};
}

struct always : overlap_policy {
    explicit always(decision d) : what(d) {}
    decision overlap() const override { return what; }
    decision what;
};

}  // namespace

const overlap_policy& discard_all() { static const always p(overlap_policy::decision::discard_all); return p; }
const overlap_policy& first_wins() { static const always p(overlap_policy::decision::keep_held); return p; }
const overlap_policy& last_wins() { static const always p(overlap_policy::decision::take_new); return p; }

const char* name(reassembly_step s) {
    constexpr const char* names[reassembly_steps] = {"whole",    "held",       "duplicate", "complete",  "malformed",
                                                     "tiny",     "no_context", "no_memory", "poisoned",  "oversize",
                                                     "too_many", "overlap",    "conflict",  "congestion"};
    return names[static_cast<std::size_t>(s)];
}

struct reassembler::context {
    context_key key;
    ps since = 0;
    bool poisoned = false;
    std::size_t fragments = 0, size = 0;          // `size`: octets held
    std::optional<std::size_t> end;               // of the payload, known from the last fragment
    std::size_t reach = 0;                        // highest octet held
    bytes header, data;                           // `header`: of the fragment at offset 0
    std::size_t next_header_at = 0;               // in `header`: IPv6, the octet that named the fragment header
    std::uint8_t next_header = 0;                 // IPv6: what the fragment header named
    unit_set have, starts;
    bool marked = false, incapable = false;       // ECN
    trace_ids parts;
};

struct reassembler::books {
    std::list<context> by_age;                    // oldest first
    std::map<context_key, std::list<context>::iterator> by_key;
    std::vector<expired> gone;
};

reassembler::reassembler(const reassembly_limits& l, const overlap_policy& p)
    : limits_(l), overlap_(p), books_(std::make_unique<books>()) {}
reassembler::~reassembler() = default;

std::size_t reassembler::contexts() const { return books_->by_age.size(); }

std::size_t reassembler::open_contexts() const {
    return static_cast<std::size_t>(std::count_if(books_->by_age.begin(), books_->by_age.end(), [](const context& c) { return !c.poisoned; }));
}

std::size_t reassembler::fragments_of_fullest() const {
    std::size_t most = 0;
    for (const context& c : books_->by_age) most = std::max(most, c.fragments);
    return most;
}

ps reassembler::next_timeout() const { return books_->by_age.empty() ? never : books_->by_age.front().since + limits_.timeout; }

std::vector<expired> reassembler::take_expired() { return std::exchange(books_->gone, {}); }

void reassembler::close(context& c, bool timed_out) {
    expired e;
    e.timed_out = timed_out;
    e.parts = std::move(c.parts);
    if (!c.poisoned && !c.header.empty()) {
        // As much as is there without a hole.
        std::size_t n = 0;
        while (n < c.reach && c.have.test(n / unit)) n = std::min(n + unit, c.reach);
        e.first_fragment = std::move(c.header);
        e.first_fragment.insert(e.first_fragment.end(), c.data.begin(), c.data.begin() + static_cast<std::ptrdiff_t>(n));
        finish_ip(e.first_fragment);
    }
    if (!c.poisoned) {
        books_->gone.push_back(std::move(e));
        ++(timed_out ? timed_out_ : evicted_);
    }
    held_ -= c.size;
    const auto at = books_->by_key.find(c.key);
    const auto node = at->second;
    books_->by_key.erase(at);
    books_->by_age.erase(node);
}

void reassembler::expire(ps now) {
    while (next_timeout() <= now) close(books_->by_age.front(), true);
}

// The rest of the datagram is refused too, until its time is up.
reassembly_step reassembler::give_up(context& c, reassembly_step why) {
    held_ -= c.size;
    c.size = 0;
    c.poisoned = true;
    c.data = {};
    books_->gone.push_back({{}, std::exchange(c.parts, {}), false, why});
    return why;
}

reassembly_step reassembler::add(octets packet, ps now, trace_id id, std::uint64_t scope) {
    const reassembly_step s = take(packet, now, id, scope);
    ++counted_[static_cast<std::size_t>(s)];
    return s;
}

reassembly_step reassembler::take(octets packet, ps now, trace_id id, std::uint64_t scope) {
    const auto v = ip_view::parse(packet);
    if (!v) return reassembly_step::malformed;
    if (v->version == 4 && !v->checksum_good) return reassembly_step::malformed;
    if (!v->is_fragment()) {
        if (!v->has_fragment_header) return reassembly_step::whole;
        // An atomic fragment stands for itself, whatever else is held (RFC 6946).
        result_ = {};
        result_.datagram.assign(v->packet.data, v->packet.data + v->fragment_at);
        std::size_t named_at = 6;
        for (std::size_t at = ipv6_header; at < v->fragment_at; at += 8u * (v->packet[at + 1] + 1u)) named_at = at;
        result_.datagram[named_at] = v->packet[v->fragment_at];
        const octets rest = v->packet.from(v->fragment_at + fragment_header);
        result_.datagram.insert(result_.datagram.end(), rest.data, rest.data + rest.size);
        finish_ip(result_.datagram);
        result_.parts = {id};
        result_.fragments = 1;
        result_.first = now;
        return reassembly_step::complete;
    }
    if (v->payload.size == 0 || (v->more_fragments && v->payload.size % unit)) return reassembly_step::malformed;
    if (v->protocol == ip_protocol::tcp && limits_.refuse_tcp_at_8 && v->fragment_offset == tcp_flags_unit) return reassembly_step::tiny;
    if (v->fragment_offset == 0 && v->payload.size < limits_.least_first) return reassembly_step::tiny;

    const context_key key = key_of(*v, scope);
    auto at = books_->by_key.find(key);
    if (at == books_->by_key.end()) {
        if (limits_.contexts == 0) return reassembly_step::no_context;
        if (books_->by_age.size() >= limits_.contexts) {
            if (limits_.when_full == context_policy::refuse_new) return reassembly_step::no_context;
            close(books_->by_age.front(), false);
        }
        context& c = books_->by_age.emplace_back();
        c.key = key;
        c.since = now;
        at = books_->by_key.emplace(key, std::prev(books_->by_age.end())).first;
    }
    const reassembly_step s = place(*at->second, *v, id);
    if (s == reassembly_step::no_memory && at->second->fragments == 0) {      // the first of its datagram: nothing waits for the others
        books_->by_age.erase(at->second);
        books_->by_key.erase(at);
    }
    return s;
}

reassembly_step reassembler::place(context& c, const ip_view& v, trace_id id) {
    if (c.poisoned) return reassembly_step::poisoned;
    const std::size_t begin = v.fragment_offset, end = begin + v.payload.size;
    const std::size_t in_front = v.version == 4 ? v.header.size : v.fragment_at - ipv6_header;   // counts against the length field
    if (end + in_front > longest) return give_up(c, reassembly_step::oversize);

    const std::size_t first = begin / unit, behind = (end + unit - 1) / unit;
    const bool last = !v.more_fragments;
    // The same fragment again: it starts where one started, covers nothing but that one, ends where that one ended.
    const bool ends_alike = c.end && end == *c.end ? last : !last && (behind >= units || !c.have.test(behind) || c.starts.test(behind));
    if (c.starts.test(first) && ends_alike && c.have.all(first, behind) && !c.starts.any(first + 1, behind) &&
        std::memcmp(c.data.data() + begin, v.payload.data, v.payload.size) == 0)
        return reassembly_step::duplicate;

    if (c.end ? end > *c.end || (last && end != *c.end) : last && c.reach > end) return give_up(c, reassembly_step::conflict);
    if (c.fragments == limits_.fragments) return give_up(c, reassembly_step::too_many);

    const std::size_t known = c.have.count(first, behind);
    if (known && overlap_.overlap() == overlap_policy::decision::discard_all) return give_up(c, reassembly_step::overlap);
    const std::size_t new_octets = (behind - first - known) * unit;
    if (held_ + new_octets > limits_.held) return reassembly_step::no_memory;

    ++c.fragments;
    if (id) c.parts.push_back(id);
    c.size += new_octets;
    held_ += new_octets;
    if (last) c.end = end;
    c.reach = std::max(c.reach, end);
    if (c.data.size() < behind * unit) c.data.resize(behind * unit);
    if (known && overlap_.overlap() == overlap_policy::decision::keep_held) {
        for (std::size_t u = first; u < behind; ++u)
            if (!c.have.test(u)) std::memcpy(c.data.data() + u * unit, v.payload.data + (u * unit - begin), std::min(unit, end - u * unit));
    } else {
        std::memcpy(c.data.data() + begin, v.payload.data, v.payload.size);
    }
    c.have.set(first, behind);
    c.starts.set(first);

    const std::uint8_t congestion = v.traffic_class & ecn::mask;
    c.marked |= congestion == ecn::experienced;
    c.incapable |= congestion == ecn::not_capable;
    if (begin == 0 && (c.header.empty() || overlap_.overlap() == overlap_policy::decision::take_new)) {
        if (v.version == 4) {
            c.header.assign(v.header.data, v.header.data + v.header.size);
        } else {
            c.header.assign(v.packet.data, v.packet.data + v.fragment_at);
            c.next_header = v.packet[v.fragment_at];
            c.next_header_at = 6;
            for (std::size_t at = ipv6_header; at < v.fragment_at; at += 8u * (v.packet[at + 1] + 1u)) c.next_header_at = at;
            c.header[c.next_header_at] = c.next_header;
        }
    }
    if (!c.end || c.header.empty() || !c.have.all(0, (*c.end + unit - 1) / unit)) return reassembly_step::held;
    const bool oversize = c.header.size() - (c.header[0] >> 4 == 6 ? ipv6_header : 0) + *c.end > longest;
    if (oversize || (c.marked && c.incapable)) {
        if (id) c.parts.pop_back();          // the reason, and not one of those that were held
        return give_up(c, oversize ? reassembly_step::oversize : reassembly_step::congestion);
    }
    finish(c);
    return reassembly_step::complete;
}

void reassembler::finish(context& c) {
    result_.datagram = std::move(c.header);
    bytes& d = result_.datagram;
    if (d[0] >> 4 == 4) {
        put16(&d[6], 0);
        if (c.marked) d[1] |= ecn::experienced;
    } else if (c.marked) {
        put32(&d[0], get32(&d[0]) | std::uint32_t{ecn::experienced} << 20);
    }
    d.insert(d.end(), c.data.begin(), c.data.begin() + static_cast<std::ptrdiff_t>(*c.end));
    finish_ip(d);
    result_.parts = std::move(c.parts);
    result_.fragments = c.fragments;
    result_.first = c.since;
    held_ -= c.size;
    const auto at = books_->by_key.find(c.key);
    const auto node = at->second;
    books_->by_key.erase(at);
    books_->by_age.erase(node);
}

}  // namespace nicteam::packet
