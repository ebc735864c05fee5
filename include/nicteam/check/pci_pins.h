// The pins of a PCI bus as a clocked bus would drive them, drawn from the tenures of the event-driven one: docs/bus.md,
// section 3. Nothing runs while nothing is watched.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/pci/bus.h"
#include "nicteam/pci/device.h"
#include "nicteam/report/waveform_writer.h"

namespace nicteam::check {

struct pci_pins_options {
    std::vector<unsigned> devices;       // device numbers with an IDSEL line
    bool clock = false;                  // draw CLK
    ps from = 0, until = never;          // tenures outside are not drawn
};

// Variables: scope = path of the bus; RST_n AD CBE_n PAR FRAME_n IRDY_n TRDY_n DEVSEL_n STOP_n PERR_n SERR_n REQ_n_<master>
// GNT_n_<master> IDSEL_<device> INTA_n … INTD_n, CLK if asked for; on a 64-bit bus REQ64_n ACK64_n AD_high CBE_n_high PAR64
// (AD[63:32], C/BE#[7:4]). A master is called by its name, with its number where two
// have the same. A change stands at the edge at which it is driven, one clock before it is sampled. A tenure is drawn when it
// ends: a waveform stops where one begins that has not ended by the end of the run.
class pci_pins : public pci::tenure_observer, public pci::reset_user {
public:
    // Once all masters are plugged in.
    pci_pins(pci::bus&, report::waveform_writer&, const pci_pins_options& = {});

    void tenure(const pci::payload&, const pci::pci_extension&) override;
    bool follows_grants() const override { return true; }
    void grant(int master, ps from) override;
    void withdrawn(unsigned master, ps request, ps until) override;
    void system_error(ps at) override;
    void reset_line_changed(bool low, ps at) override;
    // INTA# … INTD# (pin 0 … 3), driven at edge `at`.
    void interrupt(unsigned pin, bool asserted, ps at);

    // Draws what is certain, and returns an instant before which nothing more will be drawn.
    ps settle();
    ps first_tenure() const { return first_tenure_; }    // in the window: its address edge; `never` while there was none

private:
    using variable = report::waveform_writer::variable;
    struct level { ps at; variable which; std::uint8_t value; };     // of a control line; 2: released
    static constexpr std::uint8_t released = 2;

    ps driven(ps sampled) const { return sampled < period_ ? 0 : sampled - period_; }
    void control(variable v, ps sampled, std::uint8_t value) { controls_.push_back({driven(sampled), v, value}); }
    void low(variable, ps from, ps to);          // sampled low in [from, to), high for one clock, then released
    void draw(const level&);
    void draw_before(ps);                        // control lines, strictly before
    // AD, C/BE# and PAR, or their upper halves.
    struct half {
        variable ad = 0, cbe = 0, par = 0;
        ps parity_at = never;                    // a parity to be drawn
        bool parity_on = false, parity = false;
        unsigned cbe_drawn = 16;                 // 16: z
    };
    struct lanes { bool on; std::uint32_t ad; unsigned cbe; bool wrong = false; };     // wrong: PAR is not theirs
    void data(half&, ps sampled, lanes);         // AD is z unless on
    void nothing(half&, ps sampled);             // all z
    void parity_before(half&, ps);
    void park_before(ps edge);
    void draw_request(unsigned master, ps request);
    void draw_data(const pci::payload&, const pci::pci_extension&);
    void draw_errors(const pci::pci_extension&);
    void draw_upper(const pci::payload&, const pci::pci_extension&);

    pci::bus& bus_;
    report::waveform_writer& out_;
    pci_pins_options options_;
    ps period_;
    variable rst_, frame_, irdy_, trdy_, devsel_, stop_, perr_, serr_, req64_ = 0, ack64_ = 0;
    half low_, high_;
    std::vector<variable> req_, gnt_, idsel_, interrupt_;
    std::vector<ps> requested_;                  // the last REQ# drawn low, by master
    int holder_ = -1;
    ps serr_at_ = never;                         // sampled low there, the latest edge
    ps idle_ = 0, first_tenure_ = never;         // of the latest tenure, of the first
    struct parking { ps edge; bool driven; };
    std::vector<parking> parking_;               // AD and C/BE# on an idle bus as sampled from each edge on, if it is idle by then
    std::vector<level> controls_;                // of one tenure, in order of time
    std::size_t next_control_ = 0;
};

}  // namespace nicteam::check
