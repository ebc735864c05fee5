#include "ipsec/service/transform_cache.h"

#include <algorithm>
#include <cstring>

namespace nicteam::ipsec {
namespace {

constexpr std::size_t sequence_at = 4, hashed_icv = 8, most_around = 128;      // octets; of headers, IV and ICV
constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;       // 2^64 / golden ratio

std::uint64_t word(const std::uint8_t* p) {
    std::uint64_t w = 0;
    std::memcpy(&w, p, sizeof w);
    return w;
}

}  // namespace

// Transform, whole sequence number, first octets of the ICV: few collide, and each octet is compared behind it.
std::uint64_t transform_cache::key_of(const name& n, packet::octets sealed) {
    std::uint64_t h = n.transform * odd;
    h = (h ^ (std::uint64_t{n.high.value_or(0)} << 32 | packet::get32(sealed.data + sequence_at))) * odd;
    h ^= h >> 29;
    h = (h ^ word(sealed.data + sealed.size - std::max(n.icv, hashed_icv))) * odd;
    return h ^ h >> 32;
}

void transform_cache::take_text(packet::octets text) {
    next_ = std::move(spare_);
    next_.reserve(2 * text.size + most_around);
    next_.assign(text.data, text.data + text.size);
    next_text_ = text.size;
}

void transform_cache::drop_first() {
    entry& e = kept_.front();
    const auto at = index_.find(e.key);
    if (at != index_.end() && at->second == first_) index_.erase(at);
    used_ -= e.octets.size();
    spare_ = std::move(e.octets);
    kept_.pop_front();
    ++first_;
}

void transform_cache::keep(const name& n, packet::octets sealed) {
    next_.insert(next_.end(), sealed.data, sealed.data + sealed.size);
    if (next_.size() > limit_) return;
    while (used_ + next_.size() > limit_) drop_first();
    used_ += next_.size();
    const std::uint64_t key = key_of(n, sealed);
    kept_.push_back({std::move(next_), next_text_, n, key});
    index_[key] = first_ + kept_.size() - 1;
}

const std::uint8_t* transform_cache::find(const name& n, packet::octets sealed) const {
    const auto at = index_.find(key_of(n, sealed));
    if (at == index_.end()) return nullptr;
    const entry& e = kept_[at->second - first_];
    const bool same = e.of.transform == n.transform && e.of.high == n.high && e.octets.size() - e.text == sealed.size &&
                      std::memcmp(e.octets.data() + e.text, sealed.data, sealed.size) == 0;
    return same ? e.octets.data() : nullptr;
}

}  // namespace nicteam::ipsec
