// Two hosts with a device and a base driver each, a cable between them, users that count.
#pragma once

#include <algorithm>
#include <functional>
#include <map>

#include "nicteam/driver/base_driver.h"
#include "nicteam/nic/nic.h"
#include "nicteam/sim/session.h"
#include "nicteam/wire/cable.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test {
using namespace driver;
using driver::packet;                             // not the namespace

constexpr std::uint16_t type = 0x88B5;

// A user that counts what completes, and can hold on to what it receives.
struct user : adapter_user {
    explicit user(adapter& a) : below(a) { a.bind(*this); }
    void sent(host::cpu&, const packet_list& l, status s) override {
        for (packet* p : l) {
            ++completions[p];
            ++by_status[s];
            ended_as[p] = s;
        }
    }
    void received(host::cpu& c, const packet_list& l) override {
        if (work) c.spend(load, work);
        for (packet* p : l) {
            got.push_back(bytes(p->bytes));
            most_pieces = std::max(most_pieces, p->pieces.size());
            std::uint32_t n = 0;
            for (const piece& q : p->pieces) ram->read(q.address, got.back().data() + n, q.bytes, c.now()), n += q.bytes;
            if (n != p->bytes) got.back().clear();
            if (hold) held.push_back(p);
        }
        if (!hold) below.give_back(c, l);
    }
    void completed(host::cpu&, control& r) override { requests.push_back(&r); }
    void finished(host::cpu&, job& j) override { jobs.push_back(&j); }
    void changed(host::cpu&, const link_state& s) override {
        link.push_back(s.up);
        links.push_back(s);
    }
    adapter& below;
    host::memory* ram = nullptr;
    bool hold = false;
    std::uint64_t work = 0;                       // cycles for each call that brings frames
    const host::operation load{"load", 1, "a cycle of a test's user", "test"};
    packet_list held;
    std::map<packet*, int> completions;
    std::map<status, int> by_status;
    std::map<packet*, status> ended_as;
    std::vector<bytes> got;
    std::size_t most_pieces = 0;                  // of what came
    std::vector<control*> requests;
    std::vector<job*> jobs;
    std::vector<bool> link;
    std::vector<link_state> links;
};

struct end {
    end(const char* name, base_driver_config d, const char* mac, const nic::nic_config& n = {}, const host::host_config& h = {})
        : host(name, h), nic((std::string(name) + "_nic").c_str(), nic_of(mac, n), host.bus(), &host.interrupt_sink()),
          driver((std::string(name) + "_driver").c_str(), with(d, mac), host.place_of(0, 0)), stack(driver) {
        host.install(nic.pci_device(), 0, 0);
        stack.ram = &host.ram();
    }
    static nic::nic_config nic_of(const char* mac, nic::nic_config c) {
        c.mac = mac;
        return c;
    }
    static base_driver_config with(base_driver_config d, const char* mac) {
        d.mac = mac;
        return d;
    }
    // A frame to the other end: `bytes` octets without FCS, in `pieces` pieces.
    packet& make(unsigned bytes, unsigned pieces = 1, std::uint8_t fill = 0) {
        packets.push_back(std::make_unique<packet>());
        packet& p = *packets.back();
        nicteam::bytes data(bytes);
        for (unsigned n = 0; n < bytes; ++n) data[n] = static_cast<std::uint8_t>(fill + n);
        const std::uint8_t head[14] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, type >> 8, type & 0xFF};
        std::copy(std::begin(head), std::end(head), data.begin());
        unsigned done = 0;
        for (unsigned n = 0; n < pieces; ++n) {
            const unsigned part = n + 1 == pieces ? bytes - done : bytes / pieces + n % 3;
            const std::uint64_t a = host.ram().allocate(part + 3, 16) + n % 3;      // odd addresses as well
            host.ram().write(a, data.data() + done, part, 0);
            p.pieces.push_back({a, part});
            done += part;
        }
        p.bytes = bytes;
        contents.push_back(data);
        return p;
    }
    host::host host;
    nic::nic nic;
    base_driver driver;
    user stack;
    std::vector<std::unique_ptr<packet>> packets;
    std::vector<bytes> contents;
};

struct pair {
    explicit pair(base_driver_config da = {}, base_driver_config db = {}, const wire::cable_config& lan = {}, const nic::nic_config& n = {},
                  const host::host_config& h = {})
        : a("a", da, "02:00:00:00:00:01", n, h), b("b", db, "02:00:00:00:00:02", n, h), cable("lan", lan, a.nic, b.nic) {}
    void send(ps at, std::vector<packet*> l) {
        a.host.cpu().post(at, [this, l](host::cpu& c) { a.driver.send(c, l); });
    }
    end a, b;
    wire::cable cable;
};

inline std::uint64_t metric(const std::string& path) {
    for (const sim::bound_metric& m : sim::session::current().metrics())
        if (m.path == path) return m.as_counter ? m.as_counter->value() : static_cast<std::uint64_t>(m.as_level->value());
    throw std::out_of_range(path);
}
inline void fault(const std::string& path, const std::string& name, bool begin, ps at) {
    for (sim::fault_port& f : sim::session::current().faults())
        if (f.path == path && f.info->name == name) return f.act(begin, 0, at);
    throw std::out_of_range(path + " " + name);
}

// What a test does at its times, in order.
struct time_line : sc_core::sc_module {
    explicit time_line(sc_core::sc_module_name n) : sc_module(n) { SC_THREAD(run); }
    SC_HAS_PROCESS(time_line);
    void at(ps t, std::function<void()> f) { list.push_back({t, std::move(f)}); }
    void run() {
        for (auto& [t, f] : list) {
            wait(sim::to_sc_time(t - sim::now()));
            f();
        }
    }
    std::vector<std::pair<ps, std::function<void()>>> list;
};

inline void simulate(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }

}  // namespace nicteam::test
