// A bus master: at every rising edge it looks at the pins and decides what it drives until the next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <systemc>

#include "reference/clock.h"
#include "reference/pci/noise.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

class master : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(master);
    master(sc_core::sc_module_name, const setup&, unsigned number, pins&, rising_clock&, noise&, std::string& log);

    bool finished() const { return next_ == work_.size() && !busy_; }

protected:
    // For a master whose work comes from elsewhere: what it has in hand at an edge at which it may begin, and what came of an attempt.
    virtual void choose() {}
    virtual void attempt_over(const item& left, bool finished, std::string_view why) {}
    virtual bool wrong_word(std::uint64_t dword) { return own_.parity; }     // that was read, one clock ago; true: PERR#
    virtual void perr_seen(bool came_so) {}                                   // for a word written two clocks ago, wrong on purpose or not
    virtual void each_edge() {}
    virtual bool may_work() const { return true; }
    virtual bool stops(const item&) const { return false; }                   // the tenure under way, as a limit does
    const item* in_hand() const { return next_ < work_.size() ? &work_[next_] : nullptr; }
    void skip() { ++next_; }
    bool past_address() const { return busy_ && n_ > address_edge_; }
    void clear() { work_.clear(), next_ = 0; }
    void take(const item& i) { work_.push_back(i); }
    std::int64_t now() const { return now_; }
    std::int64_t period() const { return setup_.period; }

private:
    // What this master drives on one half of the bus.
    struct driven {
        half& of;
        unsigned ad, cbe, par;               // driver numbers
        bool on = false;                     // AD, as sampled at the present edge
        std::uint32_t value = 0;
        unsigned enables = 0;
        bool par_on = false;
        bool wrong = false;                  // PAR shall not fit

        explicit driven(half& h) : of(h), ad(h.ad.add_driver()), cbe(h.cbe.add_driver()), par(h.par.add_driver()) {}
        void drive(bool ad_on, std::uint32_t v, unsigned n, bool wrong_parity = false);
        void release();
        void parity();                       // one clock after the AD value that it covers
    };

    void edge();
    void park(bool here);
    void begin();                        // drive FRAME#, the address and the command
    void second_address();
    void during(bool granted);           // an edge of the own tenure, the address edge included
    void settle_width();                 // DEVSEL# is low for the first time: is ACK64#?
    void finish(std::string_view why, bool granted = false);       // IRDY# high: idle at the next edge, or the next address phase
    bool may_follow(unsigned target) const;
    void frame(bool low);                // and REQ64# with it
    void drive_word();
    void decide_last(std::string_view why);
    bool has_work() const { return next_ < work_.size() && work_[next_].arrival <= now_ && may_work(); }
    unsigned byte_enables(std::uint64_t dword) const;
    std::uint32_t written(std::uint64_t dword) const;
    bool came_wrong(std::uint64_t dword) const;

    const setup& setup_;
    const master_setup& own_;
    unsigned number_;
    pins& pins_;
    noise& noise_;
    std::string& log_;
    std::vector<item> work_;             // address and bytes shrink as words pass
    std::size_t next_ = 0;               // the item in hand
    sustained frame_, irdy_, req64_, perr_;
    parity_check received_;
    std::uint64_t received_dword_ = 0;
    struct written_one { bool on = false, came_so = false; } written_last_, written_before_;   // words, one and two clocks ago
    std::uint64_t words_before_ = 0;     // on the whole bus, before this tenure
    driven low_, high_;
    unsigned idsel_;                     // driver number
    bool req_low_ = false;

    std::int64_t now_ = 0, n_ = -1;      // time and number of the present edge
    bool busy_ = false;                  // from the edge before A to the edge before idle
    std::int64_t request_ = 0, address_edge_ = 0, origin_ = 0;   // edge numbers; origin_: the last address phase
    unsigned command_ = 0;               // of the tenure
    std::uint32_t bytes_ = 0;            // that it is to move
    bool wide_ = false;                  // REQ64# is or was low
    unsigned unit_ = 4;                  // bytes of a data phase
    std::uint32_t words_ = 0, passed_ = 0, last_ = 0;   // last_: number of the word that ends the tenure
    std::string_view why_last_;          // who set last_, empty: the length
    std::string_view ending_;            // not empty: FRAME# was raised on a stop or master abort: finish at the next edge
    bool claimed_ = false;
    std::vector<std::int64_t> data_;
};

}  // namespace reference::pci
