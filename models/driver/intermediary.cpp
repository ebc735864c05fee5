#include "nicteam/driver/intermediary.h"

#include <map>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "nicteam/driver/packet_lists.h"
#include "nicteam/host/costs.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {
namespace {
constexpr metric_info metrics[] = {
    {"sent", "packets", "packets handed to an adapter"},
    {"received", "packets", "packets handed to a stack"},
    {"unclaimed", "packets", "received packets that no stack is bound to"},
    {"requests", "requests", "control requests handed to an adapter"},
    {"jobs", "jobs", "jobs handed to an adapter"},
    {"refused", "requests", "control requests and jobs that came back as refused"},
};
constexpr outcome_info outcomes[] = {
    {"unclaimed", true, "no protocol stack is bound to its EtherType"},
};
constexpr std::uint16_t least_ether_type = 0x0600;    // IEEE 802.3 3.2.6: below, it is a length
}  // namespace

const block_info intermediary_info = {"intermediary", "intermediary layer 102: stacks above, adapters below", {}, metrics, {}, {}, {}, {}, outcomes};

struct intermediary_102::machinery {
    // A packet below belongs to who sent it; its owner field carries our record meanwhile.
    struct record { protocol_user* from; void* owner; };
    struct binding { protocol_user* user; protocol what; unsigned adapter; };
    struct side : adapter_user {
        side(machinery& m, driver::adapter& a, unsigned n) : owner(m), adapter(a), number(n) { a.bind(*this); }
        void sent(host::cpu& c, const packet_list& l, status s) override { owner.sent(c, *this, l, s); }
        void received(host::cpu& c, const packet_list& l) override { owner.received(c, *this, l); }
        void completed(host::cpu& c, control& r) override { owner.completed(c, *this, r); }
        void finished(host::cpu& c, job& j) override { owner.finished(c, *this, j); }
        void changed(host::cpu& c, const link_state& s) override {
            for (protocol_user* u : owner.users) u->changed(c, number, s);
        }
        machinery& owner;
        driver::adapter& adapter;
        unsigned number;
    };

    explicit machinery(intermediary_102& m)
        : module(m), station(sim::bind_station(m)), sent_packets(sim::bind_counter(m, metrics[0])), received_packets(sim::bind_counter(m, metrics[1])),
          unclaimed(sim::bind_counter(m, metrics[2])), request_count(sim::bind_counter(m, metrics[3])), job_count(sim::bind_counter(m, metrics[4])),
          refused(sim::bind_counter(m, metrics[5])) {}

    protocol_user* find(unsigned adapter, std::uint16_t type) const {
        protocol_user* rest = nullptr;
        const bool llc = type < least_ether_type;
        for (const binding& b : bindings) {
            if (b.adapter != any_adapter && b.adapter != adapter) continue;
            if (b.what.kind == protocol::everything_else) rest = b.user;
            else if (llc ? b.what.kind == protocol::llc : b.what.kind == protocol::ether_type && b.what.value == type) return b.user;
        }
        return rest;
    }

    void send(host::cpu& c, protocol_user& from, unsigned adapter, const packet_list& packets, const send_how& how) {
        c.spend(host::of(host::cost::intermediary), packets.size());
        sent_packets.add(packets.size());
        for (packet* p : packets) {
            if (spare.empty()) {
                records.push_back(std::make_unique<record>());
                spare.push_back(records.back().get());
            }
            record* r = spare.back();
            spare.pop_back();
            *r = {&from, p->owner};
            p->owner = r;
        }
        sides.at(adapter)->adapter.send(c, packets, how);
    }

    void sent(host::cpu& c, side& s, const packet_list& packets, status result) {
        for (std::size_t first = 0; first < packets.size();) {
            protocol_user* user = static_cast<record*>(packets[first]->owner)->from;
            std::size_t n = first;
            packet_list& list = lists.take();
            for (; n < packets.size() && static_cast<record*>(packets[n]->owner)->from == user; ++n) {
                auto* r = static_cast<record*>(packets[n]->owner);
                packets[n]->owner = r->owner;
                spare.push_back(r);
                list.push_back(packets[n]);
            }
            user->sent(c, s.number, list, result);
            lists.put(list);
            first = n;
        }
    }

    void received(host::cpu& c, side& s, const packet_list& packets) {
        c.spend(host::of(host::cost::intermediary), packets.size());
        for (std::size_t first = 0; first < packets.size();) {
            protocol_user* user = find(s.number, packets[first]->ether_type);
            packet_list& list = lists.take();
            std::size_t n = first;
            for (; n < packets.size() && find(s.number, packets[n]->ether_type) == user; ++n) list.push_back(packets[n]);
            if (user) {
                received_packets.add(list.size());
                user->received(c, s.number, list);
            } else {
                unclaimed.add(list.size());
                for (packet* p : list) station.ended(p->id, outcomes[0], c.now());
                s.adapter.give_back(c, list);
            }
            lists.put(list);
            first = n;
        }
    }

    void completed(host::cpu& c, side& s, control& r) {
        if (r.result == status::refused) refused.add();
        claim(requests, r, "a request").completed(c, s.number, r);
    }

    void finished(host::cpu& c, side& s, job& j) {
        if (j.result == status::refused) refused.add();
        claim(jobs, j, "a job").finished(c, s.number, j);
    }

    // Who waits for what is under way. It is forgotten before its owner is told: the owner may use it again from within.
    template <class T>
    using waiting = std::unordered_map<const T*, protocol_user*>;

    template <class T>
    void expect(waiting<T>& w, const T& what, protocol_user& from, const char* name) {
        if (!w.emplace(&what, &from).second) throw std::logic_error(std::string(module.name()) + ": " + name + " was made again before it completed");
    }

    template <class T>
    protocol_user& claim(waiting<T>& w, const T& what, const char* name) {
        const auto it = w.find(&what);
        if (it == w.end()) throw std::logic_error(std::string(module.name()) + ": " + name + " completed that nobody made");
        protocol_user* user = it->second;
        w.erase(it);
        return *user;
    }

    intermediary_102& module;
    std::vector<std::unique_ptr<side>> sides;
    std::vector<binding> bindings;
    std::vector<protocol_user*> users;            // each once, in order of binding
    std::vector<std::unique_ptr<record>> records;
    std::vector<record*> spare;
    packet_lists lists;
    waiting<control> requests;
    waiting<job> jobs;
    sim::station& station;
    counter &sent_packets, &received_packets, &unclaimed, &request_count, &job_count, &refused;
};

intermediary_102::intermediary_102(sc_core::sc_module_name name, const intermediary_config&)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this)) {}
intermediary_102::~intermediary_102() = default;

unsigned intermediary_102::attach(adapter& a) {
    const auto n = static_cast<unsigned>(machinery_->sides.size());
    machinery_->sides.push_back(std::make_unique<machinery::side>(*machinery_, a, n));
    return n;
}

void intermediary_102::bind(protocol_user& u, protocol p, unsigned adapter) {
    machinery& m = *machinery_;
    for (const machinery::binding& b : m.bindings)
        if (b.what.kind == p.kind && (p.kind != protocol::ether_type || b.what.value == p.value) &&
            (b.adapter == adapter || b.adapter == any_adapter || adapter == any_adapter))
            throw std::logic_error(std::string(name()) + ": a protocol is bound twice on one adapter");
    m.bindings.push_back({&u, p, adapter});
    for (protocol_user* known : m.users)
        if (known == &u) return;
    m.users.push_back(&u);
}

unsigned intermediary_102::adapters() const { return static_cast<unsigned>(machinery_->sides.size()); }
const capabilities& intermediary_102::able(unsigned adapter) const { return machinery_->sides.at(adapter)->adapter.able(); }

void intermediary_102::send(host::cpu& c, protocol_user& from, unsigned adapter, const packet_list& packets, const send_how& how) {
    machinery_->send(c, from, adapter, packets, how);
}
void intermediary_102::request(host::cpu& c, protocol_user& from, unsigned adapter, control& r) {
    machinery& m = *machinery_;
    driver::adapter& a = m.sides.at(adapter)->adapter;
    m.expect(m.requests, r, from, "a request");
    m.request_count.add();
    a.request(c, r);
}
void intermediary_102::submit(host::cpu& c, protocol_user& from, unsigned adapter, job& j) {
    machinery& m = *machinery_;
    driver::adapter& a = m.sides.at(adapter)->adapter;
    m.expect(m.jobs, j, from, "a job");
    m.job_count.add();
    a.submit(c, j);
}
void intermediary_102::give_back(host::cpu& c, unsigned adapter, const packet_list& packets) { machinery_->sides.at(adapter)->adapter.give_back(c, packets); }
void intermediary_102::halt(host::cpu& c, unsigned adapter, halt_reason r) { machinery_->sides.at(adapter)->adapter.halt(c, r); }
offload_port* intermediary_102::offload(unsigned adapter) { return machinery_->sides.at(adapter)->adapter.offload(); }

}  // namespace nicteam::driver
