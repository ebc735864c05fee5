#include "bus_books.h"

namespace nicteam::pci {

bus_books::bus_books(const sc_core::sc_object& owner, ps period)
    : period_(period),
      tenures_(sim::bind_counter(owner, bus_metrics[0])),
      words_(sim::session::current().bind_counter(sim::path_of(owner, "words"), bus_metrics[1], [this](ps t) { settle(t); })),
      octets_(sim::bind_counter(owner, bus_metrics[2])),
      overhead_(sim::session::current().bind_counter(sim::path_of(owner, "overhead_clocks"), bus_metrics[3], [this](ps t) { settle(t); })),
      retries_(sim::bind_counter(owner, bus_metrics[4])),
      disconnects_(sim::bind_counter(owner, bus_metrics[5])),
      timeouts_(sim::bind_counter(owner, bus_metrics[6])),
      limited_(sim::bind_counter(owner, bus_metrics[7])),
      master_aborts_(sim::bind_counter(owner, bus_metrics[8])),
      target_aborts_(sim::bind_counter(owner, bus_metrics[9])),
      withdrawals_(sim::bind_counter(owner, bus_metrics[10])),
      conflicts_(sim::bind_counter(owner, bus_metrics[11])),
      wide_(sim::bind_counter(owner, bus_metrics[12])),
      back_to_back_(sim::bind_counter(owner, bus_metrics[13])),
      perr_(sim::bind_counter(owner, bus_metrics[14])),
      serr_(sim::bind_counter(owner, bus_metrics[15])),
      wait_(sim::bind_histogram(owner, bus_metrics[16])),
      busy_(sim::session::current().bind_level(sim::path_of(owner, "busy"), bus_metrics[17], [this](ps t) { idle_by(t); })),
      state_(sim::bind_probe(owner, bus_probes[0])), master_(sim::bind_probe(owner, bus_probes[1])) {
    state_.settle = [this](ps t) { idle_by(t); };
}

void bus_books::observe(tenure_observer& o) {
    observers_.push_back(&o);
    if (o.follows_grants()) followers_.push_back(&o);
}

// The end of a tenure is known one clock early, and told only when it is past.
void bus_books::idle_by(ps t) {
    if (idle_ > t) return;
    busy_.set(idle_, 0);
    state_.change(idle_, 0);
    idle_ = never;
}

void bus_books::settle(ps t) {
    if (!under_way_ || t < under_way_->address) return;
    const std::uint64_t words = under_way_->data.passed_by(t);
    const auto clocks = static_cast<std::uint64_t>((std::min(t + period_, under_way_->idle) - under_way_->address) / period_);
    words_.add(words - counted_words_);
    overhead_.add(clocks - words - (counted_clocks_ - counted_words_));
    counted_words_ = words;
    counted_clocks_ = clocks;
}

void bus_books::begin(const pci_extension& e) {
    idle_by(e.address);
    busy_.set(e.address, 1);
    state_.change(e.address, 1);
    master_.change(e.address, e.master);
    tenures_.add();
    wait_.add(e.address - e.request);
    under_way_ = &e;
    counted_words_ = counted_clocks_ = 0;
}

void bus_books::end(const payload& p, const pci_extension& e) {
    settle(e.idle - period_);
    under_way_ = nullptr;
    idle_ = e.idle;
    octets_.add(e.octets);
    if (e.word_bytes == 8) wide_.add();
    if (e.back_to_back) back_to_back_.add();
    switch (e.why) {
    case ending::completed: break;
    case ending::limited: limited_.add(); break;
    case ending::latency_timer: timeouts_.add(); break;
    case ending::disconnect: disconnects_.add(); break;
    case ending::retry: retries_.add(); break;
    case ending::master_abort: master_aborts_.add(); break;
    case ending::target_abort: target_aborts_.add(); break;
    }
    for (tenure_observer* o : observers_) o->tenure(p, e);
}

void bus_books::withdrawn(unsigned master, ps request, ps until) {
    withdrawals_.add();
    if (request >= until) return;      // it was parked and never drove REQ#
    for (tenure_observer* o : observers_) o->withdrawn(master, request, until);
}

void bus_books::granted(int master, ps from) {
    if (master == told_) return;
    told_ = master;
    for (tenure_observer* o : followers_) o->grant(master, from);
}

}  // namespace nicteam::pci
