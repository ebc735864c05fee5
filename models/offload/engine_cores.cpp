#include "nicteam/offload/engine_cores.h"

#include <algorithm>

namespace nicteam::offload {
namespace {

using k = core_kind;
constexpr block_rate none{};

constexpr const char* des_area = "freecores/des @6f786556, area-optimised: a round a clock";
constexpr const char* des_fast = "freecores/des @6f786556, performance-optimised: a stage a round";
constexpr const char* cascade = "freecores/3des_vhdl @4a72e531: three DES cores in a row; 17 or 18 clocks lose blocks";
constexpr const char* iterative = "secworks/aes @80dc4718: 5 Nr + 3 clocks, key Nr + 5";
constexpr const char* iterative_192 = "secworks/aes @80dc4718: the formula of the two measured key sizes, 5 Nr + 3 and Nr + 5";
constexpr const char* round_a_clock = "freecores/aes_core @0d81d6e0; a block to decrypt is taken the clock after the one before is done";
constexpr const char* pipelined = "freecores/tiny_aes @faf2afb2: encrypts only, the key runs beside the data";
constexpr const char* ghash_alone = "secworks/gcm @d921803f, GHASH alone: 8 bits a clock; 1 clock to start";
constexpr const char* in_one = "freecores/gcm-aes @0b8573ac: AES 12, then field multiplication 8; H and the first counter block take 26 before each packet";

//  name               kind         key block  forward       chained backward      tag  source
constexpr engine_core rows[] = {
    {"des-area",          k::des,      8,  8, {16, 16, 0},   16, {16, 16, 0},   0, des_area},
    {"des-pipelined",     k::des,      8,  8, {1, 17, 1},    17, {1, 17, 1},    0, des_fast},
    {"3des-area",         k::des3,    24,  8, {48, 48, 0},   48, {48, 48, 0},   0, des_area},
    {"3des-pipelined",    k::des3,    24,  8, {1, 51, 1},    51, {1, 51, 1},    0, des_fast},
    {"3des-cascade",      k::des3,    24,  8, {19, 56, 1},   56, {19, 56, 1},   0, cascade},
    {"aes-128-iterative", k::aes,     16, 16, {53, 53, 15},  53, {53, 53, 15},  0, iterative},
    {"aes-192-iterative", k::aes,     24, 16, {63, 63, 17},  63, {63, 63, 17},  0, iterative_192},
    {"aes-256-iterative", k::aes,     32, 16, {73, 73, 19},  73, {73, 73, 19},  0, iterative},
    {"aes-128-round",     k::aes,     16, 16, {12, 12, 0},   12, {13, 12, 12},  0, round_a_clock},
    {"aes-128-pipelined", k::aes,     16, 16, {1, 21, 0},    21, none,          0, pipelined},
    {"aes-192-pipelined", k::aes,     24, 16, {1, 25, 0},    25, none,          0, pipelined},
    {"aes-256-pipelined", k::aes,     32, 16, {1, 29, 0},    29, none,          0, pipelined},
    {"md5",               k::md5,      0, 64, {66, 66, 1},    0, none,          0, "secworks/md5 @54a6308d: a 512-bit block; 1 clock to start"},
    {"sha1",              k::sha1,     0, 64, {82, 82, 0},    0, none,          0, "secworks/sha1 @50f82f4c: a 512-bit block"},
    {"sha256",            k::sha256,   0, 64, {66, 66, 0},    0, none,          0, "secworks/sha256 @664e0e3b: a 512-bit block"},
    {"ghash",             k::ghash,    0, 16, {17, 17, 1},    0, none,          0, ghash_alone},
    {"aes-128-gcm",       k::aes_gcm, 16, 16, {22, 14, 26},   0, none,         31, in_one},
};

}  // namespace

const table<engine_core> engine_cores = rows;

const engine_core* core_named(std::string_view name) {
    const auto* at = std::find_if(engine_cores.begin(), engine_cores.end(), [&](const engine_core& c) { return name == c.name; });
    return at == engine_cores.end() ? nullptr : at;
}

std::string core_names(core_kind kind) {
    std::string out;
    for (const engine_core& c : engine_cores)
        if (c.kind == kind) out += (out.empty() ? "" : ", ") + std::string(c.name);
    return out;
}

bounds::fraction rate(const engine_core& c, block_use use, ps period) {
    const unsigned interval = use == block_use::forward ? c.forward.interval : use == block_use::chained ? c.chained : c.backward.interval;
    return {static_cast<__int128>(second) * c.block * 8, static_cast<__int128>(interval) * period};
}

}  // namespace nicteam::offload
