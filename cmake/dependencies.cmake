# What must be installed; `./dev setup` installs it. hamilton-config.cmake and hamilton.pc
# name the same for programs that link the static library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(libxxhash REQUIRED IMPORTED_TARGET libxxhash)

set(HM_LIBRARIES PkgConfig::libuv PkgConfig::libxxhash
        Threads::Threads ${CMAKE_DL_LIBS} m)
add_library(hm_dependencies INTERFACE)
target_link_libraries(hm_dependencies INTERFACE ${HM_LIBRARIES})

# For our programs, never for the library: docs/decisions/0001. The linker must be told to
# keep it, since it finds no name of it used; sanitizers want to watch the C library's malloc.
add_library(hm_jemalloc INTERFACE)
find_library(HM_JEMALLOC jemalloc)
mark_as_advanced(HM_JEMALLOC)
if(HM_JEMALLOC AND NOT HM_SANITIZE)
  target_link_options(hm_jemalloc INTERFACE
          LINKER:--push-state,--no-as-needed ${HM_JEMALLOC} LINKER:--pop-state)
endif()

# For a component of its own: Parquet files and SQL.
set(HM_WITH_DUCKDB AUTO CACHE STRING
        "Build the component that needs DuckDB: ON, OFF, or AUTO if it is found")
if(HM_WITH_DUCKDB STREQUAL "AUTO")
  find_package(DuckDB QUIET)
  if(NOT DuckDB_FOUND)
    message(STATUS "Built without Parquet and SQL: DuckDB is missing, ./dev setup installs it")
  endif()
elseif(HM_WITH_DUCKDB)
  find_package(DuckDB REQUIRED)
endif()
if(DuckDB_FOUND)
  set(HM_FLIGHTS ${hm_cache_folder}/hamilton-dev/flights-3m.parquet CACHE FILEPATH
          "The data of examples/flights, for its test and benchmark")
endif()

# For another: what remembers results from one run to the next.
set(HM_WITH_CACHE AUTO CACHE STRING
        "Build the component that caches, which needs SQLite and zstd: ON, OFF, or AUTO")
set(HM_HAS_CACHE OFF)
if(HM_WITH_CACHE STREQUAL "AUTO")
  pkg_check_modules(sqlite3 QUIET IMPORTED_TARGET sqlite3>=3.35)
  pkg_check_modules(libzstd QUIET IMPORTED_TARGET libzstd)
elseif(HM_WITH_CACHE)
  pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.35)
  pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
endif()
if(sqlite3_FOUND AND libzstd_FOUND)
  set(HM_HAS_CACHE ON)
elseif(HM_WITH_CACHE)
  message(STATUS "Built without a cache: SQLite or zstd is missing, ./dev setup installs them")
endif()

# For another: what tells a collector of OpenTelemetry what runs did.
set(HM_WITH_OTLP AUTO CACHE STRING
        "Build the component that sends OTLP, which needs libcurl: ON, OFF, or AUTO")
set(HM_HAS_OTLP OFF)
if(HM_WITH_OTLP STREQUAL "AUTO")
  pkg_check_modules(libcurl QUIET IMPORTED_TARGET libcurl>=7.87)
elseif(HM_WITH_OTLP)
  pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl>=7.87)
endif()
if(HM_WITH_OTLP AND libcurl_FOUND)
  set(HM_HAS_OTLP ON)
elseif(HM_WITH_OTLP)
  message(STATUS "Built without OTLP: libcurl is missing, ./dev setup installs it")
endif()

# Static probes for tracers: a header alone, which makes notes in the file.
set(HM_WITH_PROBES AUTO CACHE STRING
        "Build static probes, which need <sys/sdt.h>: ON, OFF, or AUTO if it is found")
set(HM_HAS_PROBES OFF)
if(HM_WITH_PROBES)
  include(CheckIncludeFile)
  check_include_file(sys/sdt.h HM_FOUND_SDT)
  if(HM_FOUND_SDT)
    set(HM_HAS_PROBES ON)
    target_compile_definitions(hm_dependencies INTERFACE HM_HAS_PROBES)
  elseif(HM_WITH_PROBES STREQUAL "AUTO")
    message(STATUS "Built without static probes: <sys/sdt.h> is missing, ./dev setup installs it")
  else()
    message(FATAL_ERROR "HM_WITH_PROBES: <sys/sdt.h> is missing")
  endif()
endif()

# For another: tables and queries of SQLite databases.
set(HM_WITH_SQLITE AUTO CACHE STRING
        "Build the component that loads from and saves to SQLite: ON, OFF, or AUTO")
set(HM_HAS_SQLITE OFF)
if(HM_WITH_SQLITE AND NOT sqlite3_FOUND)
  if(HM_WITH_SQLITE STREQUAL "AUTO")
    pkg_check_modules(sqlite3 QUIET IMPORTED_TARGET sqlite3>=3.35)
  else()
    pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.35)
  endif()
endif()
if(HM_WITH_SQLITE AND sqlite3_FOUND)
  set(HM_HAS_SQLITE ON)
elseif(HM_WITH_SQLITE)
  message(STATUS "Built without SQLite: it is missing, ./dev setup installs it")
endif()

# Components that share results between machines, and that keep many small ones.
foreach(store redis lmdb)
  string(TOUPPER ${store} name)
  set(needed_redis hiredis)
  set(needed_lmdb lmdb)
  set(HM_WITH_${name} AUTO CACHE STRING
          "Build the component of ${store}, which needs ${needed_${store}}: ON, OFF, or AUTO")
  if(HM_WITH_${name} STREQUAL "AUTO")
    pkg_check_modules(${needed_${store}} QUIET IMPORTED_TARGET ${needed_${store}})
    if(NOT ${needed_${store}}_FOUND)
      message(STATUS
              "Built without ${store}: ${needed_${store}} is missing, ./dev setup installs it")
    endif()
  elseif(HM_WITH_${name})
    pkg_check_modules(${needed_${store}} REQUIRED IMPORTED_TARGET ${needed_${store}})
  endif()
endforeach()
