#include "unit/pci/workbench.h"

#include <cstdio>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "unit/fresh_kernel.h"

namespace nicteam::test {
namespace {

using fields = std::map<std::string, std::string>;

std::int64_t number(const std::string& s) { return std::stoll(s, nullptr, 0); }

template <class T>
void take(fields& f, const char* name, T& to) {
    const auto i = f.find(name);
    if (i == f.end()) return;
    if constexpr (std::is_same_v<T, std::string>) {
        to = i->second;
    } else if constexpr (std::is_same_v<T, std::vector<unsigned>>) {
        to.clear();
        std::istringstream in(i->second);
        for (std::string one; std::getline(in, one, ',');) to.push_back(static_cast<unsigned>(number(one)));
    } else {
        to = static_cast<T>(number(i->second));
    }
    f.erase(i);
}

unsigned choice(fields& f, const char* name, const std::vector<std::string>& names) {
    std::string s = names[0];
    take(f, name, s);
    for (unsigned i = 0; i < names.size(); ++i) {
        if (names[i] == s) return i;
    }
    throw std::runtime_error("no such choice: " + s);
}

void read_line(bus_program& p, const std::string& kind, fields& f) {
    if (kind == "bus") {
        take(f, "period", p.bus.period);
        take(f, "phase", p.bus.phase);
        take(f, "until", p.until);
        take(f, "wide", p.bus.width);
        p.bus.arbiter = choice(f, "arbiter", {"round_robin", "fixed"});
        p.bus.parking = choice(f, "parking", {"last", "first", "none"});
    } else if (kind == "master") {
        master_program& m = p.masters.emplace_back();
        take(f, "timer", m.latency_timer);
        take(f, "line", m.line);
        take(f, "wide", m.wide);
        take(f, "follow", m.follow);
    } else if (kind == "item") {
        work_item& i = p.masters.at(p.masters.size() - 1).items.emplace_back();
        take(f, "arrival", i.arrival);
        take(f, "command", i.command);
        take(f, "address", i.address);
        take(f, "bytes", i.bytes);
        take(f, "limit", i.limit);
    } else if (kind == "target") {
        target_program& t = p.targets.emplace_back();
        take(f, "base", t.base);
        take(f, "size", t.size);
        take(f, "io", t.io);
        take(f, "wide", t.wide);
        take(f, "device", t.device);
        take(f, "devsel", t.devsel);
        take(f, "first", t.first_wait);
        take(f, "next", t.next_wait);
        take(f, "boundary", t.boundary);
        take(f, "with_data", t.boundary_with_data);
        take(f, "pattern", t.pattern);
        take(f, "abort_words", t.abort_words);
    } else {
        throw std::runtime_error("unknown: " + kind);
    }
    if (!f.empty()) throw std::runtime_error("unknown field: " + f.begin()->first);
}

class recorder : public pci::tenure_observer {
public:
    explicit recorder(bool grants) : grants_(grants) {}
    std::string text;

private:
    void tenure(const pci::payload& p, const pci::pci_extension& e) override {
        char line[200];
        std::snprintf(line, sizeof line, "%u %X %08llX %u %lld %lld ", e.master, static_cast<unsigned>(e.command),
                      static_cast<unsigned long long>(p.get_address()), e.words, static_cast<long long>(e.request),
                      static_cast<long long>(e.address));
        text += line + runs(e.data);
        std::snprintf(line, sizeof line, " %lld %u %s\n", static_cast<long long>(e.idle), e.done, name_of(e.why));
        text += line;
    }
    bool follows_grants() const override { return grants_; }
    void grant(int master, ps from) override {
        text += "gnt " + std::to_string(master) + " " + std::to_string(from) + "\n";
    }
    static std::string runs(const span& s) {
        if (s.empty()) return "-";
        std::string out;
        for (std::uint64_t k = 0; k < s.units();) {
            std::uint64_t n = 1;
            ps stride = 0;
            if (k + 1 < s.units()) {
                stride = s.when(k + 1) - s.when(k);
                for (n = 2; k + n < s.units() && s.when(k + n) - s.when(k + n - 1) == stride; ++n) {}
            }
            if (!out.empty()) out += ',';
            out += std::to_string(s.when(k)) + "+" + std::to_string(stride) + "*" + std::to_string(n);
            k += n;
        }
        return out;
    }
    bool grants_;
};

}  // namespace

bus_program read_program(const std::string& text) {
    bus_program p;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string kind, word;
        if (!(words >> kind)) continue;
        fields f;
        while (words >> word) f[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
        read_line(p, kind, f);
    }
    return p;
}

std::string run_program(const bus_program& p, run_how how) {
    fresh_kernel kernel;
    recorder log(how.grants);
    {
        std::vector<std::unique_ptr<workload_master>> masters(p.masters.size());
        std::vector<std::unique_ptr<programmable_target>> targets(p.targets.size());
        pci::bus bus("bus", p.bus);
        bus.observe(log);
        const std::size_t all = masters.size() + targets.size();
        for (std::size_t n = 0; n < all; ++n) {
            const std::size_t k = how.reversed ? all - 1 - n : n;
            if (k < masters.size()) {
                master_program m = p.masters[k];
                m.ahead = m.ahead || how.ahead;
                masters[k] = std::make_unique<workload_master>(("master" + std::to_string(k)).c_str(), bus, m, static_cast<int>(k));
            } else {
                const std::size_t t = k - masters.size();
                targets[t] = std::make_unique<programmable_target>(("target" + std::to_string(t)).c_str(), p.targets[t]);
                bus.plug(targets[t]->agent, p.targets[t].device);
            }
        }
        sc_core::sc_start(sim::to_sc_time(p.until));
    }
    return log.text;
}

std::string relative(const std::string& line, ps period) {
    unsigned master, command, words, done;
    unsigned long long address;
    long long request, a, idle;
    char data[100], why[40];
    if (std::sscanf(line.c_str(), "%u %X %llX %u %lld %lld %99s %lld %u %39s", &master, &command, &address, &words, &request, &a, data,
                    &idle, &done, why) != 10)
        throw std::runtime_error("not a tenure: " + line);
    std::string out = "data ";
    std::istringstream in(data);
    bool more = false;
    for (std::string one; std::getline(in, one, ',');) {
        long long first, stride;
        unsigned n;
        if (more) out += ',';
        more = true;
        if (std::sscanf(one.c_str(), "%lld+%lld*%u", &first, &stride, &n) == 3)
            out += std::to_string((first - a) / period) + "+" + std::to_string(stride / period) + "*" + std::to_string(n);
        else out += one;
    }
    return out + " idle " + std::to_string((idle - a) / period) + " done " + std::to_string(done) + " " + why;
}

}  // namespace nicteam::test
