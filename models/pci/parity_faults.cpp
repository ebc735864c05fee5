#include "parity_faults.h"

#include <algorithm>

namespace nicteam::pci {
namespace {

// Where the byte of AD[7:0] of word k lies in the payload; -1: nobody asked for it, or an odd first dword stands on both halves.
std::int64_t first_lane(const payload& p, const pci_extension& e, std::uint32_t k) {
    const std::uint64_t address = p.get_address();
    const std::uint32_t bytes = p.get_data_length();
    const unsigned word_bytes = e.word_bytes;
    if (k == 0 && e.wide && (address & 4u)) return -1;
    const std::int64_t at = static_cast<std::int64_t>(k) * word_bytes - static_cast<std::int64_t>(address % word_bytes);
    return at < 0 || at >= static_cast<std::int64_t>(bytes) ? -1 : at;
}

bool listed(const std::vector<std::uint32_t>* words, std::uint32_t word) {
    return words && std::binary_search(words->begin(), words->end(), word);
}

}  // namespace

parity_faults::parity_faults(const sc_core::sc_object& owner)
    : shadow_(sim::session::current().shadow_of(owner.name())), doubt_(sim::session::current().doubt_of(owner.name())), bus_(owner.name()) {
    for (unsigned i = 0; i < faults_.size(); ++i)
        sim::bind_fault(owner, parity_fault_rows[i], [this, i](bool begin, std::int64_t amount, ps at) {
            fault& f = faults_[i];
            if (!f.count.change(begin)) return;
            if (at != f.changed) f.before = f.every;
            f.every = begin ? static_cast<std::uint64_t>(std::max<std::int64_t>(1, amount)) : 0;
            f.changed = at;
            f.seen = 0;
            active_ |= 1u << i;                // stays: a tenure that sees none of them costs a look
        });
}

void parity_faults::begin(payload& p, pci_extension& e, ps address) {
    errors_ = tenure_errors{};
    for (unsigned i = 0; i < faults_.size(); ++i) every_[i] = faults_[i].on(address);
    if (!every_[0] && !every_[1] && !every_[2] && !e.wrong) return;
    if (every_[address_parity]) errors_.address = ++faults_[address_parity].seen % every_[address_parity] == 0;
    bool flips = false;
    for (std::uint32_t k = 0; k < e.words; ++k) {
        const auto hit = [&](kind f) { return every_[f] && (faults_[f].seen + k + 1) % every_[f] == 0; };
        const bool bit = hit(data_bit) && first_lane(p, e, k) >= 0, parity = hit(data_parity);
        const bool flip = bit && !parity;                  // both: they cancel each other out as far as PAR can tell
        const bool fits = (bit != parity) == listed(e.wrong, e.wrong_from + k);
        if (fits && !flip) continue;
        errors_.words.push_back({k, flip, fits});
        flips = flips || flip;
    }
    e.errors = &errors_;
    if (!flips || !is_write(e.command)) return;
    copy_.assign(p.get_data_ptr(), p.get_data_ptr() + p.get_data_length());
    p.set_data_ptr(copy_.data());
    for (const wrong_word& w : errors_.words)
        if (w.flipped) copy_[static_cast<std::size_t>(first_lane(p, e, w.word))] ^= 1u;
}

void parity_faults::answered(pci_extension& e) {
    if (!e.errors) {
        errors_ = tenure_errors{};
        every_ = {};
    }
    const bool read = !is_write(e.command);
    for (const std::uint32_t k : *e.answer.wrong) {
        auto w = std::lower_bound(errors_.words.begin(), errors_.words.end(), k,
                                  [](const wrong_word& a, std::uint32_t n) { return a.word < n; });
        if (w == errors_.words.end() || w->word != k) w = errors_.words.insert(w, {k, false, true});
        if (read) w->fits = !w->fits;
        else w->reported = true;
    }
    e.errors = &errors_;
}

void parity_faults::end(payload& p, pci_extension& e) {
    for (kind f : {data_parity, data_bit})
        if (every_[f]) faults_[f].seen += e.done;
    doubt(p, e);
    if (is_write(e.command)) return;
    for (const wrong_word& w : errors_.words)
        if (w.flipped && w.word < e.done) p.get_data_ptr()[first_lane(p, e, w.word)] ^= 1u;
}

// A wrong octet of a packet's body is only that. Anything else may be a descriptor, a pointer, a register.
void parity_faults::doubt(const payload& p, const pci_extension& e) const {
    for (const wrong_word& w : errors_.words)
        if (w.flipped && w.word < e.done && !(is_memory(e.command) && shadow_.at(p.get_address() + static_cast<std::uint64_t>(first_lane(p, e, w.word))))) doubt_.raise(bus_);
}

}  // namespace nicteam::pci
