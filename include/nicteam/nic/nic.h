// An Intel 82559 class network interface controller: a PCI device on one side, an end of a link on the other.
//
// SDM = 8255x Open Source Software Developer Manual 1.3, DS = 82559ER datasheet 1.8. docs/nic-fifos.md gives the edges of
// FIFOs and MAC. What the controller does not know is refused, counted (`refused_…`) and does no harm.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/pci/device.h"
#include "nicteam/rings/offload_config.h"
#include "nicteam/wire/link.h"

namespace nicteam::offload {
class receive_block;
class transmit_block;
}
namespace nicteam::rings {
class offload_unit;
class ring_unit;
}

namespace nicteam::nic {

enum class nic_identity : std::uint8_t { i82557, i82558, i82559, i82550, extended };   // choices "82557|82558|82559|82550|extended"
enum class rx_burst_mode : std::uint8_t { configure, frame };       // choices "configure|frame"
enum class loop_mode : std::uint8_t { as_chip, stop };              // choices "as_chip|stop"

struct nic_config {
    nic_identity identity = nic_identity::i82559;
    std::string pci_id;                          // "10ec:8139" or, with the revision, "10ec:8139:10", in hexadecimal: what the configuration header says; empty: the identity's own
    std::string mac = "02:00:00:00:00:01";       // in the EEPROM, if that is made: six octets in hexadecimal
    std::string eeprom;                          // file with its words (models/nic/eeprom/eeprom_image.h); empty: made from `mac`
    unsigned eeprom_words = 64;                  // of one that is made: 64 (93C46) or 256 (93C66)
    ps eeprom_programming = 10'000'000'000;      // how long a write or erase takes, at least 1 ps
    ps eeprom_half_clock = 1'000'000;            // shorter levels of its clock are counted
    unsigned eeprom_load_clocks = 16;            // PCI clocks of a level of its clock while the controller itself reads it
    bool cold = false;                           // powered up at time 0: the EEPROM is still to be read; else it has been
    int slot = 0;                                // PCI device number, 0 … 20
    std::int64_t link_rate = 100'000'000;        // the PHY's highest rate, bit/s; the link's own rate is what counts
    std::uint32_t tx_fifo = 3072, rx_fifo = 3072;   // bytes
    std::uint32_t memory = 0;                    // of its own, octets; 0: none
    rx_burst_mode rx_burst = rx_burst_mode::configure;
    unsigned bus_width = 0;                      // choices "32|64": REQ64# as a master
    unsigned cu_accept = 2, ru_accept = 2;       // PCI clocks from the SCB command write to its acceptance, at least 1
    unsigned port_accept = 10;                   // PCI clocks from the PORT write to the end of the reset, at least 1
    unsigned cid_unit = 256;                     // PCI clocks that a CID of 1 holds CNA back, at least 1
    unsigned bundle_frames = 1;                  // received frames of which one FR tells, at least 1
    ps bundle_time = 1'000'000'000;             // FR comes so long behind the first of them at the latest, at least 1 ps
    ps mdi_frame = 25'600'000;                   // from the MDI control write to Ready, at least 1 ps
    unsigned tbd_poll = 32;                      // PCI clocks until a dynamic TBD that is not valid is read again, at least 1
    loop_mode descriptor_loops = loop_mode::as_chip;   // what a unit does at a descriptor that it has completed itself
    unsigned microcode_dwords = 64;              // that Load Microcode fetches
    ps self_test = 1'000'000'000;                // from the PORT write to its result, at least 1 ps
    unsigned tx_stage_clocks = 0, rx_stage_clocks = 0;   // identity stages: on the receive side in the place of the crypto block
    offload::crypto_config crypto;               // its rows are offload::crypto_info's
    rings::offload_unit_config chimney;          // its rows are rings::offload_unit_info's
};
extern const block_info nic_info;                // kind "nic"

// What a configuration asks for that its identity cannot do.
struct problem {
    std::string parameter;                       // name of the row in nic_info
    std::string message;                         // what is wrong, what is allowed, and which identity would allow it
};
// A device that cannot pulls M66EN low (PCI 2.2, 7.5.1).
bool runs_at_66_mhz(const nic_config&);
// plugged_rate: bit/s of the link that will be plugged in, 0 if not known yet.
std::vector<problem> check(const nic_config&, std::int64_t plugged_rate = 0);

// Vendor, device and revision of a configuration header (PCI 2.2, 6.2.1); none: `text` is not "10ec:8139" or "10ec:8139:10".
struct pci_identification {
    std::uint16_t vendor, device;
    std::optional<std::uint8_t> revision;
};
std::optional<pci_identification> parse_pci_id(const std::string& text);
pci_identification identification_of(const nic_config&);       // with its revision. Throws as eeprom_of does

std::array<std::uint8_t, 6> parse_mac(const std::string&);     // throws std::invalid_argument
// The words that the EEPROM holds at power-up. Throws std::invalid_argument: the file cannot be read or holds no image.
std::vector<std::uint16_t> eeprom_of(const nic_config&);

// Where a unit stopped, as descriptor_loops = "stop" asks for (docs/decisions/0092).
struct descriptor_stop {
    enum class kind : std::uint8_t { command_block, receive_frame, receive_buffer } what;
    std::uint32_t address;                       // of the descriptor
    ps at;
};

// Where the own memory of a nic that has one lies on its bus (base address register 4), as its configuration header says now.
std::uint64_t memory_of(const pci::device& of_a_nic);

class nic : public sc_core::sc_module, public wire::wire_end_point {
public:
    // Throws std::invalid_argument with the first of check()'s problems.
    nic(sc_core::sc_module_name, const nic_config&, pci::bus&, pci::interrupt_sink* = nullptr);
    ~nic() override;

    wire::wire_sink& receiver() override;
    void plug(wire::wire_source&) override;
    const char* end_point_name() const override;
    wire::phy_setting phy() const override;
    const nic_config& config() const;
    pci::device& pci_device();
    offload::receive_block* crypto();            // null: it has no crypto block
    const std::optional<descriptor_stop>& first_descriptor_stop() const;     // the metric descriptor_stops counts them all
    offload::transmit_block* crypto_out();       // its transmit side
    rings::ring_unit* crypto_unit();             // its rings
    rings::offload_unit* chimney();              // its Offload Target; null: it has none

private:
    void start_of_simulation() override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;       // models/nic/nic.cpp
};

}  // namespace nicteam::nic
