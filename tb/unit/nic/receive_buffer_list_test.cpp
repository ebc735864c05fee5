// The list of receive buffers by itself: what a frame without bytes for its buffer leaves behind.
#include <array>

#include <catch2/catch.hpp>

#include "nic/receive/receive_buffer_list.h"

using nicteam::nic::receive_buffer;
using nicteam::nic::receive_buffer_list;

namespace {

using found = receive_buffer_list::found;
constexpr std::uint32_t base = 0x1000, own = 0x8000;

std::array<std::uint8_t, receive_buffer::bytes> descriptor(std::uint32_t link, std::uint32_t buffer, unsigned size, bool last = false) {
    std::array<std::uint8_t, receive_buffer::bytes> b{};
    nicteam::nic::put32(&b[4], link);
    nicteam::nic::put32(&b[8], buffer);
    nicteam::nic::put32(&b[12], size | (last ? 0x8000u : 0u));
    return b;
}

}  // namespace

TEST_CASE("RBD list: pointer and links count from the base") {
    receive_buffer_list l;
    l.begin(base, 0x20, own);
    REQUIRE(l.more());
    CHECK(l.next() == base + 0x20);
    CHECK(l.fetched(descriptor(0x40, 0x9000, 10).data(), true) == found::buffer);
    CHECK(l.next() == base + 0x40);
    CHECK(l.used().back().buffer.buffer == 0x9000);
}

TEST_CASE("RBD list: a buffer that got no byte waits for the next frame") {
    receive_buffer_list l;
    l.begin(base, 0x20, own);
    l.fetched(descriptor(0x40, 0x9000, 10).data(), true);
    l.fetched(descriptor(0x60, 0xA000, 10, true).data(), true);
    CHECK_FALSE(l.more());
    l.close(0);
    REQUIRE(l.used().size() == 1);
    CHECK(l.used()[0].count == 10);
    CHECK(l.more());
    CHECK(l.next() == base + 0x40);
}

TEST_CASE("RBD list: what ended it is read again") {
    receive_buffer_list l;
    l.begin(base, 0xFFFFFFFF, own);
    CHECK_FALSE(l.more());
    CHECK(l.last() == own);
    l.again(descriptor(0, 0x20, 0).data(), true);                  // the frame descriptor has its pointer at the same place
    CHECK(l.next() == base + 0x20);
    CHECK(l.fetched(descriptor(0x40, 0x9000, 0).data(), true) == found::end);
    CHECK(l.last() == base + 0x20);
    l.again(descriptor(0x40, 0x9000, 8).data(), false);            // nobody answered
    CHECK_FALSE(l.more());
    l.again(descriptor(0x40, 0x9000, 8).data(), true);
    CHECK(l.next() == base + 0x20);
    l.clear();
    l.again(descriptor(0x40, 0x9000, 8).data(), true);
    CHECK_FALSE(l.more());
}
