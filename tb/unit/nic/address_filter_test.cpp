// Individual addresses beyond the one: the U/L bit ignored, several by the hash table.
#include <catch2/catch.hpp>

#include "nic/mac/address_filter.h"
#include "nic/registers/identities.h"

using namespace nicteam::nic;

namespace {

using mac = address_filter::mac;

configuration with(std::uint8_t byte15, std::uint8_t byte20) {
    configuration c(info_of(nic_identity::i82559).generation);
    std::uint8_t b[configuration::bytes];
    for (unsigned i = 0; i < configuration::bytes; ++i) b[i] = c.byte(i);
    b[15] = static_cast<std::uint8_t>(b[15] | byte15);
    b[20] = static_cast<std::uint8_t>(b[20] | byte20);
    REQUIRE(c.load(b, configuration::bytes) == 0);
    return c;
}

}  // namespace

TEST_CASE("address filter: the U/L bit of the destination is ignored on demand and nothing else is") {
    address_filter f;
    const mac own{0x02, 0x10, 0x20, 0x30, 0x40, 0x50};
    f.reset(own);
    for (unsigned bit = 0; bit < 48; ++bit) {
        mac other = own;
        other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ 1u << bit % 8);
        INFO(bit);
        CHECK(f.match(other.data(), with(0, 0)) == address_match::none);
        CHECK(f.match(other.data(), with(0x10, 0)) == (bit == 1 ? address_match::individual : address_match::none));
    }
    CHECK(f.match(own.data(), with(0x10, 0)) == address_match::individual);
}

TEST_CASE("address filter: several individual addresses by the hash table on demand") {
    address_filter f;
    f.reset({0x02, 0, 0, 0, 0, 1});
    const mac second{0x02, 0, 0, 0, 0, 0x77}, third{0x02, 0, 0, 0, 0, 0x78}, group{0x03, 0, 0, 0, 0, 0x77};
    f.add_multicast(second.data());
    CHECK(f.match(second.data(), with(0, 0)) == address_match::none);
    CHECK(f.match(second.data(), with(0, 0x40)) == address_match::individual);
    CHECK(f.match(third.data(), with(0, 0x40)) == address_match::none);
    CHECK(f.match(group.data(), with(0, 0x40)) == address_match::none);
    f.add_multicast(group.data());
    CHECK(f.match(group.data(), with(0, 0x40)) == address_match::multicast);
}
