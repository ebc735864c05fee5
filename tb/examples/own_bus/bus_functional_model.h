// Our bus functional model: a TLM-2.0 base-protocol initiator with blocking accesses, and the memory that the NIC works in.
// Neither knows anything of nicteam.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

// Little endian, as everything on PCI.
template <class T> T from_octets(const std::uint8_t* b) {
    T v = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) v = static_cast<T>(v | static_cast<T>(b[i]) << 8 * i);
    return v;
}
template <class T> void to_octets(std::uint8_t* b, T v) {
    for (unsigned i = 0; i < sizeof(T); ++i) b[i] = static_cast<std::uint8_t>(v >> 8 * i);
}

class bus_functional_model : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<bus_functional_model> socket{"socket"};

    explicit bus_functional_model(sc_core::sc_module_name n) : sc_module(n) {}

    // From a thread only; they return when the last octet has passed.
    template <class T> T read(std::uint64_t address) {
        std::uint8_t b[sizeof(T)] = {};
        access(tlm::TLM_READ_COMMAND, address, b, sizeof(T));
        return from_octets<T>(b);
    }
    template <class T> void write(std::uint64_t address, T v) {
        std::uint8_t b[sizeof(T)];
        to_octets(b, v);
        access(tlm::TLM_WRITE_COMMAND, address, b, sizeof(T));
    }

private:
    void access(tlm::tlm_command c, std::uint64_t address, std::uint8_t* data, unsigned octets) {
        tlm::tlm_generic_payload p;
        p.set_command(c);
        p.set_address(address);
        p.set_data_ptr(data);
        p.set_data_length(octets);
        p.set_streaming_width(octets);
        sc_core::sc_time delay;
        socket->b_transport(p, delay);
        if (!p.is_response_ok()) throw std::runtime_error("bus: " + p.get_response_string());
    }
};

class memory : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<memory> socket{"socket"};

    memory(sc_core::sc_module_name n, std::size_t octets) : sc_module(n), octets_(octets) { socket.register_b_transport(this, &memory::b_transport); }

    template <class T> void put(std::size_t at, T v) { to_octets(&octets_.at(at + sizeof(T) - 1) - (sizeof(T) - 1), v); }
    template <class T> T get(std::size_t at) const { return from_octets<T>(&octets_.at(at + sizeof(T) - 1) - (sizeof(T) - 1)); }
    void put(std::size_t at, const std::vector<std::uint8_t>& from) {
        for (std::size_t i = 0; i < from.size(); ++i) octets_.at(at + i) = from[i];
    }

private:
    void b_transport(tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
        std::uint8_t* here = octets_.data() + p.get_address();
        if (p.is_write()) std::memcpy(here, p.get_data_ptr(), p.get_data_length());
        else std::memcpy(p.get_data_ptr(), here, p.get_data_length());
        delay += sc_core::sc_time(60, sc_core::SC_NS);        // our memory's access time becomes wait states on PCI
        p.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    std::vector<std::uint8_t> octets_;
};
