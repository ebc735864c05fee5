#include <algorithm>
#include <cstdio>

#include "sequence.h"

namespace qemu_oracle {
namespace {

std::uint32_t dword(const octets& window, std::uint32_t offset) {
    return window[offset] | window[offset + 1] << 8 | window[offset + 2] << 16 | static_cast<std::uint32_t>(window[offset + 3]) << 24;
}

template <class... A>
std::string text(const char* format, A... a) {
    char line[200];
    std::snprintf(line, sizeof line, format, a...);
    return line;
}

// The bits that rules hide in one place, and a note of each rule that was needed.
std::uint32_t hidden(const std::vector<mark>& marks, std::uint32_t at, bool from_then_on, std::uint32_t differing, std::vector<unsigned>& hid) {
    std::uint32_t bits = 0;
    for (const mark& m : marks) {
        if (from_then_on ? at < m.at || at >= m.until : m.at != at) continue;
        if (differing & m.bits & ~bits) ++hid[m.why];
        bits |= m.bits;
    }
    return bits;
}

std::string sizes(const std::vector<octets>& frames) {
    std::string all = " sent octets";
    for (const auto& f : frames) all += " " + std::to_string(f.size());
    return all + "\n";
}

std::string story_of(const sequence& s) {
    std::string all = "sequence " + std::to_string(s.seed) + ":\n";
    for (const auto& line : s.story) all += "    " + line + "\n";
    return all;
}

}  // namespace

outcome play(side& d, const sequence& s) {
    outcome o;
    d.begin();
    for (const step& t : s.steps) {
        switch (t.kind) {
            case step::poke: d.poke(t.at, t.data); break;
            case step::write: d.write(t.where, t.at, t.size, t.value); break;
            case step::read: d.read(t.where, t.at, t.size, o.reads.emplace_back()); break;
            case step::arrive: d.arrive(t.data); break;
            case step::observe:
                d.read(space::memory, scb_status, 2, o.scb.emplace_back());
                d.interrupt(o.interrupt.emplace_back());
                break;
        }
    }
    d.settle();
    o.window = d.peek(window_base, window_size);
    o.sent = d.sent();
    return o;
}

std::string compare(const sequence& s, outcome qemu, outcome model, std::vector<unsigned>& hid) {
    hid.resize(rule_count);
    for (std::uint32_t i = 0; i < qemu.scb.size(); ++i) {
        const std::uint32_t differing = qemu.scb[i] ^ model.scb[i];
        if (differing & ~hidden(s.scb, i, true, differing, hid))
            return text("SCB status word after observation %u: QEMU %04X, model %04X\n", i, qemu.scb[i], model.scb[i]) + story_of(s);
        if (differing & 0xFF00 || qemu.interrupt[i] == model.interrupt[i]) continue;
        const unsigned pending = qemu.scb[i] >> 8, visible = pending & (~s.masks[i] | 0x0Fu);
        if (qemu.interrupt[i] && pending && !visible) ++hid[pin_after_partial_acknowledge];
        else return text("INTA# after observation %u, SCB %04X, masks %02X: QEMU %d, model %d\n", i, qemu.scb[i], s.masks[i], int(qemu.interrupt[i]), int(model.interrupt[i])) + story_of(s);
    }
    for (std::uint32_t i = 0; i < qemu.reads.size(); ++i) {
        const std::uint32_t differing = qemu.reads[i] ^ model.reads[i];
        if (differing & ~hidden(s.reads, i, false, differing, hid))
            return text("read %u: QEMU %X, model %X\n", i, qemu.reads[i], model.reads[i]) + story_of(s);
    }
    for (std::uint32_t a = 0; a < window_size; a += 4) {
        const std::uint32_t q = dword(qemu.window, a), m = dword(model.window, a), differing = q ^ m;
        if (differing && (differing & ~hidden(s.memory, window_base + a, false, differing, hid)))
            return text("memory at %08X: QEMU %08X, model %08X\n", window_base + a, q, m) + story_of(s);
    }
    for (std::size_t i = 0; i < std::max(qemu.sent.size(), model.sent.size()); ++i) {
        if (i >= qemu.sent.size() || i >= model.sent.size())
            return text("QEMU sent %zu frames, the model %zu\n", qemu.sent.size(), model.sent.size()) + story_of(s);
        if (qemu.sent[i] != model.sent[i]) {
            const auto& q = qemu.sent[i];
            const auto& m = model.sent[i];
            const auto at = static_cast<std::size_t>(std::mismatch(q.begin(), q.begin() + static_cast<std::ptrdiff_t>(std::min(q.size(), m.size())), m.begin()).first - q.begin());
            return text("frame %zu sent: QEMU %zu octets, model %zu, first difference at octet %zu\n", i, q.size(), m.size(), at) +
                   "QEMU" + sizes(qemu.sent) + "model" + sizes(model.sent) + story_of(s);
        }
    }
    return {};
}

}  // namespace qemu_oracle
