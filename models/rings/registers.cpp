#include "nicteam/rings/registers.h"

#include <algorithm>

namespace nicteam::rings {
namespace {

constexpr register_row rows[] = {
    reg::format, reg::ciphers, reg::authentications, reg::associations, reg::uses, reg::command_depth, reg::completion_depth, reg::longest_job,
    reg::command_base_low, reg::command_base_high, reg::command_size, reg::command_head, reg::command_tail, reg::completion_base_low,
    reg::completion_base_high, reg::completion_size, reg::completion_tail, reg::completion_head, reg::control, reg::status,
    reg::interrupt_enable, reg::identifications, reg::early,
};

}  // namespace

const table<register_row> registers = rows;

const register_row* register_at(std::uint32_t offset) {
    const auto* at = std::find_if(registers.begin(), registers.end(), [&](const register_row& r) { return r.offset == offset; });
    return at == registers.end() ? nullptr : at;
}

const char* name(register_access a) {
    constexpr const char* names[] = {"read only", "read, write while stopped", "read, write", "write 1", "read, 1 clears"};
    return names[static_cast<std::size_t>(a)];
}

}  // namespace nicteam::rings
