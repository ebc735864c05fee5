#include "nicteam/wire/repeater.h"

#include <stdexcept>
#include <string>

#include "nicteam/base/units.h"
#include "wire/collision_domain.h"
#include "wire/repeater_port.h"

namespace nicteam::wire {

repeater::repeater(sc_core::sc_module_name name, const repeater_config& c)
    : sc_module(name), config_(c), station_(sim::bind_station(*this)),
      frames_(sim::bind_counter(*this, repeater_metrics[r_frames])), octets_(sim::bind_counter(*this, repeater_metrics[r_octets])),
      waited_(sim::bind_counter(*this, repeater_metrics[r_waited])), full_(sim::bind_counter(*this, repeater_metrics[r_full])),
      collisions_(sim::bind_counter(*this, repeater_metrics[r_collisions])), control_(sim::bind_counter(*this, repeater_metrics[r_control])),
      busy_(sim::session::current().bind_counter(sim::path_of(*this, repeater_metrics[r_busy].name), repeater_metrics[r_busy], [this](ps t) { if (domain_) domain_->occupy(t); })),
      collided_(sim::bind_counter(*this, repeater_metrics[r_collided])), spoiled_(sim::bind_counter(*this, repeater_metrics[r_spoiled])),
      through_(sim::bind_counter(*this, repeater_metrics[r_through])), carried_(sim::bind_counter(*this, repeater_metrics[r_carried])),
      contended_(sim::session::current().bind_counter(sim::path_of(*this, repeater_metrics[r_contended].name), repeater_metrics[r_contended], [this](ps t) { if (domain_) domain_->contend(t); })) {
    if (c.ports < 2 || c.latency < nanosecond || c.queue < 1)
        throw std::invalid_argument(std::string(this->name()) + ": needs 2 ports, 1 ns of latency, a queue of 1");
    for (unsigned i = 0; i < static_cast<unsigned>(c.ports); ++i)
        ports_.push_back(std::make_unique<repeater_port>(("port" + std::to_string(i)).c_str(), *this, i));
    if (c.half_duplex) domain_ = std::make_unique<collision_domain>(*this, static_cast<unsigned>(c.ports));
    station_.holding = [this](const sim::station::claim& c) {
        for (const auto& p : ports_) p->claim(c);
        if (domain_) domain_->claim(c);
    };
}

repeater::~repeater() {
    ports_.clear();   // what the ports still hold goes back to the pool
    for (repeated* r : all_) delete r;
}

wire_end_point& repeater::port(unsigned n) {
    if (n >= ports_.size()) throw std::out_of_range(std::string(name()) + ": has no port " + std::to_string(n));
    return *ports_[n];
}

wire_end_point& repeater::next_port() {
    if (claimed_ == ports_.size()) throw std::logic_error(std::string(name()) + ": all " + std::to_string(ports_.size()) + " ports are taken");
    return *ports_[claimed_++];
}

void repeater::start_of_simulation() {
    std::int64_t rate = 0;
    for (const auto& p : ports_) {
        if (!p->line()) continue;
        ++attached_;
        const std::int64_t r = p->line()->bits_per_second();
        if (rate && r != rate)
            throw std::logic_error(std::string(name()) + ": a repeater cannot join links of " + format_quantity(quantity::rate, rate) + " and " +
                                   format_quantity(quantity::rate, r));
        rate = r;
    }
}

ref<repeated> repeater::take() {
    if (free_.empty()) {
        all_.push_back(new repeated);
        all_.back()->pool = &free_;
        return ref<repeated>(all_.back());
    }
    repeated* r = free_.back();
    free_.pop_back();
    return ref<repeated>(r);
}

ref<frame> repeater::copy_of(const frame& f) {
    ref<frame> copy = frame::make();
    copy->data = f.data;
    copy->fcs_known = f.fcs_known;
    copy->id = station_.next_id();
    copy->parent = f.id;
    copy->preamble_octets = static_cast<std::uint8_t>(f.preamble_octets + missing_preamble(f));
    station_.born(copy->id, copy->parent, static_cast<std::uint32_t>(copy->data.size()), sim::now());
    return copy;
}

ref<frame> with_whole_preamble(const frame& f) {
    ref<frame> same = frame::make();
    same->data = f.data;
    same->fcs_known = f.fcs_known;
    same->id = f.id;
    same->parent = f.parent;
    same->preamble_octets = static_cast<std::uint8_t>(f.preamble_octets + missing_preamble(f));
    return same;
}

}  // namespace nicteam::wire
