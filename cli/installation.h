// installation.h — where what belongs to this program is: beside it when it was
// installed, under any prefix; in the build and source trees when it was not.

#ifndef HM_CLI_INSTALLATION_H
#define HM_CLI_INSTALLATION_H

#include "cli/session.h"

// The program itself, or NULL if memory ran out or nobody tells.
const char *hm_installation_program(hm_session *session);

// The folder in which <hamilton/module.h> is, or NULL if memory ran out.
const char *hm_installation_headers(hm_session *session);

// The shared object that reflects, or NULL if it is not there or memory ran out.
const char *hm_installation_reflector(hm_session *session);

// The component libhamilton_<name>, or NULL if it is not there or memory ran out.
const char *hm_installation_component(hm_session *session, const char *name);

#endif
