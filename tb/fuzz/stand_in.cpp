// libsystemc wants an sc_main; a fuzz target brings its own main and makes its kernels itself.
#include <systemc>

int sc_main(int, char**) { return 0; }

// Kernels are thrown away, not ended: what SystemC keeps is no leak of ours. libFuzzer brings libstdc++ in before the sanitizer.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0:detect_leaks=0:verify_asan_link_order=0"; }
