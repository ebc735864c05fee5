#include "reference/pci/setup.h"

#include <istream>
#include <map>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace reference::pci {

namespace {

using fields = std::map<std::string, std::string>;

// Takes a field out of the line's fields, so that what is left over at the end is unknown.
template <class T, class F>
void take(fields& f, const char* name, T& to, F convert) {
    const auto i = f.find(name);
    if (i == f.end()) return;
    to = static_cast<T>(convert(i->second));
    f.erase(i);
}

long long number(const std::string& text) {
    std::size_t used = 0;
    const long long n = std::stoll(text, &used, 0);
    if (used != text.size()) throw std::invalid_argument("not a number: " + text);
    return n;
}

std::vector<unsigned> numbers(const std::string& text) {
    std::vector<unsigned> v;
    std::istringstream in(text);
    for (std::string one; std::getline(in, one, ',');) v.push_back(static_cast<unsigned>(number(one)));
    if (v.empty()) throw std::invalid_argument("an empty list");
    return v;
}

template <class T>
auto one_of(std::map<std::string, T> names) {
    return [names](const std::string& text) { return names.at(text); };
}

std::string list(const std::vector<unsigned>& v) {
    std::string text;
    for (unsigned n : v) text += (text.empty() ? "" : ",") + std::to_string(n);
    return text;
}

void read_line(setup& s, const std::string& kind, fields& f) {
    if (kind == "bus") {
        take(f, "period", s.period, number);
        take(f, "phase", s.phase, number);
        take(f, "until", s.until, number);
        take(f, "wide", s.wide, number);
        take(f, "wrong_address", s.wrong_address, number);
        take(f, "wrong_parity", s.wrong_parity, number);
        take(f, "wrong_bit", s.wrong_bit, number);
        take(f, "arbiter", s.arbiter, one_of<arbitration>({{"round_robin", arbitration::round_robin}, {"fixed", arbitration::fixed}}));
        take(f, "parking", s.parking, one_of<parking>({{"last", parking::last}, {"first", parking::first}, {"none", parking::none}}));
    } else if (kind == "master") {
        master_setup& m = s.masters.emplace_back();
        take(f, "timer", m.latency_timer, number);
        take(f, "line", m.cache_line, number);
        take(f, "wide", m.wide, number);
        take(f, "follow", m.follow, number);
        take(f, "parity", m.parity, number);
    } else if (kind == "item") {
        if (s.masters.empty()) throw std::invalid_argument("an item before any master");
        item& i = s.masters.back().items.emplace_back();
        take(f, "arrival", i.arrival, number);
        take(f, "command", i.command, number);
        take(f, "address", i.address, number);
        take(f, "bytes", i.bytes, number);
        take(f, "limit", i.limit, number);
        take(f, "data", i.data, number);
    } else if (kind == "target") {
        target_setup& t = s.targets.emplace_back();
        take(f, "base", t.base, number);
        take(f, "size", t.size, number);
        take(f, "io", t.io, number);
        take(f, "wide", t.wide, number);
        take(f, "parity", t.parity, number);
        take(f, "device", t.device, number);
        take(f, "devsel", t.devsel, number);
        take(f, "first", t.first_wait, numbers);
        take(f, "next", t.next_wait, numbers);
        take(f, "boundary", t.boundary, number);
        take(f, "with_data", t.boundary_with_data, number);
        take(f, "pattern", t.pattern, [](const std::string& text) { return text; });
        take(f, "abort_words", t.abort_words, number);
    } else {
        throw std::invalid_argument("unknown: " + kind);
    }
    if (!f.empty()) throw std::invalid_argument("unknown field: " + f.begin()->first);
}

}  // namespace

setup read(std::istream& in) {
    setup s;
    std::string line;
    for (int n = 1; std::getline(in, line); ++n) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string kind, word;
        if (!(words >> kind)) continue;
        fields f;
        while (words >> word) f[word.substr(0, word.find('='))] = word.substr(std::min(word.size(), word.find('=') + 1));
        try {
            read_line(s, kind, f);
        } catch (const std::exception& e) {
            throw std::runtime_error("line " + std::to_string(n) + ": " + e.what());
        }
    }
    return s;
}

void write(std::ostream& out, const setup& s) {
    static const char* const parkings[] = {"last", "first", "none"};
    out << "bus period=" << s.period << " phase=" << s.phase << " arbiter=" << (s.arbiter == arbitration::fixed ? "fixed" : "round_robin")
        << " parking=" << parkings[static_cast<int>(s.parking)] << " wide=" << s.wide << " wrong_address=" << s.wrong_address
        << " wrong_parity=" << s.wrong_parity << " wrong_bit=" << s.wrong_bit << " until=" << s.until << '\n';
    for (const master_setup& m : s.masters) {
        out << "master timer=" << m.latency_timer << " line=" << m.cache_line << " wide=" << m.wide << " follow=" << m.follow
            << " parity=" << m.parity << '\n';
        for (const item& i : m.items)
            out << "  item arrival=" << i.arrival << " command=" << i.command << " address=0x" << std::hex << i.address << std::dec
                << " bytes=" << i.bytes << " limit=" << i.limit << " data=" << i.data << '\n';
    }
    for (const target_setup& t : s.targets)
        out << "target base=0x" << std::hex << t.base << std::dec << " size=" << t.size << " io=" << t.io << " wide=" << t.wide
            << " parity=" << t.parity << " device=" << t.device << " devsel=" << t.devsel << " first=" << list(t.first_wait)
            << " next=" << list(t.next_wait) << " boundary=" << t.boundary << " with_data=" << t.boundary_with_data
            << " pattern=" << t.pattern << " abort_words=" << t.abort_words << '\n';
}

}  // namespace reference::pci
