// The NIC's FIFOs and MAC, planned from spans, against the clocked reference: random configurations, every stamp equal.
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

#include "reference/nic/fifos.h"
#include "system/compare/difference.h"
#include "system/compare/fifo_cases.h"
#include "unit/nic/fifo_harness.h"

namespace {

constexpr unsigned configurations = 1200;

// Takes frames away as long as the two still differ.
template <class Case, class Run, class Reference>
Case shrink(Case c, Run model, Reference reference) {
    for (std::size_t f = c.frames.size(); f-- > 0;) {
        Case smaller = c;
        smaller.frames.erase(smaller.frames.begin() + static_cast<std::ptrdiff_t>(f));
        if (model(smaller) != reference(smaller)) c = smaller;
    }
    return c;
}

// How often the configurations reach what they are meant to reach.
class tally {
public:
    void add(const char* what, std::size_t n) { counts_[what] += n; }
    void require(const char* what, std::size_t least) const {
        INFO(what);
        const auto found = counts_.find(what);
        REQUIRE(found != counts_.end());
        std::cout << "  " << what << ": " << found->second << '\n';
        CHECK(found->second >= least);
    }

private:
    std::map<std::string, std::size_t> counts_;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}
bool has(const std::string& line, const char* word) { return line.find(word) != std::string::npos; }

// The numbers behind `word`s of a line.
std::int64_t number(const std::string& line, const std::string& word) {
    const std::size_t at = line.find(word + ' ');
    return at == std::string::npos ? -1 : std::stoll(line.substr(at + word.size() + 1));
}

void count(tally& t, const nicteam::test::transmit_case& c, const std::string& text) {
    std::size_t bursts = 0, pieces = 0;
    for (const auto& f : c.frames) {
        unsigned bytes = 0;
        for (const unsigned p : f.pieces) bytes += p;
        if (bytes > c.fifo_bytes) t.add("frames larger than the FIFO: refused", 1);
        else pieces += f.pieces.size();
        if (bytes <= c.fifo_bytes && bytes + 8 > c.fifo_bytes) t.add("frames that fill the FIFO", 1);
    }
    for (const std::string& line : lines_of(text)) {
        bursts += line.compare(0, 6, "burst ") == 0;
        t.add("frames sent", has(line, " good"));
        t.add("underruns", has(line, "underrun "));
        t.add("retries", has(line, " retry"));
        t.add("frames given up", has(line, " given_up"));
        // The bus kept a request waiting for longer than 64 octets take: the FIFO starves.
        if (line.compare(0, 6, "burst ") == 0) t.add("bursts after starvation", number(line, "address") - number(line, "request") > 64 * c.octet_period);
    }
    t.add("bursts cut for want of room", bursts - pieces);
}

void count(tally& t, const nicteam::test::receive_case& c, const std::string& text) {
    std::vector<std::size_t> bursts(c.frames.size());
    for (const std::string& line : lines_of(text)) {
        if (line.compare(0, 6, "burst ") == 0) {
            t.add("bursts", 1);
            t.add("bursts after starvation", number(line, "address") - number(line, "request") > 64 * c.octet_period);
            continue;
        }
        const auto f = static_cast<std::size_t>(number(line, "frame"));
        const std::int64_t over = number(line, "overrun");
        t.add("frames whole", over < 0 && number(line, "bytes") > 0);
        t.add("frames that make no request", over < 0 && number(line, "bytes") == 0);
        t.add("overruns at the first byte", over == 0);
        t.add("overruns in the middle", over > 0);
        if (c.frames[f].octets > c.fifo_bytes + 4) {
            t.add("frames larger than the FIFO that pass", over < 0 && number(line, "bytes") > 0);
            t.add("frames larger than the FIFO that overrun", over >= 0);
        }
    }
}

template <class Make, class Run, class Reference>
tally compare_all(Make make, Run model, Reference reference) {
    const compare::selection chosen(configurations);
    tally all;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const auto c = make(chosen.seed, i);
        const std::string expected = reference(c);
        count(all, c, expected);
        if (expected == model(c)) continue;
        const auto small = shrink(c, model, reference);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference(small), model(small)) << '\n' << compare::text_of(small));
    }
    return all;
}

}  // namespace

TEST_CASE("every stamp of the transmit FIFO equals the clocked reference") {
    const tally all = compare_all(compare::random_transmit, nicteam::test::run_transmit, reference::nic::run_transmit);
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << configurations << " configurations of the transmit FIFO:\n";
    all.require("frames sent", configurations);
    all.require("underruns", configurations / 3);
    all.require("retries", configurations / 10);
    all.require("frames given up", configurations / 10);
    all.require("bursts after starvation", configurations);
    all.require("bursts cut for want of room", configurations / 10);
    all.require("frames that fill the FIFO", 20);
    all.require("frames larger than the FIFO: refused", 100);
}

TEST_CASE("every stamp of the receive FIFO equals the clocked reference") {
    const tally all = compare_all(compare::random_receive, nicteam::test::run_receive, reference::nic::run_receive);
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << configurations << " configurations of the receive FIFO:\n";
    all.require("bursts", 5 * configurations);
    all.require("bursts after starvation", configurations);
    all.require("frames whole", configurations);
    all.require("frames that make no request", configurations / 10);
    all.require("overruns at the first byte", configurations / 20);
    all.require("overruns in the middle", configurations / 10);
    all.require("frames larger than the FIFO that pass", configurations / 20);
    all.require("frames larger than the FIFO that overrun", configurations / 20);
}
