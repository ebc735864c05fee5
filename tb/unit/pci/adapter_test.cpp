// Base-protocol TLM-2.0 on both sides of the bus.
#include <catch2/catch.hpp>

#include <cstring>

#include "nicteam/pci/from_base_protocol.h"
#include "nicteam/pci/to_base_protocol.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;

namespace {

struct memory : sc_core::sc_module {
    tlm_utils::simple_target_socket<memory> socket{"socket"};
    explicit memory(sc_core::sc_module_name n) : sc_module(n) { socket.register_b_transport(this, &memory::b_transport); }
    void b_transport(tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
        ++calls;
        if (broken) return p.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        if (p.is_write()) std::memcpy(bytes + p.get_address(), p.get_data_ptr(), p.get_data_length());
        else std::memcpy(p.get_data_ptr(), bytes + p.get_address(), p.get_data_length());
        delay += latency;
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    std::uint8_t bytes[4096] = {};
    sc_core::sc_time latency;
    unsigned calls = 0;
    bool broken = false;
};

struct program : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<program> socket{"socket"};
    SC_HAS_PROCESS(program);
    explicit program(sc_core::sc_module_name n) : sc_module(n) { SC_THREAD(run); }
    tlm::tlm_response_status access(tlm::tlm_command c, std::uint64_t address, std::uint8_t* data, unsigned n) {
        tlm::tlm_generic_payload p;
        p.set_command(c);
        p.set_address(address);
        p.set_data_ptr(data);
        p.set_data_length(n);
        p.set_streaming_width(n);
        sc_core::sc_time delay;
        socket->b_transport(p, delay);
        CHECK(delay == sc_core::SC_ZERO_TIME);
        return p.get_response_status();
    }
    void run() {
        std::uint8_t out[37], in[37] = {};
        for (unsigned i = 0; i < 37; ++i) out[i] = static_cast<std::uint8_t>(3 * i + 1);
        statuses.push_back(access(tlm::TLM_WRITE_COMMAND, 0x1003, out, 37));
        times.push_back(sim::now());
        statuses.push_back(access(tlm::TLM_READ_COMMAND, 0x1003, in, 37));
        times.push_back(sim::now());
        same = std::memcmp(in, out, 37) == 0;
        statuses.push_back(access(tlm::TLM_READ_COMMAND, 0x9000, in, 4));
    }
    std::vector<tlm::tlm_response_status> statuses;
    std::vector<ps> times;
    bool same = false;
};

struct platform {
    test::fresh_kernel kernel;
    pci::bus bus{"bus", {}};
    program cpu{"cpu"};
    pci::from_base_protocol bridge{"bridge", bus};
    pci::to_base_protocol window{"window", {0x1000, 4096}, bus};
    memory ram{"ram"};
    platform() {
        cpu.socket.bind(bridge.socket);
        window.socket.bind(ram.socket);
    }
};

}  // namespace

TEST_CASE("Bytes cross the bus between base-protocol sockets") {
    platform p;
    sc_core::sc_start(30, sc_core::SC_US);
    REQUIRE(p.cpu.statuses.size() == 3);
    CHECK(p.cpu.statuses[0] == tlm::TLM_OK_RESPONSE);
    CHECK(p.cpu.statuses[1] == tlm::TLM_OK_RESPONSE);
    CHECK(p.cpu.statuses[2] == tlm::TLM_ADDRESS_ERROR_RESPONSE);
    CHECK(p.cpu.same);
    CHECK(p.ram.bytes[3] == 1);
    CHECK(p.cpu.times[0] == 30'000 * (1 + 2 + 9));       // parked: A = 1; 10 words, the last at A + 11
}

TEST_CASE("The delay behind the window becomes wait states") {
    platform p;
    p.ram.latency = sc_core::sc_time(200, sc_core::SC_NS);
    sc_core::sc_start(30, sc_core::SC_US);
    // A read that is ready 200 ns after A may pass at A + 7: five waits more than none.
    CHECK(p.cpu.times[1] - p.cpu.times[0] == 30'000 * (2 + 7 + 9));
    CHECK(p.cpu.same);
}

TEST_CASE("A long delay becomes retries and the access is made once") {
    platform p;
    p.ram.latency = sc_core::sc_time(2, sc_core::SC_US);
    sc_core::sc_start(30, sc_core::SC_US);
    CHECK(p.cpu.same);
    CHECK(p.ram.calls == 2);
    CHECK(p.cpu.times[1] - p.cpu.times[0] >= 2'000'000);
}

TEST_CASE("An error behind the window aborts a read and is counted for a write") {
    platform p;
    p.ram.broken = true;
    sc_core::sc_start(30, sc_core::SC_US);
    REQUIRE(p.cpu.statuses.size() == 3);
    CHECK(p.cpu.statuses[0] == tlm::TLM_OK_RESPONSE);
    CHECK(p.window.write_errors() == 1);
    CHECK(p.cpu.statuses[1] == tlm::TLM_GENERIC_ERROR_RESPONSE);
}
