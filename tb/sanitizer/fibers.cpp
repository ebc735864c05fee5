// Linked into programs built under AddressSanitizer only. SystemC tells the sanitizer of each change of coroutine, but says
// "stack of size 0" for the main one and never clears the marks on a coroutine's stack that held another before. Exceptions
// on the main stack, or a second simulation in one process, then look like overflows. Nor are the marks cleared when a stack is given
// back: who is given that memory next, the leak check at exit for one, trips over them. What follows stands before the sanitizer's own.
#include <dlfcn.h>
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

struct stack { const void* bottom = nullptr; std::size_t size = 0; };
stack entered;

stack find_main() {
    pthread_attr_t a;
    void* bottom = nullptr;
    std::size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &a) == 0) {
        pthread_attr_getstack(&a, &bottom, &size);
        pthread_attr_destroy(&a);
    }
    return {bottom, size};
}
const stack main_stack = find_main();    // at start-up, on the main thread; there is no other

template <class F> F behind(const char* name) { return reinterpret_cast<F>(dlsym(RTLD_NEXT, name)); }

}  // namespace

extern "C" __attribute__((no_sanitize_address)) void __sanitizer_start_switch_fiber(void** kept, const void* bottom, std::size_t size) {
    static const auto real = behind<void (*)(void**, const void*, std::size_t)>("__sanitizer_start_switch_fiber");
    entered = size ? stack{bottom, size} : main_stack;
    real(kept, entered.bottom, entered.size);
}

extern "C" __attribute__((no_sanitize_address)) void __sanitizer_finish_switch_fiber(void* kept, const void** bottom, std::size_t* size) {
    static const auto real = behind<void (*)(void*, const void**, std::size_t*)>("__sanitizer_finish_switch_fiber");
    real(kept, bottom, size);
    if (kept) return;
    // A coroutine's first entry: nothing lives below this frame, whoever used the memory before.
    constexpr std::uintptr_t margin = 1024, reach = 1 << 18;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - margin;
    const auto from = std::max(reinterpret_cast<std::uintptr_t>(entered.bottom), here - reach);
    if (entered.size && from < here) __asan_unpoison_memory_region(reinterpret_cast<void*>(from), here - from);
}

// SystemC's coroutine stacks come from mmap.
extern "C" __attribute__((no_sanitize_address)) int munmap(void* from, std::size_t size) {
    __asan_unpoison_memory_region(from, size);
    return static_cast<int>(syscall(SYS_munmap, from, size));
}
