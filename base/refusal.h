// refusal.h — says what is wrong with a modifier: to the reflector, of a source, or to
// the graph, of tables that anybody may have filled.

#ifndef HM_BASE_REFUSAL_H
#define HM_BASE_REFUSAL_H

#include <stdbool.h>

// Says what is wrong; both texts end with the call.
typedef void hm_refuse(void *context, const char *mend, const char *message);

typedef struct hm_refusal {
    const char *macro;    // of the modifier; NULL: messages name it themselves
    const char *function; // that it stands on
    hm_refuse *refuse;
    void *context;
} hm_refusal;

// Refuses: "HM_INJECT of `price`: " and what the format says. False, for who asks
// whether all is well.
__attribute__((format(printf, 3, 4))) bool hm_refusal_tell(
        const hm_refusal *refusal, const char *mend, const char *format, ...);

#endif
