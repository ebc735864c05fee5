#include "nicteam/wire/external_port.h"

#include <algorithm>
#include <stdexcept>

#include <sys/un.h>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "wire/external_port_table.h"
#include "wire/port_socket.h"

namespace nicteam::wire {
namespace {

enum slot : unsigned { s_outside, s_line, s_start, slots };

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

external_port::external_port(sc_core::sc_module_name n, const external_port_config& c)
    : sc_module(n), config_(c), station_(sim::bind_station(*this)), capture_(sim::bind_capture(*this, external_port_info.captures.rows[0])),
      agenda_("agenda", *this, slots) {
    for (const metric_info& m : port_metrics) counters_.push_back(&sim::bind_counter(*this, m));
    station_.holding = [this](const sim::station::claim& claim) {
        for (const auto& f : waiting_) claim(f->id);
        if (sending_) claim(sending_->id);
    };
    if (config_.replay.empty()) return;
    for (happened& h : read_port_record(config_.replay)) {
        if (h.what == happening::dropped) drops_.push_back(h.at);
        else pending_.push_back(std::move(h));
    }
}

external_port::~external_port() = default;

std::string external_port::problem_of(const external_port_config& c) {
    if (c.socket.empty() && c.replay.empty()) return "wants a socket, or a record to replay";
    if (c.socket.size() > longest_path)
        return "socket: a path has at most " + std::to_string(longest_path) + " characters, this one has " + std::to_string(c.socket.size());
    if (c.max_frame > c.longest_length) return "longest_length: is less than max_frame";
    if (c.replay.empty()) return "";
    try {
        read_port_record(c.replay);
        return "";
    } catch (const std::exception& e) {
        return std::string("replay: ") + e.what();
    }
}

void external_port::open() {
    if (config_.replay.empty()) socket_ = std::make_unique<port_socket>(*this);
}

void external_port::record_to(const std::string& path) {
    record_ = std::make_unique<port_record_writer>(path);
    for (const happened& h : pending_) record_->write(h);
    record_->flush();
}

sim::outside* external_port::live() { return socket_.get(); }

std::string external_port::check_record() {
    const std::string why = record_ ? record_->error() : "";
    if (!why.empty()) record_.reset();             // what is there of it goes: others find its room
    return why;
}

void external_port::close() {
    socket_.reset();
    if (!record_) return;
    record_->commit();
    record_.reset();
}

void external_port::plug(wire_source& s) {
    if (line_) throw std::logic_error(std::string(name()) + ": a second cable is plugged in");
    line_ = &s;
    octet_ = octets_time(1, s.bits_per_second());
}

void external_port::start_of_simulation() {
    if (!line_) throw std::logic_error(std::string(name()) + ": is at the end of no link");
    started_ = true;
    if (!pending_.empty()) agenda_.set(s_outside, pending_.front().at);
    if (socket_ && config_.start > 0) agenda_.set(s_start, config_.start);
}

// ---------------------------------------------------------------- from outside

void external_port::note(happening what, std::uint64_t count, bytes frame) {
    happened h{(sim::now() / octet_ + 1) * octet_, what, count, std::move(frame)};
    if (record_) {
        record_->write(h);
        record_->flush();
    }
    if (tell_ && (what == happening::attached || what == happening::detached)) tell_(what == happening::attached, h.at);
    pending_.push_back(std::move(h));
    if (started_) agenda_.set(s_outside, pending_.front().at);
}

void external_port::due(unsigned slot, ps at) {
    if (slot == s_start) return;                   // only so that the outside is looked at then
    if (slot == s_line) {
        if (sending_) finish_frame();
        else begin_frame(at);
        return;
    }
    for (; !pending_.empty() && pending_.front().at <= at; pending_.pop_front()) take(pending_.front());
    if (!pending_.empty()) agenda_.set(s_outside, pending_.front().at);
    if (!sending_) plan();
}

void external_port::take(happened& h) {
    if (h.what == happening::frame) return take_frame(h.data, h.at);
    if (h.what == happening::attached || h.what == happening::detached) {
        attached_ = h.what == happening::attached;
        counters_[attached_ ? p_attached : p_detached]->add();
        return;
    }
    const unsigned since = static_cast<unsigned>(h.what) - static_cast<unsigned>(happening::refused_empty);
    counters_[p_refused_empty + since]->add(h.count);
}

void external_port::take_frame(bytes& data, ps at) {
    ref<frame> f = frame::make();
    f->data.assign(data.begin(), data.end());
    if (data.size() < packet::least_without_fcs) counters_[p_padded]->add();
    packet::pad_to_minimum(f->data);
    packet::append_lazy_fcs(*f);
    counters_[p_received]->add();
    counters_[p_received_octets]->add(f->data.size());
    if (station_.watched()) {
        f->id = station_.next_id();
        station_.born(f->id, 0, static_cast<std::uint32_t>(f->data.size()), at);
    }
    waiting_.push_back(std::move(f));
}

void external_port::plan() { agenda_.set(s_line, waiting_.empty() ? never : std::max(free_at_, sim::now())); }

void external_port::begin_frame(ps at) {
    sending_ = std::move(waiting_.front());
    waiting_.pop_front();
    const auto octets = static_cast<std::uint32_t>(preamble_octets + sending_->data.size());
    plan_octets(sent_, at, octets, line_->bits_per_second());
    free_at_ = at + octets_time(octets + gap_bits / 8, line_->bits_per_second());
    agenda_.set(s_line, sent_.last());
    line_->begin(sending_, sent_);
}

void external_port::finish_frame() {
    const ref<frame> done = std::move(sending_);
    sending_ = {};
    if (capture_.on()) capture_.take(done, sent_.when(preamble_octets), sim::direction::in);
    line_->end(done, wire_end::good);
    plan();
}

// ---------------------------------------------------------------- to the outside

void external_port::end(const frame_ref& f, wire_end quality) {
    static constexpr port_metric counted[] = {p_sent, p_bad_fcs, p_cut, p_long, p_unheard, p_dropped};
    const ps at = sim::now();
    const unsigned what = judge(*f, quality, at);
    counters_[counted[what]]->add();
    if (what == po_left) counters_[p_sent_octets]->add(f->data.size());
    if (capture_.on() && !f->data.empty())
        capture_.take(f, heard_.when(f->preamble_octets), sim::direction::out, what == po_left ? nullptr : port_outcomes[what].meaning);
    station_.ended(f->id, port_outcomes[quality == wire_end::collided ? po_fragment : what], at);
}

unsigned external_port::judge(const frame& f, wire_end quality, ps at) {
    if (is_part(quality)) return po_cut;
    if (quality == wire_end::bad_fcs || !packet::check_fcs(f)) return po_bad_fcs;
    if (f.data.size() > static_cast<std::size_t>(config_.max_frame)) return po_long;
    if (!attached_) return po_unheard;
    return not_read(f, at) ? po_dropped : po_left;
}

// Known at once, unlike what comes in: whoever holds the frame must let go of it now.
bool external_port::not_read(const frame& f, ps at) {
    if (!socket_) {
        if (drops_.empty() || drops_.front() != at) return false;
        drops_.pop_front();
        return true;
    }
    if (socket_->send({f.data.data(), f.data.size() - packet::fcs_octets})) return false;
    if (record_) record_->write({at, happening::dropped, 1, {}});
    return true;
}

}  // namespace nicteam::wire
