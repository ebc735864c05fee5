// Which build of the program this is.
#pragma once

#include <string>

namespace nicteam::runner {

// The GNU build id, which the linker makes of all that it links: the same for the same code, compiler and options, wherever it is installed and however it is
// stripped. Hexadecimal digits, 16 of them; "" where the linker made none.
std::string build_identity();

}  // namespace nicteam::runner
