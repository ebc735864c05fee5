#include "nic/receive/receive_path.h"

#include <algorithm>

#include "nic/crossing.h"
#include "nic/packet_headers.h"
#include "nicteam/wire/medium_access.h"

namespace nicteam::nic {

void receive_path::clear(bool keep_front) {
    while (count_ > keep_front) at(--count_).data = {};
    left_ = entered_;
    overrun_ = never;
    if (count_) left_ -= total(at(0)) - at(0).thrown;
    else out_.clear();
}

void receive_path::grow() {
    std::vector<arrival> bigger(ring_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) bigger[i] = at(i);
    ring_.swap(bigger);
    mask_ = ring_.size() - 1;
    head_ = 0;
}

void receive_path::begin(const frame_ref& f, const span& octets) {
    if (count_ == ring_.size()) grow();
    arrival& a = at(count_++);
    a.data = f;
    a.arrived = {};
    a.ended = a.overrun = false;
    a.how = wire::wire_end::good;
    a.match = verdict::unknown;
    a.overrun_at = never;
    a.limit = a.most = a.own = UINT32_MAX;
    a.taken = a.thrown = a.tag = 0;
    a.filter = 0;
    a.preamble = f ? f->preamble_octets : frame::usual_preamble;
    a.number = arrivals_++;
    if (count_ == 1) out_.clear();
    replan(octets);
}

void receive_path::replan(const span& octets) {
    if (!arriving()) return;
    arrival& a = back();
    a.octets = octets;
    const std::uint64_t n = octets.units();
    a.length = n > a.preamble ? static_cast<std::uint32_t>(n - a.preamble) : 0;
    if (a.data && a.length > a.data->data.size() + a.tag) lengthen(a);
    find_overrun();
}

void receive_path::strip(const frame_ref& without, std::uint32_t tag) {
    back().data = without;
    back().tag = tag;
    find_overrun();
}

void receive_path::lengthen(arrival& a) {
    ref<frame> longer = frame::make();
    longer->data = a.data->data;
    longer->id = a.data->id;
    longer->parent = a.data->parent;
    a.own = std::min(a.own, static_cast<std::uint32_t>(longer->data.size()));
    longer->data.resize(a.length - a.tag, wire::jam_octet);
    a.data = frame_ref(longer);
}

void receive_path::end(const frame_ref& f, wire::wire_end how) {
    if (!arriving()) return;
    arrival& a = back();
    // The byte that enters with the last octet may be the one that finds the FIFO full.
    if (overrun_ != never) overrun(overrun_);
    a.data = f;
    a.how = how;
    a.ended = true;
    overrun_ = never;
}

std::uint32_t receive_path::data_bytes(const arrival& a) const {
    const std::uint32_t not_data = (setup_.fcs_to_memory ? 0 : setup_.fcs_octets) + a.tag;
    return std::min(a.most, a.length > not_data ? a.length - not_data : 0);
}

std::uint32_t receive_path::whole_length(const arrival& a) const { return data_bytes(a) + setup_.word_octets; }

std::uint32_t receive_path::total(const arrival& a) const { return std::min(whole_length(a), a.limit); }

ps receive_path::entry(const arrival& a, std::uint32_t byte) const {
    if (setup_.word_octets && byte >= data_bytes(a)) return a.octets.last();
    return a.octets.when(a.preamble + (setup_.fcs_to_memory ? 0 : setup_.fcs_octets) + byte + (byte >= vlan_tag_at ? a.tag : 0));
}

std::uint32_t receive_path::entered(const arrival& a, ps t) const {
    const std::uint64_t n = a.octets.passed(t);
    const bool word = setup_.word_octets;
    if (word && n == a.octets.units()) return total(a);          // it comes with the last octet
    const std::uint64_t ahead = a.preamble + (setup_.fcs_to_memory ? 0 : setup_.fcs_octets);
    const std::uint32_t most = word ? std::min(total(a), data_bytes(a)) : total(a);
    std::uint64_t in = n > ahead ? n - ahead : 0;
    if (a.tag && in > vlan_tag_at) in = in > vlan_tag_at + a.tag ? in - a.tag : vlan_tag_at;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(in, most));
}

std::uint32_t receive_path::left(ps t) const { return count_ ? std::min(out_.passed(t), at(0).taken) : 0; }

void receive_path::find_overrun() {
    overrun_ = never;
    if (!arriving()) return;
    const arrival& a = back();
    if (a.limit != UINT32_MAX) return;
    const std::uint32_t n = whole_length(a);
    const std::uint64_t held = entered_ - left_;       // the front frame's bursts not yet taken off
    if (held + n <= setup_.fifo_bytes) return;
    for (std::uint64_t j = held >= setup_.fifo_bytes ? 0 : setup_.fifo_bytes - held; j < n;) {
        const ps t = entry(a, static_cast<std::uint32_t>(j));
        const std::uint64_t inside = held + j - left(t);
        if (inside >= setup_.fifo_bytes) {
            overrun_ = t;
            overrun_byte_ = static_cast<std::uint32_t>(j);
            return;
        }
        j += setup_.fifo_bytes - inside;               // it cannot be full any earlier
    }
}

ps receive_path::reaches(std::uint32_t bytes) const {
    const std::uint64_t held = entered_ - left_;
    if (!arriving() || at(count_ - 1).match == verdict::no_match) return never;
    const arrival& a = at(count_ - 1);
    for (std::uint64_t j = held + 1 >= bytes ? 0 : bytes - held - 1; j < total(a);) {
        const ps t = entry(a, static_cast<std::uint32_t>(j));
        const std::uint64_t inside = held + j + 1 - left(t);
        if (inside >= bytes) return t;
        j += bytes - inside;                           // not any earlier
    }
    return never;
}

bool receive_path::safe() const {
    return !arriving() || entered_ - left_ + whole_length(at(count_ - 1)) <= setup_.fifo_bytes;
}

void receive_path::overrun(ps now) {
    arrival& a = back();
    a.overrun = true;
    a.overrun_at = now;
    a.limit = overrun_byte_;
    overrun_ = never;
}

void receive_path::settle() { entered_ += total(back()); }

void receive_path::drop_back() {
    arrival& a = back();
    // Nothing of it was ever taken: a frame that is dropped makes no request. Of an unsettled one nothing counts yet.
    a.data = {};
    --count_;
    overrun_ = never;
    if (count_ == 0) out_.clear();
}

ps receive_path::address_seen(ps earliest) const {
    const ps t = at(0).octets.when(at(0).preamble + setup_.address_octets - 1);
    return t == never ? never : std::max(earliest, setup_.pci.after(t, edges_to_cross));
}

ps receive_path::end_seen(ps earliest) const {
    return std::max(earliest, setup_.pci.after(at(0).octets.last(), edges_to_cross));
}

ps receive_path::next_request(ps earliest) const {
    const arrival& a = at(0);
    const std::uint32_t n = total(a);
    if (a.taken >= n) return never;
    const std::uint32_t least = setup_.discard_short ? setup_.minimum_octets : setup_.address_octets;
    if (a.length < least) return never;
    ps t = a.octets.last();
    const std::uint32_t want = a.taken + setup_.threshold;
    if (!setup_.whole_frame && want <= n) t = std::min(t, entry(a, want - 1));
    t = std::max(t, a.octets.when(a.preamble + least - 1));
    return std::max(earliest, setup_.pci.after(t, edges_to_cross));
}

std::uint32_t receive_path::take(ps decision, std::uint32_t first, std::uint32_t room, std::uint64_t to) {
    arrival& a = at(0);
    const ps seen = decision - setup_.pci.period();
    std::uint32_t end = entered(a, seen);
    if (end <= first) return 0;
    std::uint32_t bytes = end - first;
    const bool last = a.octets.last() < seen;
    if (bytes >= room) bytes = room;
    else if (!last) bytes -= std::min<std::uint32_t>(bytes, static_cast<std::uint32_t>((to + bytes) % 4));
    a.taken = first + bytes;
    return bytes;
}

void receive_path::planned(std::uint32_t first, unsigned lead, unsigned word_bytes, const span& words) {
    out_.plan(first, at(0).taken - first, lead, word_bytes, words);
    find_overrun();
}

void receive_path::truncate(ps now) {
    arrival& a = at(0);
    const std::uint32_t before = total(a);
    a.limit = std::max(entered(a, now), a.taken);
    if (a.ended) entered_ -= before - total(a);
    a.thrown = total(a) - a.taken;
    left_ += a.thrown;
    find_overrun();
}

void receive_path::pop() {
    arrival& a = at(0);
    left_ += total(a) - a.thrown;
    a.data = {};
    head_ = (head_ + 1) & mask_;
    --count_;
    out_.clear();
    find_overrun();
}

std::uint32_t receive_path::level(ps t) const {
    std::uint64_t in = entered_;
    if (count_ && !at(count_ - 1).ended && at(count_ - 1).match != verdict::no_match) in += entered(at(count_ - 1), t);
    // Frames whose end lies in the past are settled.
    const std::uint64_t out = left_ + left(t);
    return in > out ? static_cast<std::uint32_t>(in - out) : 0;
}

}  // namespace nicteam::nic
