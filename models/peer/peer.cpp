#include "nicteam/peer/peer.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/peer/generator.h"
#include "nicteam/peer/protection.h"
#include "nicteam/wire/pause.h"
#include "peer/endpoint.h"
#include "peer/in_order.h"
#include "peer/peer_table.h"
#include "peer/receiver.h"
#include "peer/responder.h"
#include "peer/shared_medium.h"

namespace nicteam::peer {
namespace {

enum slot : unsigned { slot_line, slot_endpoint };         // the second when it has TCP

template <class T>
T required(const std::string& owner, const std::string& text, std::optional<T> (*parse)(std::string_view), const char* kind) {
    if (auto a = parse(text)) return *a;
    throw std::invalid_argument(owner + ": \"" + text + "\" is no " + kind + " address");
}

}  // namespace

peer::peer(sc_core::sc_module_name n, const peer_config& c)
    : sc_module(n), config_(c), mac_(required(name(), c.mac, packet::parse_mac, "MAC")), ip_(required(name(), c.ip, packet::parse_ipv4, "IPv4")),
      station_(sim::bind_station(*this)), capture_(sim::bind_capture(*this, peer_info.captures.rows[0])), agenda_("agenda", *this, 1),
      responder_(std::make_unique<responder>(config_, mac_, ip_)),
      receiver_(std::make_unique<class receiver>(*this, config_, *responder_, station_, capture_)),
      backoff_(sim::stream_of(*this, "backoff")),
      sent_frames_(sim::bind_counter(*this, peer_metrics[m_sent_frames])), sent_octets_(sim::bind_counter(*this, peer_metrics[m_sent_octets])),
      collisions_(sim::bind_counter(*this, peer_metrics[m_collisions])), lost_collisions_(sim::bind_counter(*this, peer_metrics[m_lost_collisions])),
      lost_arp_(sim::bind_counter(*this, peer_metrics[m_lost_arp])),
      waited_(sim::session::current().bind_counter(sim::path_of(*this, peer_metrics[m_waited].name), peer_metrics[m_waited], [this](ps t) { count_waiting(t); })),
      pauses_(sim::bind_counter(*this, peer_metrics[m_pauses])),
      queue_(sim::session::current().bind_level(sim::path_of(*this, peer_metrics[m_queue].name), peer_metrics[m_queue], [this](ps t) { bring_queue_up(t); })) {
    station_.holding = [this](const sim::station::claim& c) {
        if (current_.data) c(current_.data->id);
        if (medium_ && medium_->again.data) c(medium_->again.data->id);
        if (in_order_) in_order_->claim(c);
    };
    const in_order::metrics metrics(*this);
    if (config_.resequence) in_order_ = std::make_unique<in_order>(metrics, config_, [this](const frame_ref& f, ps at) { receiver_->arrived(f, at); });
    if (packet::is_group(mac_)) throw std::invalid_argument(std::string(name()) + ": \"" + c.mac + "\" is a group address");
}

peer::~peer() = default;

void peer::add_traffic(const std::string& n, const packet::traffic_config& c, const packet::traffic_addresses& a) {
    std::unique_ptr<frame_source> s = std::make_unique<generator>(sim::path_of(*this, n.c_str()), c, a);
    if (protection_) s = std::make_unique<protected_source>(std::move(s), *protection_);
    add_source(std::move(s));
}

protection& peer::protect(const protection_config& c) {
    protection_ = std::make_unique<protection>(name(), c, ip_);
    responder_->protect_with(*protection_);
    return *protection_;
}

const replay& peer::add_replay(const std::string& n, const replay_config& c) {
    auto made = std::make_unique<replay>(sim::path_of(*this, n.c_str()), c);
    const replay& it = *made;
    add_source(std::move(made));
    return it;
}

void peer::run_tcp(const tcp::endpoint_config& c) {
    if (endpoint_) throw std::logic_error(std::string(name()) + ": has TCP already");
    endpoint_ = std::make_unique<endpoint>(std::string(name()) + ".tcp", c, mac_, ip_, *responder_, agenda_, agenda_.add_slot());
    if (protection_) endpoint_->protect_with(*protection_);
}

void peer::open_connections(const std::string& n, const tcp::connections_config& c, std::uint16_t group, const packet::ip_address& to, const packet::mac_address& mac) {
    endpoint_->open(sim::path_of(*this, n.c_str()), c, group, to, mac);
}

void peer::listen(std::uint16_t port) { endpoint_->listen(sim::path_of(*this, ("listener_" + std::to_string(port)).c_str()), port); }

void peer::watch_streams(tcp::stream_observer& o) {
    if (endpoint_) endpoint_->watch(o);
}

void peer::add_source(std::unique_ptr<frame_source> s) { sources_.push_back(std::move(s)); }

packet::traffic_addresses peer::addresses_to(const packet::mac_address& mac, packet::ipv4_address ip, const packet::traffic_config& c) const {
    packet::traffic_addresses a;
    a.source_mac = mac_;
    a.source_ip = ip_;
    a.destination_mac = mac;
    a.destination_ip = ip;
    a.source_port = static_cast<std::uint16_t>(c.source_port);
    a.destination_port = static_cast<std::uint16_t>(c.destination_port);
    a.raw = c.protocol == packet::traffic_protocol::raw;
    a.snap = c.framing == packet::traffic_framing::llc_snap;
    return a;
}

wire::wire_sink& peer::receiver() { return *receiver_; }

void peer::plug(wire::wire_source& s) {
    if (line_) throw std::logic_error(std::string(name()) + ": a second cable is plugged in");
    line_ = &s;
    receiver_->set_line(s);
}

wire::phy_setting peer::phy() const {
    using namespace wire;
    const bool full = config_.duplex == wire_duplex::full;
    const auto pause = static_cast<std::uint16_t>(config_.pause ? pause_frames : 0);
    if (config_.autonegotiation) return {phy_setting::role::negotiates, static_cast<std::uint16_t>((full ? every_mode : half_10 | half_100) | pause)};
    constexpr std::int64_t fast = 100'000'000;
    const bool hundred = line_ && line_->bits_per_second() >= fast;
    return {phy_setting::role::forced, static_cast<std::uint16_t>(hundred ? (full ? full_100 : half_100) : (full ? full_10 : half_10))};
}

void peer::start_of_simulation() {
    if (!line_ && (!sources_.empty() || endpoint_)) throw std::logic_error(std::string(name()) + ": has something to send but no link");
    link_changed();
    if (endpoint_) endpoint_->plan(0);
    plan();
}

void peer::poke() {
    if (!sending_) plan();
}

void peer::plan() {
    ps next = responder_->ready();
    for (const auto& s : sources_) next = std::min(next, s->ready());
    if (half_duplex_) {
        const ps start = medium_->start(medium_->again.data ? medium_->not_before : next);
        tell_waiting(medium_->again.data ? medium_->free_since : next == never ? never : std::max(next, medium_->free_since));
        return agenda_.set(slot_line, start == never ? never : std::max(start, sim::now()));
    }
    if (medium_ && medium_->again.data) next = medium_->not_before;      // it was half duplex just now
    if (next != never) next = std::max({next, free_at_, sim::now()});
    if (next >= paused_from_ && next < paused_until_) next = paused_until_;
    agenda_.set(slot_line, next);
}

// Seen one octet behind the frame's last, so that what begins at that very instant begins whoever runs first.
void peer::pause(std::uint16_t quanta, ps at) {
    if (!line_ || !line_->outcome().pause) return;
    pauses_.add();
    const ps octet = wire::octets_time(1, line_->bits_per_second()), from = at + octet;
    if (at < paused_from_ || at >= paused_until_) paused_from_ = from;
    paused_until_ = from + quanta * wire::octets_time(wire::pause_quantum_octets, line_->bits_per_second());
    poke();
}

void peer::due(unsigned slot, ps at) {
    if (slot == slot_endpoint) {
        endpoint_->on_time(at);
        return poke();
    }
    if (!sending_) return begin(at);
    if (!medium_) return finish(at);             // no half duplex so far
    if (medium_->collision != wire::collision_outcome::none) return jammed(at);
    if (half_duplex_ && medium_->access.collision(octets_.first(), octets_.last()) == at) return collide(at);
    medium_->access.ended(at);
    medium_->access.next_frame();
    medium_->free_since = medium_->behind(at);
    finish(at);
}

bool peer::choose(ps at) {
    frame_source* first = responder_.get();
    std::size_t served = served_;
    for (std::size_t i = 1; i <= sources_.size(); ++i) {
        const std::size_t n = (served_ + i) % sources_.size();
        if (sources_[n]->ready() >= first->ready()) continue;
        first = sources_[n].get();
        served = n;
    }
    if (first->ready() > at) return false;
    served_ = served;
    bring_queue_up(at);
    while (first->next_arrival() <= at) first->arrive();         // at this very instant: it does not wait
    const ps made = std::min(first->made(free_at_), at);
    current_ = first->take(at);
    recorded_ = first->from_recording();
    queue_.set(at, static_cast<std::int64_t>(waiting()));
    if (!current_.data) return false;            // its policies have dropped it
    frame& f = *current_.data;
    if (station_.watched()) {
        f.id = station_.next_id();
        station_.born(f.id, f.parent, static_cast<std::uint32_t>(f.data.size()), made);
    }
    return true;
}

std::uint64_t peer::waiting() const {
    std::uint64_t all = responder_->waiting();
    for (const auto& s : sources_) all += s->waiting();
    return all;
}

void peer::bring_queue_up(ps until) {
    for (;;) {
        frame_source* next = responder_.get();
        for (const auto& s : sources_)
            if (s->next_arrival() < next->next_arrival()) next = s.get();
        const ps at = next->next_arrival();
        if (at >= until) return;
        next->arrive();
        queue_.set(at, static_cast<std::int64_t>(waiting()));
    }
}

void peer::begin(ps at) {
    if (medium_ && medium_->again.data) current_ = std::exchange(medium_->again, outgoing{});
    else if (!choose(at)) return plan();
    const auto length = static_cast<std::uint32_t>(current_.data->data.size());
    const std::int64_t rate = line_->bits_per_second();
    wire::plan_octets(octets_, at, wire::preamble_octets + length, rate);
    free_at_ = at + wire::octets_time(wire::preamble_octets + length + wire::gap_bits / 8, rate);
    if (half_duplex_) {
        count_waiting(at);
        tell_waiting(never);
    }
    sending_ = true;
    agenda_.set(slot_line, half_duplex_ ? next_step() : octets_.last());
    line_->begin(current_.data, octets_);
}

void peer::finish(ps at) {
    const outgoing done = std::move(current_);
    current_ = {};
    sending_ = false;
    sent_frames_.add();
    sent_octets_.add(done.data->data.size());
    if (capture_.on())
        capture_.take(done.data, octets_.when(wire::preamble_octets), sim::direction::out,
                      done.quality == wire::wire_end::good ? nullptr : "sent with a bad FCS");
    line_->end(done.data, done.quality);
    if (!sending_) plan();
}

}  // namespace nicteam::peer
