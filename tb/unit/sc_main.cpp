#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <systemc>

// A warning or error of the kernel is a failure of the test that caused it.
int sc_main(int argc, char** argv) {
    sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
    sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
    return Catch::Session().run(argc, argv);
}
