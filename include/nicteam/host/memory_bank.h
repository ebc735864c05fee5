// The host's memory, with the open bursts over it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>

#include "nicteam/base/span.h"
#include "nicteam/base/tables.h"
#include "nicteam/host/memory.h"

namespace nicteam::host {

struct memory_config {
    std::int64_t size = 16 * 1024 * 1024;
};
extern const block_info memory_info;  // kind "memory"

// A burst under way between memory and somebody's buffer: word by word as `words` says. The owner keeps it from open() to close().
struct open_burst {
    std::uint64_t address = 0;        // of the first byte
    std::uint32_t bytes = 0;          // at most
    std::uint8_t* data = nullptr;     // the other side's bytes
    const span* words = nullptr;      // edges; may be cut or grow for the time to come
    unsigned word_bytes = 4;
    bool into_memory = false;
    ps delay = 0;                     // a word that passed at e is in memory at e + delay (posted in the bridge)
    std::uint32_t moved = 0;          // bytes moved so far, kept by the memory
    ps pushed = never;                // kept by the memory: words that had passed are in memory by then at the latest
};

// Who holds writes to memory that have passed on a bus, for read_posted().
class posted_writes {
public:
    virtual ~posted_writes() = default;
    virtual void overlay_posted(std::uint64_t address, std::uint8_t* data, std::size_t n) const = 0;
};

class memory_bank : public sc_core::sc_module, public memory {
public:
    memory_bank(sc_core::sc_module_name, const memory_config&);
    ~memory_bank() override;

    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t address, void* to, std::size_t n, ps at) override;
    void write(std::uint64_t address, const void* from, std::size_t n, ps at) override;
    void read_posted(std::uint64_t address, void* to, std::size_t n) override;
    std::uint64_t allocate(std::size_t n, std::size_t align = 16) override;

    void ask(const posted_writes& p) { posted_.push_back(&p); }      // elaboration
    void open(open_burst&, ps at);
    void close(open_burst&, ps at);   // no word later than `at` passes; moves what is left and forgets the burst
    std::size_t open_bursts() const { return open_.size() - tails_.size(); }

private:
    // The end of a burst into memory that is over while words are still on their way: an open burst with bytes of its own.
    struct tail {
        open_burst burst;
        span words;
        std::vector<std::uint8_t> data;
    };
    void settle(std::uint64_t address, std::size_t n, ps at);
    void step(std::uint64_t address, std::size_t n, ps at);
    void move(open_burst&, std::uint32_t upto);
    void retain(const open_burst&, ps at);
    void sweep(ps at);
    void forget(open_burst&);
    void check(std::uint64_t address, std::size_t n) const;

    std::uint64_t size_, used_ = 0;
    std::unique_ptr<std::uint8_t, void (*)(void*)> bytes_;
    std::vector<open_burst*> open_;
    std::vector<const posted_writes*> posted_;
    std::vector<std::unique_ptr<tail>> tails_, spare_;
};

}  // namespace nicteam::host
