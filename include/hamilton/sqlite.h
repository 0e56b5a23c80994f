// sqlite.h — tables and queries of SQLite databases as data that nodes load and save: a
// component of its own, libhamilton_sqlite. Only programs that link it have this
// function. docs/adapters/sqlite.md is the guide.
//
//     HM_LOAD_FROM(sqlite, spend, HM_VALUE(path, "shop.db"),
//             HM_VALUE(query, "SELECT spend FROM days ORDER BY day"))
//     double total(size_t n, const double spend[n]) { ... }
//
//     size_t count;
//     options.formats = hm_sqlite_formats(&count); // of hm_driver_options
//     options.format_count = count;

#ifndef HAMILTON_SQLITE_H
#define HAMILTON_SQLITE_H

#include <stddef.h>

#include <hamilton/data_format.h>
#include <hamilton/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The format `sqlite`, for hm_driver_options.formats. It is a format of tables; its
/// parameters are texts:
///
///     path   of the database file. To load it must be there; saving makes it
///     query  one SELECT, to load. Its columns go by their names
///     table  in place of a query; to save it must be given
///     mode   of saving: `replace`, which is what is done without it, `create`, which
///            refuses a table that is there, or `append`, which needs one
///
/// Static. Any thread.
HM_API const hm_data_format *const *hm_sqlite_formats(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
