// The jobs of a data_device: what falls due in it, and the driver that hands its requests to a pool. No octet of them passes a CPU.
#pragma once

#include <memory>

#include <systemc>

#include "nicteam/host/host.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/secondary/data_device.h"

namespace nicteam::secondary {

class device_load : public sc_core::sc_module {
public:
    // Of the configuration, what an application's own time is, is not the device's. `place`: of the device in its host.
    device_load(sc_core::sc_module_name, const crypto_load_config&, ipsec::payload_kind, unsigned number, crypto_service&, data_device&, const host::place&);
    ~device_load() override;

private:
    void start_of_simulation() override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;   // models/secondary/device_load.cpp
};

}  // namespace nicteam::secondary
