#include <catch2/catch.hpp>

#include <filesystem>

#include <unistd.h>

#include "nicteam/report/file_writer.h"
#include "nicteam/report/temporary_files.h"
#include "unit/report/scratch.h"

using namespace nicteam;
using nicteam::test::content_of;
using nicteam::test::scratch;

TEST_CASE("A file appears whole when it is committed and not before") {
    scratch dir;
    report::file_writer f(dir / "a.txt", 8192);
    std::string all;
    for (int i = 0; i < 5000; ++i) {
        const std::string line = "line " + std::to_string(i) + "\n";
        f.write(line);
        all += line;
    }
    CHECK_FALSE(std::filesystem::exists(dir / "a.txt"));
    CHECK(f.written() == all.size());
    f.commit();
    CHECK(content_of(dir / "a.txt") == all);
    CHECK_FALSE(std::filesystem::exists(dir / "a.txt.part"));
}

TEST_CASE("Pieces longer than the buffer pass whole") {
    scratch dir;
    const std::string big(100'000, 'x');
    report::file_writer f(dir / "a", 8192);
    f.write("y");
    f.write(big);
    f.commit();
    CHECK(content_of(dir / "a") == "y" + big);
}

TEST_CASE("A writer that is not committed leaves nothing and an older file untouched") {
    scratch dir;
    report::write_file(dir / "a", "old");
    { report::file_writer f(dir / "a"); f.write("new"); }
    CHECK(content_of(dir / "a") == "old");
    CHECK_FALSE(std::filesystem::exists(dir / "a.part"));
}

TEST_CASE("A full disk is reported with path and reason") {
    report::file_writer f("/dev/full", 8192);
    f.write(std::string(20'000, 'x'));
    CHECK_FALSE(f.good());
    CHECK_THROWS_WITH(f.commit(), "/dev/full: No space left on device");
    CHECK_THROWS_AS(report::write_file("/dev/full", "x"), report::write_error);
}

TEST_CASE("A directory that is missing or not writable is reported at once") {
    scratch dir;
    CHECK_THROWS_WITH(report::file_writer(dir / "none/a"), Catch::Contains("none/a: No such file or directory"));
    CHECK_THROWS_AS(report::file_writer(dir.path().string()), report::write_error);
    if (geteuid() == 0) return;                 // root may write anywhere
    std::filesystem::permissions(dir.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    CHECK_THROWS_WITH(report::file_writer(dir / "a"), Catch::Contains("Permission denied"));
}

TEST_CASE("What ends the process at once removes what is not whole yet and nothing else") {
    const scratch dir;
    report::write_file(dir / "page", "old");
    report::file_writer first(dir / "page"), second(dir / "other");
    first.write("new");
    second.write("whole");
    second.commit();
    { const report::file_writer given_up(dir / "third"); }
    std::ofstream(dir / "other.part") << "somebody's";
    std::ofstream(dir / "third.part") << "somebody's";
    REQUIRE(std::filesystem::exists(dir / "page.part"));
    report::remove_temporaries();
    CHECK_FALSE(std::filesystem::exists(dir / "page.part"));
    CHECK(content_of(dir / "page") == "old");
    CHECK(content_of(dir / "other") == "whole");
    CHECK(std::filesystem::exists(dir / "other.part"));
    CHECK(std::filesystem::exists(dir / "third.part"));
}
