// otlp_none.c — where that component is not built.

#include "tests/adapters/together/subjects.h"

const hm_subject hm_otlp_subject = {"otlp", NULL, NULL, NULL};
