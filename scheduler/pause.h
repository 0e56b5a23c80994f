// pause.h — tells the processor that this is a waiting loop.

#ifndef HM_SCHEDULER_PAUSE_H
#define HM_SCHEDULER_PAUSE_H

#if defined(__x86_64__) || defined(__i386__)
#define HM_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define HM_PAUSE() __asm__ volatile("yield")
#else
#define HM_PAUSE() ((void)0)
#endif

#endif
