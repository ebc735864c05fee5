// The model on a bus with a bridge and memory, driven like QEMU: accesses one by one, then silence until nothing happens any more.
#pragma once

#include <memory>

#include "side.h"

namespace qemu_oracle {

class model_side : public side {
public:
    model_side();                        // in a fresh kernel, before the first sc_start
    ~model_side() override;

    void begin() override;
    void poke(std::uint32_t address, const octets&) override;
    octets peek(std::uint32_t address, std::uint32_t size) override;
    void write(space, unsigned offset, unsigned size, std::uint32_t value) override;
    void read(space, unsigned offset, unsigned size, std::uint32_t& into) override;
    void arrive(const octets&) override;
    void interrupt(bool& into) override;
    void cut(std::uint32_t nanoseconds) override;
    void settle() override;
    std::vector<octets> sent() override;
    std::size_t sent_count() override;

    unsigned cut_sending() const { return cut_sending_; }       // frames that a reset broke off on the wire
    unsigned cut_receiving() const { return cut_receiving_; }   // frames that were still arriving at a reset

private:
    void wait();
    void run(std::int64_t picoseconds);
    void work();

    bool at_work_ = false;
    std::int64_t patience_ = 0;
    unsigned cut_sending_ = 0, cut_receiving_ = 0;
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace qemu_oracle
