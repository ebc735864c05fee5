#include "system/compare/pause_model.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "nic/chip.h"
#include "nic/mac/flow_control.h"
#include "nic/registers/csr_map.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/peer/peer.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/pause.h"
#include "unit/fresh_kernel.h"

namespace compare {

using namespace nicteam;
using test::pause_case;

namespace {

struct entry {
    ps at;
    int station, kind;
    std::string text;
};
using journal = std::vector<entry>;

std::array<std::uint8_t, 6> address_of(int i) { return {2, 0, 0, 0, 0, static_cast<std::uint8_t>(i + 1)}; }

ref<frame> frame_to(int i, unsigned octets) {
    ref<frame> f = frame::make();
    f->data.assign(octets - 4, 0x5A);
    const auto to = address_of(i);
    std::copy(to.begin(), to.end(), f->data.begin());
    packet::append_lazy_fcs(*f);
    return f;
}

struct listed : peer::frame_source {
    listed(const pause_case::station& s, int other) : station(s), to(other) {}
    ps ready() const override { return next < station.frames.size() ? station.frames[next].offered : never; }
    peer::outgoing take(ps) override { return {frame_to(to, station.frames[next++].octets)}; }
    const pause_case::station& station;
    int to;
    std::size_t next = 0;
};

// Between a station and its cable: writes down what passes.
class spy : public wire::wire_end_point {
public:
    spy(journal& j, int i, wire::wire_end_point& s) : log_(j), index_(i), station_(s), mouth_(*this), ear_(*this) {}
    wire::wire_sink& receiver() override { return ear_; }
    void plug(wire::wire_source& s) override {
        mouth_.line = &s;
        station_.plug(mouth_);
    }
    const char* end_point_name() const override { return station_.end_point_name(); }
    wire::phy_setting phy() const override { return station_.phy(); }

private:
    void note(ps at, int kind, const std::string& text) { log_.push_back({at, index_, kind, text}); }

    struct mouth : wire::wire_source {
        explicit mouth(spy& s) : of(s) {}
        void begin(const frame_ref& f, const span& s) override {
            const auto quanta = wire::pause_of(f->data);
            of.note(s.first(), 0, quanta ? "begins pause " + std::to_string(*quanta) : "begins data " + std::to_string(f->data.size()));
            line->begin(f, s);
        }
        void replan(const span& s) override { line->replan(s); }
        void end(const frame_ref& f, wire::wire_end how) override { line->end(f, how); }
        std::int64_t bits_per_second() const override { return line->bits_per_second(); }
        bool link_up() const override { return line->link_up(); }
        wire::negotiated outcome() const override { return line->outcome(); }
        spy& of;
        wire::wire_source* line = nullptr;
    };
    struct ear : wire::wire_sink {
        explicit ear(spy& s) : of(s) {}
        void begin(const frame_ref& f, const span& s) override { of.station_.receiver().begin(f, s); }
        void replan(const span& s) override { of.station_.receiver().replan(s); }
        void end(const frame_ref& f, wire::wire_end how) override {
            const auto quanta = wire::pause_of(f->data);
            if (quanta) of.note(sim::now(), 2, "takes pause " + std::to_string(*quanta));
            else of.note(sim::now(), 3, "receives data " + std::to_string(f->data.size()));
            of.station_.receiver().end(f, how);
        }
        spy& of;
    };
    journal& log_;
    int index_;
    wire::wire_end_point& station_;
    mouth mouth_;
    ear ear_;
};

// No bus: nobody masters anything here.
struct no_bus : pci::services {
    explicit no_bus(ps period) : edges(period) {}
    void start(pci::transfer&, ps) override {}
    void limit(pci::transfer&, ps) override {}
    void abandon(ps) override {}
    bool undecided(const pci::transfer&) const override { return false; }
    void interrupt(bool, ps) override {}
    void set_power_event(bool) override {}
    const clock_domain& clock() const override { return edges; }
    const pci::configuration_space& configuration() const override { return space; }
    const std::string& bus_path() const override { return path; }
    clock_domain edges;
    pci::configuration_space space;
    std::string path = "none";
};

// The MAC of a NIC with its FIFOs; the host's side of them is what pause_case.h says.
class mac : public sc_core::sc_module, public wire::wire_end_point, private sim::agenda_user {
public:
    mac(sc_core::sc_module_name n, const pause_case& c, int i, journal& j)
        : sc_module(n), station_(c.stations[i]), index_(i), log_(j), config_(config_of(c.stations[i], c.octet_period)), bus_(station_.pci_period), count_(*this),
          timers_("timers", relay_, nic::timers_), agenda_("agenda", *this, 2),
          chip_{config_, bus_, timers_, count_, sim::bind_station(*this), capture(nic::host_capture), capture(nic::wire_capture), probe(nic::cu_state_probe), probe(nic::ru_state_probe),
                probe(nic::tx_fifo_level_probe), probe(nic::rx_fifo_level_probe), probe(nic::tx_active_probe), probe(nic::rx_active_probe), probe(nic::link_probe),
                sim::session::current().shadow_of(bus_.bus_path()),
                sim::session::current().doubt_of_host(bus_.bus_path()), sim::stream_of(*this, "backoff")},
          transmitter_(chip_, [](std::uint64_t) { return std::uint64_t{0}; }), receiver_(chip_), flow_(chip_, transmitter_, receiver_) {
        relay_.to = this;
        chip_.irq.bind([](bool, ps) {}, count_.interrupts);
        chip_.filter.reset(address_of(i));
        configure();
        receiver_.unit(nic::receiver::unit_state::ready);
        receiver_.on_change([this](ps) { plan_drain(); });
        transmitter_.on_room([this](ps at) {
            if (!sending_ || transmitter_.path().on_wire()) return;
            if (chip_.count.tx_frames.value() != next_ + 1) return;      // a PAUSE frame
            sending_ = false;
            ++next_;
            load_at(at);
        });
    }
    void start_of_simulation() override {
        transmitter_.configured();
        receiver_.configured();
        flow_.write_threshold(static_cast<std::uint8_t>(station_.threshold));
        load_at(0);
    }
    wire::wire_sink& receiver() override { return receiver_; }
    void plug(wire::wire_source& s) override { transmitter_.plug(s); }
    const char* end_point_name() const override { return name(); }
    wire::phy_setting phy() const override { return {wire::phy_setting::role::negotiates, static_cast<std::uint16_t>(wire::every_mode | wire::pause_frames)}; }
    std::string totals() const {
        return "station " + std::to_string(index_) + " pauses " + std::to_string(count_.tx_pauses.value()) + " overruns " + std::to_string(overruns_ + count_.rx_overruns.value()) + '\n';
    }

private:
    static nic::nic_config config_of(const pause_case::station& s, ps octet) {
        nic::nic_config c;
        c.identity = nic::nic_identity::extended;
        c.rx_fifo = s.fifo_bytes;
        c.link_rate = 8 * second / octet;
        return c;
    }
    const sim::capture_point& capture(nic::capture_row r) { return sim::bind_capture(*this, nic::nic_info.captures.rows[r]); }
    sim::probe& probe(nic::probe_row r) { return sim::bind_probe(*this, nic::nic_info.probes.rows[r]); }
    void configure() {
        std::uint8_t b[22] = {22, 8, 0, 0, 0, 0, 0x32, 0x43, 0x01, 0, 0x2E, 0, 0x60, 0, 0xF2, 0x48, 0, 0, 0xF2, 0x80, 0x3F, 0x05};
        b[16] = static_cast<std::uint8_t>(station_.delay);
        b[17] = static_cast<std::uint8_t>(station_.delay >> 8);
        b[19] = static_cast<std::uint8_t>(b[19] | station_.ignores << 2 | station_.restop << 3 | station_.restart << 4);
        if (chip_.setup.load(b, sizeof b)) throw std::logic_error("compare: a Configure field is not there");
    }

    // ---------------------------------------------------------------- frames to send
    void load_at(ps at) {
        if (next_ < station_.frames.size()) agenda_.set(0, std::max(at, station_.frames[next_].offered));
    }
    void load(ps at) {
        sending_ = true;
        const ref<frame> f = frame_to(1 - index_, station_.frames[next_].octets);
        const auto n = static_cast<std::uint32_t>(f->data.size() - 4);
        transmitter_.open(f, n, n);
        transmitter_.path().next_request(n, at);      // lets go of what has been sent
        transmitter_.path().take(at, 0, n);
        transmitter_.give(0, at);
        transmitter_.loaded(at);
    }

    // ---------------------------------------------------------------- the drain
    void plan_drain() {
        nic::receive_path& p = receiver_.path();
        if (draining_ || p.empty() || !p.front().ended) return;
        ps n = p.end_seen(std::max(idle_, bus_.edges.at_or_after(sim::now())));
        for (const auto& x : station_.stalls)
            if (n >= x.from && n < x.until) n = bus_.edges.at_or_after(x.until);
        agenda_.set(1, n);
    }
    void due(unsigned slot, ps at) override {
        if (slot == 0) return load(at);
        nic::receive_path& p = receiver_.path();
        if (!draining_) {
            const std::uint32_t n = p.take(at, 0, UINT32_MAX, 0);
            span words;
            const ps clock = bus_.edges.period();
            words.append({at + 2 * clock, clock * station_.word_clocks, (n + 3) / 4});
            p.planned(0, 0, 4, words);
            draining_ = true;
            idle_ = words.last() + clock;
            agenda_.set(1, idle_);
            return receiver_.sample(at);
        }
        const nic::receive_path::arrival& a = p.front();
        overruns_ += a.overrun;
        log_.push_back({at, index_, 4, "stores " + std::to_string(p.total(a)) + (a.overrun ? " overrun" : "")});
        p.pop();
        draining_ = false;
        receiver_.sample(at);
        plan_drain();
    }

    struct relay : sim::agenda_user {
        mac* to = nullptr;
        void due(unsigned slot, ps at) override {
            switch (slot) {
            case nic::mac_step_timer: return to->transmitter_.step(at);
            case nic::stage_timer: return to->receiver_.stage(at);
            case nic::overrun_timer: return to->receiver_.overrun(at);
            case nic::flow_timer: return to->receiver_.reached(at);
            case nic::restop_timer: return to->flow_.resend(at);
            default: return;
            }
        }
    };

    const pause_case::station& station_;
    int index_;
    journal& log_;
    nic::nic_config config_;
    no_bus bus_;
    nic::metrics count_;
    relay relay_;
    sim::agenda timers_, agenda_;
    nic::chip chip_;
    nic::transmitter transmitter_;
    nic::receiver receiver_;
    nic::flow_control flow_;
    std::size_t next_ = 0;
    bool sending_ = false, draining_ = false;
    ps idle_ = 0;
    std::uint64_t overruns_ = 0;
};

}  // namespace

std::string run_pause(const pause_case& c) {
    test::fresh_kernel kernel(1);
    journal log;
    std::unique_ptr<mac> macs[2];
    std::unique_ptr<peer::peer> peers[2];
    std::unique_ptr<spy> spies[2];
    for (int i = 0; i < 2; ++i) {
        const std::string name = "end" + std::to_string(i);
        wire::wire_end_point* end;
        if (c.stations[i].peer) {
            peer::peer_config p;
            p.pause = true;
            p.mac = "02:00:00:00:00:0" + std::to_string(i + 1);
            peers[i] = std::make_unique<peer::peer>(name.c_str(), p);
            peers[i]->add_source(std::make_unique<listed>(c.stations[i], 1 - i));
            end = peers[i].get();
        } else {
            macs[i] = std::make_unique<mac>(name.c_str(), c, i, log);
            end = macs[i].get();
        }
        spies[i] = std::make_unique<spy>(log, i, *end);
    }
    wire::cable_config link;
    link.rate = 8 * second / c.octet_period;
    link.delay = c.delay;
    wire::cable lan("lan", link, *spies[0], *spies[1]);
    sim::session::current().settle_order();
    sc_core::sc_start(sim::to_sc_time(c.until - 1));
    std::stable_sort(log.begin(), log.end(), [](const entry& a, const entry& b) { return std::tie(a.at, a.station, a.kind) < std::tie(b.at, b.station, b.kind); });
    std::string text;
    for (const entry& e : log) text += std::to_string(e.at) + " station " + std::to_string(e.station) + ' ' + e.text + '\n';
    for (int i = 0; i < 2; ++i) text += macs[i] ? macs[i]->totals() : "station " + std::to_string(i) + " pauses 0 overruns 0\n";
    return text;
}

}  // namespace compare
