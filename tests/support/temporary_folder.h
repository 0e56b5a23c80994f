// temporary_folder.h — a folder for the files of one test case.

#ifndef HM_TESTS_SUPPORT_TEMPORARY_FOLDER_H
#define HM_TESTS_SUPPORT_TEMPORARY_FOLDER_H

#include <stddef.h>

typedef struct hm_temporary_folder {
    char path[64];
    char file[384]; // of the file that was named last
} hm_temporary_folder;

void hm_temporary_folder_init(hm_temporary_folder *folder);

// Removes it with all that is in it.
void hm_temporary_folder_finish(hm_temporary_folder *folder);

// The path of a file in the folder, borrowed until the next call.
const char *hm_temporary_folder_file(hm_temporary_folder *folder, const char *name);

// Writes a file of this name and returns its path, borrowed until the next call.
const char *hm_temporary_folder_put(
        hm_temporary_folder *folder, const char *name, const char *text, size_t length);

// How many files and folders are in it.
size_t hm_temporary_folder_count(const hm_temporary_folder *folder);

#endif
