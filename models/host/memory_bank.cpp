#include "nicteam/host/memory_bank.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "nicteam/sim/session.h"

namespace nicteam::host {
namespace {
constexpr parameter_info parameters[] = {
    {"size", quantity::size, "16 MiB", "64 KiB", "2 GiB", nullptr, "memory that drivers, stacks and applications share",
     "choice: ample for rings and buffers of eight NICs", store<&memory_config::size>},
};

// Bytes that the first n words carry.
std::uint32_t bytes_in(const open_burst& b, std::uint64_t words) {
    if (words == 0) return 0;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(words * b.word_bytes - b.address % b.word_bytes, b.bytes));
}
std::uint64_t words_moved(const open_burst& b) { return b.moved ? (b.moved + b.address % b.word_bytes + b.word_bytes - 1) / b.word_bytes : 0; }

// Words that take effect before an access at `at`: what is written into memory strictly before, what is read from it at `at` as well.
std::uint64_t due(const open_burst& b, ps at) {
    if (!b.into_memory) return b.words->passed_by(at);
    const std::uint64_t n = b.words->passed(at - b.delay);
    return at > b.pushed ? std::max(n, b.words->passed_by(b.pushed)) : n;
}
bool all_due(const open_burst& b, ps at) {
    const ps last = b.words->last();
    return b.into_memory ? last + b.delay < at || (b.pushed < at && last <= b.pushed) : last <= at;
}
ps time_of(const open_burst& b, std::uint64_t word) {
    const ps t = b.words->when(word);
    return b.into_memory ? std::min(t + b.delay, std::max(t, b.pushed)) : t;
}
bool overlaps(const open_burst& b, std::uint64_t address, std::size_t n) { return b.address < address + n && address < b.address + b.bytes; }
}  // namespace

const block_info memory_info = {"memory", "the host's memory", parameters, {}, {}, {}, {}, {}, {}};

memory_bank::memory_bank(sc_core::sc_module_name name, const memory_config& config)
    : sc_module(name), size_(static_cast<std::uint64_t>(config.size)),
      bytes_(static_cast<std::uint8_t*>(std::calloc(size_, 1)), std::free) {   // calloc: pages that nobody touches cost nothing
    if (!bytes_) throw std::runtime_error(std::string(this->name()) + ": no room for the modelled memory");
}
memory_bank::~memory_bank() = default;

std::uint64_t memory_bank::allocate(std::size_t n, std::size_t align) {
    const std::uint64_t at = (used_ + align - 1) & ~static_cast<std::uint64_t>(align - 1);
    if (at + n > size_) throw std::runtime_error(std::string(name()) + ": used up; set a larger size");
    used_ = at + n;
    return at;
}

void memory_bank::check(std::uint64_t address, std::size_t n) const {
    if (address > size_ || n > size_ - address) throw std::out_of_range(std::string(name()) + ": an access behind the end of memory");
}

void memory_bank::read(std::uint64_t address, void* to, std::size_t n, ps at) {
    check(address, n);
    settle(address, n, std::min(at, sim::now()));      // software that runs ahead of the kernel sees what is certain
    std::memcpy(to, bytes_.get() + address, n);
}

void memory_bank::write(std::uint64_t address, const void* from, std::size_t n, ps at) {
    check(address, n);
    settle(address, n, std::min(at, sim::now()));
    std::memcpy(bytes_.get() + address, from, n);
}

void memory_bank::read_posted(std::uint64_t address, void* to, std::size_t n) {
    read(address, to, n, sim::now());
    for (const open_burst* b : open_) {
        if (!b->into_memory) continue;
        const std::uint64_t first = std::max(address, b->address + b->moved);
        const std::uint64_t end = std::min(address + n, b->address + bytes_in(*b, b->words->passed_by(sim::now())));
        if (first < end) std::memcpy(static_cast<std::uint8_t*>(to) + (first - address), b->data + (first - b->address), end - first);
    }
    for (const posted_writes* p : posted_) p->overlay_posted(address, static_cast<std::uint8_t*>(to), n);
}

void memory_bank::open(open_burst& b, ps at) {
    check(b.address, b.bytes);
    sweep(at);
    if (!b.into_memory)
        for (const auto& t : tails_) t->burst.pushed = std::min(t->burst.pushed, at);     // a read pushes what was posted before it
    open_.push_back(&b);
}

void memory_bank::close(open_burst& b, ps at) {
    b.bytes = bytes_in(b, b.words->passed_by(at));
    const bool later = b.into_memory && b.bytes && !all_due(b, at);   // a word is visible strictly after its edge, even if nothing delays it
    if (!later) settle(b.address, b.bytes, at);
    forget(b);
    if (later) retain(b, at);
}

void memory_bank::retain(const open_burst& b, ps at) {
    if (spare_.empty()) spare_.push_back(std::make_unique<tail>());
    tails_.push_back(std::move(spare_.back()));
    spare_.pop_back();
    tail& t = *tails_.back();
    t.data.assign(b.data, b.data + b.bytes);
    t.words = *b.words;
    t.words.cut(at);
    t.burst = b;
    t.burst.data = t.data.data();
    t.burst.words = &t.words;
    open_.push_back(&t.burst);
}

// Tails that are all in memory by now are put away.
void memory_bank::sweep(ps at) {
    for (std::size_t i = 0; i < tails_.size();) {
        open_burst& b = tails_[i]->burst;
        if (!all_due(b, at)) {
            ++i;
            continue;
        }
        settle(b.address, b.bytes, at);
        forget(b);
        spare_.push_back(std::move(tails_[i]));
        tails_.erase(tails_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

void memory_bank::forget(open_burst& b) {
    if (open_.back() == &b) open_.pop_back();
    else open_.erase(std::find(open_.begin(), open_.end(), &b));
}

void memory_bank::move(open_burst& b, std::uint32_t upto) {
    if (upto <= b.moved) return;
    std::uint8_t* in_memory = bytes_.get() + b.address + b.moved;
    std::uint8_t* outside = b.data + b.moved;
    std::memcpy(b.into_memory ? in_memory : outside, b.into_memory ? outside : in_memory, upto - b.moved);
    b.moved = upto;
}

void memory_bank::settle(std::uint64_t address, std::size_t n, ps at) {
    open_burst* only = nullptr;
    for (open_burst* b : open_) {
        if (!overlaps(*b, address, n)) continue;
        if (only) return step(address, n, at);
        only = b;
    }
    if (only) move(*only, bytes_in(*only, due(*only, at)));
}

// Several bursts meet: word by word, in order of time; at one instant who reads goes first, as it sees what came strictly before.
void memory_bank::step(std::uint64_t address, std::size_t n, ps at) {
    for (;;) {
        open_burst* next = nullptr;
        ps first = never;
        for (open_burst* b : open_) {
            const std::uint64_t w = words_moved(*b);
            if (!overlaps(*b, address, n) || w >= due(*b, at) || b->moved >= b->bytes) continue;
            const ps t = time_of(*b, w);
            if (!next || t < first || (t == first && next->into_memory && !b->into_memory)) {
                first = t;
                next = b;
            }
        }
        if (!next) return;
        move(*next, bytes_in(*next, words_moved(*next) + 1));
    }
}

}  // namespace nicteam::host
