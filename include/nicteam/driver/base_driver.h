// Base driver 104 (source documents 000/001, FIG. 1: 104-108) for the 82559: rings, acknowledgement, recovery, statistics.
// It knows its device by register accesses through the CPU and by bytes in host memory, nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/driver/adapter.h"
#include "nicteam/host/host.h"

namespace nicteam::ipsec {
enum class payload_kind : std::uint8_t;
class association;
struct association_parameters;
}

namespace nicteam::driver {

class unit_associations;

struct base_driver_config {
    unsigned transmit_ring = 64;          // command blocks
    unsigned receive_ring = 64;           // receive frame descriptors
    unsigned receive_buffer = 1518;       // bytes of one receive buffer
    unsigned receive_mode = 0;            // "simplified|flexible": a buffer in each frame descriptor, or a list of buffers that all share
    unsigned receive_buffers = 64;        // … of so many, each with a descriptor
    unsigned transmit_threshold = 0xE0;   // 8 bytes a unit: start of transmission
    bool standard_tcb = false;            // 16-byte transmit commands; default: extended ones of 32 bytes
    unsigned rx_fifo_limit = 8;           // configure byte 1
    unsigned underrun_retry = 1;          // configure byte 7 bits 2:1
    bool two_frames = true;               // configure byte 7 bit 6
    bool discard_short = true;            // configure byte 7 bit 0
    bool save_bad = false;                // configure byte 6 bit 7
    bool write_and_invalidate = true;     // configure byte 3 bit 0
    bool crc_to_memory = false;           // configure byte 18 bit 2
    bool long_frames = false;             // configure byte 18 bit 3
    bool flow_control = false;            // PAUSE is sent: configure byte 19 bits 3 to 5
    unsigned flow_control_threshold = 5;  // CSR 19h, 0 … 7
    unsigned flow_control_delay = 0x4000; // slot times, configure bytes 16 and 17
    unsigned priority_threshold = 7;      // configure byte 18 bits 6:4
    unsigned adaptive_gap = 0;            // configure byte 2
    unsigned linear_priority = 0;         // configure byte 11 bits 2:0
    unsigned linear_priority_after = 0;   // "own|all": configure byte 12 bit 0
    bool padding = true;                  // configure byte 18 bit 1
    bool promiscuous = false;
    bool checksum_offload = false;        // IPCB, extended descriptors and parser of an 82550: configure byte 7 bit 5, byte 22 bit 0
    bool chimney = false;                 // the device has an Offload Target
    bool receive_records = false;         // of a crypto block, behind each frame: models/driver/base_driver/receive_records.cpp
    unsigned numbers = 0;                 // "in_blocks|lent": sequence numbers of associations that the device puts on
    unsigned lease = 64;                  // lent at a time
    bool early_interrupt = false;         // of ring_driver_config::early
    unsigned completion_interrupt = 16;   // the I bit in every n-th transmit command; 0: never, reaped with other work
    bool interrupt_when_idle = true;      // CNA: the unit left the active state
    unsigned policy = 0;                  // "acknowledge|mask_and_poll": what the interrupt handler does; docs/cpu.md
    bool read_back = true;                // the handler waits until its acknowledgement has reached the device
    unsigned budget = 64;                 // most frames taken in one piece of deferred work
    unsigned accept_polls = 20'000;       // reads of the command byte before a command counts as hung
    unsigned absent_polls = 64;           // … of all ones in a row before the device counts as gone
    ps reset_time = 10 * microsecond;     // after a PORT reset
    ps block_poll = microsecond;          // between looks for the end of the command blocks that set the device up
    ps block_timeout = 20 * millisecond;  // … before the device counts as dead
    ps statistics_poll = 20 * microsecond;    // between looks for the end of a counter dump
    ps statistics_timeout = 20 * millisecond; // … before the request has failed
    ps link_poll = 2 * second;            // between looks at the link's state: how late a lost link is noticed
    ps transmit_timeout = 2 * second;     // no command completes for this long: the device is reset; 0: never
    unsigned after_timeout = 0;           // "give_up|resend": what was outstanding at that reset
    unsigned bring_up = 0;                // "short|full": models/driver/base_driver/power_on.cpp
    bool self_test = true;                // of a full one
    ps self_test_timeout = 10 * millisecond;
    ps eeprom_delay = 4 * microsecond;    // each level of its pins
    ps mdi_poll = 20 * microsecond;       // between looks for the end of a cycle on the management bus
    ps mdi_timeout = 2 * millisecond;     // … before there is no PHY
    std::string mac = "02:00:00:00:00:01";    // individual address that the driver sets up
};
extern const block_info base_driver_info; // kind "driver"

// What a driver takes of the host's memory when it is built.
struct base_driver_memory {
    std::uint64_t blocks = 0, dump_area = 0;
    std::vector<std::uint64_t> receive;   // one for each receive frame descriptor, in simplified mode with its buffer
    std::uint64_t buffer_descriptors = 0; // flexible mode: an array
    std::vector<std::uint64_t> buffers;   // one for each
};
base_driver_memory take_memory(host::memory&, const base_driver_config&);

class base_driver : public sc_core::sc_module, public adapter, private host::interrupt_handler, private host::hot_plug_user {
public:
    base_driver(sc_core::sc_module_name, const base_driver_config&, const host::place&);
    ~base_driver() override;

    const char* adapter_name() const override;
    void bind(adapter_user&) override;
    const capabilities& able() const override;
    void send(host::cpu&, const packet_list&, const send_how& = {}) override;
    void request(host::cpu&, control&) override;
    void submit(host::cpu&, job&) override;
    void give_back(host::cpu&, const packet_list&) override;
    void halt(host::cpu&, halt_reason) override;

    bool ready() const;                   // initialised, receiving
    offload_port* offload() override;

    // Elaboration, of a device with a crypto block: an association that the driver installs in it through its ring at each bring-up. All its
    // sequence numbers are the driver's, or drawn from `numbers`, which several devices may share and which outlives the driver. The name by
    // which packets and jobs ask for it, whatever device is there. `at_bring_up`: the device has it from then on; else when an association_change asks for it.
    enum class direction : std::uint8_t { receives, sends };
    state::handle hold(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind, direction, ipsec::association* numbers = nullptr,
                       bool at_bring_up = true);
    const unit_associations* associations() const;     // that it keeps in its device; null: of a device without a crypto block

private:
    void start_of_simulation() override;  // posts the initialisation to the CPU
    bool interrupt(host::cpu&) override;
    void inserted(host::cpu&) override;
    void removed(host::cpu&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;    // models/driver/base_driver/
};

}  // namespace nicteam::driver
