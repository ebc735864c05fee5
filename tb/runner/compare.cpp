#include "compare.h"


#include <fmt/format.h>

#include "nicteam/pages/compare.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/stored.h"
#include "nicteam/sweep/stored.h"
#include "output.h"
#include "places.h"

namespace nicteam::runner {
namespace {

int complain(int status, const std::string& text) {
    report::write_message(fmt::format("nicteam: {}\n", text));
    return status;
}

}  // namespace

int run_compare(const command& c) {
    try {
        const pages::comparison compared = pages::compare(c.scenarios[0], c.scenarios[1], c.confidence);
        output out;
        out.write(pages::to_text(compared));
        if (!c.out.empty()) pages::write_comparison_page(compared, c.out);
        return out.status(pages::status_of(compared));
    } catch (const pages::not_comparable& e) {
        return complain(usage_error, e.what());
    } catch (const report::unreadable& e) {
        return complain(usage_error, e.what());
    } catch (const report::write_error& e) {
        return complain(3, e.what());
    }
}

}  // namespace nicteam::runner
