#include "system/compare/bus_model.h"

#include <deque>
#include <memory>

#include "nicteam/check/recorders.h"
#include "system/compare/bus_agents.h"
#include "unit/fresh_kernel.h"

namespace compare {

std::string run_on_model(const plain::setup& s, const std::string& wave) {
    test::fresh_kernel kernel;
    recorder log;
    {
        pci::bus bus("bus", config_of(s));
        bus.observe(log);
        std::deque<worker> masters;
        for (const plain::master_setup& m : s.masters) masters.emplace_back(std::to_string(masters.size()).c_str(), bus, m);
        std::deque<responder> targets;
        for (const plain::target_setup& t : s.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), bus, t);
        kernel.session().settle_order();
        set_parity_faults(kernel.session(), "bus", s);
        std::unique_ptr<check::wave_recorder> recorder;
        if (!wave.empty()) {
            check::wave_options options;
            options.path = wave;
            options.in_scope = [](const std::string& path) { return path == "bus"; };   // its pins, not its probes
            options.hold = 1000;                 // the file grows while the bus works
            recorder = std::make_unique<check::wave_recorder>(kernel.session(), options);
            std::vector<unsigned> devices;
            for (const plain::target_setup& t : s.targets)
                if (t.device >= 0) devices.push_back(static_cast<unsigned>(t.device));
            recorder->watch(bus, devices);
        }
        sc_core::sc_start(sim::to_sc_time(s.until));
        if (recorder) {
            recorder->close(s.until);
            if (recorder->wave().late()) log.text += "changes were drawn late\n";
        }
    }
    return log.text;
}

}  // namespace compare
