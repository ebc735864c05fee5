// The controller's core: registers on one side, units behind them. SDM 6.3.
#pragma once

#include <memory>

#include "nic/chip.h"
#include "nic/eeprom/eeprom_image.h"
#include "nic/eeprom/serial_eeprom.h"
#include "nic/mac/crypto_receive.h"
#include "nic/mac/crypto_transmit.h"
#include "nic/mac/flow_control.h"
#include "nic/mac/receiver.h"
#include "nic/mac/transmitter.h"
#include "nic/phy/mdi.h"
#include "nic/phy/phy_port.h"
#include "nic/receive/receive_unit.h"
#include "nic/registers/csr_map.h"
#include "nic/registers/identities.h"
#include "nic/registers/late_update.h"
#include "nic/registers/wake_up.h"
#include "nic/rings/chimney_unit.h"
#include "nic/rings/crypto_rings.h"
#include "nic/transmit/command_unit.h"

namespace nicteam::nic {

class controller : public pci::function, public sim::agenda_user {
public:
    controller(const chip&, eeprom_image);

    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override;
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override;
    pci::attempt decide(const pci::transfer&, ps decision) override;
    void planned(pci::transfer&, ps at) override;
    void attempt_ended(pci::transfer&, pci::ending, ps idle) override;
    void ended(pci::transfer&, pci::transfer_result, ps at) override;
    void forgotten(const pci::transfer&, std::uint32_t octets, ps at) override;
    void reset(pci::reset_kind, ps at) override;
    void due(unsigned slot, ps at) override;
    void power_written(ps at) override;
    bool configurable(ps at) const override { return at >= loaded_at_; }

    wire::wire_sink& link_in() { return port_.from_line(); }
    // Elaboration: this NIC has the crypto block.
    void carry(const offload::crypto_config&);
    void carry_chimney();                    // … an Offload Target
    rings::offload_unit* chimney() { return chimney_ ? &chimney_->unit() : nullptr; }
    offload::receive_block* crypto() { return crypto_ ? &crypto_->block() : nullptr; }
    offload::transmit_block* crypto_out() { return crypto_out_ ? &crypto_out_->block() : nullptr; }
    rings::ring_unit* crypto_unit() { return crypto_rings_ ? &crypto_rings_->unit() : nullptr; }
    void plug(wire::wire_source&);
    void begin(bool cold);                   // the simulation; cold: with its power-up
    // Called with the EEPROM's words whenever they are read anew.
    void on_loaded(std::function<void(const eeprom_image&)> f) { loaded_ = std::move(f); }
    void fault(mac_fault, bool begin, ps at);
    const descriptor_loops& loops() const { return chip_.loops; }
    wire::phy_setting phy_setting() const { return phy_.setting(); }

private:
    std::uint8_t byte(unsigned offset, ps at) const;
    const csr* register_at(unsigned offset) const { return csr_at(offset, info_of(chip_.config.identity).generation); }
    unsigned rate_word() const;
    void write_byte(unsigned offset, std::uint8_t v, ps at);
    void command(std::uint8_t v, ps at);
    void accept_cu(ps at);
    void accept_ru(ps at);
    void accepted(std::uint8_t part, ps at);
    void update_late(unsigned channel, ps at);
    std::uint8_t cu_status(ps at) const;
    std::uint8_t ru_status(ps at) const;
    bool dump_counters(bool and_reset, ps at);
    void report(std::uint32_t address, std::uint32_t bytes, ps at);
    void self_test_done(ps at);
    void run_port(std::uint32_t v, ps at);
    void reset_units(bool selective, ps at);
    void drive_eeprom(std::uint8_t pins, ps at);
    void link_changed(bool up, ps at);

    chip chip_;
    transmitter transmitter_;
    receiver receiver_;
    std::unique_ptr<crypto_receive> crypto_;
    std::unique_ptr<crypto_transmit> crypto_out_;
    std::unique_ptr<crypto_rings> crypto_rings_;
    std::unique_ptr<chimney_unit> chimney_;
    flow_control flow_;
    wake_up wake_;
    command_unit cu_;
    receive_unit ru_;
    std::array<std::uint8_t, csr_bytes> stored_{};
    edged<std::uint32_t> pointer_;           // as an acceptance on the edge of its write must not yet see it
    edged<std::uint8_t> command_;        // as software reads it back
    late_update late_cu_, late_ru_;
    phy phy_;
    phy_port port_;
    management_interface mdi_;
    serial_eeprom eeprom_;
    std::uint8_t eeprom_pins_ = 0;       // as software drives them
    ps eeprom_clocked_ = 0;              // the clock's last change
    std::array<std::uint8_t, 6> address_;    // as loaded from the EEPROM at power-up
    std::function<void(const eeprom_image&)> loaded_;
    bool link_was_up_ = false;
    ps loaded_at_ = 0;                   // the EEPROM has been read since power-up or RST#
    ps ready_at_ = 0;                    // SCB commands before this are refused: a reset is under way
    // What is written to memory without a command block: counters, internal dump, result of a self-test.
    enum class reporting : std::uint8_t { nothing, counters, dump, self_test };
    pci::transfer report_;
    reporting reporting_ = reporting::nothing;
    std::uint8_t report_bytes_[internal_dump_bytes + 4] = {};
    std::uint32_t dump_address_ = 0, self_test_address_ = 0;
};

}  // namespace nicteam::nic
