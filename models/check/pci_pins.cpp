#include "nicteam/check/pci_pins.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/sim/session.h"

namespace nicteam::check {
namespace {

constexpr unsigned no_enables = 0xF;

// Byte enables of word k, low for each lane used.
unsigned enables_of(std::uint64_t address, std::uint32_t bytes, std::uint32_t word) {
    const std::uint32_t skip = address % 4, end = skip + bytes;      // lanes counted from word 0
    const std::uint32_t first = 4 * word;
    unsigned n = no_enables;
    for (unsigned lane = 0; lane < 4; ++lane)
        if (first + lane >= skip && first + lane < end) n &= ~(1u << lane);
    return n;
}

// The lanes of word k, unused ones 0.
std::uint32_t word_of(const std::uint8_t* data, std::uint64_t address, std::uint32_t bytes, std::uint32_t word) {
    const std::uint32_t skip = address % 4, first = 4 * word;
    if (first >= skip && first + 4 <= skip + bytes) {
        const std::uint8_t* p = data + (first - skip);
        return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24;
    }
    std::uint32_t v = 0;
    for (unsigned lane = 0; lane < 4; ++lane)
        if (first + lane >= skip && first + lane < skip + bytes) v |= static_cast<std::uint32_t>(data[first + lane - skip]) << 8 * lane;
    return v;
}

}  // namespace

pci_pins::pci_pins(pci::bus& b, report::vcd_writer& w, const pci_pins_options& o) : bus_(b), out_(w), options_(o), period_(b.clock().period()) {
    const std::string path = b.name();
    const auto line = [&](const std::string& name, unsigned bits = 1) { return out_.add(path + "." + name, bits); };
    const auto at_rest = [&](const std::string& name, unsigned bits = 1) {
        const variable v = line(name, bits);
        out_.change_z(v, 0);
        return v;
    };
    if (o.clock) out_.add_clock(path + ".CLK", b.clock().period(), b.clock().phase());
    rst_ = line("RST_n");
    out_.change(rst_, 0, 1);
    ad_ = at_rest("AD", 32);
    cbe_ = at_rest("CBE_n", 4);
    par_ = at_rest("PAR");
    frame_ = at_rest("FRAME_n");
    irdy_ = at_rest("IRDY_n");
    trdy_ = at_rest("TRDY_n");
    devsel_ = at_rest("DEVSEL_n");
    stop_ = at_rest("STOP_n");
    perr_ = at_rest("PERR_n");
    serr_ = at_rest("SERR_n");
    std::vector<std::string> names;
    for (unsigned m = 0; m < b.masters(); ++m) names.push_back(b.master_name(m));
    for (unsigned m = 0; m < names.size(); ++m) {
        req_.push_back(0);
        gnt_.push_back(0);
        if (!b.plugged(m)) continue;
        const std::string name = std::count(names.begin(), names.end(), names[m]) == 1 ? names[m] : fmt::format("{}_{}", names[m], m);
        req_[m] = line("REQ_n_" + name);
        gnt_[m] = line("GNT_n_" + name);
        out_.change(req_[m], 0, 1);
        out_.change(gnt_[m], 0, 1);
    }
    requested_.assign(names.size(), never);
    for (unsigned d : o.devices) {
        idsel_.push_back(line(fmt::format("IDSEL_{}", d)));
        out_.change(idsel_.back(), 0, 0);
    }
    for (char pin : {'A', 'B', 'C', 'D'}) interrupt_.push_back(at_rest(fmt::format("INT{}_n", pin)));
    b.observe(*this);
}

// On an idle bus whoever has GNT# and does not start drives AD and C/BE# from the next edge on (PCI 2.2, 3.4.3).
void pci_pins::grant(int master, ps from) {
    if (master == holder_) return;
    if ((master >= 0) != (holder_ >= 0)) parking_.push_back({from + period_, master >= 0});
    if (holder_ >= 0) out_.change(gnt_[static_cast<unsigned>(holder_)], driven(from), 1);
    if (master >= 0) out_.change(gnt_[static_cast<unsigned>(master)], driven(from), 0);
    holder_ = master;
}

void pci_pins::withdrawn(unsigned master, ps request, ps until) {
    draw_request(master, request);
    out_.change(req_[master], driven(until), 1);
}

void pci_pins::draw_request(unsigned master, ps request) {
    if (request == requested_[master]) return;
    requested_[master] = request;
    out_.change(req_[master], driven(request), 0);
}

// Nothing changes on an idle bus before somebody asks. From then on nothing is certain until the tenure has ended, but REQ# of
// those that asked before the end of the latest one: they have driven it, for the bus was busy.
ps pci_pins::settle() {
    const ps now = sim::now();
    ps asked = never;
    for (unsigned m = 0; m < requested_.size(); ++m) {
        const ps request = bus_.plugged(m) ? bus_.requested(m) : never;
        if (request < idle_) draw_request(m, request);
        asked = std::min(asked, request);
    }
    if (asked == never) bus_.settle();
    const ps until = std::max(driven(idle_), std::min(now, driven(asked)));
    park_before(until + period_);
    parity_before(until);
    return until;
}

void pci_pins::interrupt(unsigned pin, bool asserted, ps at) {
    if (asserted) out_.change(interrupt_[pin], at, 0);
    else out_.change_z(interrupt_[pin], at);
}

void pci_pins::low(variable v, ps from, ps to) {
    control(v, from, 0);
    control(v, to, 1);
    control(v, to + period_, released);
}

void pci_pins::draw(const level& l) {
    if (l.value == released) out_.change_z(l.which, l.at);
    else out_.change(l.which, l.at, l.value);
}

void pci_pins::draw_before(ps t) {
    while (next_control_ < controls_.size() && controls_[next_control_].at < t) draw(controls_[next_control_++]);
}

void pci_pins::parity_before(ps t) {
    if (parity_at_ >= t) return;
    draw_before(parity_at_);
    if (parity_on_) out_.change(par_, parity_at_, parity_);
    else out_.change_z(par_, parity_at_);
    parity_at_ = never;
}

void pci_pins::park_before(ps edge) {
    auto p = parking_.begin();
    for (; p != parking_.end() && p->edge < edge; ++p) data(p->edge, p->driven, 0, p->driven, 0);
    parking_.erase(parking_.begin(), p);
}

// AD and C/BE# as sampled from this edge on; PAR follows one clock behind.
void pci_pins::data(ps sampled, bool ad_on, std::uint32_t ad, bool cbe_on, unsigned cbe) {
    const ps t = driven(sampled);
    parity_before(t);
    draw_before(t);
    if (ad_on) out_.change(ad_, t, ad);
    else out_.change_z(ad_, t);
    const unsigned shown = cbe_on ? cbe : 16u;
    if (shown != cbe_drawn_) {
        if (cbe_on) out_.change(cbe_, t, cbe);
        else out_.change_z(cbe_, t);
        cbe_drawn_ = shown;
    }
    parity_before(t + 1);
    parity_at_ = t + period_;
    parity_on_ = ad_on;
    parity_ = __builtin_parity(ad) != __builtin_parity(cbe);
}

void pci_pins::tenure(const pci::payload& p, const pci::pci_extension& e) {
    idle_ = e.idle;
    const ps T = period_, A = e.address;
    controls_.clear();
    next_control_ = 0;
    park_before(A);
    parking_.assign(1, {e.idle + T, holder_ >= 0});
    if (e.request < A) {
        draw_request(e.master, e.request);
        out_.change(req_[e.master], driven(A), 1);
    }
    if (e.idle + 2 * T < options_.from || A - T >= options_.until) return data(e.idle, false, 0, false, 0);
    if (first_tenure_ == never) first_tenure_ = A;
    low(frame_, A, e.frame_high);
    low(irdy_, A + T, e.idle);
    if (e.answer.select != pci::devsel::none) {
        const ps selected = A + static_cast<ps>(e.answer.select) * T;
        low(devsel_, selected, e.why == pci::ending::target_abort ? e.stopped : e.idle);
    }
    if (e.stopped != never) low(stop_, e.stopped, e.idle);
    if (pci::is_configuration(e.command)) {
        const unsigned device = static_cast<unsigned>(p.get_address() >> 11 & 31u);
        for (std::size_t i = 0; i < options_.devices.size(); ++i)
            if (options_.devices[i] == device) {
                control(idsel_[i], A, 1);
                control(idsel_[i], A + T, 0);
            }
    }
    // TRDY# is low at each edge at which a word passes.
    ps high = never;                             // TRDY# goes high here unless a word passes
    for (const run& r : e.data.runs()) {
        if (r.units > 1 && r.stride > T) {
            for (std::uint32_t k = 0; k < r.units; ++k) {
                const ps edge = r.first + k * r.stride;
                if (high != never && high < edge) {
                    control(trdy_, high, 1);
                    if (high + T < edge) control(trdy_, high + T, released);
                }
                control(trdy_, edge, 0);
                high = edge + T;
            }
            continue;
        }
        if (high != never && high < r.first) {
            control(trdy_, high, 1);
            if (high + T < r.first) control(trdy_, high + T, released);
        }
        if (high != r.first) control(trdy_, r.first, 0);
        high = r.last() + T;
    }
    if (high != never) {
        control(trdy_, high, 1);
        control(trdy_, high + T, released);
    }
    std::sort(controls_.begin(), controls_.end(), [](const level& a, const level& b) { return a.at != b.at ? a.at < b.at : a.which < b.which; });
    draw_data(p, e);
    draw_before(never);
}

void pci_pins::draw_data(const pci::payload& p, const pci::pci_extension& e) {
    const ps T = period_, A = e.address;
    const std::uint64_t address = p.get_address();
    const std::uint32_t bytes = p.get_data_length();
    const std::uint8_t* octets = p.get_data_ptr();
    const bool write = pci::is_write(e.command);
    const std::uint64_t shown = pci::is_configuration(e.command) ? address & 0x7FFu : pci::is_io(e.command) ? address : address & ~std::uint64_t{3};
    data(A, true, static_cast<std::uint32_t>(shown), true, static_cast<unsigned>(e.command));

    const std::uint32_t words = std::max<std::uint32_t>(e.words, 1);
    // Reads: the bus turns around, then the target drives; nobody does when nobody answers.
    ps turned = A + T;
    if (!write) {
        const auto select = static_cast<ps>(e.answer.select);
        data(A + T, false, 0, true, enables_of(address, bytes, 0));
        turned = select == 0 ? e.idle : std::min(e.idle, A + std::max<ps>(2, select) * T);
    }
    ps from = turned;
    std::uint32_t passed = 0, value = 0;
    for (const run& r : e.data.runs())
        for (std::uint32_t k = 0; k < r.units; ++k, ++passed) {
            value = word_of(octets, address, bytes, passed);
            data(from, true, value, true, enables_of(address, bytes, passed));
            from = r.first + k * r.stride + T;
        }
    // What is driven while no word passes any more: the next word of a write; of a read nobody knows, it stays.
    if (from < e.idle) {
        const std::uint32_t next = std::min(passed, words - 1);
        if (write) value = word_of(octets, address, bytes, next);
        data(from, true, value, true, enables_of(address, bytes, next));
    }
    data(e.idle, false, 0, false, 0);
    parity_before(never);
}

}  // namespace nicteam::check
