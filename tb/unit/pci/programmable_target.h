// A target that answers from lists, for tests: its i-th tenure takes entry i modulo the length of each.
#pragma once

#include <string>
#include <vector>

#include "nicteam/pci/target.h"

namespace nicteam::test {

struct target_program {
    std::uint64_t base = 0, size = 0;    // window, in memory or I/O space
    bool io = false;
    int device = -1;                     // IDSEL, -1: answers no configuration access
    unsigned devsel = 2;
    std::vector<unsigned> first_wait{0}, next_wait{0};
    std::uint32_t boundary = 0;          // bytes: stops at its multiples; 0: runs on
    bool boundary_with_data = true;
    std::string pattern = ".";           // '.' as above, 'r' retry, 'a' abort at once, 'b' abort after abort_words
    std::uint32_t abort_words = 1;
    bool wide = false;                   // answers REQ64# with ACK64#
};

class programmable_target : public sc_core::sc_module, private pci::target_user {
public:
    programmable_target(sc_core::sc_module_name name, const target_program& p) : sc_module(name), program(p), agent("agent", *this) {
        agent.set_wide(p.wide);
    }

    target_program program;
    pci::target agent;
    std::size_t tenures = 0, plans = 0, ends = 0;

private:
    bool claims(pci::command c, std::uint64_t address) const override {
        if (pci::is_configuration(c)) return program.device >= 0;
        return pci::is_io(c) == program.io && address - program.base < program.size;
    }

    pci::answer decode(pci::access& a) override {
        const std::size_t i = tenures++;
        const auto pick = [i](const auto& list) { return list[i % list.size()]; };
        pci::answer r;
        r.select = static_cast<pci::devsel>(program.devsel);
        r.first_wait = pick(program.first_wait);
        r.next_wait = pick(program.next_wait);
        if (program.boundary) {
            r.how = program.boundary_with_data ? pci::stop::with_data : pci::stop::without_data;
            const unsigned unit = a.bus->word_bytes;
            r.words = static_cast<std::uint32_t>((program.boundary - a.address / unit * unit % program.boundary + unit - 1) / unit);
        }
        switch (pick(program.pattern)) {
        case 'r': r.how = pci::stop::retry; break;
        case 'a': r.how = pci::stop::abort; r.words = 0; break;
        case 'b': r.how = pci::stop::abort; r.words = program.abort_words; break;
        default: break;
        }
        return r;
    }
    void planned(pci::access&, ps) override { ++plans; }
    void ended(pci::access&, ps) override { ++ends; }
};

}  // namespace nicteam::test
