// node.h — what a function that is a node may say to the engine.
//
//     int ratio(double spend, double signups, double *out) {
//         if (signups == 0) {
//             return hm_fail("no signups for a spend of %g", spend);
//         }
//         *out = spend / signups;
//         return 0;
//     }

#ifndef HAMILTON_NODE_H
#define HAMILTON_NODE_H

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Says why the node fails, as printf does, and returns a status that is not 0. The
/// text (at most 255 bytes are kept) belongs to the calling thread until its node
/// returns. Outside of a run it just returns the status, so that a unit test can call
/// the function.
HM_API int hm_fail(const char *format, ...)
#if defined(__GNUC__)
        __attribute__((format(printf, 1, 2)))
#endif
        ;

#ifdef __cplusplus
}
#endif

#endif
