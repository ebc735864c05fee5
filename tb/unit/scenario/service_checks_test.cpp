// Pools of engines and who asks them: what cannot be is refused where it is written, with the reason.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

const std::string card = "[[crypto_card]]\nname = \"card\"\nbus = \"server.pci0\"\n";

std::string pool(const std::string& devices, const std::string& more = "") {
    return "[[crypto_service]]\nname = \"pool\"\nhost = \"server\"\ndevices = [" + devices + "]\n" + more;
}
std::string load(const std::string& more = "") { return "[[crypto_load]]\nname = \"load\"\nservice = \"server.pool\"\n" + more; }

std::string said(const std::string& more) {
    text_scenario s;
    return s.errors(small + more);
}

// `says` nothing: it is good.
void check(const std::string& more, const std::string& says) {
    const std::string text = said(more);
    INFO(more);
    INFO(text);
    if (says.empty()) CHECK(text.empty());
    else CHECK(text.find(says) != std::string::npos);
}

const std::string one = "\"server.pci0.card\"";

}  // namespace

TEST_CASE("a pool of a card, and of a card and software, is good") {
    check(card + pool(one) + load(), "");
    check(card + pool(one, "software = \"another\"\nrates = [\"83 Mbps\"]\n") + load(), "");
    check(pool("", "software = \"another\"\n") + load(), "");
}

TEST_CASE("engines that are none, or another's, are refused") {
    check(pool("") + load(), "crypto_service.devices of server.pool = []: nobody would do a job");
    check(pool("\"server.pci0.nic0\"") + load(), "server.pci0.nic0 has no crypto block; its [nic.crypto] wants enable = true");
    check(pool("\"server.pci0.disk\"") + load(), "there is no such nic, crypto_card");
    check(card + pool(one + ", " + one), "server.pci0.card stands in it twice");
    check(card + pool(one) + "[[crypto_service]]\nname = \"second\"\nhost = \"server\"\ndevices = [" + one + "]\n",
          "crypto_service.devices of server.second = [\"server.pci0.card\"]: server.pci0.card is an engine of server.pool already");
    check("[[host]]\nname = \"east\"\n[[cpu]]\nname = \"cpu0\"\nhost = \"east\"\n[[bus]]\nname = \"pci0\"\nhost = \"east\"\n"
          "[[crypto_card]]\nname = \"card\"\nbus = \"east.pci0\"\n" + pool("\"east.pci0.card\""),
          "east.pci0.card is in another host than server.pool");
    std::string nic = std::string(small) + pool("\"server.pci0.nic0\"");
    nic.insert(nic.find("[[peer]]"), "identity = \"extended\"\n[nic.crypto]\nenable = true\nsecondary_use = false\n");
    text_scenario s;
    const std::string text = s.errors(nic);
    INFO(text);
    CHECK(text.find("the rings of server.pci0.nic0 take no jobs; crypto.secondary_use = true lets them") != std::string::npos);
}

TEST_CASE("settings of a pool that contradict each other are refused at the key") {
    check(card + pool(one, "rates = [\"1 Mbps\", \"2 Mbps\"]\n"),
          ":25:9: error: crypto_service.rates of server.pool = [\"1 Mbps\", \"2 Mbps\"]: 2 rates for 1 engines; allowed");
    check(card + pool(one, "rates = [\"fast\"]\n"), "\"fast\": ");
    check(card + pool(one, "rates = [\"7 bps\"]\n"), "\"7 bps\": an octet a second at least");
    check(card + pool(one, "dispatch = \"by_size\"\n"), "crypto_service.large_engines of server.pool = 1: of 1 engines none would be left");
    check(card + pool(one, "dispatch = \"by_size\"\nsoftware = \"another\"\n"), "");
    check(card + pool(one, "given = 5\nqueue = 4\n"), "crypto_service.given of server.pool = 5: more than the 4 jobs that an engine may have (queue)");
}

TEST_CASE("jobs that no engine can do are refused") {
    const std::string aes = "[[crypto_card]]\nname = \"card\"\nbus = \"server.pci0\"\nengines = [\"aes-128-round\", \"sha1\"]\n";
    check(aes + pool(one) + load(),
          "crypto_load.cipher of server.pool.load = \"3des-cbc\": no engine of server.pool can do its jobs: server.pci0.card has no engines for 3des-cbc");
    check(aes + pool(one, "software = \"last_resort\"\n") + load(), "");
    check(aes + pool(one) + load("cipher = \"aes-cbc\"\n"), "");
    check(card + pool(one) + load("size = \"4 KiB\"\n"), "takes packets of 2048 B at most, and one here has up to 4244 B");
    check(card + pool(one) + load("cipher = \"aes-ctr\"\nauthentication = \"null\"\n"), "crypto_load.cipher of server.pool.load = \"aes-ctr\": ");
    check(card + pool(one) + load("cipher = \"null\"\nauthentication = \"null\"\n"), "crypto_load.cipher of server.pool.load = \"null\": ");
    check(card + pool(one) + load("sizes = \"uniform\"\nleast_size = \"2 KiB\"\n"),
          "crypto_load.least_size of server.pool.load = \"2 KiB\": is above greatest_size");
}

TEST_CASE("buffers of loads count when a host's memory is checked") {
    check(card + pool(one) + load("threads = 4096\nsize = \"1500 B\"\n") + "[host.memory]\n", "");
    text_scenario s;
    std::string text = std::string(small) + card + pool(one) + load("threads = 4096\nsize = \"1500 B\"\n");
    text.insert(text.find("[[cpu]]"), "memory.size = \"4 MiB\"\n");
    const std::string said = s.errors(text);
    INFO(said);
    CHECK(said.find("host.memory.size = \"4 MiB\": drivers, stack and windows of server take") != std::string::npos);
    text.replace(text.find("\"4 MiB\""), 7, "\"18 MiB\"");
    CHECK(s.errors(text) == "");
}

TEST_CASE("a job that no nic of the pool takes is refused with the reason") {
    const std::string nic = "[[nic]]\nname = \"nic0\"\nidentity = \"extended\"\n[nic.crypto]\nenable = true\nengines = [\"aes-128-round\", \"sha1\"]\n";
    text_scenario s;
    s.file("b.toml", std::string(small));
    const auto said_of = [&](const std::string& more) { return s.errors("extends = \"b.toml\"\n" + nic + pool("\"server.pci0.nic0\"") + load(more)); };
    CHECK(said_of("cipher = \"aes-cbc\"\n") == "");
    CHECK(said_of("cipher = \"3des-cbc\"\n").find("crypto_load.cipher of server.pool.load = \"3des-cbc\": no engine of server.pool can do its jobs: "
                                                   "server.pci0.nic0 has no engines for 3des-cbc with hmac-sha1-96, both ways") != std::string::npos);
    CHECK(said_of("cipher = \"aes-cbc\"\nsize = \"4000 B\"\n").find("crypto_load.size of server.pool.load = \"4000 B\": no engine of server.pool can do its "
                                                                      "jobs: server.pci0.nic0 takes packets of 2048 B at most") != std::string::npos);
}
