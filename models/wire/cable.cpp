#include "nicteam/wire/cable.h"

#include <stdexcept>
#include <utility>

#include "wire/cable_direction.h"
#include "wire/line_negotiation.h"

namespace nicteam::wire {

cable::cable(sc_core::sc_module_name name, const cable_config& c) : sc_module(name), config_(c) {
    const auto times = config_.negotiation == negotiation_mode::timed ? config_.negotiation_takes : negotiation_times{};
    line_ = std::make_unique<line_negotiation>(config_.rate, times, [this](bool up, ps at) { changed(up, at); }, config_.far_end);
    a_to_b_ = std::make_unique<cable_direction>("a_to_b", config_, config_.a_to_b, sim::direction::out);
    b_to_a_ = std::make_unique<cable_direction>("b_to_a", config_, config_.b_to_a, sim::direction::in);
    const metric_info& contended = cable_info.metrics.rows[0];
    contention_ = std::make_unique<contention>(
        sim::session::current().bind_counter(sim::path_of(*this, contended.name), contended, [this](ps t) { contention_->count(t); }));
    sim::bind_fault(*this, cable_info.faults.rows[0], [this](bool begin, std::int64_t, ps at) { set_link(!begin, at); });
    sim::bind_fault(*this, cable_info.faults.rows[1], [this](bool begin, std::int64_t ratio, ps at) {
        a_to_b_->set_errors(begin, ratio, at);
        b_to_a_->set_errors(begin, ratio, at);
    });
    for (unsigned end : {0u, 1u})                        // of the direction that leads to it
        sim::bind_fault(end ? *a_to_b_ : *b_to_a_, direction_info.faults.rows[1], [this, end](bool begin, std::int64_t, ps at) { set_deaf(end, begin, at); });
}

cable::cable(sc_core::sc_module_name name, const cable_config& c, wire_end_point& a, wire_end_point& b) : cable(name, c) { connect(a, b); }

cable::~cable() = default;

void cable::connect(wire_end_point& a, wire_end_point& b) {
    if (a_) throw std::logic_error(std::string(name()) + ": connected twice");
    if (&a == &b) throw std::logic_error(std::string(name()) + ": both ends are " + a.end_point_name());
    a_ = &a;
    b_ = &b;
    a_to_b_->connect(b.receiver());
    b_to_a_->connect(a.receiver());
    a_to_b_->meet(*line_, line_side::a, *contention_);
    b_to_a_->meet(*line_, line_side::b, *contention_);
    a.plug(*a_to_b_);
    b.plug(*b_to_a_);
    line_->start(a.phy(), b.phy(), config_.cold);
}

bool cable::up() const { return line_->up(); }

void cable::set_link(bool up, ps at) {
    if (downs_.change(!up)) line_->cut(!up, at);
}

void cable::set_deaf(unsigned end, bool begin, ps at) {
    if (deaf_[end].change(begin)) line_->deaf(static_cast<line_side>(end), begin, at);
}

// Frames pass when both ends have a link; each is told of its own.
void cable::changed(bool up, ps at) {
    if (up) {
        const bool a = a_to_b_->outcome().full_duplex, b = b_to_a_->outcome().full_duplex;
        half_duplex_ = !a && !b;
        mismatched_ |= a != b;
    }
    const bool other = std::exchange(passes_, up) != up;
    for (cable_direction* d : {a_to_b_.get(), b_to_a_.get()}) {
        if (up) d->set_rate(d->outcome().rate);
        if (other) d->set_link(up, at);
        d->show(d->outcome().up);
    }
    for (unsigned end : {0u, 1u}) {
        const bool has = line_->outcome(static_cast<line_side>(end)).up;
        if (std::exchange(told_[end], has) != has && a_ && at >= 0) (end ? b_ : a_)->receiver().link(has, at);
    }
}

}  // namespace nicteam::wire
