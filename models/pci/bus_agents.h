// Who is plugged into a bus: its masters with what configuration has set for them, its targets with what they claim.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "nicteam/pci/initiator.h"
#include "nicteam/pci/target.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {

// A value that configuration sets: an edge sees what was set strictly before it. What is set at time 0 has been so from the beginning.
class setting {
public:
    void set(unsigned v) {
        if (v == value_) return;
        const ps now = sim::now() ? sim::now() : -1;
        if (set_ != now) before_ = value_;
        set_ = now;
        value_ = v;
    }
    unsigned at(ps edge) const { return set_ < edge ? value_ : before_; }
    unsigned value() const { return value_; }

private:
    unsigned value_ = 0, before_ = 0;
    ps set_ = -1;
};

struct master_port {
    int socket = -1;               // index among the bus's sockets, -1: no such pair
    tlm::tlm_bw_transport_if<pci_types>* port = nullptr;   // known from power-on, as in target_port
    const initiator* agent = nullptr;
    payload* waiting = nullptr;    // from PCI_REQUEST to PCI_ADDRESS
    setting latency_timer, line_bytes;
};

struct target_port {
    const target* agent;
    unsigned socket;
    int device;                    // IDSEL line, -1: none
    tlm::tlm_fw_transport_if<pci_types>* port = nullptr;
};

// In order of device number, those without behind.
class address_decoders {
public:
    void add(const std::string& bus, target& t, int device) {
        if (device < -1 || device > 20) throw std::invalid_argument(bus + ": no such IDSEL line");
        auto place = all_.begin();
        while (place != all_.end() && (device < 0 || (place->device >= 0 && place->device <= device))) {
            if (device >= 0 && place->device == device) throw std::invalid_argument(bus + ": IDSEL line used twice");
            ++place;
        }
        all_.insert(place, {&t, static_cast<unsigned>(all_.size()), device});
    }
    // Who claims it, null: nobody. `conflict`: another does as well, and is not heard.
    const target_port* find(command c, std::uint64_t address, bool& conflict) const {
        if (is_configuration(c) && !(address & type_1_configuration)) {
            const auto device = static_cast<int>(address >> 11);
            for (const target_port& t : all_)
                if (t.device == device && t.agent->claims(c, address & 0x7FF)) return &t;
            return nullptr;
        }
        const target_port* found = nullptr;
        for (const target_port& t : all_) {
            if (!t.agent->claims(c, address)) continue;
            conflict = found != nullptr;
            if (conflict) break;
            found = &t;
        }
        return found;
    }
    auto begin() { return all_.begin(); }
    auto end() { return all_.end(); }

private:
    std::vector<target_port> all_;
};

}  // namespace nicteam::pci
