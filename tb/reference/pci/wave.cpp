#include "reference/pci/wave.h"

#include <ostream>

namespace reference::pci {

namespace {

// Without leading zeros; z and x of a whole vector as one character (18.2.1).
std::string binary(std::uint32_t v) {
    std::string s;
    do s.insert(s.begin(), static_cast<char>('0' + (v & 1u)));
    while (v >>= 1);
    return s;
}

template <class T>
std::string level(const wire<T>& w, std::uint32_t lanes = ~0u) {
    if (w.clash()) return "x";
    return w.driven() ? binary(static_cast<std::uint32_t>(w.value()) & lanes) : "z";
}

}  // namespace

wave::wave(sc_core::sc_module_name name, const setup& s, pins& p, rising_clock& clock, std::ostream& out)
    : sc_module(name), setup_(s), pins_(p), out_(out) {
    add("RST_n");
    add("AD", 32);
    add("CBE_n", 4);
    for (const char* pin : {"PAR", "FRAME_n", "IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n", "PERR_n", "SERR_n"}) add(pin);
    if (s.wide) {
        add("REQ64_n");
        add("ACK64_n");
        add("AD_high", 32);
        add("CBE_n_high", 4);
        add("PAR64");
    }
    for (std::size_t m = 0; m < s.masters.size(); ++m) {
        add("REQ_n_" + std::to_string(m));
        add("GNT_n_" + std::to_string(m));
    }
    for (const target_setup& t : s.targets)
        if (t.device >= 0) {
            devices_.push_back(t.device);
            add("IDSEL_" + std::to_string(t.device));
        }
    for (const char* pin : {"INTA_n", "INTB_n", "INTC_n", "INTD_n"}) add(pin);
    header();
    SC_METHOD(look);
    sensitive << clock.edge;
    dont_initialize();
}

void wave::add(const std::string& name, unsigned bits) {
    const auto n = static_cast<unsigned>(shown_.size());
    std::string identifier(1, static_cast<char>('!' + n % 90));
    if (n >= 90) identifier += static_cast<char>('!' + n / 90);
    shown_.push_back({name, identifier, "", bits});
}

void wave::header() {
    out_ << "$timescale 1 ps $end\n$scope module bus $end\n";
    for (const shown& s : shown_) {
        out_ << "$var wire " << s.bits << ' ' << s.identifier << ' ' << s.name;
        if (s.bits > 1) out_ << " [" << s.bits - 1 << ":0]";
        out_ << " $end\n";
    }
    out_ << "$upscope $end\n$enddefinitions $end\n";
}

// What a read's target drives on lanes that nobody asked for is of no meaning: 0, as in a write, as long as the word stays.
std::string wave::shown_word(const half& h, seen& was) {
    if (h.ad.driven() != was.driven || h.ad.value() != was.word)
        was.lanes = !pins_.idle() && !address_ && reading_ ? lanes_of(h.cbe.value()) : ~0u;
    was.driven = h.ad.driven();
    was.word = h.ad.value();
    return level(h.ad, was.lanes);
}

// What is sampled at this edge was driven at the one before; before the first edge: at power-on.
void wave::look() {
    std::size_t n = 0;
    show(n++, "1");
    const bool begins = pins_.frame.low() && !frame_was_low_;
    frame_was_low_ = pins_.frame.low();
    address_ = begins || second_;
    second_ = begins && pins_.low.cbe.value() == dual_address_cycle;
    if (address_) reading_ = !is_write(pins_.low.cbe.value());
    show(n++, shown_word(pins_.low, low_));
    show(n++, level(pins_.low.cbe));
    show(n++, level(pins_.low.par));
    for (const control* c : {&pins_.frame, &pins_.irdy, &pins_.trdy, &pins_.devsel, &pins_.stop}) show(n++, level(*c));
    show(n++, level(pins_.perr));
    show(n++, pins_.serr.driven() ? "0" : "z");
    if (setup_.wide) {
        show(n++, level(pins_.req64));
        show(n++, level(pins_.ack64));
        show(n++, shown_word(pins_.high, high_));
        show(n++, level(pins_.high.cbe));
        show(n++, level(pins_.high.par));
    }
    for (std::size_t m = 0; m < setup_.masters.size(); ++m) {
        show(n++, pins_.req[m].read() ? "1" : "0");
        show(n++, pins_.gnt[m].read() ? "1" : "0");
    }
    for (int d : devices_) show(n++, pins_.idsel.driven() && pins_.idsel.value() >> d & 1u ? "1" : "0");
    for (int i = 0; i < 4; ++i) show(n++, "z");
    ++edge_;
}

void wave::show(std::size_t which, std::string value) {
    shown& s = shown_[which];
    if (s.value == value) return;
    const std::int64_t t = edge_ < 0 ? 0 : setup_.phase + edge_ * setup_.period;
    if (t > 0) dump_values();
    s.value = std::move(value);
    if (t == 0) return;                  // the dump will show it
    if (t != written_time_) { out_ << '#' << t << '\n'; written_time_ = t; }
    write(s);
}

void wave::write(const shown& s) {
    if (s.bits > 1) out_ << 'b' << s.value << ' ';
    else out_ << s.value;
    out_ << s.identifier << '\n';
}

// All values at time 0, before the first change behind it.
void wave::dump_values() {
    if (dumped_) return;
    dumped_ = true;
    out_ << "#0\n$dumpvars\n";
    for (const shown& s : shown_) write(s);
    out_ << "$end\n";
}

void wave::close() {
    dump_values();
    out_ << '#' << setup_.phase + edge_ * setup_.period << '\n';
}

}  // namespace reference::pci
