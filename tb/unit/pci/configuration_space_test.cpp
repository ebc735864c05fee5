// What a configuration space decodes, address by address at every border, against its registers read back.
#include <utility>

#include <catch2/catch.hpp>

#include "nicteam/pci/configuration_space.h"

using namespace nicteam::pci;

namespace {

struct window { int number; bool io; std::uint32_t base, bytes; };
constexpr window windows[] = {{0, false, 0x80001000, 0x1000}, {1, true, 0xE000, 0x40}, {2, false, 0x80100000, 0x100000},
                              {configuration_space::rom_window, false, 0x70000000, 0x10000}};

configuration_space space() {
    configuration_space c;
    c.declare(0x04, 2, 0, 0x0357);
    c.declare_bar(0, 0x1000, false);
    c.declare_bar(1, 0x40, true);
    c.declare_bar(2, 0x100000, false);
    c.declare_rom(0x10000);
    c.declare(0xE0, 2, 0, 0x0103);
    c.declare_power_control(0xE0);
    c.write(0x10, 4, windows[0].base);
    c.write(0x14, 4, windows[1].base);
    c.write(0x18, 4, windows[2].base);
    c.write(0x30, 4, windows[3].base | 1);
    return c;
}

void decodes(const configuration_space& c, bool memory, bool io, bool rom) {
    for (const window& w : windows)
        for (const std::int64_t at : {-1, 0, 1, static_cast<int>(w.bytes) - 1, static_cast<int>(w.bytes)}) {
            const bool on = w.number == configuration_space::rom_window ? rom && memory : w.io ? io : memory;
            const bool inside = at >= 0 && at < w.bytes;
            std::uint32_t offset = 0xDEAD;
            INFO("window " << w.number << " at " << at);
            CHECK(c.decode(w.io, w.base + static_cast<std::uint64_t>(at), offset) == (on && inside ? w.number : -1));
            CHECK(offset == (on && inside ? at : 0xDEAD));
            CHECK(c.decode(!w.io, w.base + static_cast<std::uint64_t>(at), offset) == -1);
            CHECK(c.decode(w.io, w.base + static_cast<std::uint64_t>(at) + (std::uint64_t{1} << 32), offset) == -1);
        }
}

}  // namespace

TEST_CASE("A configuration space decodes its windows and nothing beside or between them") {
    auto c = space();
    decodes(c, false, false, true);
    for (const unsigned command : {1u, 2u, 3u, 0u, 3u}) {
        c.write(0x04, 2, command);
        decodes(c, command & 2, command & 1, true);
    }
    c.write(0x30, 4, windows[3].base);           // ROM off
    decodes(c, true, true, false);
}

TEST_CASE("A configuration space decodes what moved where it is now and nothing below D0 or after a reset") {
    auto c = space();
    c.write(0x04, 2, 3);
    std::uint32_t offset = 0;
    c.write(0x10, 4, 0x90000000);
    CHECK(c.decode(false, 0x90000010, offset) == 0);
    CHECK(offset == 0x10);
    CHECK(c.decode(false, windows[0].base, offset) == -1);
    c.write(0x10, 4, windows[1].base);           // one address, in either space
    CHECK(c.decode(false, windows[1].base, offset) == 0);
    CHECK(c.decode(true, windows[1].base, offset) == 1);
    c.write(0x10, 4, windows[0].base);
    decodes(c, true, true, true);
    c.write(0xE0, 2, 3);
    decodes(c, false, false, true);
    c.write(0xE0, 2, 0);
    decodes(c, true, true, true);
    c.reset();
    decodes(c, false, false, false);
}

TEST_CASE("A configuration space has another version after whatever may have changed it") {
    auto c = space();
    std::uint32_t seen = c.version();
    const auto changed = [&] {
        const std::uint32_t before = std::exchange(seen, c.version());
        return before != seen;
    };
    CHECK_FALSE(changed());
    c.write(0x0C, 1, 8);
    CHECK(changed());
    c.set(0x0D, 1, 32);
    CHECK(changed());
    c.reset();
    CHECK(changed());
    c.declare(0x0C, 1, 0, 0xFF);
    CHECK(changed());
}
