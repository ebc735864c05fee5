// The associations of a nic's crypto block as its rings see them: those that receive in IPsec logic 21a's receive side, those that send in
// its transmit side, under one space of handles. And its engines, which jobs share with the line.
#pragma once

#include <map>
#include <utility>

#include "nicteam/offload/engine_bank.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/served_associations.h"
#include "nicteam/offload/transmit_block.h"
#include "nicteam/rings/association_store.h"
#include "nicteam/rings/job_engines.h"

namespace nicteam::nic {

class line_associations final : public rings::association_store {
public:
    line_associations(offload::receive_block& in, offload::transmit_block& out) : in_(in.known()), out_(out.known()), transmit_(out) {}

    ipsec::association_table& table_for(std::uint8_t flags) override { return of(flags).table; }
    bool serves(const ipsec::association_parameters& p, std::uint8_t flags) const override {
        return const_cast<line_associations*>(this)->of(flags).refusal(p).empty();
    }
    void added(state::handle h) override { holder(h).added(h); }
    void lies_at(state::handle h, std::uint64_t address) override {
        if (receives(h)) images_[h.index] = {h, address};
    }
    std::uint64_t image_of(state::handle h) const {
        const auto at = images_.find(h.index);
        return at == images_.end() || at->second.first != h ? 0 : at->second.second;
    }
    ipsec::association_table& table_of(state::handle h) override { return holder(h).table; }
    bool carries(state::handle h, offload::way w) const override { return receives(h) == (w == offload::way::in); }
    offload::engine_work work(state::handle h, offload::way w, std::size_t packet, std::size_t header, bool new_key) override {
        return rings::work_of(holder(h).serving(h), holder(h).table.find(h)->parameters(), w, packet, header, new_key);
    }
    offload::engine_work self_test(state::handle h, offload::way w) override {
        const ipsec::association* a = holder(h).table.find(h);
        return a ? rings::self_test_of(holder(h).engines(), holder(h).serving(h), a->parameters(), w) : offload::engine_work{};
    }
    packet::identification_source& identifications() override { return transmit_.identifications(); }
    // In one direction at least: an association is of one.
    std::uint32_t ciphers() const override { return rings::ciphers_of(either()); }
    std::uint32_t authentications() const override { return rings::authentications_of(either()); }
    void clear() override {
        rings::remove_all(in_.table);
        rings::remove_all(out_.table);
    }

private:
    offload::served_associations& of(std::uint8_t flags) { return flags & rings::receives ? in_ : out_; }
    bool receives(state::handle h) const { return h.index < out_.table.first(); }
    offload::served_associations& holder(state::handle h) { return receives(h) ? in_ : out_; }
    rings::served either() const {
        return [this](const ipsec::association_parameters& p) { return in_.refusal(p).empty() || out_.refusal(p).empty(); };
    }

    offload::served_associations &in_, &out_;
    offload::transmit_block& transmit_;
    std::map<std::uint32_t, std::pair<state::handle, std::uint64_t>> images_;      // where install found those that receive
};

// Who asks at one edge: the line first. A job that has asked is worked on, whatever becomes of it.
class line_engines final : public rings::job_engines {
public:
    line_engines(offload::receive_block& in, offload::transmit_block& out) : in_(in), out_(out) {}

    bool other_key(offload::way w, state::handle h) override {
        in_.serve();
        out_.serve();
        return bank(w).other_key(w, h);
    }
    offload::engine_health& health(offload::way w) override { return w == offload::way::in ? in_.health() : out_.health(); }
    ps run(offload::way w, const std::vector<offload::engine_work>& work, ps ready) override { return bank(w).pool.run(work, ready).done; }
    void stop() override {}

private:
    offload::engine_bank& bank(offload::way w) { return w == offload::way::in ? in_.engines() : out_.engines(); }

    offload::receive_block& in_;
    offload::transmit_block& out_;
};

}  // namespace nicteam::nic
