// A bus target: decodes at the address edge, answers as its lists say.
#pragma once

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/noise.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class target : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(target);
    target(sc_core::sc_module_name, const target_setup&, pins&, rising_clock&, noise&);

protected:
    enum ending { none, retry, with_data, without_data, abort };
    // For a target that answers otherwise than from lists. Its plan is made at the last address edge and may be made again one clock
    // later, when the first byte enables are there.
    virtual bool claims(std::uint64_t address) const;
    virtual void plan(std::uint64_t address);
    virtual void look_at_enables(unsigned) {}
    virtual void word_passed(unsigned enables) {}
    virtual void tenure_over() {}            // idle at the next edge
    virtual bool wrong_word(std::uint32_t) { return setup_.parity; }        // that was written, one clock ago; true: PERR#
    virtual bool wrong_address() { return setup_.parity; }                   // true: SERR#
    virtual bool drives_wrong(std::uint32_t) const { return false; }         // word of a read
    virtual void each_edge() {}
    void answer(ending how, std::uint32_t words);
    unsigned command() const { return pins_.low.cbe.value(); }
    bool selected() const { return setup_.device >= 0 && pins_.idsel.driven() && pins_.idsel.value() >> setup_.device & 1u; }
    void no_waits() { first_wait_ = next_wait_ = 0; }

private:
    // What this target drives on one half of the bus while it is read.
    struct driven {
        half& of;
        unsigned ad, par;                    // driver numbers
        bool on = false, par_on = false;
        bool fresh = false;                  // AD has a new word, as sampled at the present edge
        std::uint32_t value = 0, lanes = ~0u;

        bool wrong = false;                  // PAR shall not fit

        explicit driven(half& h) : of(h), ad(h.ad.add_driver()), par(h.par.add_driver()) {}
        void drive(std::uint32_t word, bool wrong_parity);
        void release();
        void parity();
    };

    void edge();
    void decode(std::uint64_t address);  // the last address edge
    void during();
    void finish();
    void drive_data();

    const target_setup& setup_;
    pins& pins_;
    noise& noise_;
    sustained devsel_, trdy_, stop_, ack64_, perr_;
    parity_check received_, addressed_;
    std::uint32_t received_word_ = 0;
    unsigned serr_;                      // driver number
    std::uint64_t words_before_ = 0;     // on the whole bus, before this tenure
    bool both_halves_ = false;           // an odd first dword
    driven low_, high_;

    std::int64_t n_ = -1;                // number of the present edge
    bool frame_was_low_ = false, busy_ = false;
    bool was_idle_ = true, was_mine_ = false;    // the bus one edge ago; the tenure that ended there was this target's
    bool second_address_ = false;        // the present edge is it
    std::uint64_t tenures_ = 0;
    std::int64_t address_edge_ = 0;
    std::int64_t due_ = 0;               // edge at which TRDY# or STOP# shall next be sampled low
    std::uint64_t address_ = 0;
    std::uint32_t passed_ = 0;
    unsigned unit_ = 4, devsel_clocks_ = 2;
    unsigned next_wait_ = 0;
    bool write_ = false, stopped_ = false;
    ending how_ = none;
    unsigned first_wait_ = 0;
    std::uint32_t words_ = 0;            // before the stop
};

}  // namespace reference::pci
