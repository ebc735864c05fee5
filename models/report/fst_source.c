// GTKWave's writer of FST, as it is installed with Verilator, with two things added: a write that fails is remembered, of which it looks at none itself; and
// what it maps is there: on a full disk the first touch of a mapping would end the process (SIGBUS).
#define _GNU_SOURCE
#include "report/fst_source.h"

#include <errno.h>
#include <fcntl.h>
#include <fst_config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

static int first_error = 0;

static void note(int failed) {
    if (failed && !first_error) first_error = errno ? errno : EIO;
}
static size_t noting_fwrite(const void* from, size_t size, size_t count, FILE* to) {
    const size_t n = fwrite(from, size, count, to);
    note(n != count);
    return n;
}
static int noting_fputc(int c, FILE* to) {
    const int n = fputc(c, to);
    note(n == EOF);
    return n;
}
static int noting_fflush(FILE* f) {
    const int n = fflush(f);
    note(n != 0);
    return n;
}
static int noting_fclose(FILE* f) {
    const int n = fclose(f);
    note(n != 0);
    return n;
}

// Its temporary files hold some octets a signal, and the times since it was flushed last: no disk has to have room for them.
static FILE* file_in_memory(void) {
    const int fd = memfd_create("fst", MFD_CLOEXEC);
    return fd < 0 ? tmpfile() : fdopen(fd, "w+b");
}
// What could not be written has no place to be mapped from; then it works on memory that nobody keeps.
static void* placed_mmap(void* at, size_t size, int protection, int flags, int fd, off_t from) {
    const int failed = posix_fallocate(fd, from, (off_t)size);
    if (failed) errno = failed;
    void* there = failed ? MAP_FAILED : mmap(at, size, protection, flags, fd, from);
    if (there != MAP_FAILED) return there;
    note(1);
    return mmap(NULL, size ? size : 1, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int nicteam_fst_error(void) { return first_error; }
void nicteam_fst_begin(void) { first_error = 0; }

#undef fputc
#define fwrite noting_fwrite
#define fputc noting_fputc
#define fflush noting_fflush
#define fclose noting_fclose
#define tmpfile file_in_memory
#define mmap placed_mmap
#define FST_CONFIG_INCLUDE <fst_config.h>
#include <fstapi.c>
