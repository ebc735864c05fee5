// Any octets as what comes in at an external port: the stream of a foreign program, and the record of such a run.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/scratch.h"
#include "fuzz/target.h"
#include "nicteam/packet/capture_file.h"
#include "nicteam/wire/port_record.h"
#include "nicteam/wire/stream_framing.h"

using namespace nicteam;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

using kind = wire::stream_decoder::kind;

constexpr std::size_t kept = 300, believed = 1000;

// What a decoder makes of octets that come in pieces of these lengths, in turn.
std::vector<wire::stream_decoder::item> decoded(const std::vector<std::uint8_t>& all, const std::vector<std::uint8_t>& pieces) {
    wire::stream_decoder d(kept, believed);
    std::vector<wire::stream_decoder::item> items;
    std::size_t turn = 0;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t n = std::min<std::size_t>(all.size() - at, pieces.empty() ? all.size() : 1 + pieces[turn++ % pieces.size()]);
        d.feed({all.data() + at, n});
        at += n;
        for (auto i = d.next(); i.what != kind::none; i = d.next()) {
            demand(i.data.size() <= kept, "a frame is no longer than what is kept");
            demand(i.what != kind::frame || (i.length == i.data.size() && i.length > 0), "a frame has its length");
            items.push_back(i);
            if (i.what == kind::foreign) return items;      // nothing behind it can be known
        }
    }
    return items;
}

void stream(tape& t) {
    const auto pieces = t.octets(t.octet() & 15);
    const auto all = t.octets(SIZE_MAX);
    const auto whole = decoded(all, {}), split = decoded(all, pieces);
    demand(whole.size() == split.size(), "how the octets arrive does not change what they say");
    bytes again;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        demand(whole[i].what == split[i].what && whole[i].length == split[i].length && whole[i].data == split[i].data,
               "how the octets arrive does not change what they say");
        if (whole[i].what == kind::frame) wire::put_stream_frame(again, {whole[i].data.data(), whole[i].data.size()});
    }
    demand(again.size() <= all.size(), "no octets are made up");
}

void record(tape& t) {
    static const fuzz::scratch directory;
    const std::string file = directory / "record";
    const auto all = t.octets(SIZE_MAX);
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
    ps before = 0;
    try {
        for (const wire::happened& h : wire::read_port_record(file)) {
            demand(h.at >= before, "time does not run backwards in a record");
            demand(h.what == wire::happening::frame || h.data.empty(), "only a frame has octets");
            before = h.at;
        }
    } catch (const packet::capture_error& e) {
        demand(e.offset <= all.size(), "an error lies within the file");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 8192) return 0;
    tape t(input, octets);
    if (t.octet() & 1) record(t);
    else stream(t);
    return 0;
}
