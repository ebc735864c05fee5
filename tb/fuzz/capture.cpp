// Any octets as a capture file: records come out, or an error that names the file and a place in it.
#include "fuzz/target.h"
#include "nicteam/packet/capture_file.h"

using namespace nicteam;
using nicteam::fuzz::demand;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    std::size_t taken = 0;
    try {
        const auto reader = packet::capture_reader::over(bytes(input, input + octets), "any");
        packet::capture_record r;
        while (reader->next(r)) {
            taken += r.data.size() + r.comment.size();
            demand(taken <= octets, "records hold no more octets than the file");
            demand(r.interface < reader->interfaces().size(), "a record names an interface that was described");
            demand(r.fraction >= 0 && r.fraction < 1'000'000'000'000, "a fraction is less than a second");
        }
    } catch (const packet::capture_error& e) {
        demand(e.offset <= octets, "an error lies within the file");
        demand(std::string(e.what()).rfind("any", 0) == 0, "an error names its file");
    }
    return 0;
}
