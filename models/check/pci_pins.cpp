#include "nicteam/check/pci_pins.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/pci/parity.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {
namespace {

constexpr unsigned no_enables = 0xF;

// The bytes of an access by dwords: those outside it are neither enabled nor shown.
struct dwords {
    std::uint64_t address;
    std::uint32_t bytes;
    const std::uint8_t* data;

    std::int64_t offset(std::uint64_t dword) const { return static_cast<std::int64_t>(dword - address); }
    bool has(std::int64_t byte) const { return byte >= 0 && byte < static_cast<std::int64_t>(bytes); }
    // Byte enables of the dword at this address, low for each lane used.
    unsigned enables(std::uint64_t dword) const {
        const std::int64_t o = offset(dword);
        if (has(o) && has(o + 3)) return 0;
        unsigned n = no_enables;
        for (unsigned lane = 0; lane < 4; ++lane)
            if (has(o + lane)) n &= ~(1u << lane);
        return n;
    }
    std::uint32_t value(std::uint64_t dword) const {
        const std::int64_t o = offset(dword);
        if (has(o) && has(o + 3)) {
            const std::uint8_t* p = data + o;
            return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24;
        }
        std::uint32_t v = 0;
        for (unsigned lane = 0; lane < 4; ++lane)
            if (has(o + lane)) v |= static_cast<std::uint32_t>(data[o + lane]) << 8 * lane;
        return v;
    }
    // Where the lower and the upper half of a 64-bit bus find data phase k; an odd first dword stands on both.
    std::uint64_t lower(std::uint32_t k, unsigned word_bytes) const {
        return k == 0 ? address & ~std::uint64_t{3} : (address & ~std::uint64_t{word_bytes - 1}) + std::uint64_t{k} * word_bytes;
    }
    std::uint64_t upper(std::uint32_t k) const { return (address & ~std::uint64_t{7}) + std::uint64_t{k} * 8 + 4; }
};

}  // namespace

pci_pins::pci_pins(pci::bus& b, report::waveform_writer& w, const pci_pins_options& o)
    : bus_(b), out_(w), options_(o), period_(b.clock().period()) {
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
    low_.ad = at_rest("AD", 32);
    low_.cbe = at_rest("CBE_n", 4);
    low_.par = at_rest("PAR");
    frame_ = at_rest("FRAME_n");
    irdy_ = at_rest("IRDY_n");
    trdy_ = at_rest("TRDY_n");
    devsel_ = at_rest("DEVSEL_n");
    stop_ = at_rest("STOP_n");
    perr_ = at_rest("PERR_n");
    serr_ = at_rest("SERR_n");
    if (b.wide()) {
        req64_ = at_rest("REQ64_n");
        ack64_ = at_rest("ACK64_n");
        high_.ad = at_rest("AD_high", 32);
        high_.cbe = at_rest("CBE_n_high", 4);
        high_.par = at_rest("PAR64");
    }
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
    b.rst().listen(*this);
}

void pci_pins::reset_line_changed(bool low, ps at) { out_.change(rst_, at, low ? 0 : 1); }

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
    parity_before(low_, until);
    if (bus_.wide()) parity_before(high_, until);
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

void pci_pins::parity_before(half& h, ps t) {
    if (h.parity_at >= t) return;
    draw_before(h.parity_at);
    if (h.parity_on) out_.change(h.par, h.parity_at, h.parity);
    else out_.change_z(h.par, h.parity_at);
    h.parity_at = never;
}

void pci_pins::park_before(ps edge) {
    auto p = parking_.begin();
    for (; p != parking_.end() && p->edge < edge; ++p) p->driven ? data(low_, p->edge, {true, 0, 0}) : nothing(low_, p->edge);
    parking_.erase(parking_.begin(), p);
}

// As sampled from this edge on; PAR follows one clock behind.
void pci_pins::data(half& h, ps sampled, lanes l) {
    const ps t = driven(sampled);
    parity_before(h, t);
    draw_before(t);
    if (l.on) out_.change(h.ad, t, l.ad);
    else out_.change_z(h.ad, t);
    if (l.cbe != h.cbe_drawn) {
        out_.change(h.cbe, t, l.cbe);
        h.cbe_drawn = l.cbe;
    }
    parity_before(h, t + 1);
    h.parity_at = t + period_;
    h.parity_on = l.on;
    h.parity = (__builtin_parity(l.ad) != __builtin_parity(l.cbe)) != l.wrong;
}

void pci_pins::nothing(half& h, ps sampled) {
    const ps t = driven(sampled);
    parity_before(h, t);
    draw_before(t);
    out_.change_z(h.ad, t);
    if (h.cbe_drawn != 16u) out_.change_z(h.cbe, t);
    h.cbe_drawn = 16u;
    parity_before(h, t + 1);
    h.parity_at = t + period_;
    h.parity_on = false;
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
    if (e.idle + 2 * T < options_.from || A - T >= options_.until) return nothing(low_, e.idle);
    const ps origin = e.dual ? A + T : A;
    if (first_tenure_ == never) first_tenure_ = A;
    low(frame_, A, e.frame_high);
    low(irdy_, origin + T, e.idle);
    if (e.wide) low(req64_, A, e.frame_high);
    if (e.answer.select != pci::devsel::none) {
        const ps selected = origin + static_cast<ps>(e.answer.select) * T, high = e.why == pci::ending::target_abort ? e.stopped : e.idle;
        low(devsel_, selected, high);
        if (e.word_bytes == 8) low(ack64_, selected, high);
    }
    if (e.stopped != never) low(stop_, e.stopped, e.idle);
    if (pci::is_configuration(e.command) && !(p.get_address() & pci::type_1_configuration)) {
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
    std::sort(controls_.begin(), controls_.end(),
              [](const level& a, const level& b) { return a.at != b.at ? a.at < b.at : a.which < b.which; });
    draw_data(p, e);
    if (e.wide) draw_upper(p, e);
    if (e.errors) draw_errors(e);
    draw_before(never);
}

void pci_pins::draw_data(const pci::payload& p, const pci::pci_extension& e) {
    const ps T = period_, A = e.address, origin = e.dual ? A + T : A;
    const std::uint64_t address = p.get_address();
    const dwords d{address, p.get_data_length(), p.get_data_ptr()};
    const unsigned word = e.word_bytes, command = static_cast<unsigned>(e.command);
    const bool write = pci::is_write(e.command);
    const bool type_1 = pci::is_configuration(e.command) && (address & pci::type_1_configuration);
    const std::uint64_t shown = type_1                             ? (address & 0xFF'FFFCu) | 1u
                                : pci::is_configuration(e.command) ? address & 0x7FCu
                                : pci::is_io(e.command)            ? address
                                                                   : address & ~std::uint64_t{3};
    data(low_, A,
         {true, static_cast<std::uint32_t>(shown), e.dual ? static_cast<unsigned>(pci::command::dual_address_cycle) : command,
          e.errors && e.errors->address});
    if (e.dual) data(low_, origin, {true, static_cast<std::uint32_t>(shown >> 32), command});

    const std::uint32_t words = std::max<std::uint32_t>(e.words, 1);
    // Reads: the bus turns around, then the target drives; nobody does when nobody answers.
    ps from = origin + T;
    if (!write) {
        const auto select = static_cast<ps>(e.answer.select);
        data(low_, from, {false, 0, d.enables(d.lower(0, word))});
        from = select == 0 ? e.idle : std::min(e.idle, origin + std::max<ps>(2, select) * T);
    }
    std::uint32_t passed = 0, value = 0;
    bool wrong = false;
    for (const run& r : e.data.runs())
        for (std::uint32_t k = 0; k < r.units; ++k, ++passed) {
            wrong = e.errors && e.errors->wrong(passed);
            const std::uint64_t dword = d.lower(passed, word);
            value = d.value(dword);
            data(low_, from, {true, value, d.enables(dword), wrong});
            from = r.first + k * r.stride + T;
        }
    // What is driven while no word passes any more: the next word of a write; of a read nobody knows, it stays.
    if (from < e.idle) {
        const std::uint64_t next = d.lower(std::min(passed, words - 1), word);
        if (write) value = d.value(next), wrong = e.errors && e.errors->wrong(std::min(passed, words - 1));
        data(low_, from, {true, value, d.enables(next), wrong});
    }
    nothing(low_, e.idle);
    parity_before(low_, never);
}

// PERR# two clocks behind the data, SERR# two behind the address; SERR# is open drain.
void pci_pins::draw_errors(const pci::pci_extension& e) {
    const ps T = period_;
    const variable v = perr_;
    for (const pci::wrong_word& w : e.errors->words) {
        if (!w.reported) continue;
        const ps at = e.data.when(w.word) + 2 * T;
        out_.change(v, driven(at), 0);
        out_.change(v, driven(at + T), 1);
        out_.change_z(v, driven(at + 2 * T));
    }
    if (e.errors->signalled) system_error(e.address + 2 * T);
}

void pci_pins::system_error(ps at) {
    out_.change(serr_, driven(at), 0);
    if (at + period_ != serr_at_) out_.change_z(serr_, driven(at + period_));
    serr_at_ = serr_at_ == never ? at : std::max(serr_at_, at);
}

// AD[63:32] and their like after REQ64#. A master that finds a 32-bit target drives them no more once it has seen DEVSEL#
// without ACK64#; nobody else does.
void pci_pins::draw_upper(const pci::payload& p, const pci::pci_extension& e) {
    const ps T = period_, A = e.address, origin = e.dual ? A + T : A;
    const dwords d{p.get_address(), p.get_data_length(), p.get_data_ptr()};
    const bool write = pci::is_write(e.command);
    data(high_, A, {true, static_cast<std::uint32_t>(d.address >> 32), e.dual ? static_cast<unsigned>(e.command) : 0});
    const auto select = static_cast<ps>(e.answer.select);
    ps from = origin + T, until = e.idle;
    if (e.word_bytes == 8) {
        if (!write) {
            data(high_, from, {false, 0, d.enables(d.upper(0))});
            from = std::min(e.idle, origin + std::max<ps>(2, select) * T);
        }
        std::uint32_t passed = 0, value = 0;
        for (const run& r : e.data.runs())
            for (std::uint32_t k = 0; k < r.units; ++k, ++passed) {
                value = d.value(d.upper(passed));
                data(high_, from, {true, value, d.enables(d.upper(passed))});
                from = r.first + k * r.stride + T;
            }
        if (from < e.idle) {
            const std::uint64_t next = d.upper(std::min(passed, e.words - 1));
            if (write) value = d.value(next);
            data(high_, from, {true, value, d.enables(next)});
        }
    } else {
        const std::uint64_t first = d.upper(0);
        const bool flipped = e.errors && !(d.address & 4u) && e.errors->flipped(1);      // that goes wrong only below, later
        data(high_, from, {write, write ? d.value(first) ^ flipped : 0, d.enables(first)});
        if (select) until = std::min(e.idle, origin + (select + 1) * T);
    }
    nothing(high_, until);
    parity_before(high_, never);
}

}  // namespace nicteam::check
