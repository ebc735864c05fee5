#include "nicteam/pci/copy_engine.h"

#include "nicteam/pci/fault_gate.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {
namespace {

constexpr std::uint32_t busy = 1, done = 2, aborted = 4, refused = 8;
constexpr std::uint32_t window = 32;      // bytes of BAR 0

constexpr parameter_info parameters[] = {
    {"buffer", quantity::size, "4 KiB", "4 B", "1 MiB", nullptr, "longest block copied at a time", "own design, no real device",
     store<&copy_engine_config::buffer>},
};
constexpr metric_info metrics[] = {
    {"copies", "copies", "blocks copied", metric_info::counter},
    {"octets", "B", "bytes copied", metric_info::counter},
};

configuration_space header() {
    configuration_space c;
    c.declare(0x00, 2, 0x1AF4);               // a vendor identity that virtual devices use
    c.declare(0x02, 2, 0x0C0E);
    c.declare(0x04, 2, 0, 0x0146);            // memory space, bus master, parity response, SERR# enable: PCI 2.2, 6.2.2
    c.declare(0x06, 2, 0x02A0, 0, 0xF900);    // 66 MHz, fast back-to-back, DEVSEL# medium; error bits cleared by 1: PCI 2.2, 6.2.3
    c.declare(0x09, 3, 0x088000);             // class: other system peripheral
    c.declare(0x0C, 1, 0, 0xFF);
    c.declare(0x0D, 1, 0, 0xFF);
    c.declare_bar(0, window, false);
    c.declare(0x3C, 1, 0, 0xFF);
    c.declare(0x3D, 1, 1);                    // INTA#
    return c;
}

}  // namespace

const block_info copy_engine_info = {
    "copy_engine", "a DMA master that copies blocks of memory", parameters, metrics, {}, device_faults, {}, {}, {}};

copy_engine::copy_engine(sc_core::sc_module_name name, const copy_engine_config& c, bus& b, int slot, interrupt_sink* s)
    : device(name, b, slot, header(), s),
      config_(c),
      copies_(sim::bind_counter(*this, metrics[0])),
      octets_(sim::bind_counter(*this, metrics[1])),
      buffer_(c.buffer) {
    attach(*this);
}
copy_engine::~copy_engine() = default;

std::uint32_t copy_engine::read(unsigned, std::uint32_t offset, unsigned size, ps at) {
    const std::uint32_t value = [&]() -> std::uint32_t {
        switch (offset & ~3u) {
        case source: return source_;
        case destination: return destination_;
        case length: return length_;
        case status: return status_changed_ < at ? status_ : status_before_;
        default: return 0;
        }
    }();
    return value >> (8 * (offset & 3u)) & (size >= 4 ? ~0u : (1u << (8 * size)) - 1);
}

void copy_engine::write(unsigned, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (size != 4) return;
    if (offset == status) {
        set_status(status_ & ~(v & (done | aborted | refused)), at);
        return;
    }
    if (status_ & busy) return;
    switch (offset) {
    case source: source_ = v; break;
    case destination: destination_ = v; break;
    case length: length_ = v; break;
    case go:
        if (length_ == 0 || length_ > buffer_.size()) {
            set_status(status_ | refused, at);
            break;
        }
        set_status(status_ | busy, at);
        fetch_ = transfer{};
        fetch_.address = source_;
        fetch_.bytes = length_;
        fetch_.data = buffer_.data();
        fetch_.command = read_command(source_, length_, configuration().cache_line_bytes());
        start(fetch_, clock().after(at));
        break;
    default: break;
    }
}

// The reading half is complete one edge after its last word: the writing half begins there.
void copy_engine::ended(transfer& t, transfer_result r, ps at) {
    if (r != transfer_result::done) {
        finish(aborted, at);
    } else if (&t == &fetch_) {
        store_ = transfer{};
        store_.address = destination_;
        store_.bytes = length_;
        store_.data = buffer_.data();
        store_.command = command::memory_write;
        start(store_, clock().after(at));
    } else {
        copies_.add();
        octets_.add(length_);
        finish(done, at);
    }
}

void copy_engine::finish(std::uint32_t bit, ps at) { set_status((status_ & ~busy) | bit, at); }

void copy_engine::set_status(std::uint32_t v, ps at) {
    if (at != status_changed_) status_before_ = status_;
    status_changed_ = at;
    const bool was = (status_ & ~busy) != 0, is = (v & ~busy) != 0;
    status_ = v;
    if (was != is) interrupt(is, at);
}

void copy_engine::reset(reset_kind, ps at) {
    abandon(at);
    source_ = destination_ = length_ = 0;
    set_status(0, at);
}

}  // namespace nicteam::pci
