// QEMU's i82559c. A second one on the same hub is its wire: what that one sends arrives here, what is sent here lands in its
// receive ring, all within the register write that causes it. No sockets, no waiting.
#pragma once

#include <memory>

#include "qtest.h"
#include "side.h"

namespace qemu_oracle {

class qemu_side : public side {
public:
    qemu_side();

    void begin() override;
    void poke(std::uint32_t address, const octets&) override;
    octets peek(std::uint32_t address, std::uint32_t size) override;
    void write(space, unsigned offset, unsigned size, std::uint32_t value) override;
    void read(space, unsigned offset, unsigned size, std::uint32_t& into) override;
    void arrive(const octets&) override;
    void interrupt(bool& into) override;
    void cut(std::uint32_t) override {}
    void settle() override { qemu_.flush(); }
    std::vector<octets> sent() override;

    std::uint32_t identity() {
        std::uint32_t v = 0;
        read(space::configuration, 0, 4, v);
        settle();
        return v;
    }

private:
    void put32(std::uint32_t address, std::uint32_t);
    std::uint32_t get32(std::uint32_t address);
    void wire_command(std::uint8_t command, std::uint32_t pointer);
    void rewind_ring();

    qtest qemu_;
};

}  // namespace qemu_oracle
