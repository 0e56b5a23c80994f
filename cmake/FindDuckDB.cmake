# FindDuckDB — DuckDB's C library as DuckDB::DuckDB, and DuckDB_LIBRARY.
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

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR)
if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES IMPORTED_LOCATION ${DuckDB_LIBRARY}
          INTERFACE_INCLUDE_DIRECTORIES ${DuckDB_INCLUDE_DIR})
endif()
