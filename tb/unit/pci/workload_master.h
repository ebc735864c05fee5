// A master that carries out a list, for tests.
#pragma once

#include <deque>
#include <vector>

#include "nicteam/pci/bus.h"
#include "nicteam/pci/initiator.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::test {

struct work_item {
    ps arrival = 0;                      // seen at the first edge at or after
    pci::command command = pci::command::memory_read;
    std::uint64_t address = 0;
    std::uint32_t bytes = 4;
    int limit = -1;                      // each tenure: decides this many clocks after A to end; -1: never
};

struct master_program {
    unsigned latency_timer = 64;         // clocks
    unsigned line = 32;                  // cache line, bytes
    std::vector<work_item> items;        // by rising arrival
    bool ahead = false;                  // submits everything at time 0 and limits at A, instead of at the instant
    bool wide = false;                   // asserts REQ64#
    unsigned follow = 0;                 // pci::back_to_back
};

class workload_master : public sc_core::sc_module, private pci::initiator_user, private sim::agenda_user {
public:
    workload_master(sc_core::sc_module_name name, pci::bus& b, const master_program& p, int number = -1)
        : sc_module(name), program(p), bus_(b), agent("agent", b.clock(), *this), agenda_("agenda", *this, 2) {
        pair = b.plug(agent, number);
        b.set_latency_timer(pair, p.latency_timer);
        b.set_cache_line(pair, p.line);
        agent.set_wide(p.wide);
        agent.set_back_to_back(static_cast<pci::back_to_back>(p.follow));
        for (const work_item& i : program.items) {
            pci::transfer& t = transfers.emplace_back();
            t.address = i.address;
            t.bytes = i.bytes;
            t.command = i.command;
            t.tag = static_cast<unsigned>(transfers.size() - 1);
            data_.emplace_back(i.bytes);
            t.data = data_.back().data();
        }
    }

    master_program program;
    unsigned pair = 0;
    std::deque<pci::transfer> transfers;
    std::size_t finished = 0;
    std::vector<pci::transfer_result> results;

private:
    pci::bus& bus_;

public:
    pci::initiator agent;

private:
    enum { arrival, limit };

    void start_of_simulation() override {
        if (!program.ahead) return arm();
        for (std::size_t k = 0; k < transfers.size(); ++k) agent.submit(transfers[k], bus_.clock().at_or_after(program.items[k].arrival));
    }
    void arm() { agenda_.set(arrival, next_ < transfers.size() ? program.items[next_].arrival : never); }

    void due(unsigned slot, ps at) override {
        if (slot == limit) {
            if (limited_) agent.limit(*limited_, at);
            return;
        }
        for (; next_ < transfers.size() && program.items[next_].arrival <= at; ++next_)
            agent.submit(transfers[next_], bus_.clock().at_or_after(at));
        arm();
    }

    void planned(pci::transfer& t, ps) override {
        const int after = program.items[t.tag].limit;
        const pci::pci_extension& e = pci::extension_of(*t.under_way);
        if (after < 0 || limited_at_ == e.address) return;
        limited_at_ = e.address;
        limited_ = &t;
        const ps at = e.address + after * bus_.clock().period();
        if (program.ahead) agent.limit(t, at);
        else agenda_.set(limit, at);
    }
    void attempt_ended(pci::transfer&, pci::ending, ps) override { stop_limit(); }
    void ended(pci::transfer&, pci::transfer_result r, ps) override {
        stop_limit();
        ++finished;
        results.push_back(r);
    }
    void stop_limit() {
        limited_ = nullptr;
        agenda_.clear(limit);
    }

    sim::agenda agenda_;
    std::deque<std::vector<std::uint8_t>> data_;
    std::size_t next_ = 0;
    pci::transfer* limited_ = nullptr;
    ps limited_at_ = -1;
};

}  // namespace nicteam::test
