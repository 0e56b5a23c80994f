// uv.h — for tests/scheduler/test_interleaving.c: what the scheduler uses of libuv,
// between coroutines. Time goes on when somebody looks at the clock.

#ifndef HM_TESTS_INTERLEAVING_UV_H
#define HM_TESTS_INTERLEAVING_UV_H

#include <stdbool.h>
#include <stdint.h>

typedef struct uv_mutex {
    bool is_locked;
} uv_mutex_t;

typedef struct uv_cond {
    uint32_t signal_count;
} uv_cond_t;

typedef struct uv_loop uv_loop_t;

typedef bool uv_once_t;
#define UV_ONCE_INIT false

int uv_mutex_init(uv_mutex_t *mutex);
void uv_mutex_destroy(uv_mutex_t *mutex);
void uv_mutex_lock(uv_mutex_t *mutex);
void uv_mutex_unlock(uv_mutex_t *mutex);
int uv_cond_init(uv_cond_t *condition);
void uv_cond_destroy(uv_cond_t *condition);
void uv_cond_signal(uv_cond_t *condition);
void uv_cond_wait(uv_cond_t *condition, uv_mutex_t *mutex);
int uv_cond_timedwait(uv_cond_t *condition, uv_mutex_t *mutex, uint64_t nanoseconds);
void uv_once(uv_once_t *once, void (*init)(void));
uint64_t uv_hrtime(void);
int uv_os_getpid(void);

#endif
