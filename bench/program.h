// program.h — runs programs, for what is measured from their start to their end.

#ifndef HM_BENCH_PROGRAM_H
#define HM_BENCH_PROGRAM_H

#include <stdbool.h>

// Where programs may write: a new, empty folder, and files in it.
typedef struct hm_workplace {
    char folder[64];
} hm_workplace;

// False, after a message, if there is no place for it.
bool hm_workplace_init(hm_workplace *workplace);

// Removes the folder with all that is in it.
void hm_workplace_finish(hm_workplace *workplace);

// The path of a file in it, for the caller to free; NULL if memory ran out.
char *hm_workplace_path(const hm_workplace *workplace, const char *name);

// All that a file in it says, for the caller to free; NULL after a message.
char *hm_workplace_read(const hm_workplace *workplace, const char *name);

typedef struct hm_program {
    const char *const *arguments; // up to a NULL; a name without a slash is on PATH
    const char *output;           // the file that its standard output goes to, or NULL
    const char *errors;           // likewise; NULL leaves them where ours go
} hm_program;

// Runs it and waits. False, after a message, unless it ends with 0.
bool hm_program_run(const hm_program *program);

#endif
