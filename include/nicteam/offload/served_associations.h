// The associations of one direction of a block, and which engines serve each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nicteam/ipsec/databases.h"
#include "nicteam/offload/engine_set.h"

namespace nicteam::offload {

// Engines, and those of them that serve each association of a table.
class served_by {
public:
    // `first`: of the indices in the table's handles.
    served_by(engine_set e, way w, std::uint32_t first) : engines_(std::move(e)), way_(w), first_(first) {}

    const engine_set& engines() const { return engines_; }
    std::string refusal(const ipsec::association_parameters& p) const { return engines_.serving(p, way_).refused; }      // empty: they serve it
    void added(state::handle h, const ipsec::association_parameters& p) {
        const std::size_t n = h.index - first_;
        if (serving_.size() <= n) serving_.resize(n + 1);
        serving_[n] = engines_.serving(p, way_);
    }
    const engine_set::choice& serving(state::handle h) const { return serving_.at(h.index - first_); }

private:
    engine_set engines_;
    way way_;
    std::uint32_t first_;
    std::vector<engine_set::choice> serving_;    // by index
};

class served_associations {
public:
    served_associations(std::size_t capacity, std::uint32_t first, engine_set e, way w) : table(capacity, first), own_(std::move(e), w, first) {}

    ipsec::association_table table;              // who adds to it says so with added()

    const served_by& own() const { return own_; }
    const engine_set& engines() const { return own_.engines(); }
    const engine_set::choice& serving(state::handle h) const { return own_.serving(h); }
    // Others that must serve each of them too: those that path 152 leads to.
    void also(served_by& others) { others_ = &others; }
    // Empty: whoever must serves it.
    std::string refusal(const ipsec::association_parameters& p) const {
        std::string why = own_.refusal(p);
        return why.empty() && others_ ? others_->refusal(p) : why;
    }
    void added(state::handle h) {
        const ipsec::association_parameters& p = table.find(h)->parameters();
        own_.added(h, p);
        if (others_) others_->added(h, p);
    }
    bool ends_in_udp(const packet::ip_address& a) const {      // some association in UDP does there
        bool any = false;
        const_cast<ipsec::association_table&>(table).each([&](state::handle, const ipsec::association& s) { any |= s.parameters().udp && s.parameters().destination == a; });
        return any;
    }

private:
    served_by own_;
    served_by* others_ = nullptr;
};

}  // namespace nicteam::offload
