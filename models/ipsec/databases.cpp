#include "nicteam/ipsec/databases.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nicteam::ipsec {

policy_list::policy_list(std::vector<policy> all) : all_(std::move(all)) {}

const policy* policy_list::find(const flow& f) const {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const policy& p) { return p.which.selects(f); });
    return at == all_.end() ? nullptr : &*at;
}

std::string association_table::refusal_here(const association_parameters& p) const {
    if (std::string why = refusal(p); !why.empty()) return why;
    if (has(p)) return fmt::format("SPI {:#010x} towards {} is taken", p.spi, packet::to_text(p.destination));
    if (!copies_ && !p.name.empty() && by_name_.count(p.name)) return fmt::format("there is an association {} already", p.name);
    if (slots_.size() == slots_.capacity()) return fmt::format("the table of {} associations is full", capacity());
    return {};
}

association_table::added association_table::entered(std::optional<state::handle> h) {
    const association_parameters& p = slots_.find(*h)->parameters();
    by_spi_.emplace(key_of(p), *h);
    if (!p.name.empty()) by_name_[p.name] = *h;
    return {*h, {}};
}

association_table::added association_table::add(association_parameters p, ps now, std::uint64_t iv_seed, payload_kind payload) {
    if (std::string why = refusal_here(p); !why.empty()) return {{}, std::move(why)};
    return entered(slots_.add(std::move(p), now, iv_seed, payload));
}

association_table::added association_table::add(constant_parameters c, std::uint64_t iv_seed, payload_kind payload) {
    if (std::string why = refusal_here(c.parameters); !why.empty()) return {{}, std::move(why)};
    return entered(slots_.add(std::move(c), iv_seed, payload));
}

bool association_table::remove(state::handle h) {
    association* a = slots_.find(h);
    if (!a) return false;
    const auto [first, last] = by_spi_.equal_range(key_of(a->parameters()));
    by_spi_.erase(std::find_if(first, last, [h](const auto& at) { return at.second == h; }));
    if (named(a->parameters().name) == h) by_name_.erase(a->parameters().name);
    freeze(h, false);
    return slots_.remove(h);
}

void association_table::freeze(state::handle h, bool now_frozen) {
    frozen_.erase(std::remove(frozen_.begin(), frozen_.end(), h), frozen_.end());
    if (now_frozen) frozen_.push_back(h);
}

bool association_table::frozen(state::handle h) const {
    return !frozen_.empty() && std::find(frozen_.begin(), frozen_.end(), h) != frozen_.end();
}

state::handle association_table::find(std::uint32_t spi, const packet::ip_address& destination, security_protocol protocol) const {
    const auto [first, last] = by_spi_.equal_range({spi, destination, protocol});
    return first == last || frozen(std::prev(last)->second) ? state::handle{} : std::prev(last)->second;
}

state::handle association_table::named(const std::string& name) const {
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? state::handle{} : at->second;
}

}  // namespace nicteam::ipsec
