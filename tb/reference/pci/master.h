// A bus master: at every rising edge it looks at the pins and decides what it drives until the next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class master : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(master);
    master(sc_core::sc_module_name, const setup&, unsigned number, pins&, rising_clock&, std::string& log);

    bool finished() const { return next_ == work_.size() && !busy_; }

private:
    void edge();
    void park(bool here);
    void begin();                        // drive FRAME#, the address and the command
    void during(bool granted);           // an edge of the own tenure, the address edge included
    void finish(std::string_view why);       // IRDY# high: idle at the next edge
    void drive_word();
    void drive_parity();
    void decide_last(std::string_view why);
    bool has_work() const { return next_ < work_.size() && work_[next_].arrival <= now_; }
    unsigned byte_enables(std::uint32_t word) const;

    const setup& setup_;
    const master_setup& own_;
    unsigned number_;
    pins& pins_;
    std::string& log_;
    std::vector<item> work_;             // address and bytes shrink as words pass
    std::size_t next_ = 0;               // the item in hand
    sustained frame_, irdy_;
    unsigned ad_, cbe_, par_, idsel_;    // driver numbers
    bool ad_on_ = false;                 // AD is driven by this master, as sampled at the present edge
    std::uint32_t ad_value_ = 0;
    unsigned cbe_value_ = 0;
    bool par_on_ = false, req_low_ = false;

    std::int64_t now_ = 0, n_ = -1;      // time and number of the present edge
    bool busy_ = false;                  // from the edge before A to the edge before idle
    std::int64_t request_ = 0, address_edge_ = 0;   // edge numbers
    unsigned command_ = 0;               // of the tenure
    std::uint32_t words_ = 0, passed_ = 0, last_ = 0;   // last_: number of the word that ends the tenure
    std::string_view why_last_;          // who set last_, empty: the length
    std::string_view ending_;            // not empty: FRAME# was raised on a stop or master abort: finish at the next edge
    bool claimed_ = false;
    std::vector<std::int64_t> data_;
};

}  // namespace reference::pci
