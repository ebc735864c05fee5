#include <algorithm>
#include <cstdio>
#include <set>

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

// The bits in which rules let one place differ, with a note of each rule that was needed; says when a side shows other bits than a rule states.
std::string other_than_stated(const std::vector<mark>& marks, std::uint32_t at, std::uint32_t qemu, std::uint32_t model, std::uint32_t& differing, std::vector<unsigned>& hid) {
    differing = qemu ^ model;
    for (const mark& m : marks) {
        if (m.at != at) continue;
        const auto differs = [&m](std::uint32_t v, const shown& s) { return ((v ^ s.value) & s.known & m.bits) != 0; };
        const char* const name = differences[m.why].name;
        if (differs(qemu, m.qemu)) return text("%s has QEMU show %X of %X: ", name, m.qemu.value & m.bits, m.qemu.known & m.bits);
        if (differs(model, m.model)) return text("%s has the model show %X of %X: ", name, m.model.value & m.bits, m.model.known & m.bits);
        if (differing & m.bits) ++hid[m.why];
        differing &= ~m.bits;
    }
    return {};
}

// INTA# is a level made of causes and masks (SDM 6.3.3); the lower four causes have no mask here, M gates all.
bool level(std::uint32_t scb, std::uint8_t masks) { return (scb >> 8 & (~masks | 0x0Fu) & 0xFF) != 0 && !(masks & 1); }

// QEMU works the level out anew with each request and each write of the masks, not with an acknowledgement that leaves something pending,
// nor with the MDI cause that it sets by itself.
std::string other_pin(const sequence& s, const outcome& qemu, std::uint32_t i, std::vector<unsigned>& hid) {
    const std::uint32_t scb = qemu.scb[i], before = i > 0 ? qemu.scb[i - 1] : 0;
    const bool on = qemu.interrupt[i], should = level(scb, s.masks[i]);
    if (on == should) return {};
    std::uint32_t silent = 0;
    for (const mark& m : s.scb)
        if (m.at == i && m.why == mdi_without_ie) silent = m.bits;
    const bool was_on = i > 0 && qemu.interrupt[i - 1], none_new = (scb & ~before & 0xFF00) == 0;
    if (on && was_on && none_new && scb & 0xFF00) ++hid[pin_after_partial_acknowledge];
    else if (!on && !level(scb & ~silent, s.masks[i])) ++hid[mdi_without_ie];
    else return text("INTA# after observation %u, SCB %04X, masks %02X: QEMU %d\n", i, scb, s.masks[i], int(on));
    return {};
}

// Where work was cut off, the model sent the first ones of what QEMU sent before it: the others are none of the comparison's.
void forget_cut(std::vector<octets>& qemu, std::vector<std::size_t>& qemu_cut, const std::vector<std::size_t>& model_cut) {
    for (std::size_t i = 0; i < qemu_cut.size() && i < model_cut.size(); ++i) {
        if (qemu_cut[i] <= model_cut[i]) continue;          // no fewer; more are found by whoever compares
        const std::size_t n = qemu_cut[i] - model_cut[i];
        qemu.erase(qemu.begin() + static_cast<std::ptrdiff_t>(model_cut[i]), qemu.begin() + static_cast<std::ptrdiff_t>(qemu_cut[i]));
        for (std::size_t k = i; k < qemu_cut.size(); ++k) qemu_cut[k] -= n;
    }
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
            case step::cut: d.cut(t.value); break;
            case step::after_cut: o.cut.push_back(d.sent_count()); break;
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
    std::uint32_t differing;
    std::set<std::uint32_t> stated;
    for (const mark& m : s.memory) stated.insert(m.at);
    for (std::uint32_t i = 0; i < qemu.scb.size(); ++i) {
        const std::string other = other_than_stated(s.scb, i, qemu.scb[i], model.scb[i], differing, hid);
        if (differing || !other.empty())
            return other + text("SCB status word after observation %u: QEMU %04X, model %04X\n", i, qemu.scb[i], model.scb[i]) + story_of(s);
        const std::string pin = other_pin(s, qemu, i, hid);
        if (!pin.empty()) return pin + story_of(s);
        if (model.interrupt[i] != level(model.scb[i], s.masks[i]))
            return text("INTA# after observation %u, SCB %04X, masks %02X: model %d\n", i, model.scb[i], s.masks[i], int(model.interrupt[i])) + story_of(s);
    }
    for (std::uint32_t i = 0; i < qemu.reads.size(); ++i) {
        const std::string other = other_than_stated(s.reads, i, qemu.reads[i], model.reads[i], differing, hid);
        if (differing || !other.empty()) return other + text("read %u: QEMU %X, model %X\n", i, qemu.reads[i], model.reads[i]) + story_of(s);
    }
    for (std::uint32_t a = 0; a < window_size; a += 4) {
        const std::uint32_t q = dword(qemu.window, a), m = dword(model.window, a);
        if (q == m && !stated.count(window_base + a)) continue;
        const std::string other = other_than_stated(s.memory, window_base + a, q, m, differing, hid);
        if (differing || !other.empty()) return other + text("memory at %08X: QEMU %08X, model %08X\n", window_base + a, q, m) + story_of(s);
    }
    forget_cut(qemu.sent, qemu.cut, model.cut);
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
