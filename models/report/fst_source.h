// What fst_source.c adds to GTKWave's writer of FST.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

void nicteam_fst_begin(void);  // forgets
int nicteam_fst_error(void);   // errno of the first write that failed since; 0: none

#ifdef __cplusplus
}
#endif
