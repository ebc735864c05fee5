// docs/crypto-face.md has every table as it is declared.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "page.h"
#include "source_dir.h"

using namespace nicteam::test;
using namespace nicteam::rings;

TEST_CASE("The page of the face has its tables as they are declared") {
    std::ifstream file(NICTEAM_SOURCE_DIR "/docs/crypto-face.md");
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    const std::string page = text.str();
    for (const std::string& table : {register_table(), field_table(in_command::all), field_table(in_job::all), field_table(in_completion::all),
                                     opcode_table(), reason_table(), verdict_table(), parameter_table()}) {
        INFO(table);
        CHECK((page.find("\n\n" + table + "\n") != std::string::npos || page.find("\n\n" + table) + table.size() + 2 == page.size()));
    }
}
