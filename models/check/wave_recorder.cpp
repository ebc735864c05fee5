#include <algorithm>

#include "nicteam/check/recorders.h"
#include "nicteam/report/fst_writer.h"
#include "nicteam/report/gtkw.h"
#include "nicteam/report/vcd_writer.h"

namespace nicteam::check {
namespace {

report::waveform_options options_of(const wave_options& o, std::function<ps()> settle, std::function<void()> full) {
    report::waveform_options v;
    v.comment = o.comment;
    v.from = o.from;
    v.until = o.until;
    // Looked at often enough to end near the limit.
    v.hold = static_cast<std::size_t>(std::min<std::uint64_t>(o.hold, std::max<std::uint64_t>(o.size_limit / 16, 256)));
    v.size_limit = o.size_limit;
    v.settle = std::move(settle);
    v.full = std::move(full);
    return v;
}

std::unique_ptr<report::waveform_writer> made(const std::string& path, report::waveform_options o) {
    const std::string end = path.substr(path.rfind('.') + 1);
    if (end == "fst") return report::make_fst_writer(path, std::move(o));
    return std::make_unique<report::vcd_writer>(path, std::move(o));
}

bool is_fifo(const sim::probe& p) {
    constexpr const char end[] = "fifo_level";
    constexpr std::size_t n = sizeof end - 1;
    return p.path.size() >= n && p.path.compare(p.path.size() - n, n, end) == 0;
}

}  // namespace

wave_recorder::wave_recorder(sim::session& s, const wave_options& o)
    : session_(s), options_(o), agenda_("wave_recorder", *this, 1),
      wave_(made(o.path, options_of(o, [this] { return settle(); }, [this] { agenda_.set(0, sim::now()); }))) {
    for (sim::probe& p : session_.probes())
        if (!options_.in_scope || options_.in_scope(p.path)) probes_.push_back(&p);
    // By path, whatever the order of construction.
    std::sort(probes_.begin(), probes_.end(), [](const sim::probe* a, const sim::probe* b) { return a->path < b->path; });
    for (sim::probe* p : probes_) {
        const bool text = p->info->bits == 0 && p->info->states;
        variable_of_[p] = text ? wave_->add_text(p->path, p->info->states) : wave_->add(p->path, p->info->bits ? p->info->bits : 64);
        p->sink = this;
        wave_->change(variable_of_[p], 0, 0);      // until it reports otherwise
    }
}

wave_recorder::~wave_recorder() {
    mii_.clear();
    for (sim::probe* p : probes_)
        if (p->sink == this) p->sink = nullptr;
}

pci_pins* wave_recorder::watch(pci::bus& b, std::vector<unsigned> devices) {
    const std::string path = b.name();
    if (options_.in_scope && !options_.in_scope(path)) return nullptr;
    pins_.push_back(
        std::make_unique<pci_pins>(b, *wave_, pci_pins_options{std::move(devices), options_.clock, options_.from, options_.until}));
    return pins_.back().get();
}

void wave_recorder::watch_mii() {
    const auto probe = [&](const std::string& path) {
        sim::probe* found = nullptr;
        for (sim::probe& p : session_.probes())
            if (p.path == path) found = &p;
        return found;
    };
    for (sim::capture_point& c : session_.captures()) {
        const std::string nic = c.path.substr(0, c.path.rfind('.'));
        sim::probe *tx = probe(nic + ".tx_active"), *rx = probe(nic + ".rx_active");
        if (c.path != nic + ".wire" || !tx || !rx || (options_.in_scope && !options_.in_scope(nic + ".mii"))) continue;
        mii_.push_back(std::make_unique<mii_pins>(nic, c, *tx, *rx, *wave_));
    }
}

void wave_recorder::change(const sim::probe& p, ps past, std::uint64_t v) {
    if (v && past < first_fill_ && past >= options_.from && is_fifo(p)) first_fill_ = past;
    const auto it = variable_of_.find(&p);
    if (it != variable_of_.end()) wave_->change(it->second, past, v);
}

ps wave_recorder::settle() {
    const ps now = sim::now();
    for (sim::probe* p : probes_)
        if (p->settle) p->settle(now);
    ps safe = now;
    for (const auto& p : pins_) safe = std::min(safe, p->settle());
    for (const auto& m : mii_) safe = std::min(safe, m->settle(now, closing_));
    return safe;
}

ps wave_recorder::focus() const {
    if (options_.look_at >= options_.from && options_.look_at < std::min({sim::now(), options_.until, wave_->cut_at()})) return options_.look_at;
    ps first = first_fill_;
    for (const auto& p : pins_)
        if (first_fill_ == never) first = std::min(first, p->first_tenure());
    return first;
}

void wave_recorder::close(ps end) {
    closing_ = true;
    wave_->close(end);
    for (sim::probe* p : probes_)
        if (p->sink == this) p->sink = nullptr;
}

void wave_recorder::write_view(ps end) {
    const std::size_t slash = options_.path.rfind('/'), dot = options_.path.rfind('.');
    const std::string name = slash == std::string::npos ? options_.path : options_.path.substr(slash + 1);
    report::write_file(options_.path.substr(0, dot) + ".gtkw",
                       report::gtkw_text(name, wave_->variables(), {options_.from, std::min({end, options_.until, wave_->cut_at()}), focus()}));
}

}  // namespace nicteam::check
