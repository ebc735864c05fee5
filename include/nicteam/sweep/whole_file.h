// A file that several processes may write at the same time, on disks that several machines share: whoever reads finds one of them, whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace nicteam::sweep {

// An empty file beside `file`, with a name that nobody else has. Throws report::write_error.
std::string beside(const std::filesystem::path& file);
// Puts what is at `part` in the place of `file`; throws report::write_error.
void put_in_place(const std::string& part, const std::filesystem::path& file);
void give_up(const std::string& part);
// Takes away what processes of this machine left in a directory and below it when they were killed between the two.
void remove_parts_of_the_dead(const std::filesystem::path& directory);
// All at once. Throws report::write_error, and nothing is left behind.
void write_whole(const std::filesystem::path& file, std::string_view content);

}  // namespace nicteam::sweep
