#include "nicteam/wire/ethernet_switch.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/packet/fcs.h"
#include "wire/switch/forwarding.h"
#include "wire/switch/group_lacp.h"
#include "wire/switch/switch_port.h"
#include "wire/switch/switch_table.h"

namespace nicteam::wire {
namespace {

unsigned ports_of(const switch_config& c, const char* name) {
    if (c.ports < 1 || c.latency < nanosecond || c.queue < 1 || c.table_size < 1 || c.ageing < 1)
        throw std::invalid_argument(std::string(name) + ": needs a port, 1 ns of latency, a queue of 1, a table of 1, an ageing time");
    return static_cast<unsigned>(c.ports);
}

}  // namespace

// A group of ports has no module of its own: it is what the switch makes of them.
struct ethernet_switch::port_group {
    level* members;
    counter *sent, *received;
    sim::probe* active;
    std::unique_ptr<group_lacp> lacp;          // null: static
};

ethernet_switch::ethernet_switch(sc_core::sc_module_name name, const switch_config& c)
    : sc_module(name), config_(c), agenda_("agenda", *this, ports_of(c, this->name()) + 2 + static_cast<unsigned>(c.groups.size())), station_(sim::bind_station(*this)),
      entries_(sim::bind_level(*this, switch_metrics[w_entries])), entries_probe_(sim::bind_probe(*this, switch_info.probes.rows[0])) {
    for (unsigned m = 0; m < w_entries; ++m) counters_.push_back(&sim::bind_counter(*this, switch_metrics[m]));
    for (unsigned i = 0; i < static_cast<unsigned>(c.ports); ++i) {
        const std::string called = "port_" + (i < c.names.size() ? c.names[i] : std::to_string(i));
        ports_.push_back(std::make_unique<switch_port>(called.c_str(), *this, i));
    }
    std::vector<forwarding::group> groups;
    for (const port_group_config& g : c.groups) {
        groups.push_back({g.ports, g.choice});
        const auto path = [&](const char* what) { return std::string(this->name()) + "." + g.name + "." + what; };
        sim::session& s = sim::session::current();
        const metric_info* m = port_group_metrics;
        const probe_info& active = port_group_info.probes.rows[0];
        groups_.push_back(std::make_unique<port_group>(port_group{&s.bind_level(path(m[g_members].name), m[g_members]), &s.bind_counter(path(m[g_sent].name), m[g_sent]),
                                                                  &s.bind_counter(path(m[g_received].name), m[g_received]), &s.bind_probe(path(active.name), active), nullptr}));
        if (g.lacp == lacp_mode::off) continue;
        const auto mac = packet::parse_mac(c.mac);
        if (!mac) throw std::invalid_argument(std::string(this->name()) + ": " + c.mac + " is no MAC address");
        groups_.back()->lacp = std::make_unique<group_lacp>(g, *mac, static_cast<unsigned>(groups_.size() - 1), 0);
    }
    forwarding_ = std::make_unique<forwarding>(static_cast<unsigned>(c.ports), groups, static_cast<std::size_t>(c.table_size), c.ageing);
    for (const auto& [address, port] : c.fixed) forwarding_->fix(address, port);
    sim::bind_fault(*this, switch_info.faults.rows[f_path_dead], [this](bool begin, std::int64_t, ps at) {
        for (const auto& p : ports_) p->set_path_dead(begin, true, true, at);
    });
    sim::bind_fault(*this, switch_info.faults.rows[f_power_off], [this](bool begin, std::int64_t, ps at) {
        if (off_.change(begin)) power(!begin, at);
    });
    sim::bind_fault(*this, switch_info.faults.rows[f_table_flush], [this](bool begin, std::int64_t, ps at) {
        if (begin) flush(at);
    });
    station_.holding = [this](const sim::station::claim& claim) {
        for (const arrival& a : arrivals_) claim(a.frame->id);
        for (const auto& p : ports_) p->claim(claim);
    };
}

ethernet_switch::~ethernet_switch() = default;

wire_end_point& ethernet_switch::port(unsigned n) {
    if (n >= ports_.size()) throw std::out_of_range(std::string(name()) + ": has no port " + std::to_string(n));
    return *ports_[n];
}

const filtering_database& ethernet_switch::table() const { return forwarding_->table(); }

void ethernet_switch::start_of_simulation() {
    for (unsigned p = 0; p < ports_.size(); ++p) {
        const wire_source* line = ports_[p]->line();
        if (line && line->link_up()) {
            if (group_lacp* l = lacp_of(p)) l->link(p, true, line->bits_per_second(), 0);
            else forwarding_->set_up(p, true, -1);
        }
        ports_[p]->show_state(0);
        members_changed(p, 0);
    }
    for (std::size_t g = 0; g < groups_.size(); ++g) follow_lacp(g, 0);
    entries_changed(0);
}

// ---------------------------------------------------------------- frames

void ethernet_switch::arrived(const frame_ref& f, unsigned port, ps at) {
    arrivals_.push_back({f, port, at});
    if (agenda_.planned(decide_slot) == never) agenda_.set(decide_slot, at + config_.latency);
}

// At one instant first what is decided, then what ports end and begin, then ages, then LACP: each sees what was before it.
void ethernet_switch::due(unsigned slot, ps at) {
    if (slot == decide_slot) return decide(at);
    if (slot > age_slot()) {
        const std::size_t g = slot - lacp_slot(0);
        groups_[g]->lacp->due(at);
        return follow_lacp(g, at);
    }
    if (slot != age_slot()) return ports_[slot - first_port_slot]->due(at);
    const std::size_t n = forwarding_->table().age(at);
    count(w_aged).add(n);
    if (n) entries_changed(at);
    agenda_.set(age_slot(), forwarding_->table().next_to_age());
}

// All that came at one instant, by number of the port: who ran first does not matter.
void ethernet_switch::decide(ps at) {
    const auto last = std::find_if(arrivals_.begin(), arrivals_.end(), [&](const arrival& a) { return a.at + config_.latency > at; });
    deciding_.assign(std::make_move_iterator(arrivals_.begin()), std::make_move_iterator(last));
    arrivals_.erase(arrivals_.begin(), last);
    agenda_.set(decide_slot, arrivals_.empty() ? never : arrivals_.front().at + config_.latency);
    std::sort(deciding_.begin(), deciding_.end(), [](const arrival& a, const arrival& b) { return a.port < b.port; });
    for (const arrival& a : deciding_) decide(a, at);
    deciding_.clear();
}

void ethernet_switch::decide(const arrival& a, ps at) {
    using lesson = filtering_database::lesson;
    const trace_id id = a.frame->id;
    if (is_off_ || a.at <= last_off_) {
        count(w_lost_power).add();
        return station_.ended(id, switch_outcomes[o_power_off], at);
    }
    if (ports_[a.port]->refuses_in()) return station_.ended(id, switch_outcomes[o_path_dead], at);
    if (taken_by_lacp(a, at)) return;
    const bool learns = forwarding_->up(a.port) && !ports_[a.port]->was_down_since(a.at);
    const forwarding::decision& d = forwarding_->decide(a.frame->data, a.port, learns, at);
    count(w_frames).add();
    if (d.lesson == lesson::learned) {
        count(w_learned).add();
        entries_changed(at);
        if (agenda_.planned(age_slot()) == never) agenda_.set(age_slot(), forwarding_->table().next_to_age());
    }
    if (d.lesson == lesson::moved) count(w_moves).add();
    if (d.lesson == lesson::full || d.lesson == lesson::pinned) count(w_not_learned).add();
    station_.passed(id, switch_stages[s_switched], at);
    switch (d.what) {
        case forwarding::fate::forwarded: count(w_forwarded).add(); break;
        case forwarding::fate::unknown: count(w_unknown).add(); break;
        case forwarding::fate::to_group: count(w_to_group).add(); break;
        case forwarding::fate::filtered: count(w_filtered).add(); return station_.ended(id, switch_outcomes[o_filtered], at);
        case forwarding::fate::reserved: count(w_reserved).add(); return station_.ended(id, switch_outcomes[o_reserved], at);
        case forwarding::fate::no_port: count(w_no_port).add(); return station_.ended(id, switch_outcomes[o_no_port], at);
    }
    spread(a, d.to, at);
}

void ethernet_switch::spread(const arrival& a, const std::vector<unsigned>& to, ps at) {
    const bool copies = a.frame->id && to.size() > 1;
    for (const unsigned p : to) {
        frame_ref f = a.frame;
        if (copies) {
            ref<frame> copy = frame::make();
            copy->data = a.frame->data;
            copy->fcs_known = a.frame->fcs_known;
            copy->id = station_.next_id();
            copy->parent = a.frame->id;
            station_.born(copy->id, copy->parent, static_cast<std::uint32_t>(copy->data.size()), at);
            f = copy;
        }
        ports_[p]->offer(f, a.at, at);
    }
    if (copies) station_.ended(a.frame->id, switch_outcomes[o_flooded], at);
}

// ---------------------------------------------------------------- what happens to it

void ethernet_switch::link_changed(unsigned port, bool up, ps at) {
    agenda_.serve();
    if (!up) ports_[port]->lost_link(at);
    if (group_lacp* l = lacp_of(port)) {
        l->link(port, up, ports_[port]->line()->bits_per_second(), at);
        follow_lacp(forwarding_->place_of(port) - ports_.size(), at);
    } else {
        forgotten(forwarding_->set_up(port, up, at), at);
    }
    ports_[port]->show_state(at);
    members_changed(port, at);
}

// ---------------------------------------------------------------- LACP

group_lacp* ethernet_switch::lacp_of(unsigned port) const {
    const unsigned place = forwarding_->place_of(port);
    return place < ports_.size() ? nullptr : groups_[place - ports_.size()]->lacp.get();
}

// Its own PDUs, and what comes by a port that is not taken yet. True: the frame has ended.
bool ethernet_switch::taken_by_lacp(const arrival& a, ps at) {
    group_lacp* const l = lacp_of(a.port);
    if (!l) return false;
    const std::size_t g = forwarding_->place_of(a.port) - ports_.size();
    const bytes& f = a.frame->data;
    if (ports_[a.port]->line()->link_up() && l->received(a.port, {f.data(), f.size() - packet::fcs_octets}, at)) {
        groups_[g]->received->add();
        count(w_frames).add();
        count(w_reserved).add();
        station_.ended(a.frame->id, switch_outcomes[o_reserved], at);
        follow_lacp(g, at);
        return true;
    }
    if (l->collects(a.port)) return false;
    ports_[a.port]->count_apart();
    station_.ended(a.frame->id, switch_outcomes[o_apart], at);
    return true;
}

void ethernet_switch::follow_lacp(std::size_t g, ps at) {
    group_lacp* const l = groups_[g]->lacp.get();
    if (!l) return;
    for (const unsigned p : config_.groups[g].ports) {
        forgotten(forwarding_->set_up(p, l->distributes(p), at), at);
        members_changed(p, at);
    }
    for (auto& [port, octets] : l->take_frames()) {
        ref<frame> f = frame::make();
        f->data = std::move(octets);
        packet::append_lazy_fcs(*f);
        f->id = station_.next_id();
        station_.born(f->id, 0, static_cast<std::uint32_t>(f->data.size()), at);
        groups_[g]->sent->add();
        ports_[port]->offer_own(f, at);
    }
    agenda_.set(lacp_slot(g), l->next());
}

void ethernet_switch::power(bool on, ps at) {
    agenda_.serve();
    is_off_ = !on;
    if (!on) last_off_ = at;
    for (const auto& p : ports_) p->set_phy(on, at);
    if (!on) forgotten(forwarding_->table().forget_all(), at);
}

void ethernet_switch::flush(ps at) {
    agenda_.serve();
    forgotten(forwarding_->table().forget_all(), at);
}

void ethernet_switch::forgotten(std::size_t n, ps at) {
    if (!n) return;
    count(w_forgotten).add(n);
    entries_changed(at);
}

void ethernet_switch::entries_changed(ps at) {
    const std::size_t n = forwarding_->table().size();
    entries_.set(at, static_cast<std::int64_t>(n));
    entries_probe_.change(at, n);
}

void ethernet_switch::members_changed(unsigned port, ps at) {
    const unsigned place = forwarding_->place_of(port);
    if (place < ports_.size()) return;
    const std::size_t g = place - ports_.size();
    groups_[g]->members->set(at, forwarding_->members_up(g));
    groups_[g]->active->change(at, forwarding_->members_up(g));
}

}  // namespace nicteam::wire
