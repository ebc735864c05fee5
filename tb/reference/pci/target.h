// A bus target: decodes at the address edge, answers as its lists say.
#pragma once

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class target : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(target);
    target(sc_core::sc_module_name, const target_setup&, pins&, rising_clock&);

private:
    void edge();
    bool claims() const;
    void decode();                       // the address edge
    void during();
    void finish();
    void drive_data();
    void drive_parity();

    const target_setup& setup_;
    pins& pins_;
    sustained devsel_, trdy_, stop_;
    unsigned ad_, par_;                  // driver numbers
    bool ad_on_ = false, par_on_ = false;
    bool fresh_ = false;                 // AD has a new word, as sampled at the present edge
    std::uint32_t ad_value_ = 0, lanes_ = ~0u;

    std::int64_t n_ = -1;                // number of the present edge
    bool was_idle_ = true, busy_ = false;
    std::uint64_t tenures_ = 0;
    std::int64_t address_edge_ = 0;
    std::int64_t due_ = 0;               // edge at which TRDY# or STOP# shall next be sampled low
    std::uint32_t address_ = 0, passed_ = 0;
    unsigned next_wait_ = 0;
    bool write_ = false, stopped_ = false;
    enum { none, retry, with_data, without_data, abort } how_ = none;
    std::uint32_t words_ = 0;            // before the stop
};

}  // namespace reference::pci
