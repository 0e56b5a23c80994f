// write.c — a table as a file.

#include <stdio.h>

#include <hamilton/table.h>

#include "adapters/table/format.h"
#include "base/error.h"
#include "base/target.h"

static hm_status write_file(const char *path, hm_format format,
        const hm_binding *columns, size_t column_count, hm_error *error) {
    HM_TRY(hm_format_of_path(path, &format, error));
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    hm_status status = hm_table_print(
            format, columns, column_count, hm_target_write, &target, error);
    if (status == HM_OK || status == HM_IO) {
        return hm_target_commit(&target, error); // knows why a write failed
    }
    hm_target_abandon(&target);
    return status;
}

hm_status hm_table_write(const char *path, hm_format format, const hm_binding *columns,
        size_t column_count, hm_error *error) {
    hm_error detail;
    hm_status status = write_file(path, format, columns, column_count, &detail);
    if (status == HM_OK) {
        return HM_OK;
    }
    return status == HM_NO_MEMORY
                   ? hm_error_set(error, status, NULL)
                   : hm_error_set(error, status, "%s: %s", path, detail.message);
}
