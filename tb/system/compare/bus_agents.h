// The model's masters and targets with lists of work, as the clocked reference has them, and the text of what a bus did.
#pragma once

#include <cstdio>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "nicteam/pci/bus.h"
#include "nicteam/pci/parity.h"
#include "nicteam/sim/session.h"
#include "reference/pci/setup.h"

namespace compare {

using namespace nicteam;
namespace plain = reference::pci;

// A master with a list of work.
class worker : public sc_core::sc_module, public pci::initiator_user {
public:
    SC_HAS_PROCESS(worker);
    worker(sc_core::sc_module_name name, pci::bus& bus, const plain::master_setup& own)
        : sc_module(name), clock_(bus.clock()), own_(own), initiator_("initiator", bus.clock(), *this) {
        const unsigned number = bus.plug(initiator_);
        initiator_.set_wide(own.wide);
        initiator_.set_back_to_back(static_cast<pci::back_to_back>(own.follow));
        bus.set_latency_timer(number, own.latency_timer);
        bus.set_cache_line(number, own.cache_line);
        for (const plain::item& i : own.items) {
            pci::transfer& t = transfers_.emplace_back();
            t.address = i.address;
            t.bytes = i.bytes;
            t.command = static_cast<pci::command>(i.command);
            t.tag = static_cast<unsigned>(transfers_.size() - 1);
            std::vector<std::uint8_t>& d = data_.emplace_back(i.bytes);
            if (plain::is_write(i.command))
                for (std::uint32_t b = 0; b < i.bytes; ++b) d[b] = octet_of(i, b);
            t.data = d.data();
        }
        if (own.items.empty()) return;
        SC_METHOD(arrive);
        sensitive << arrival_;
        dont_initialize();
        arrival_.notify(sim::to_sc_time(own.items.front().arrival));
    }

    static std::uint8_t octet_of(const plain::item& i, std::uint32_t b) {
        const std::uint64_t at = i.address + b;
        return static_cast<std::uint8_t>((i.data < 0 ? plain::written_word(at & ~3ull) : static_cast<std::uint32_t>(i.data)) >> at % 4 * 8);
    }

    void planned(pci::transfer& t, ps) override {
        const pci::pci_extension& e = pci::extension_of(*t.under_way);
        const int limit = own_.items[t.tag].limit;
        if (limit < 0 || e.address == limited_) return;
        limited_ = e.address;
        initiator_.limit(t, e.address + limit * clock_.period());
    }
    void ended(pci::transfer&, pci::transfer_result, ps) override {}
    bool parity_error(const pci::transfer*, std::uint32_t) override { return own_.parity; }

private:
    void arrive() {
        while (next_ < own_.items.size() && own_.items[next_].arrival <= sim::now()) {
            initiator_.submit(transfers_[next_], clock_.at_or_after(own_.items[next_].arrival));
            ++next_;
        }
        if (next_ < own_.items.size()) arrival_.notify(sim::to_sc_time(own_.items[next_].arrival - sim::now()));
    }

    const clock_domain& clock_;
    const plain::master_setup& own_;
    pci::initiator initiator_;
    std::deque<pci::transfer> transfers_;
    std::deque<std::vector<std::uint8_t>> data_;
    std::size_t next_ = 0;
    ps limited_ = never;
    sc_core::sc_event arrival_;
};

inline pci::bus_config config_of(const plain::setup& s) {
    pci::bus_config c;
    c.period = s.period;
    c.phase = s.phase;
    c.arbiter = s.arbiter == plain::arbitration::fixed ? 1 : 0;
    c.parking = static_cast<unsigned>(s.parking);
    c.width = s.wide;
    return c;
}

// The answer to the n-th access, as the lists say.
inline pci::answer planned_answer(const plain::target_setup& own, std::uint64_t n, std::uint64_t address, unsigned unit) {
    const auto pick = [n](const auto& list) { return list[n % list.size()]; };
    pci::answer r;
    r.select = static_cast<pci::devsel>(own.devsel);
    r.first_wait = pick(own.first_wait);
    r.next_wait = pick(own.next_wait);
    if (own.boundary) {
        r.how = own.boundary_with_data ? pci::stop::with_data : pci::stop::without_data;
        r.words = static_cast<std::uint32_t>((own.boundary - address / unit * unit % own.boundary + unit - 1) / unit);
    }
    const char kind = pick(own.pattern);
    if (kind == 'r') r.how = pci::stop::retry, r.words = 0;
    if (kind == 'a') r.how = pci::stop::abort, r.words = 0;
    if (kind == 'b') r.how = pci::stop::abort, r.words = own.abort_words;
    return r;
}

// A target that answers as its lists say.
class responder : public pci::target_user {
public:
    responder(const char* name, pci::bus& bus, const plain::target_setup& own) : own_(own), target_(name, *this) {
        bus.plug(target_, own.device);
        target_.set_wide(own.wide);
    }

    bool claims(pci::command c, std::uint64_t address) const override {
        if (pci::is_configuration(c)) return own_.device >= 0;
        return pci::is_io(c) == own_.io && address - own_.base < own_.size;
    }
    pci::answer decode(pci::access& a) override { return planned_answer(own_, tenures_++, a.address, a.bus->word_bytes); }
    bool parity_error(const pci::access&, std::uint32_t) override { return own_.parity; }
    bool address_parity_error(unsigned, ps) override { return own_.parity; }
    void ended(pci::access& a, ps) override {
        if (a.write()) return;
        const std::uint32_t n = a.bytes_in(a.bus->done);
        for (std::uint32_t b = 0; b < n; ++b) {
            const std::uint64_t address = a.address + b;
            a.data[b] = static_cast<std::uint8_t>(plain::memory_word(address & ~3ull) >> address % 4 * 8);
        }
    }

private:
    const plain::target_setup& own_;
    pci::target target_;
    std::uint64_t tenures_ = 0;
};

inline void set_parity_faults(sim::session& session, const std::string& bus, const plain::setup& s) {
    for (const sim::fault_port& f : session.faults()) {
        const std::string name = f.info->name;
        const unsigned every = name == "address_parity" ? s.wrong_address
                               : name == "data_parity"  ? s.wrong_parity
                               : name == "data_bit"     ? s.wrong_bit
                                                        : 0;
        if (every && f.path == bus) f.act(true, every, 0);
    }
}

class recorder : public pci::tenure_observer {
public:
    explicit recorder(std::int64_t period = 0) : period_(period) {}
    void system_error(ps at) override { serr_.insert(at); }
    // Every edge at which PERR# or SERR# is sampled low.
    std::string errors() const {
        std::string s;
        for (std::int64_t t : perr_) s += "PERR# " + std::to_string(t) + '\n';
        for (std::int64_t t : serr_) s += "SERR# " + std::to_string(t) + '\n';
        return s;
    }
    void tenure(const pci::payload& p, const pci::pci_extension& e) override {
        static const char* const endings[] = {"completed", "limited",      "latency_timer", "disconnect",
                                              "retry",     "master_abort", "target_abort"};
        char line[160];
        std::snprintf(line, sizeof line, "%u %X%s %08llX %u %lld %lld ", e.master, static_cast<unsigned>(e.command),
                      e.word_bytes == 8 ? "/64" : "", static_cast<unsigned long long>(p.get_address()), e.words,
                      static_cast<long long>(e.request), static_cast<long long>(e.address));
        text += line;
        std::vector<std::int64_t> edges;
        for (std::uint64_t w = 0; w < e.data.units(); ++w) edges.push_back(e.data.when(w));
        text += plain::runs_of(edges);
        std::snprintf(line, sizeof line, " %lld %u %s\n", static_cast<long long>(e.idle), e.done, endings[static_cast<int>(e.why)]);
        text += line;
        if (!e.errors) return;
        if (e.errors->signalled) serr_.insert(e.address + 2 * period_);
        for (const pci::wrong_word& w : e.errors->words)
            if (w.reported) perr_.insert(e.data.when(w.word) + 2 * period_);
    }
    std::string text;

private:
    std::int64_t period_;
    std::set<std::int64_t> perr_, serr_;
};

}  // namespace compare
