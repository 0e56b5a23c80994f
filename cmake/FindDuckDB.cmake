# FindDuckDB — DuckDB's C library as DuckDB::DuckDB, and DuckDB_LIBRARY. A header that lacks what
# is needed, of 1.4, counts as none; it tells no version.
#
# Looked for in CMAKE_PREFIX_PATH, where the system has its libraries, and where `./dev setup`
# puts it: it is in no distribution that we know, but in packages of npm.
set(hm_cache_folder $ENV{XDG_CACHE_HOME})
if(NOT hm_cache_folder)
  set(hm_cache_folder $ENV{HOME}/.cache)
endif()
file(GLOB hm_duckdb_folders ${hm_cache_folder}/hamilton-dev/duckdb-*)
list(FILTER hm_duckdb_folders INCLUDE REGEX "/duckdb-[0-9.]+$")
list(SORT hm_duckdb_folders COMPARE NATURAL ORDER DESCENDING)

find_path(DuckDB_INCLUDE_DIR duckdb.h HINTS ${hm_duckdb_folders} PATH_SUFFIXES include)
find_library(DuckDB_LIBRARY duckdb HINTS ${hm_duckdb_folders} PATH_SUFFIXES lib)
mark_as_advanced(DuckDB_INCLUDE_DIR DuckDB_LIBRARY)
set(DuckDB_IS_RECENT NO)
if(DuckDB_INCLUDE_DIR)
  file(STRINGS ${DuckDB_INCLUDE_DIR}/duckdb.h DuckDB_IS_RECENT LIMIT_COUNT 1
          REGEX duckdb_prepared_statement_column_logical_type)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS
        DuckDB_LIBRARY DuckDB_INCLUDE_DIR DuckDB_IS_RECENT)
if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES IMPORTED_LOCATION ${DuckDB_LIBRARY}
          INTERFACE_INCLUDE_DIRECTORIES ${DuckDB_INCLUDE_DIR})
endif()
