#include "reference/pci/wave.h"

#include <ostream>

namespace reference::pci {

namespace {

std::string binary(std::uint32_t v, unsigned bits) {
    std::string s(bits, '0');
    for (unsigned b = 0; b < bits; ++b)
        if (v >> b & 1u) s[bits - 1 - b] = '1';
    return s;
}

template <class T>
std::string level(const wire<T>& w, unsigned bits) {
    if (w.clash()) return std::string(bits, 'x');
    return w.driven() ? binary(static_cast<std::uint32_t>(w.value()), bits) : std::string(bits, 'z');
}

}  // namespace

wave::wave(sc_core::sc_module_name name, const setup& s, pins& p, rising_clock& clock, std::ostream& out)
    : sc_module(name), setup_(s), pins_(p), out_(out) {
    add("RST_n");
    add("AD", 32);
    add("CBE_n", 4);
    for (const char* pin : {"PAR", "FRAME_n", "IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n", "PERR_n", "SERR_n"}) add(pin);
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
    out_ << "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n";
}

// What is sampled at this edge was driven at the one before; before the first edge: at power-on.
void wave::look() {
    std::size_t n = 0;
    show(n++, "1");
    show(n++, level(pins_.ad, 32));
    show(n++, level(pins_.cbe, 4));
    show(n++, level(pins_.par, 1));
    for (const control* c : {&pins_.frame, &pins_.irdy, &pins_.trdy, &pins_.devsel, &pins_.stop}) show(n++, level(*c, 1));
    show(n++, "z");
    show(n++, "z");
    for (std::size_t m = 0; m < setup_.masters.size(); ++m) {
        show(n++, pins_.req[m].read() ? "1" : "0");
        show(n++, pins_.gnt[m].read() ? "1" : "0");
    }
    for (int d : devices_) show(n++, pins_.idsel.driven() && pins_.idsel.value() >> d & 1u ? "1" : "0");
    for (int i = 0; i < 4; ++i) show(n++, "z");
    if (!started_) out_ << "$end\n";
    started_ = true;
    ++edge_;
}

void wave::show(std::size_t which, std::string value) {
    shown& s = shown_[which];
    if (s.value == value) return;
    const std::int64_t t = edge_ < 0 ? 0 : setup_.phase + edge_ * setup_.period;
    if (t != written_time_) { out_ << '#' << t << '\n'; written_time_ = t; }
    if (s.bits > 1) out_ << 'b' << value << ' ';
    else out_ << value;
    out_ << s.identifier << '\n';
    s.value = std::move(value);
}

void wave::close() { out_ << '#' << setup_.phase + edge_ * setup_.period << '\n'; }

}  // namespace reference::pci
