// Tasks of one packet, on a copy.
#pragma once

#include <memory>
#include <optional>

#include "ipsec/service/keyed_transforms.h"
#include "ipsec/service/work_stealing.h"

namespace nicteam::ipsec {

// `esp` has `size` octets from SPI to the end of the text; `given` has room for the ICV or has it.
struct packet_task final : task {
    packet_task(std::shared_ptr<keyed_transform> w, bool opens, bytes given, std::size_t size, std::optional<std::uint32_t> high)
        : with(std::move(w)), opens(opens), given(std::move(given)), size(size), high(high) {}

    void run(unsigned thread) override {
        made = given;
        if (opens) good = with->of(thread).open(made.data(), size, high);
        else with->of(thread).seal(made.data(), size, high);
    }

    const std::shared_ptr<keyed_transform> with;
    const bool opens;
    const bytes given;
    const std::size_t size;
    const std::optional<std::uint32_t> high;
    bytes made;                  // once it is done
    bool good = true;
};

}  // namespace nicteam::ipsec
