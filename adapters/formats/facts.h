// facts.h — what a format of files knows of one after it was read or written.

#ifndef HM_ADAPTERS_FORMATS_FACTS_H
#define HM_ADAPTERS_FORMATS_FACTS_H

#include <stdbool.h>

#include <hamilton/data_format.h>

// The path of what is to be saved, the first argument. HM_BAD_ARGUMENT for "-": a
// library writes to no standard output.
hm_status hm_facts_saved_path(const hm_save *given, const char **path, hm_error *error);

// hm_data_facts_of_file() for a path that may be "-": of standard input, and
// of what is no file, nothing is known. Nor is it a fault if the file cannot be looked
// at any more.
void hm_facts_note(const char *path, bool with_content, hm_data_facts *facts);

#endif
