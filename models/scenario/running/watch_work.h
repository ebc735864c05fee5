// Who tells the books of work what devices do in place of CPUs.
#pragma once

#include <functional>

#include "nicteam/check/work_books.h"
#include "nicteam/scenario/resolved.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

// Blocks of nics and crypto cards. `books` makes them when there is anything to watch.
void watch_work(const resolved&, system&, const std::function<check::work_books&()>& books);

}  // namespace nicteam::scenario
