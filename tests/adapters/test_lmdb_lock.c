// The file by which LMDB locks: it has its blocks before it is mapped, since a process
// that fills a hole of it where the disk is full ends by SIGBUS.

#include <stdio.h>
#include <sys/stat.h>

#include <hamilton/lmdb.h>

#include "tests/support/cache_folder.h"
#include "tests/support/suite.h"

START_TEST(it_has_no_holes) {
    hm_cache_folder folder;
    hm_cache_folder_init(&folder);
    hm_lmdb_options options = HM_LMDB_OPTIONS_INIT;
    options.directory = folder.path;
    char path[512];
    snprintf(path, sizeof path, "%s/data-1.mdb-lock", folder.path);
    for (int i = 0; i < 2; i++) { // made, and made anew
        hm_cache_store *store;
        hm_error error;
        ck_assert_int_eq(hm_lmdb_store_create(&options, &store, &error), HM_OK);
        struct stat status;
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_int_gt(status.st_size, 0);
        ck_assert_int_ge((long long)status.st_blocks * 512, status.st_size);
        hm_lmdb_store_destroy(store);
    }
    hm_cache_folder_finish(&folder);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("lmdb_lock");
    TCase *cases = tcase_create("lock");
    tcase_add_test(cases, it_has_no_holes);
    suite_add_tcase(suite, cases);
    return suite;
}
