// What the base driver keeps. initialise.cpp brings the device up, transmit.cpp and receive.cpp work the rings, requests.cpp
// controls it, checksum_offload.cpp is what an 82550 has besides, watchdog.cpp looks after link and device, operator.cpp does what an operator asks for, engines.cpp keeps
// in mind whether those of a crypto block work, base_driver.cpp ties them to the interrupt.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "driver/base_driver/device.h"
#include "nicteam/driver/questions.h"
#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/chimney_driver.h"
#include "nicteam/driver/packet_lists.h"
#include "nicteam/driver/unit_associations.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {

enum class driver_metric : unsigned {
    sent_packets, sent_bytes, received_packets, received_bytes, receive_errors, receive_skipped, receive_mislaid, no_room, underruns, resumes,
    receiver_restarts, interrupts, not_mine,
    acceptance_polls, hung_commands, leases, refused, controls, failed_controls, not_done, failed_start, transmit_timeouts, resent, failed_resets, failed,
    failed_self_test, bad_eeprom, no_phy, ready_at, link_at, link_changes, operator_resets, told_again, engines_lost,
    number_of
};
constexpr unsigned block_bytes = 416;             // of a command block: header, 64 multicast addresses; whole 32-byte lines
constexpr unsigned driver_metric_count = static_cast<unsigned>(driver_metric::number_of);
enum class driver_level : unsigned { transmit_used = driver_metric_count, receive_posted, buffers_posted, number_of };
enum class driver_stage : unsigned { queued, notified, reaped, received };
enum class driver_outcome : unsigned { not_done, receive_error, transmit_failed, resent, misled };

constexpr unsigned operator_faults = 2;
extern const fault_info operator_fault_rows[operator_faults];

struct base_driver::machinery {
    // One place in the ring of command blocks.
    struct slot {
        packet* sending = nullptr;                // a transmit command
        control* request = nullptr;               // completes with this block
    };
    // One receive frame descriptor with its buffer.
    struct receive_place {
        std::uint64_t address = 0;
        packet frame;
        bool with_user = false;
        std::vector<unsigned> buffers;            // flexible mode: what its frame took of them
    };

    machinery(base_driver&, const base_driver_config&, const host::place&);

    base_driver& driver;
    base_driver_config config;
    host::place place;
    host::memory& ram;
    adapter_user* user = nullptr;
    capabilities able;
    sim::station& station;
    sim::shadow& shadow;
    const sim::shadow& descriptors;               // flexible mode
    sim::doubt& doubt;

    bool ready = false, halted = false;
    bool failed_to_start = false;                 // and will be tried again
    bool down = false;                            // by an operator: what is put in waits
    unsigned life = 0;                            // devices that it has had
    std::uint64_t bar = 0;
    bool command_pending = false;                 // byte 2 has been written and not seen 0 since
    std::uint64_t commands = 0;                   // times that it was written

    // Interrupt and deferred work.
    unsigned events = 0;                          // acknowledged, not worked off
    bool scheduled = false;
    bool polling = false;                         // the device is masked until deferred work finds nothing more
    bool unmasking = false;                       // … which ends just now

    // Command blocks: [clean, clean + used) are the device's, the last of them carries S.
    std::uint64_t blocks = 0;
    std::vector<slot> slots;
    unsigned next = 0, clean = 0, used = 0, since_interrupt = 0;
    bool started = false;
    bool notify = false;                          // blocks written that the device does not know of
    packet_list notified_list;
    packet_lists lists;
    std::vector<slot> lost;                       // outstanding when the device was reset, until it runs again
    ps progress = 0;                              // a block completed last, or the first one began to wait
    bool watching = false;                        // the watchdog will look

    // Receive.
    std::vector<receive_place> places;
    std::vector<unsigned> list;                   // ring of indices into places: what the device has, in order
    unsigned list_first = 0, list_used = 0;
    bool receiver_stopped = true;
    std::uint64_t buffer_descriptors = 0;         // flexible mode
    std::vector<std::uint64_t> buffers;           // of each
    std::vector<unsigned> buffer_list;            // ring, as of descriptors: which buffer each has
    unsigned buffers_first = 0, buffers_used = 0;
    bool mislaid = false;                         // which frame has which buffer cannot be told any more

    // Requests.
    set_filter filter;
    std::uint64_t dump_area = 0;
    std::deque<read_statistics*> dumps;
    bool dumping = false;                         // the first of them
    ps dump_begun = 0;
    link_state link{false, 0, false, 0};
    int revision = -1;                            // of the device, asked for at its first reset; -1: not yet
    bool link_known = false, link_was_up = false, was_ready = false;

    void claim(const sim::station::claim&) const;  // packets in the rings

    counter* counters[driver_metric_count];
    level &transmit_used, &receive_posted, &buffers_posted;
    sim::probe &transmit_probe, &receive_probe, &ready_probe, &link_probe;

    void count(driver_metric m, std::uint64_t n = 1) { counters[static_cast<unsigned>(m)]->add(n); }
    void pass(trace_id id, driver_stage s, ps at) const;
    void end(const packet&, driver_outcome, ps at) const;
    void settle(trace_id id, driver_outcome o, ps at) const;      // in doubt: it ends here if nobody has it
    host::cpu_core& home() { return *place.cpu; }

    // Registers.
    std::uint32_t read(host::cpu& c, unsigned offset, unsigned size) { return c.read(bar + offset, size); }
    void write(host::cpu& c, unsigned offset, unsigned size, std::uint32_t v) { c.write(bar + offset, size, v); }
    bool accepted(host::cpu&);                    // waits until the device has taken the last command
    void command(host::cpu&, unsigned code);      // behind accepted()
    bool command(host::cpu&, unsigned code, std::uint32_t pointer);     // false: the device does not take the pointer
    unsigned mask_bits() const;

    // initialise.cpp
    void initialise(host::cpu&);
    void start_again(host::cpu&);                 // another device is in the slot
    bool find_device(host::cpu&);
    std::uint32_t configuration(host::cpu&, unsigned reg, unsigned size);
    void try_later(host::cpu&, unsigned of);
    bool bring_up(host::cpu&);                    // from reset to receiving; false: the device does not answer
    void reset(host::cpu&, std::uint32_t port_function);
    bool extended_blocks() const { return !config.standard_tcb && revision >= i82559::first_of_82558; }

    // checksum_offload.cpp
    bool offloads() const { return config.checksum_offload && extended_blocks() && revision >= i82559::first_with_packet_assist; }
    unsigned data_offset() const { return offloads() ? i82559::rfd_extended_data : i82559::rfd_data; }
    checksum_verdict verdict_of(const receive_place&, unsigned status, ps at) const;

    // receive_records.cpp: a device with a crypto block writes a record behind each frame.
    std::uint32_t record_room() const { return config.receive_records ? i82559::most_record : 0; }
    bool take_record(receive_place&, unsigned& bytes, ps at);      // false: there is none that makes sense

    // protection.cpp: a device with a crypto block puts associations on what is sent.
    struct lent_numbers {
        state::handle association;                // the driver's name for it
        std::uint64_t with_device = 0;            // of those lent to it, what no block has asked for yet
    };
    std::vector<lent_numbers> outbound;
    lent_numbers* numbers_of(state::handle);
    unsigned blocks_for(const packet&);
    bool can_protect(const packet&);
    void lend(host::cpu&, lent_numbers&);
    std::uint64_t draw(host::cpu&, const packet&);
    void write_protected(host::cpu&, packet&, std::uint64_t block, std::uint64_t number);

    // engines.cpp: whether the device's engines still put associations on
    bool engines_out = false;                     // it has told that they are out of use
    bool refused_by_engines(const packet&, unsigned status) const;      // of a command block that completed
    bool refused_by_engines(const crypto_job&) const;                   // … of a job that did
    void lose_engines(host::cpu&);
    void engines_are_back();

    // associations.cpp: what it keeps in the device's crypto block, through the device's ring; null: the device has none
    std::unique_ptr<ring_driver> rings;
    std::unique_ptr<unit_associations> associations;
    state::handle hold(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind, direction, ipsec::association* numbers, bool at_bring_up);
    void change_place(host::cpu&, association_change&);
    bool install_associations(host::cpu&);
    void take_associations_home(host::cpu&);
    void translate(security_status&);             // from the device's handles to the names that users know
    void submit(host::cpu&, job&);
    void finished(host::cpu&, crypto_job&);

    std::unique_ptr<chimney_driver> chimney;      // null: the device has no Offload Target

    // operator.cpp
    void bind_operator();
    void operator_reset(host::cpu&);
    void take_down(host::cpu&, bool begin);

    void began(ps at);                            // the device is set up, for the first time or again

    // power_on.cpp: false, the device is not to be used
    bool power_on(host::cpu&);
    bool self_test(host::cpu&);
    bool read_eeprom(host::cpu&);                 // all words, and their sum is right
    unsigned eeprom_word(host::cpu&, unsigned word, unsigned& address_bits);
    bool eeprom_bit(host::cpu&, bool in);         // data out
    void eeprom_pins(host::cpu&, unsigned);
    bool set_up_phy(host::cpu&);
    unsigned phy_cycle(host::cpu&, std::uint32_t word);

    // watchdog.cpp
    void look_at_units(host::cpu&);               // that they are as they were told to be
    void look_at_link(host::cpu&, unsigned life);
    void tell_gone(host::cpu&);                   // to the user: the device is not to be used
    void read_link(host::cpu&, bool tell);        // tells of a change; `tell`: in any case
    void watch(ps at);
    void look_for_progress(host::cpu&);
    // An 82557 or 82558 tells of its link only through the PHY.
    bool has_general_status() const { return revision >= i82559::first_with_general_status; }
    void recover(host::cpu&);
    void resend(host::cpu&, packet&);

    // transmit.cpp
    std::uint64_t block_of(unsigned n) const { return blocks + static_cast<std::uint64_t>(n) * block_bytes; }
    unsigned room() const { return static_cast<unsigned>(slots.size()) - used - 1; }      // one block always holds S
    void lay_out_blocks(ps at);
    std::uint64_t open_block(host::cpu&);         // the next block, its link already there
    void close_block(host::cpu&, unsigned command, const slot&);
    bool fits(const packet&);               // the device can send it: pieces and length
    void append_packet(host::cpu&, packet&);
    void close_packet(host::cpu&, packet&, unsigned code);
    void kick(host::cpu&);
    void reap(host::cpu&, bool last = false);     // last: the device was reset, what it has not completed is lost
    slot take_slot();                             // the oldest block's
    bool gone(const packet&) const;               // what is left in memory is no packet any more, for observers
    bool not_sent(const packet&, driver_outcome, ps at) const;    // true: it ended here
    void give_up(packet&, ps at, packet_list&);
    void hand_back(host::cpu&, packet_list&, status);
    void show_transmit(ps at);
    static constexpr unsigned most_multicast = 64;
    static constexpr unsigned most_pieces = 8;

    // receive.cpp
    void lay_out_list(ps at);
    void append_place(unsigned n, ps at);
    void forget(const receive_place&, ps at);
    void forget(std::uint64_t address, std::uint32_t bytes, ps at);
    std::uint32_t place_bytes() const { return data_offset() + (scattered() ? 0 : buffer_bytes()); }
    std::uint32_t buffer_bytes() const { return (config.receive_buffer + record_room() + 1u) & ~1u; }
    void start_receiver(host::cpu&);
    unsigned drain(host::cpu&);                   // frames handed up
    bool skipped(ps at) const;                    // the list's first descriptor will never complete
    void deliver(host::cpu&, receive_place&, unsigned status, unsigned bytes);
    void read_frame(const receive_place&, std::uint32_t from, std::uint8_t* to, std::uint32_t n, ps at) const;
    static void shorten(packet&, std::uint32_t bytes);
    std::uint16_t type_of(const receive_place&, ps at) const;
    void return_place(host::cpu&, packet&);       // the driver itself gives it back
    void show_receive(ps at);

    // receive_buffers.cpp: the flexible mode
    bool scattered() const { return config.receive_mode == 1; }
    trace_id id_in(const receive_place& p) const { return scattered() ? descriptors.at(p.address) : shadow.at(p.address + data_offset()); }     // for observers
    unsigned buffer_slot(unsigned n) const { return (buffers_first + n) % static_cast<unsigned>(buffer_list.size()); }     // of the n-th that the device has
    std::uint64_t descriptor_of(unsigned slot) const { return buffer_descriptors + std::uint64_t{slot} * i82559::rbd_bytes; }
    void lay_out_buffers(ps at);
    void append_buffer(unsigned n, ps at);
    void give_first_buffer(ps at);                // the first frame descriptor tells the device where the list begins
    bool take_buffers(receive_place&, unsigned status, unsigned& bytes, ps at);      // false: they do not fit together
    void lose(receive_place&, ps at);             // the frame, and what of the rest fits together
    void drop(receive_place&, ps at);
    void lay_out_anew(host::cpu&);

    // requests.cpp
    void request(host::cpu&, control&);
    void finish(host::cpu&, control&, status, const char* detail = "");
    void tell(host::cpu&, control&);                  // it has its result
    void identify_to(host::cpu&, identify&);
    void append_configure(host::cpu&, control*);
    void append_address(host::cpu&, control*);
    void append_multicast(host::cpu&, control*);
    void start_dump(host::cpu&);
    bool issue_dump(host::cpu&);
    void look_at_dump(host::cpu&);
    void end_dump(host::cpu&, status, const char* detail = "");

    // base_driver.cpp
    bool interrupt(host::cpu&);
    void schedule(host::cpu&);
    void work(host::cpu&);
    void halt(host::cpu&, halt_reason);
};

}  // namespace nicteam::driver
