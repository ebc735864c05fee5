// Wires with several tri-state drivers. What a driver drives at an edge is sampled by all at the next one.
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>

namespace reference::pci {

// One wire or one group of wires driven together. Every driver has a number from add_driver().
template <class T>
class wire : public sc_core::sc_prim_channel {
public:
    explicit wire(const char* name) : sc_core::sc_prim_channel(name) {}

    unsigned add_driver() { drivers_.push_back({}); return static_cast<unsigned>(drivers_.size() - 1); }
    void drive(unsigned who, T v) { set(who, {v, true}); }
    void release(unsigned who) { set(who, {}); }

    bool driven() const { return driven_; }       // by anyone
    bool clash() const { return clash_; }         // by more than one
    T value() const { return value_; }            // of the driver

private:
    struct level { T value{}; bool on = false; bool operator!=(const level& o) const { return value != o.value || on != o.on; } };
    void set(unsigned who, level v) {
        if (drivers_[who] != v) { drivers_[who] = v; request_update(); }
    }
    void update() override {
        driven_ = clash_ = false;
        for (const level& d : drivers_)
            if (d.on) { clash_ = driven_; driven_ = true; value_ = d.value; if (clash_) return; }
    }
    std::vector<level> drivers_;   // next values; readers see the resolved ones
    T value_{};
    bool driven_ = false, clash_ = false;
};

// A control wire, active low, pulled up: undriven counts as high.
class control : public wire<bool> {
public:
    using wire<bool>::wire;
    bool low() const { return driven() && !value(); }
    bool high() const { return !low(); }
};

// Sustained tri-state: driven low, then high for one clock, then released. set() exactly once per edge.
class sustained {
public:
    explicit sustained(control& pin) : pin_(&pin), who_(pin.add_driver()) {}
    void set(bool low) {
        if (low) { if (state_ != is_low) pin_->drive(who_, false); state_ = is_low; }
        else if (state_ == is_low) { pin_->drive(who_, true); state_ = is_high; }
        else if (state_ == is_high) { pin_->release(who_); state_ = released; }
    }
    bool low() const { return state_ == is_low; }   // as all sample it at the present edge, before set()
    bool quiet() const { return state_ == released; }

private:
    control* pin_;
    unsigned who_;
    enum { released, is_high, is_low } state_ = released;
};

// The lanes of AD for which the byte enables are low.
inline std::uint32_t lanes_of(unsigned enables) {
    std::uint32_t lanes = 0;
    for (unsigned b = 0; b < 4; ++b)
        if (!(enables >> b & 1u)) lanes |= 0xFFu << 8 * b;
    return lanes;
}

inline bool odd(std::uint32_t v) { return __builtin_parity(v); }

// AD[31:0], C/BE#[3:0] and PAR, or AD[63:32], C/BE#[7:4] and PAR64.
struct half {
    half(const char* ad_name, const char* cbe_name, const char* par_name) : ad(ad_name), cbe(cbe_name), par(par_name) {}
    wire<std::uint32_t> ad;
    wire<std::uint8_t> cbe;
    wire<bool> par;
};

struct pins {
    explicit pins(std::size_t masters) : req("REQ_n", masters), gnt("GNT_n", masters) {
        for (auto& r : req) r.write(true);
        for (auto& g : gnt) g.write(true);
    }
    half low{"AD", "CBE_n", "PAR"}, high{"AD_high", "CBE_n_high", "PAR64"};
    control frame{"FRAME_n"}, irdy{"IRDY_n"}, trdy{"TRDY_n"}, devsel{"DEVSEL_n"}, stop{"STOP_n"}, req64{"REQ64_n"}, ack64{"ACK64_n"},
        perr{"PERR_n"};
    wire<bool> serr{"SERR_n"};                     // open drain
    wire<std::uint32_t> idsel{"IDSEL"};            // bit d: IDSEL of device d; one driver, the master of the tenure
    sc_core::sc_vector<sc_core::sc_signal<bool>> req, gnt;
    bool idle() const { return frame.high() && irdy.high(); }
};

}  // namespace reference::pci
