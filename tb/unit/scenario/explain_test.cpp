#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/base/since_power_on.h"
#include "nicteam/host/cpu.h"
#include "nicteam/ipsec/algorithms.h"
#include "nicteam/offload/engine_cores.h"
#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/language.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;

TEST_CASE("every row of every table is explained") {
    std::string out;
    for (const scenario::table_entry& t : scenario::all_tables()) {
        for (const parameter_info& p : t.info->parameters) {
            INFO(t.path << "." << p.name);
            const bool own = t.path == "nic" && p.name == std::string("slot");  // the language says it in its own words
            CHECK((scenario::explain(t.path + "." + p.name, out) && (own || out.find(p.meaning) != std::string::npos)));
        }
        for (const metric_info& m : t.info->metrics)
            CHECK((scenario::explain(t.path + "." + m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const probe_info& m : t.info->probes) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const fault_info& m : t.info->faults) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const capture_info& m : t.info->captures) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const stage_info& m : t.info->stages) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const outcome_info& m : t.info->outcomes) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
    }
    for (const host::operation* o : scenario::all_operations())
        CHECK((scenario::explain(o->name, out) && out.find(o->source) != std::string::npos));
    for (const scenario::kind_info& k : scenario::kinds())
        if (k.form != scenario::shape::top) CHECK(scenario::explain(k.name, out));
}

TEST_CASE("what is counted since power-on says so and is there") {
    std::string out;
    for (const std::string_view fact : facts_of_bring_up) {
        INFO(fact);
        bool known = false;
        for (const char* place : {"nic.driver.", "nic.", "nic.driver.rings."}) known = known || scenario::explain(place + std::string(fact), out);
        CHECK(known);
        CHECK(out.find("since power-on, whatever the measuring window") != std::string::npos);
    }
    REQUIRE(scenario::explain("nic.driver.resumes", out));
    CHECK(out.find("since power-on") == std::string::npos);
}

TEST_CASE("a parameter is found by its name or by its path") {
    std::string a, b;
    REQUIRE(scenario::explain("duration", a));
    CHECK(a.find("duration: parameter") != std::string::npos);
    CHECK(a.find("default  10 ms") != std::string::npos);
    CHECK(a.find("time in ps, ns, us, ms, s") != std::string::npos);
    REQUIRE(scenario::explain("server.pci0.nic0.slot", b));
    CHECK(b.find("nic.slot: parameter") != std::string::npos);
    CHECK(b.find("allowed  1 … 20") != std::string::npos);
}

TEST_CASE("what nothing is called names the nearest") {
    std::string out;
    CHECK_FALSE(scenario::explain("durration", out));
    CHECK(out.rfind("nothing is called durration; did you mean one of these?\n  duration ", 0) == 0);
    CHECK_FALSE(scenario::explain("warm_upp", out));
    CHECK(out == "nothing is called warm_upp; did you mean warm_up?\n");
}

TEST_CASE("engines are explained by the names of their cores") {
    std::string out;
    for (const offload::engine_core& c : offload::engine_cores) {
        REQUIRE(scenario::explain(c.name, out));
        CHECK(out.find(c.source) != std::string::npos);
        REQUIRE(scenario::explain("nic.crypto.engines", out));
        const std::size_t allowed = out.find("allowed  ");
        REQUIRE(allowed != std::string::npos);
        CHECK(out.find(c.name, allowed) != std::string::npos);
    }
    REQUIRE(scenario::explain("3des-cascade", out));
    CHECK(out.find("CBC in   a block each 19 clocks, its result 56 behind its start, 1 for another key") != std::string::npos);
    REQUIRE(scenario::explain("aes-128-pipelined", out));
    CHECK(out.find("CBC in   no\n") != std::string::npos);
    for (const char* key : {"nic.crypto.transmit_engines", "crypto_card.engines"}) {
        REQUIRE(scenario::explain(key, out));
        CHECK(out.find("allowed  des-area, des-pipelined, ") != std::string::npos);
    }
    CHECK_FALSE(scenario::explain("3des-cascad", out));
    CHECK(out.find("3des-cascade") != std::string::npos);
}

TEST_CASE("a star finds parts as well as rows") {
    std::string out;
    REQUIRE(scenario::explain("nic.crypto*", out));
    for (const char* part : {"  nic.crypto ", "  nic.crypto_transmit "}) CHECK(out.find(part) != std::string::npos);
    REQUIRE(scenario::explain("nic.rx_*", out));
    CHECK(out.find("parts\n") == std::string::npos);
    CHECK_FALSE(scenario::explain("nic.abacus*", out));
}

TEST_CASE("the lengths of keys are explained as they are taken") {
    std::string cipher, authentication;
    REQUIRE(scenario::explain("sa.key", cipher));
    REQUIRE(scenario::explain("sa.authentication_key", authentication));
    const auto says = [](const std::string& text, unsigned octets) { return text.find(" " + std::to_string(octets)) != std::string::npos; };
    for (int k = 0; k <= static_cast<int>(ipsec::cipher_kind::aes_gcm_16); ++k) {
        const auto& row = ipsec::info(static_cast<ipsec::cipher_kind>(k));
        for (const unsigned n : row.keys) CHECK((!n || says(cipher, n)));
        CHECK((!row.salt || (row.salt == 4 && cipher.find("4 of salt behind them for aes-ctr and aes-gcm") != std::string::npos)));
    }
    for (int k = 0; k <= static_cast<int>(ipsec::authentication_kind::aes_gmac); ++k)
        for (const unsigned n : ipsec::info(static_cast<ipsec::authentication_kind>(k)).keys) CHECK((!n || says(authentication, n)));
}

TEST_CASE("scenarios are listed with their titles") {
    test::text_scenario s;
    s.file("b.toml", "title = \"second\"\n");
    s.file("a.toml", "title = \"first\"\n");
    s.file("none.toml", "seed = 1\n");
    s.file("bad.toml", "title = \n");
    const auto all = scenario::list(s.directory().string());
    REQUIRE(all.size() == 3);
    CHECK(all[0].title == "first");
    CHECK(all[1].title == "second");
    CHECK_FALSE(all[2].readable);
}

namespace {
std::string told(const std::string& key) {
    std::string out;
    scenario::explain(key, out);
    return out;
}
bool holds(const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
    return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("a component or part of one lists what it has") {
    for (const char* key : {"nic", "server.pci0.nic3"}) {
        holds(told(key), "  nic.rx_fifo ");
        holds(told(key), "  nic.rx_frames ");
        holds(told(key), "  nic.target_abort ");
        holds(told(key), "  nic.driver ");
    }
    for (const char* key : {"nic.driver", "driver", "server.pci0.nic0.driver"}) holds(told(key), "  nic.driver.receive_ring ");
    for (const char* key : {"bus.bridge", "bridge", "server.pci0.bridge"}) {
        holds(told(key), "  bus.bridge.read_wait ");
        holds(told(key), "server.pci0.bridge");
    }
    holds(told("link.a_to_b"), "  link.a_to_b.lost_oversize ");
    holds(told("lan0.b_to_a"), "  link.a_to_b.lost_oversize ");
    holds(told("scenario"), "  duration ");
}

TEST_CASE("a pattern lists what it matches") {
    holds(told("nic.rx_*"), "  nic.rx_overruns ");
    CHECK(told("nic.rx_*").find("tx_") == std::string::npos);
    holds(told("*checksum*"), "  host.stack.bad_checksum ");
    std::string out;
    CHECK_FALSE(scenario::explain("nic.zz*", out));
}

TEST_CASE("rows of one sort are listed and a fault says where it can be") {
    holds(told("faults"), "at = \"server.pci0.bridge\"");
    holds(told("fault"), "at = \"lan0\"");
    holds(told("fault"), "[[fault]]: ");
    holds(told("capture"), "link.a_to_b.wire");
    for (const char* sort : {"metrics", "probes", "stages", "ends", "operations", "capture points"}) holds(told(sort), "every ");
    holds(told("stall"), "[[fault]] at = \"server.cpu0\", what = \"stall\"");
    holds(told("link_down"), "[[fault]] at = \"lan0\", what = \"link_down\"");
}

TEST_CASE("what is unknown names what may be meant") {
    std::string out;
    for (const char* nothing : {"", ".", "nic.", "nic..slot"}) {
        CHECK_FALSE(scenario::explain(nothing, out));
        holds(out, "is no name; `nicteam explain scenario` shows where to begin\n");
    }
    holds(told("crc"), "nic.rx_crc_errors");
    holds(told("bandwidth"), "team.ad_select");
    holds(told("bus.frequency"), "did you mean bus.period?\n");
    CHECK(scenario::explain("bus.clock", out));
    holds(out, "bus.period: parameter\n");
    holds(told("nic.slut"), "did you mean nic.slot?\n");
    holds(told("server.pci0.nic0.driver.recieve_ring"), "did you mean nic.driver.receive_ring?\n");
    holds(told("underrun"), "nic.driver.underruns");
    holds(told("engine_stuck"), "engines_stuck");
    holds(told("qqqqqqqq"), "`nicteam explain scenario` shows where to begin\n");
    CHECK_FALSE(scenario::explain("crc", out));
}

TEST_CASE("every word of a report is explained") {
    // The summary's and the page's headings and columns, the columns of packets.csv, kinds of resources, fates, media.
    for (const char* word :
         {"born", "end", "wire_begin", "throughput", "latency", "losses", "utilisation", "expectations", "notes", "held",
             "FAILED", "use", "demand",
             "used", "capacity", "share", "tenures", "level", "highest", "mean", "frame bits", "p50", "p99.9", "bus", "wire", "medium", "cpu", "outcome",
             "fate", "arrived", "lost", "goes_on", "passed_over", "passed over by", "id", "parent", "born_ps", "ended_ps", "half_duplex", "half-duplex",
             "Half duplex", "CSMA", "CSMA/CD", "hotplug", "hot-plug", "cold", "ready", "jam", "backoff", "late collision", "wave.vcd", "packets.csv",
             "extended", "82557", "server", "client", "lan0", "server.pci0", "server.cpu0", "lan0.a_to_b", "not judged", "traces", "resources",
             "since_power_on", "media", "sharing.engine_9"}) {
        std::string out;
        INFO(word);
        CHECK(scenario::explain(word, out));
        CHECK(out.size() > 20);
    }
    holds(told("born"), "when a packet came to be");
    holds(told("extended"), "nic.identity = \"extended\"");
    holds(told("cold"), "power-up with EEPROM load");
    holds(told("server.pci0"), "[[bus]]: a PCI bus");
    holds(told("hotplugg"), "did you mean hotplug?");
}

TEST_CASE("a key that a table has not names the nearest and not all") {
    std::string out;
    CHECK_FALSE(scenario::explain("nic.foo", out));
    CHECK(out.rfind("nothing is called nic.foo: nic has no foo; the nearest names there are ", 0) == 0);
    CHECK(out.find("`nicteam explain nic` lists all\n") != std::string::npos);
    CHECK(std::count(out.begin(), out.end(), '\n') == 1);
    holds(told("nic.rx_fifos"), "nic.rx_fifo");
}

TEST_CASE("whatever is offered can be explained") {
    const auto all = scenario::explainable();
    const auto has = [&](const char* name) { return std::binary_search(all.begin(), all.end(), name); };
    for (const char* name : {"faults", "stages", "outcomes", "nic", "nic.driver", "nic.rx_fifo", "nic.rx_frames", "nic.rx_overrun",
                             "nic.removed", "born", "cold"})
        CHECK(has(name));
    CHECK(std::count_if(all.begin(), all.end(), [](const std::string& s) { return s.rfind("nic.rx", 0) == 0; }) > 25);
    std::string out;
    for (const std::string& name : all) {
        INFO(name);
        CHECK(scenario::explain(name, out));
    }
}

TEST_CASE("a value that is made when left out is told as such") {
    holds(told("nic.mac"), "made when left out: the first free of 02:00:00:00:00:01");
    holds(told("nic.driver.mac"), "made when left out: as mac");
    holds(told("slot"), "made when left out: the first free slot");
}

TEST_CASE("a path through a part means that part alone") {
    CHECK(told("lan0.a_to_b.wire").find("link.a_to_b.wire") != std::string::npos);
    CHECK(told("lan0.a_to_b.wire").find("nic.wire") == std::string::npos);
    holds(told("server.pci0.nic0.wire"), "nic.wire");
}
