// GTKWave's writer of FST, as it is installed with Verilator, with one thing added: a write that fails is remembered. It looks at none of them itself.
#include "report/fst_source.h"

#include <errno.h>
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

int nicteam_fst_error(void) { return first_error; }
void nicteam_fst_begin(void) { first_error = 0; }

#undef fputc
#define fwrite noting_fwrite
#define fputc noting_fputc
#define fflush noting_fflush
#define fclose noting_fclose
#define FST_CONFIG_INCLUDE <fst_config.h>
#include <fstapi.c>
