// Associations and policies: what cannot be is refused where it is written, with the reason; what is left out is made.
#include <catch2/catch.hpp>

#include "scenario/relations/security.h"
#include "unit/scenario/text_scenario.h"

using nicteam::scenario::read_options;
using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

const std::string block = "[nic.crypto]\nenable = true\n";

// A nic with the block, an association to it and a policy that uses it.
std::string with(const std::string& association = "", const std::string& crypto = block, const std::string& more = "") {
    std::string s = small;
    const std::string nic = "bus = \"server.pci0\"\n";
    s.insert(s.find(nic) + nic.size(), "identity = \"extended\"\n" + crypto);
    return s + "[[sa]]\nname = \"inbound\"\nfrom = \"client\"\nto = \"server\"\n" + association +
           "[[policy]]\nname = \"encrypt\"\nfrom = \"client\"\nto = \"server\"\nbundle = [\"inbound\"]\n" + more;
}

std::string said(const std::string& text) {
    text_scenario s;
    return s.errors(text);
}

bool has(const std::string& text, const std::string& what) {
    INFO(text);
    return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("an association and a policy are good and what is left out is made from the seed") {
    text_scenario s;
    const auto r = s.read(with());
    CHECK(r.found.to_string() == "");
    const auto& sa = *r.what->find("inbound");
    CHECK(sa.integer("spi") == 0x1000);
    CHECK(sa.text("key").size() == 2 + 2 * 16);
    CHECK(sa.text("authentication_key").size() == 2 + 2 * 20);
    CHECK(r.what->find("server.pci0.nic0")->integer("driver.receive_records") == 1);
    read_options other;
    other.sets = {"seed=2"};
    CHECK(s.read(with(), other).what->find("inbound")->text("key") != sa.text("key"));
    const std::string row = R"("IPv4","192.0.2.2","192.0.2.1","0x00001000","AES-CBC [RFC3602]",")" + sa.text("key") + R"(","HMAC-SHA-1-96 [RFC2404]",")" +
                            sa.text("authentication_key") + '"';
    CHECK(nicteam::scenario::esp_sa(*r.what) == row + '\n');
}

TEST_CASE("a path that may be left out and is empty is left out") {
    text_scenario s;
    const auto r = s.read(with("sent_back_to = \"\"\nput_on_by = \"\"\n"));
    CHECK(r.found.to_string() == "");
    CHECK_FALSE(r.what->find("inbound")->given("sent_back_to"));
    CHECK_FALSE(r.what->find("inbound")->given("put_on_by"));
    CHECK(s.read(with("sent_back_to = \"server.pci0.nic0\"\n")).what->find("inbound")->given("sent_back_to"));
}

TEST_CASE("what Wireshark cannot judge has no row in its table of keys") {
    text_scenario s;
    for (const char* a : {"protocol = \"ah\"\n", "extended_sequence = true\n"}) {
        const auto r = s.read(with(a + std::string("cipher = \"null\"\n")));
        CHECK(r.found.to_string() == "");
        CHECK(nicteam::scenario::esp_sa(*r.what) == "");
    }
}

TEST_CASE("keys that are none or of a wrong length or weak are refused at their place") {
    CHECK(has(said(with("key = \"secret\"\n")), "sa.key = \"secret\": is no key; allowed: \"0x\" and an even number of hexadecimal digits"));
    CHECK(said(with("key = \"0x0011\"\n")) ==
          "s.toml:25:7: error: sa.key of inbound = \"0x0011\": cipher aes-cbc takes a key of 16 or 24 or 32 octets, not 2\n");
    CHECK(said(with("cipher = \"des-cbc\"\nkey = \"0x0101010101010101\"\n")) ==
          "s.toml:26:7: error: sa.key of inbound = \"0x0101010101010101\": des-cbc with a weak DES key (FIPS 74)\n");
    CHECK(has(said(with("cipher = \"3des-cbc\"\nkey = \"0x" + std::string(48, '7') + "\"\n")),
              "777\": 3des-cbc with two equal keys next to each other is DES"));
}

TEST_CASE("all that is wrong with an association is told at once") {
    CHECK(said(with("key = \"0x00\"\nauthentication_key = \"0x0011\"\n")) ==
          "s.toml:25:7: error: sa.key of inbound = \"0x00\": cipher aes-cbc takes a key of 16 or 24 or 32 octets, not 1\n"
          "s.toml:26:22: error: sa.authentication_key of inbound = \"0x0011\": authentication hmac-sha1-96 takes a key of 20 octets, not 2\n");
    const std::string both = said(with("key = \"x\"\nauthentication_key = \"0x001\"\nfirst_sequence = 4294967296\n"));
    for (const char* what : {"sa.key = \"x\": is no key", "sa.authentication_key = \"0x001\": is no key", "sa.first_sequence of inbound = 4294967296: "})
        CHECK(has(both, what));
    CHECK(has(said(with("soft_packets = 9\nhard_packets = 8\nsoft_octets = \"9 B\"\nhard_octets = \"8 B\"\n")),
              "sa.soft_octets of inbound = \"9 B\": a soft lifetime of 9 octets ends after the hard one of 8"));
}

TEST_CASE("of an association a --set that is at fault is named and not the file") {
    text_scenario s;
    read_options o;
    o.sets = {"inbound.key=0x00"};
    CHECK(s.errors(with(), o) == "--set inbound.key=0x00: error: sa.key of inbound = \"0x00\": cipher aes-cbc takes a key of 16 or 24 or 32 octets, not 1\n");
    o.sets = {"inbound.cipher=3des-cbc"};
    const std::string key = "0x" + std::string(32, '7');
    CHECK(s.errors(with("key = \"" + key + "\"\n"), o) == "--set inbound.cipher=3des-cbc: error: sa.key of inbound = \"" + key +
                                                            "\" (s.toml:25:7): cipher 3des-cbc takes a key of 24 octets, not 16\n");
}

TEST_CASE("a value that is none brings one message and no nonsense behind it") {
    CHECK(said(with("dscp = 64\n")) == "s.toml:25:8: error: sa.dscp = 64: is out of range; allowed: 0 … 63\n");
    CHECK(said(with() + "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\naction = \"drop\"\n") ==
          "s.toml:34:10: error: policy.action = \"drop\": is no choice; allowed: protect, bypass, discard; did you mean discard?\n");
}

TEST_CASE("prefixes that are none are refused") {
    for (const char* key : {"inner_source", "inner_destination"})
        CHECK(has(said(with(key + std::string(" = \"192.0.2.0\"\n"))), "sa." + std::string(key) + " = \"192.0.2.0\": "));
    for (const char* key : {"source_prefix", "destination_prefix"}) {
        const std::string policy = "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\naction = \"bypass\"\n";
        CHECK(has(said(with("", block, policy + key + " = \"192.0.2.0/33\"\n")), "policy." + std::string(key) + " = \"192.0.2.0/33\": "));
        CHECK(said(with("", block, policy + key + " = \"2001:db8::/32\"\n")).empty());
        for (const char* wrong : {"2001:db8::/129", "2001:db8::", "2001:db8:/32", "1::2::3/64", "::ffff:1.2.3.4/96"})
            CHECK(has(said(with("", block, policy + key + " = \"" + wrong + "\"\n")), "is no address with its prefix length"));
    }
}

TEST_CASE("pairs that must not be and reserved numbers are refused") {
    CHECK(said(with("cipher = \"null\"\nauthentication = \"null\"\n")) ==
          "s.toml:26:18: error: sa.authentication of inbound = \"null\": cipher null with authentication null protects nothing (RFC 4303, 3.2); "
          "allowed: one of the two that is not null\n");
    CHECK(has(said(with("cipher = \"aes-ctr\"\nauthentication = \"null\"\n")),
              "sa.authentication of inbound = \"null\": aes-ctr without authentication can be changed bit by bit"));
    CHECK(said(with("cipher = \"aes-gcm-16\"\n")) ==
          "s.toml:25:10: error: sa.cipher of inbound = \"aes-gcm-16\": aes-gcm-16 authenticates by itself; hmac-sha1-96 cannot stand beside it; "
          "allowed: authentication = \"null\"\n");
    CHECK(has(said(with("spi = 255\n")), "spi"));
    CHECK(has(said(with("replay_window = 64\nauthentication = \"null\"\n")),
              "sa.replay_window of inbound = 64: a replay window of 64 numbers needs authentication"));
    CHECK(has(said(with("udp = true\nprotocol = \"ah\"\ncipher = \"null\"\n")), "sa.udp of inbound = true: AH cannot be encapsulated in UDP"));
}

TEST_CASE("an association for a nic without the block is refused and none goes in the clear instead") {
    CHECK(has(said(with("", "")), "sa.to = \"server\": server.pci0.nic0 has no crypto block"));
    CHECK(has(said(with("", "[nic.crypto]\nenable = true\nengines = [\"3des-area\", \"sha1\"]\n")), "sa: inbound: server.pci0.nic0: "));
    CHECK(has(said(with("", "[nic.crypto]\nenable = true\nengines = [\"abacus\"]\n")), "there is no engine \"abacus\""));
    CHECK(has(said(with("", "[nic.crypto]\nenable = true\nengines = [4]\n")),
              "there is no engine \"4\": engines are named, two that are alike as [\"sha1\", \"sha1\"]; allowed: des-area, "));
}

TEST_CASE("what no engine does is told with the cores that would and with the CPU that can") {
    const std::string few = "[nic.crypto]\nenable = true\nengines = [\"3des-area\", \"sha1\"]\n";
    CHECK(said(with("cipher = \"aes-gcm-16\"\nauthentication = \"null\"\n", few)) ==
          "s.toml:26:10: error: sa: inbound: server.pci0.nic0: no engines do aes-gcm-16 with a key of 16 octets; allowed: aes-128-gcm, or ghash and one of "
          "aes-128-iterative, aes-128-round, aes-128-pipelined (crypto.engines); or software = \"to\", so that the host's CPU takes it off\n");
    CHECK(has(said(with("authentication = \"aes-xcbc-mac-96\"\n")),
              "one engine cannot do both aes-cbc and aes-xcbc-mac-96 of a packet; wanted is another of aes-128-iterative, aes-128-round, aes-128-pipelined"));
    CHECK(has(said(with("authentication = \"hmac-sha2-512-256\"\n")),
              "no engine with a measured core does hmac-sha2-512-256 (crypto.engines); or software = \"to\""));
    CHECK(said(with("authentication = \"hmac-sha2-512-256\"\nsoftware = \"to\"\n")) == "");
    read_options o;
    text_scenario s;
    o.sets = {"nic.crypto.engines=md5"};
    const std::string wrong = s.errors(with(), o);
    CHECK(has(wrong, "--set nic.crypto.engines=md5: error: sa: inbound: server.pci0.nic0: no engine decrypts aes-cbc with a key of 16 octets; allowed: "));
    CHECK(has(wrong, "; and no engine does hmac-sha1-96; allowed: sha1 (crypto.engines)"));
}

TEST_CASE("engines that are none are told whether the block is there or not and with the nearest name") {
    for (const char* enable : {"true", "\"yes\"", "false"}) {
        const std::string wrong = said(with("", std::string("[nic.crypto]\nenable = ") + enable + "\nengines = [\"3des-casc\", \"sha1\", \"abacus\"]\n"));
        CHECK(has(wrong,
                  "nic.crypto.engines: there is no engine \"3des-casc\"; did you mean 3des-cascade?; there is no engine \"abacus\"; allowed: des-area, "));
        CHECK(wrong.find("3des-casc\"", wrong.find("3des-casc\"") + 1) == std::string::npos);
    }
    const std::string card = "[[crypto_card]]\nname = \"card\"\nbus = \"server.pci0\"\nengines = [\"sha2\"]\n";
    CHECK(has(said(with("", block, card)), "crypto_card.engines: there is no engine \"sha2\"; did you mean sha1?; allowed: "));
}

TEST_CASE("an association has two ends and stands in a bundle once and transport mode keeps the version of IP") {
    const auto policy = [](const std::string& more) { return "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\n" + more; };
    CHECK(has(said(with("", block, "[[sa]]\nname = \"round\"\nfrom = \"client\"\nto = \"client\"\n")),
              "sa.to of round = \"client\": begins and ends at client; allowed: two ends"));
    CHECK(has(said(with("", block, "[[sa]]\nname = \"round\"\nfrom = \"server\"\nto = \"server.pci0.nic0\"\n")), "begins and ends at server"));
    CHECK(has(said(with("", block, policy("bundle = [\"inbound\", \"inbound\"]\n"))), "policy.bundle: inbound stands twice"));
    const std::string six = "ip_version = \"ipv6\"\nmode = \"transport\"\n", tunnel = "ip_version = \"ipv6\"\n";
    CHECK(has(said(with(six)), "policy.bundle: inbound is of IPv6 in transport mode, and what it would protect is IPv4; allowed: sa.ip_version = \"ipv4\", or "
                               "sa.mode = \"tunnel\""));
    CHECK(said(with(tunnel)) == "");
    CHECK(said(with(six, block, policy("ip_version = \"ipv6\"\nbundle = [\"inbound\"]\n"))).find("what it would protect is IPv6") == std::string::npos);
    CHECK(has(said(with("mode = \"transport\"\n", block, policy("ip_version = \"ipv6\"\nbundle = [\"inbound\"]\n"))), "what it would protect is IPv6"));
    // Behind a tunnel the packet has the tunnel's version.
    const std::string around = "[[sa]]\nname = \"around\"\nfrom = \"client\"\nto = \"server\"\n" + six;
    CHECK(said(with(tunnel, block, around + policy("bundle = [\"inbound\", \"around\"]\n"))) == "");
}

TEST_CASE("of two values of a block that contradict each other the --set is named") {
    read_options o;
    text_scenario s;
    o.sets = {"nic.crypto.longest_packet=9000 B"};
    CHECK(has(s.errors(with(), o), "--set nic.crypto.longest_packet=9000 B: error: nic.crypto.frame_buffer = \"4 KiB\": "));
    CHECK(has(s.errors(with("", block + "frame_buffer = \"2 KiB\"\n"), o),
              "--set nic.crypto.longest_packet=9000 B: error: nic.crypto.frame_buffer = \"2 KiB\": a frame around the longest packet of 9000 octets does not "
              "fit into 2048 octets (s.toml:15:16)"));
    CHECK(has(said(with("", block + "longest_packet = \"9000 B\"\n")), "s.toml:15:18: error: nic.crypto.frame_buffer = \"4 KiB\""));
    CHECK(said(with("", block + "period = \"33 MHz\"\nlink_period = \"66 MHz\"\n")) == "");
}

TEST_CASE("ciphers with the bits of their key in their names") {
    for (const char* name : {"aes-cbc-256", "aes-256-cbc"})
        CHECK(has(said(with(std::string("cipher = \"") + name + "\"\n")),
                  "did you mean aes-cbc?; AES of 256 bits is a `key` of so many, 32 octets, a salt apart"));
    read_options o;
    text_scenario s;
    o.sets = {"inbound.cipher=aes-128-gcm"};
    CHECK(has(s.errors(with(), o), "did you mean aes-gcm-16?; AES of 128 bits is a `key` of so many, 16 octets"));
}

TEST_CASE("an SPI twice and a table that is full are refused") {
    const std::string second = "[[sa]]\nname = \"other\"\nfrom = \"client\"\nto = \"server\"\nspi = ";
    CHECK(has(said(with("spi = 5000\n", block, second + "5000\n")), "sa.spi = 5000: inbound to the same address has it already"));
    CHECK(has(said(with("", block + "associations = 1\n", second + "5001\n")), "all 1 places for associations of server.pci0.nic0 are taken"));
}

TEST_CASE("a policy that protects with nothing or with what begins elsewhere is refused") {
    CHECK(has(said(with() + "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\n"), "policy: p: protects with nothing"));
    CHECK(has(said(with() + "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\naction = \"bypass\"\nbundle = [\"inbound\"]\n"),
              "protects nothing: its action is bypass"));
    CHECK(has(said(with() + "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\nbundle = [\"outbound\"]\n"), "policy.bundle"));
    CHECK(said(with() + "[[policy]]\nname = \"p\"\nfrom = \"client\"\nto = \"server\"\ndestination_port = 53\naction = \"discard\"\n") == "");
    CHECK(has(said(with() + "[[peer]]\nname = \"late\"\nroute_mtu = [\"40 B\"]\n"), "\"40 B\": is no MTU; allowed: 68 B"));
}

TEST_CASE("a real controller has no block and its driver no records") {
    std::string s = with();
    s.replace(s.find("identity = \"extended\""), 21, "identity = \"82559\"");
    CHECK(has(said(s), "an 82559 has no crypto block; identity = \"extended\" may have one"));
    CHECK(has(said(with("", block + "period = \"30.002 ns\"\n")), "crypto.period"));
    read_options o;
    text_scenario t;
    o.sets = {"nic.driver.receive_records=false"};
    CHECK(has(t.errors(with(), o), "writes a record behind each frame, which the driver must know"));
    o.sets = {"nic.driver.receive_records=true"};
    CHECK(has(t.errors(small, o), "the nic has no crypto block that writes any"));
    o.sets = {"nic.driver.crc_to_memory=true"};
    CHECK(has(t.errors(with(), o), "no FCS, passes the crypto block"));
    o.sets = {"nic.rx_stage_clocks=5"};
    CHECK(has(t.errors(with(), o), "the crypto block is in the place of the identity stage"));
}
