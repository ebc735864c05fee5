// Memory as a PCI target for tests: medium DEVSEL#, no wait states, and the bytes that poll() sees come in word by word.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "nicteam/pci/target.h"
#include "nicteam/sim/session.h"

namespace nicteam::test {

class raw_memory : public pci::target_user {
public:
    explicit raw_memory(std::size_t bytes) : bytes_(bytes) {}

    unsigned first_wait = 0, next_wait = 0;
    bool deaf = false;                              // claims nothing
    bool busy = false;                              // answers with retry
    unsigned retries = 0;                           // as many times
    std::uint64_t abort_at = UINT64_MAX;            // aborts what begins there
    std::uint32_t burst_words = UINT32_MAX;         // then it disconnects with data

    bool claims(pci::command c, std::uint64_t a) const override { return !deaf && pci::is_memory(c) && a < bytes_.size(); }
    pci::answer decode(pci::access& a) override {
        pci::answer r;
        r.first_wait = first_wait;
        r.next_wait = next_wait;
        if (busy || retries || a.address == abort_at) {
            const bool abort = !busy && !retries;
            if (!busy && retries) --retries;
            r.how = abort ? pci::stop::abort : pci::stop::retry;
            r.words = 0;
            return r;
        }
        if (burst_words * std::uint64_t{4} < a.bytes + a.address % 4) {
            r.words = burst_words;
            r.how = pci::stop::with_data;
        }
        if (a.address + a.bytes > bytes_.size()) {
            r.words = static_cast<std::uint32_t>((bytes_.size() - (a.address & ~std::uint64_t{3})) / 4);
            r.how = pci::stop::with_data;
        }
        open_ = &a;
        settled_ = 0;
        if (!a.write()) copy_out(a, 0, in(a));
        return r;
    }
    void ended(pci::access& a, ps) override {
        if (a.write()) copy_in(a, settled_, std::min(in(a), a.bytes_in(a.bus->done)));
        open_ = nullptr;
    }

    // From the host's side, at the present instant: words of an open burst that passed strictly before it are there.
    void settle() {
        if (!open_ || !open_->write()) return;
        const std::uint32_t n = std::min(in(*open_), open_->bytes_in(open_->bus->data.passed(sim::now())));
        copy_in(*open_, settled_, n);
        settled_ = n;
    }
    std::uint8_t* at(std::uint64_t a) {
        settle();
        return bytes_.data() + a;
    }
    void poke(std::uint64_t a, const void* from, std::size_t n) {
        settle();
        if (n) std::memcpy(bytes_.data() + a, from, n);
        if (open_ && !open_->write()) copy_out(*open_, open_->bytes_in(open_->bus->data.passed(sim::now())), in(*open_));
    }
    std::uint16_t read16(std::uint64_t a) { return static_cast<std::uint16_t>(at(a)[0] | at(a)[1] << 8); }
    std::uint32_t read32(std::uint64_t a) { return read16(a) | static_cast<std::uint32_t>(read16(a + 2)) << 16; }
    void write16(std::uint64_t a, unsigned v) {
        const std::uint8_t b[2] = {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8)};
        poke(a, b, 2);
    }
    void write32(std::uint64_t a, std::uint32_t v) {
        const std::uint8_t b[4] = {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v >> 16), static_cast<std::uint8_t>(v >> 24)};
        poke(a, b, 4);
    }
    std::size_t size() const { return bytes_.size(); }

private:
    std::uint32_t in(const pci::access& a) const { return static_cast<std::uint32_t>(std::min<std::uint64_t>(a.bytes, bytes_.size() - a.address)); }
    void copy_in(const pci::access& a, std::uint32_t from, std::uint32_t to) {
        if (to > from) std::memcpy(bytes_.data() + a.address + from, a.data + from, to - from);
    }
    void copy_out(pci::access& a, std::uint32_t from, std::uint32_t to) const {
        if (to > from) std::memcpy(a.data + from, bytes_.data() + a.address + from, to - from);
    }
    std::vector<std::uint8_t> bytes_;
    pci::access* open_ = nullptr;
    std::uint32_t settled_ = 0;
};

}  // namespace nicteam::test
