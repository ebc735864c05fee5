// An 82559 of nicteam, driven by our own bus functional model: our driver configures it, hands it a frame in our memory, and
// waits for its interrupt; our end of the wire checks what comes out.
//
//     program (our driver) ─ bus_functional_model ─ from_base_protocol ─┐
//                                                                   PCI bus ─ NIC ─ wire_end
//                                          memory ─ to_base_protocol ─┘
//
// The programming interface is Intel's (8255x Open Source Software Developer Manual): SCB in section 6.3, action commands in 6.4.
#include <cinttypes>
#include <cstdio>

#include "bus_functional_model.h"
#include "nicteam/nic/nic.h"
#include "nicteam/pci/from_base_protocol.h"
#include "nicteam/pci/to_base_protocol.h"
#include "nicteam/sim/session.h"
#include "wire_end.h"

using namespace nicteam;

namespace {

constexpr std::uint32_t csr = 0xE0000000, flash = 0xE0100000, scb_status = 0, scb_acknowledge = 1, scb_command = 2, scb_pointer = 4;
constexpr std::size_t memory_octets = 64 * 1024, configure_block = 0x1000, transmit_block = 0x2000;
constexpr std::uint16_t end_of_list = 0x8000, interrupt_when_done = 0x2000, configure = 2, transmit = 4, complete_ok = 0xA000;
constexpr std::uint8_t cu_start = 0x10;

class driver : public sc_core::sc_module, public pci::interrupt_sink {
public:
    SC_HAS_PROCESS(driver);
    driver(sc_core::sc_module_name n, bus_functional_model& bus, memory& ram, std::vector<std::uint8_t> frame)
        : sc_module(n), bus_(bus), ram_(ram), frame_(std::move(frame)) { SC_THREAD(run); }

    void drive(unsigned, bool asserted, ps) override {           // INTA#
        asserted_ = asserted;
        if (asserted) raised_.notify(sc_core::SC_ZERO_TIME);
    }
    bool done = false;

private:
    void run() {
        // Standard TCBs, 16 statistics counters, MII, our address: what the manual suggests.
        ram_.put(configure_block + 8, {0x16, 0x08, 0, 0x02, 0, 0, 0x32, 0x43, 0x01, 0, 0x2E, 0, 0x60, 0, 0xF2, 0x48, 0, 0x40, 0xF2, 0x80, 0x3F, 0x05});
        carry_out(configure_block, configure);

        ram_.put<std::uint32_t>(transmit_block + 8, 0xFFFFFFFF);                                             // simplified: the data stand behind
        ram_.put<std::uint32_t>(transmit_block + 12, 0xE0u << 16 | static_cast<std::uint32_t>(frame_.size()));   // threshold, octets
        ram_.put(transmit_block + 16, frame_);
        carry_out(transmit_block, transmit);
        done = true;
    }

    void carry_out(std::size_t block, std::uint16_t command) {
        ram_.put<std::uint16_t>(block, 0);
        ram_.put<std::uint16_t>(block + 2, static_cast<std::uint16_t>(end_of_list | interrupt_when_done | command));
        bus_.write<std::uint32_t>(csr + scb_pointer, static_cast<std::uint32_t>(block));
        bus_.write<std::uint8_t>(csr + scb_command, cu_start);
        while (!asserted_) wait(raised_);
        const auto causes = bus_.read<std::uint8_t>(csr + scb_acknowledge);
        bus_.write<std::uint8_t>(csr + scb_acknowledge, causes);
        const auto status = ram_.get<std::uint16_t>(block);
        std::printf("%12" PRId64 " ps  block %zx: status %04x, causes %02x\n", sim::now(), block, status, causes);
        if (status != complete_ok) throw std::runtime_error("the command was not carried out");
    }

    bus_functional_model& bus_;
    memory& ram_;
    std::vector<std::uint8_t> frame_;
    sc_core::sc_event raised_;
    bool asserted_ = false;
};

}  // namespace

int sc_main(int, char**) {
    std::vector<std::uint8_t> frame{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x88, 0xB5};       // to all, experimental EtherType
    for (unsigned i = 0; i < 100; ++i) frame.push_back(static_cast<std::uint8_t>(i));

    sim::session session;                                        // before the model, which binds its metrics and probes in it
    pci::bus pci("pci", {});                                     // 33 MHz, round robin
    bus_functional_model bus("bus");
    memory ram("ram", memory_octets);
    pci::from_base_protocol master("master", pci, 0);            // REQ#/GNT# pair 0; the NIC in slot 0 has pair 1
    pci::to_base_protocol window("window", {0, memory_octets}, pci);
    driver software("software", bus, ram, frame);
    nic::nic card("card", {}, pci, &software);
    wire_end wire;
    bus.socket.bind(master.socket);
    window.socket.bind(ram.socket);
    card.plug(wire);

    pci::configuration_space& header = card.pci_device().registers();        // what firmware does at power-up
    header.write(0x10, 4, csr);
    header.write(0x18, 4, flash);                                            // else it lies at 0, where our memory is
    header.write(0x04, 2, 0x06);                                             // memory space, bus master
    session.settle_order();
    sc_core::sc_start(1, sc_core::SC_MS);

    if (!software.done || wire.arrived.size() != 1) {
        std::printf("no frame came out\n");
        return 1;
    }
    const wire_end::arrival& a = wire.arrived.front();
    const bool same = a.octets.size() == frame.size() + 4 && std::equal(frame.begin(), frame.end(), a.octets.begin());
    std::printf("%12" PRId64 " ps  wire: first octet; last at %" PRId64 " ps; %zu octets with FCS, FCS %s, octets %s\n", a.first, a.last, a.octets.size(),
                a.good ? "good" : "bad", same ? "as sent" : "differ");
    return same && a.good ? 0 : 1;
}
