#include "nicteam/pci/bus.h"

#include <algorithm>
#include <stdexcept>

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>

#include "bus_agents.h"
#include "bus_books.h"
#include "grant.h"
#include "nicteam/pci/parity.h"
#include "nicteam/sim/agenda.h"
#include "parity_faults.h"
#include "tenure.h"

namespace nicteam::pci {
namespace {

std::unique_ptr<arbiter> make_arbiter(unsigned choice) {
    switch (choice) {
    case 0: return make_round_robin();
    case 1: return make_fixed();
    default: throw std::invalid_argument("bus: no such arbiter");
    }
}

}  // namespace

struct bus::machinery : sim::agenda_user {
    machinery(bus& b, const bus_config& c)
        : owner(b),
          clock(c.period, c.phase),
          wide(c.width == 1),
          needs_66_mhz(c.period < least_period_33_mhz && c.m66en == 0),
          policy(make_arbiter(c.arbiter)),
          gnt(*policy, static_cast<parking>(c.parking), c.period),
          books(b, c.period),
          faults(b),
          timer("timer", *this, 1) {
        if (c.parking > 2) throw std::invalid_argument("bus: no such parking");
        if (c.width > 1) throw std::invalid_argument("bus: no such width");
        masters.register_nb_transport_fw(this, &machinery::from_master);
        targets.register_nb_transport_bw(this, &machinery::from_target);
    }

    using socket_of_masters = tlm_utils::multi_passthrough_target_socket<machinery, 32, pci_types>;
    using socket_of_targets = tlm_utils::multi_passthrough_initiator_socket<machinery, 32, pci_types>;

    bus& owner;
    clock_domain clock;
    bool wide, needs_66_mhz;
    std::unique_ptr<arbiter> policy;
    grant gnt;
    bus_books books;
    parity_faults faults;
    std::vector<std::function<void(bool, ps)>> on_error;
    sim::agenda timer;
    socket_of_masters masters{"masters"};
    socket_of_targets targets{"targets"};
    std::vector<master_port> pairs;
    std::vector<unsigned> pair_of_socket;
    address_decoders decoders;

    enum class state : std::uint8_t { idle, starting, address, busy, ending, following };
    state now_in = state::idle;
    grant::start next;                     // in `starting`
    bool powered = false;
    reset_line rst;

    // The tenure under way.
    unsigned owner_pair = 0;
    payload* tenure = nullptr;
    const target_port* selected = nullptr;
    const target_port* before = nullptr;   // of the tenure before
    bool gnt_at_address = false;
    ps origin = never;                     // the (last) address phase: edges of the plan count from here
    ps lost = never;                       // GNT# of the owner
    unsigned latency_timer = 0;            // as it was at the address edge, from `origin`
    tenure_input input;
    tenure_plan plan;

    ps period() const { return clock.period(); }

    void send_to_master(unsigned pair, payload& p, const tlm::tlm_phase& phase) {
        tlm::tlm_phase ph = phase;
        sc_core::sc_time zero;
        pairs[pair].port->nb_transport_bw(p, ph, zero);
    }
    void send_to_target(payload& p, const tlm::tlm_phase& phase) {
        if (!selected) return;
        tlm::tlm_phase ph = phase;
        sc_core::sc_time zero;
        selected->port->nb_transport_fw(p, ph, zero);
    }

    // ------------------------------------------------------------ requests
    tlm::tlm_sync_enum from_master(int socket, payload& p, tlm::tlm_phase& phase, sc_core::sc_time&) {
        const unsigned m = pair_of_socket[static_cast<unsigned>(socket)];
        pci_extension& e = extension_of(p);
        if (phase == PCI_REQUEST) {
            if (pairs[m].waiting) throw std::logic_error(owner.name() + std::string(": a master asked twice"));
            pairs[m].waiting = &p;
            e.master = m;
            asked(m, e.request);
        } else if (phase == PCI_REPLAN && &p == pairs[m].waiting) {
            if (e.request == never) taken_back(m);
            else asked(m, e.request);
        } else if (phase == PCI_REPLAN && &p == tenure) {
            if (now_in == state::busy) replan();
        } else {
            throw std::logic_error(owner.name() + std::string(": unexpected phase from a master"));
        }
        return tlm::TLM_ACCEPTED;
    }

    void asked(unsigned m, ps request) {
        if (request < sim::now() + period() || !clock.on_edge(request))
            throw std::logic_error(owner.name() + std::string(": REQ# must change at an edge at least one clock ahead"));
        gnt.request(m, request);
        switch (now_in) {
        case state::idle:
        case state::starting: predict(); break;
        case state::busy:
            if (m != owner_pair && gnt_at_address && request + period() < lost) {
                lost = gnt.lost(owner_pair, extension_of(*tenure).address);
                replan();
            }
            break;
        case state::address:
        case state::ending:
        case state::following: break;   // looked at in a moment
        }
    }

    // A request that is not decided yet, one clock before REQ# would fall.
    void taken_back(unsigned m) {
        pairs[m].waiting = nullptr;
        gnt.request(m, never);
        if (now_in == state::idle || now_in == state::starting) return predict();
        if (now_in != state::busy || !gnt_at_address) return;
        lost = gnt.lost(owner_pair, extension_of(*tenure).address);
        replan();
    }

    void power_on() {
        powered = true;
        for (master_port& m : pairs) {
            if (m.socket >= 0) m.port = masters[m.socket];
        }
        for (target_port& t : decoders) t.port = targets[t.socket];
        gnt.power_on(clock.at_or_after(0), static_cast<unsigned>(pairs.size()));
    }

    // Requests later than now may still come and change this; those seen at the deciding edge cannot.
    void predict() {
        if (!powered) power_on();
        next = gnt.predict();
        now_in = next.address == never ? state::idle : state::starting;
        timer.set(0, next.address);
    }

    void tell_grants() {
        if (!powered) power_on();
        gnt.predict([this](int holder, ps from) { books.granted(holder, from); });
    }

    void due(unsigned, ps at) override {
        if (now_in == state::starting) begin(at);
        else if (now_in == state::following) follow(at);
        else end(at);
    }

    // ------------------------------------------------------------ the address edge
    void begin(ps at) {
        const unsigned m = next.master;
        if (books.grants_followed()) tell_grants();
        gnt_at_address = gnt.held_at_address(m, at);
        if (!gnt_at_address) books.granted(-1, at);
        address(m, at, false);
    }

    // The owner had GNT# at the last word of its write: it may go on without an idle clock, if what it does next allows it.
    void follow(ps at) {
        const transfer* const t = pairs[owner_pair].agent->next(at - period());
        if (!t || !may_follow(*t)) return predict();
        gnt_at_address = gnt.while_busy(owner_pair, at - period()) == static_cast<int>(owner_pair);
        extension_of(*pairs[owner_pair].waiting).request = at;
        address(owner_pair, at, true);
    }
    bool may_follow(const transfer& t) {
        if (pairs[owner_pair].agent->may_follow() == back_to_back::any_target) return true;
        return before && decode(t.command, t.address + t.done) == before;
    }

    void address(unsigned m, ps at, bool following) {
        master_port& master = pairs[m];
        payload& p = *master.waiting;
        pci_extension& e = extension_of(p);
        master.waiting = nullptr;
        gnt.request(m, never);
        now_in = state::address;
        const ps asked_at = e.request;
        e.address = at;
        e.line_bytes = master.line_bytes.at(at - period());        // as the decision saw it
        p.acquire();
        send_to_master(m, p, PCI_ADDRESS);
        const bool withdrawn = e.words == 0;
        p.release();
        if (withdrawn) {
            if (!following) {
                gnt.withdrawn(m, at, gnt_at_address);
                books.withdrawn(m, asked_at, at);
            }
            predict();
            return;
        }

        owner_pair = m;
        tenure = &p;
        e.back_to_back = following;
        e.dual = above_4_gib(p.get_address()) && is_memory(e.command);
        origin = e.dual ? at + period() : at;
        selected = decode(e.command, p.get_address());
        if (e.wide) negotiate(p, e);
        if (faults.any() || e.wrong) faults.begin(p, e, at);
        e.answer = answer{};
        if (selected) send_to_target(p, PCI_ADDRESS);
        else e.answer.select = devsel::none;
        if (e.answer.wrong) faults.answered(e);
        // A fast target gives the one before it a clock to take its hands off DEVSEL#, TRDY# and STOP# (PCI 2.2, 3.4.2).
        if (following && !e.dual && selected != before && e.answer.select == devsel::fast) e.answer.select = devsel::medium;

        latency_timer = master.latency_timer.at(at);
        if (e.dual && latency_timer) --latency_timer;
        lost = gnt_at_address ? gnt.lost(m, at) : at;
        input = tenure_input{};
        input.write = is_write(e.command);
        input.words = e.words;
        if (e.command == command::memory_write_and_invalidate && e.line_bytes >= e.word_bytes) {
            input.line_words = e.line_bytes / e.word_bytes;
            input.line_offset = static_cast<std::uint32_t>(p.get_address() / e.word_bytes % input.line_words);
        }
        now_in = state::busy;
        accept(e.answer);
        make_plan();
        books.begin(e);
        send_to_target(p, PCI_REPLAN);
        send_to_master(m, p, PCI_REPLAN);
    }

    // REQ64# meets a 64-bit target or does not: ACK64#, and how many data phases that makes (PCI 2.2, 3.8).
    void negotiate(payload& p, pci_extension& e) {
        if (!wide) e.wide = false;
        if (!e.wide || !selected || !selected->agent->wide()) return;
        e.word_bytes = 8;
        e.words = data_phases(p.get_address(), p.get_data_length(), 8);
    }

    const target_port* decode(command c, std::uint64_t address) {
        bool conflict = false;
        const target_port* const found = decoders.find(c, address, conflict);
        if (conflict && now_in == state::address) books.conflict();
        return found;
    }

    void accept(const answer& a) {
        if (static_cast<unsigned>(a.select) > 4 || (a.how == stop::with_data && a.words == 0))
            throw std::logic_error(owner.name() + std::string(": a target gave an impossible answer"));
        input.reply = a;
    }

    // ------------------------------------------------------------ the plan
    std::int64_t clocks(ps from, ps to) const { return to == never ? no_edge : (to - from) / period(); }

    bool make_plan() {
        pci_extension& e = extension_of(*tenure);
        const ps a = origin;
        input.timer = lost == never ? no_edge : std::max<std::int64_t>(latency_timer, clocks(a, lost));
        input.limit = clocks(a, e.limit);
        const tenure_plan was = plan;
        plan = plan_tenure(input);
        const ps idle = a + plan.idle * period();
        const bool same =
            e.idle == idle && plan.done == was.done && plan.first == was.first && plan.stride == was.stride && e.why == plan.why;
        e.frame_high = a + plan.frame_high * period();
        e.stopped = plan.stop == no_edge ? never : a + plan.stop * period();
        if (same) return false;
        if (input.base) e.data.cut(a + input.before_base * period());
        else e.data.clear();
        if (plan.done > input.base) e.data.append({a + plan.first * period(), plan.stride * period(), plan.done - input.base});
        e.done = plan.done;
        e.why = plan.why;
        e.idle = idle;
        timer.set(0, idle - period());
        return true;
    }

    void replan() {
        if (!make_plan()) return;
        payload& p = *tenure;
        send_to_target(p, PCI_REPLAN);
        if (tenure == &p) send_to_master(owner_pair, p, PCI_REPLAN);
    }

    // The target changed its mind: what has passed stays, the word under way may be held up from the next edge on.
    tlm::tlm_sync_enum from_target(int, payload& p, tlm::tlm_phase& phase, sc_core::sc_time&) {
        if (phase != PCI_REPLAN) throw std::logic_error(owner.name() + std::string(": unexpected phase from a target"));
        if (&p != tenure || now_in != state::busy) return tlm::TLM_ACCEPTED;
        pci_extension& e = extension_of(p);
        const ps now = sim::now();
        if (now >= e.idle - period()) return tlm::TLM_ACCEPTED;       // too late to matter
        const auto passed = static_cast<std::uint32_t>(e.data.passed_by(now));
        if (passed == e.done || (e.stopped != never && now >= e.stopped)) return tlm::TLM_ACCEPTED;
        answer& a = e.answer;
        if (e.back_to_back && a.select == devsel::fast) a.select = input.reply.select;
        if (a.select != input.reply.select ||
            (a.how != stop::none && passed && (a.how == stop::retry || a.words < passed + (a.how == stop::with_data ? 1 : 0))))
            throw std::logic_error(owner.name() + std::string(": a target changed what is past"));
        if (passed) {
            input.base = passed;
            input.before_base = clocks(origin, e.data.when(passed - 1));
            input.base_edge = std::max(input.before_base + 1 + a.next_wait, clocks(origin, clock.after(now)));
        }
        accept(a);
        replan();
        return tlm::TLM_ACCEPTED;
    }

    // ------------------------------------------------------------ one clock before idle
    void end(ps at) {
        payload& p = *tenure;
        pci_extension& e = extension_of(p);
        const ps idle = at + period();
        now_in = state::ending;
        const std::uint64_t room = std::uint64_t{e.done} * e.word_bytes;
        e.octets =
            room == 0 ? 0 : static_cast<std::uint32_t>(std::min<std::uint64_t>(room - p.get_address() % e.word_bytes, p.get_data_length()));
        if (books.grants_followed()) {
            for (ps n = e.address; n < idle; n += period()) books.granted(gnt.while_busy(owner_pair, n), n + period());
        }
        send_to_target(p, PCI_END);
        if (e.errors) report(p, e);
        books.end(p, e);
        gnt.idle_again(owner_pair, idle);
        tenure = nullptr;
        before = selected;
        selected = nullptr;
        const bool may = following_allowed(e, at);
        send_to_master(owner_pair, p, PCI_END);      // the payload is the master's to release
        if (!may) return predict();
        now_in = state::following;
        timer.set(0, idle);
    }

    // Who received wrong parity says so, the master of the tenure hears it (PCI 2.2, 3.7.3, 3.7.4).
    void report(payload& p, pci_extension& e) {
        faults.end(p, e);
        auto& errors = const_cast<tenure_errors&>(*e.errors);       // the faults' own
        auto* const master = const_cast<initiator*>(pairs[owner_pair].agent);
        for (wrong_word& w : errors.words) {
            if (w.word >= e.done) break;
            const bool write = is_write(e.command);
            if (!w.fits && (write ? before_end().parity_error(w.word) : master->parity_error(w.word))) w.reported = true;
            if (!w.reported) continue;
            if (write) master->perr_seen(w.word);
            books.parity_error(false);
            for (const auto& tell : on_error) tell(false, e.idle + period());
        }
        if (!errors.address) return;
        for (const target_port& t : decoders)
            errors.signalled = const_cast<target*>(t.agent)->address_parity_error(owner_pair, e.idle) || errors.signalled;
        if (!errors.signalled) return;
        system_error(e.idle + period());
    }
    void system_error(ps at) {
        books.parity_error(true);
        for (const auto& tell : on_error) tell(true, at);
    }
    target& before_end() const { return const_cast<target&>(*selected->agent); }

    // A write that the master itself ended, its GNT# still low at the last word.
    bool following_allowed(const pci_extension& e, ps last) const {
        return pairs[owner_pair].agent->may_follow() != back_to_back::never && is_write(e.command) && e.stopped == never &&
               e.why <= ending::latency_timer && gnt.while_busy(owner_pair, last - period()) == static_cast<int>(owner_pair);
    }
};

bus::bus(sc_core::sc_module_name name, const bus_config& c) : sc_module(name), machinery_(std::make_unique<machinery>(*this, c)) {}
bus::~bus() = default;

const clock_domain& bus::clock() const { return machinery_->clock; }

unsigned bus::plug(initiator& i, int number) {
    machinery& m = *machinery_;
    if (number < 0) {
        number = 0;
        while (static_cast<unsigned>(number) < m.pairs.size() && m.pairs[static_cast<unsigned>(number)].socket >= 0) ++number;
    }
    const auto n = static_cast<unsigned>(number);
    if (n >= most_masters) throw std::invalid_argument(std::string(name()) + ": no such REQ#/GNT# pair");
    if (m.pairs.size() <= n) m.pairs.resize(n + 1);
    if (m.pairs[n].socket >= 0) throw std::invalid_argument(std::string(name()) + ": REQ#/GNT# pair used twice");
    m.pairs[n].socket = static_cast<int>(m.pair_of_socket.size());
    m.pairs[n].agent = &i;
    m.pair_of_socket.push_back(n);
    i.socket.bind(m.masters);
    return n;
}

void bus::plug(target& t, int device) {
    machinery_->decoders.add(name(), t, device);
    machinery_->targets.bind(t.socket);
}

reset_line& bus::rst() { return machinery_->rst; }
void bus::set_latency_timer(unsigned master, unsigned clocks) { machinery_->pairs.at(master).latency_timer.set(clocks); }
void bus::set_cache_line(unsigned master, unsigned bytes) { machinery_->pairs.at(master).line_bytes.set(bytes); }
unsigned bus::latency_timer(unsigned master) const { return machinery_->pairs.at(master).latency_timer.value(); }
void bus::on_error(std::function<void(bool, ps)> tell) { machinery_->on_error.push_back(std::move(tell)); }
void bus::observe(tenure_observer& o) { machinery_->books.observe(o); }
void bus::system_error(ps at) {
    machinery_->system_error(at);
    machinery_->books.system_error(at);
}
void bus::settle() {
    if (machinery_->now_in == machinery::state::idle) machinery_->tell_grants();
}

bool bus::plugged(unsigned master) const { return machinery_->pairs.at(master).agent != nullptr; }

bool bus::needs_66_mhz() const { return machinery_->needs_66_mhz; }
bool bus::wide() const { return machinery_->wide; }

// Of what is built inside the bus, the outermost; of others, the module that holds the initiator, without the bus's own name.
std::string bus::master_name(unsigned master) const {
    const sc_core::sc_object* o = machinery_->pairs.at(master).agent;
    if (!o) return {};
    const sc_core::sc_object* const holder = o->get_parent_object();
    for (const sc_core::sc_object* up = holder; up; o = up, up = up->get_parent_object())
        if (up == this) return o->basename();
    const std::string found = (holder ? holder : machinery_->pairs[master].agent)->basename(), own = std::string(basename()) + "_";
    return found.compare(0, own.size(), own) == 0 ? found.substr(own.size()) : found;
}

ps bus::requested(unsigned master) const {
    const machinery& m = *machinery_;
    if (m.pairs.at(master).waiting) return extension_of(*m.pairs[master].waiting).request;
    return m.tenure && m.owner_pair == master ? extension_of(*m.tenure).request : never;
}

unsigned bus::masters() const { return static_cast<unsigned>(machinery_->pairs.size()); }

}  // namespace nicteam::pci
