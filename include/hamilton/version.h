// version.h — which libhamilton this is.

#ifndef HAMILTON_VERSION_H
#define HAMILTON_VERSION_H

#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HM_VERSION "0.1.0"

/// The version of the library that is running, which may be newer than HM_VERSION of
/// the headers: static.
HM_API const char *hm_version(void);

#ifdef __cplusplus
}
#endif

#endif
