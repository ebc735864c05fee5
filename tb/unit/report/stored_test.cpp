// What a run wrote is read back, and the page is made from it.
#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

#include "nicteam/report/file_writer.h"
#include "nicteam/report/page.h"
#include "nicteam/report/stored.h"
#include "nicteam/report/summary.h"
#include "nicteam/report/html.h"
#include "unit/report/sample_result.h"
#include "unit/report/scratch.h"

using namespace nicteam;
using nicteam::test::sample_result;

namespace {

std::string why(const std::string& directory) {
    try {
        report::read_results(directory);
    } catch (const report::unreadable& e) {
        return e.what();
    }
    return "";
}
bool has(const std::string& s, const std::string& part) { return s.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("A result read back is the result") {
    test::scratch folder;
    auto r = sample_result();
    r.limit.limited = false;
    r.limit.waited_for = 0;
    r.faults = {{"pull", "link_down", "lan0", 2 * millisecond, never, never, 1, ""},
                {"noise", "bit_errors", "lan0", 2 * millisecond, 3 * millisecond, never, 1, "1e-6"}};
    r.troubles = {{"server.pci0.tenures", "tenures", "times that the bus was taken", 3}};
    r.shares = {{"server.pci0", "nic0", 3, 4, 5, r.window()}};
    report::write_file(folder / "result.json", report::to_json(r));
    const auto back = report::read_results(folder.path().string());
    CHECK(report::to_json(back.result) == report::to_json(r));
    CHECK(report::summary_text(back.result) == report::summary_text(r));
    CHECK(back.files.empty());
}

TEST_CASE("What cannot be read is named with the reason") {
    test::scratch folder;
    CHECK(has(why(folder / "nowhere"), "nowhere: is no directory"));
    CHECK(has(why(folder.path().string()), "holds no results (no result.json)"));
    const std::string whole = report::to_json(sample_result());
    const auto with = [&](const std::string& text) {
        report::write_file(folder / "result.json", text);
        return why(folder.path().string());
    };
    CHECK(has(with(whole.substr(0, whole.size() / 2)), "result.json: is not whole"));
    CHECK(has(with(""), "is not whole"));
    CHECK(has(with("[]"), "is not what a run of nicteam leaves"));
    CHECK(has(with("{\"format\": \"nicteam result 1\", \"version\": \"0.1.0\"}"),
              "is of the format \"nicteam result 1\", made by nicteam 0.1.0; this one reads \"nicteam result 3\""));
    CHECK(has(with("{\"format\": \"nicteam result 3\"}"), "is not whole: "));
    // Any octet left out or changed: read, or refused with a reason, never worse.
    for (std::size_t at = 0; at < whole.size(); at += 97) {
        std::string text = whole;
        text[at] = at % 2 ? '0' : '}';
        with(text);
    }
    CHECK(with(whole).empty());
    report::write_file(folder / "run.json", "{\"files\": [");
    CHECK(has(why(folder.path().string()), "run.json: is not whole"));
}

TEST_CASE("The page says what the result says and needs nothing else") {
    test::scratch folder;
    report::write_file(folder / "result.json", report::to_json(sample_result()));
    report::write_file(folder / "run.json", "{\n  \"files\": [\n    {\n      \"name\": \"result.json\",\n      \"what\": \"all\"\n    }\n  ]\n}\n");
    report::write_page(folder.path().string());
    const std::string page = report::page_text(folder.path().string());
    for (const char* part :
         {"1 of 2 expectations failed", "server.lost at_most 0", "10 frames", "the receive FIFO was full", "client to server.stack",
          "96.0 %", "<svg", "packets.csv has the first 10 packets", "href=\"result.json\"", "a &quot;title&quot;"})
        CHECK(has(page, part));
    for (const char* part : {"http", "<script", "url(", "<link", "<img", "report.html"}) CHECK_FALSE(has(page, part));
    report::write_page(folder.path().string());                                     // lists itself once, and not on itself
    CHECK(report::page_text(folder.path().string()) == page);
    CHECK(report::read_results(folder.path().string()).files.size() == 2);
}

TEST_CASE("Rows of packets are read and broken ones are named") {
    test::scratch folder;
    const std::string head = "id,parent,from,to,length,born_ps,host_post_ps,wire_end_ps,ended_ps,outcome,fate\n",
                      row = "1:1,,a,b,64,1000,2000,,4000,delivered,arrived\n";
    report::write_file(folder / "p.csv", head + row + "1:2,,a,b,64,1000,,,,held,held\n");
    std::vector<report::stored_packet> all;
    CHECK(report::read_packets(folder / "p.csv", [&](const auto& p) { all.push_back(p); }) == std::vector<std::string>{"host_post", "wire_end"});
    REQUIRE(all.size() == 2);
    CHECK((all[0].born == 1000 && all[0].passed[0] == 2000 && all[0].passed[1] == never && all[0].ended == 4000 &&
           all[0].outcome == "delivered" && all[0].fate == "arrived"));
    CHECK(all[1].ended == never);
    const auto reason = [&](const std::string& text) -> std::string {
        report::write_file(folder / "p.csv", text);
        try {
            report::read_packets(folder / "p.csv", [](const auto&) {});
        } catch (const report::unreadable& e) {
            return e.what();
        }
        return "";
    };
    CHECK(has(reason("x\n"), "p.csv:1: is no table of packets"));
    CHECK(has(reason("id,parent,from,to,length,born_ps,ended_ps,outcome\n"), "p.csv:1: has no column fate: of an earlier version"));
    CHECK(has(reason(head + row + "1:2,,a\n"), "p.csv:3: 3 columns instead of 11"));
    CHECK(has(reason(head + "1:1,,a,b,64,10z0,2000,,4000,delivered,arrived\n"), "p.csv:2: \"10z0\" is no integer"));
}

TEST_CASE("Text in a page is text") {
    CHECK(report::escaped("a<b>&\"c\"\n\x01\xFF\\") == "a&lt;b&gt;&amp;&quot;c&quot;  \xEF\xBF\xBD\\");
    report::html_table t("<#", {"a", "b"});
    t.row({"<x>", "12.3 %"});
    CHECK(has(t.text(), "&lt;x&gt;"));
    CHECK(has(t.text(), "width:min(12.3%,100%)"));
}
