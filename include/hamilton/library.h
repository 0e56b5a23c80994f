// library.h — a module from a shared object that `hamilton build` made.
//
//     hm_library *library;
//     if (hm_library_open("./marketing.so", &library, &error) == HM_OK) {
//         const hm_module *module = hm_library_module(library);
//         ... drivers that use the module ...
//         hm_library_close(library);
//     }

#ifndef HAMILTON_LIBRARY_H
#define HAMILTON_LIBRARY_H

#include <hamilton/export.h>
#include <hamilton/module.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_library hm_library;

/// Loads a module's code; it can do whatever this process can. Refused with
/// HM_BAD_MODULE if it is no module, was made for another HM_MODULE_ABI, or needs
/// processor features that this machine lacks. Any thread. The caller closes *library.
HM_API HM_MUST_CHECK hm_status hm_library_open(
        const char *path, hm_library **library, hm_error *error);

/// Lives until the library is closed.
HM_API const hm_module *hm_library_module(const hm_library *library);

/// Accepts NULL. No driver that uses the module may be left, nor any result of it, nor
/// a thread on its way out of one of its functions.
HM_API void hm_library_close(hm_library *library);

#ifdef __cplusplus
}
#endif

#endif
