// PAUSE (IEEE 802.3 annex 31B; SDM 6.6.2): what a full-duplex NIC does with those that it receives, and when it sends some. docs/pause.md.
#pragma once

#include "nic/chip.h"
#include "nic/mac/receiver.h"
#include "nic/mac/transmitter.h"

namespace nicteam::nic {

bool is_mac_control(const frame&);       // by its type

class flow_control {
public:
    flow_control(chip&, transmitter&, receiver&);
    void configured();
    void link_up();                      // perhaps to another end, which knows nothing of what was asked for
    void reset();

    // Registers 19h and 1Ah.
    std::uint8_t status(ps at) const;
    void write_threshold(std::uint8_t v);
    void write_command(std::uint8_t v, ps at);
    void resend(ps at);                  // timer

private:
    bool received(const frame&, ps at);
    void reached(ps at);
    void level(std::uint32_t bytes, ps at);
    void sent(std::uint16_t quanta, ps at);
    void ask(std::uint16_t quanta, ps at);
    bool there() const;                  // in this identity
    bool asked() const;                  // to send by itself when the FIFO is full
    std::uint16_t delay() const;         // Configure bytes 16 and 17, slot times
    void watch();

    chip& chip_;
    transmitter& out_;
    receiver& in_;
    unsigned threshold_ = 0;             // bits 2:0 of 19h
    std::uint32_t limit_ = 0;            // bytes in the FIFO that are too many; 0: nobody cares
    bool full_ = false;                  // of the receive FIFO too little is free, and somebody cares
    bool told_ = false;                  // and the other end was told to stop
    bool software_off_ = false;          // XOFF by software
};

}  // namespace nicteam::nic
