# tests/fuzz/fuzz_<target>.c takes any bytes, and must neither crash, nor leak, nor hang. Its
# corpus is tests/fuzz/corpus/<target>/. Without HM_FUZZ it is a program that runs the
# corpus, and that is a test; with HM_FUZZ (and clang) it is a libFuzzer program:
#
#     cmake --preset fuzz && cmake --build build/fuzz
#     build/fuzz/tests/fuzz_csv -max_total_time=600 -timeout=2 tests/fuzz/corpus/csv
option(HM_FUZZ "Build the fuzz targets with libFuzzer" OFF)
if(HM_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "HM_FUZZ needs clang: configure with CC=clang")
  endif()
  target_compile_options(hm_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()

file(GLOB targets CONFIGURE_DEPENDS fuzz/fuzz_*.c)
file(GLOB shared CONFIGURE_DEPENDS fuzz/*.c)
list(FILTER shared EXCLUDE REGEX "/fuzz/(fuzz_.*|replay)\\.c$")
add_library(hm_fuzz_support STATIC ${shared})
target_link_libraries(hm_fuzz_support PUBLIC hm_test_support)

foreach(source ${targets})
  cmake_path(GET source STEM name)
  string(REPLACE fuzz_ "" target ${name})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target})
  if(target STREQUAL binding AND NOT HM_CLI)
    continue()
  endif()
  if(target STREQUAL cached_value AND NOT HM_HAS_CACHE)
    continue()
  endif()
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE hm_fuzz_support)
  if(target STREQUAL binding) # of the command line
    target_sources(${name} PRIVATE cli/fixture.c)
    target_link_libraries(${name} PRIVATE hm_cli)
  endif()
  if(target STREQUAL cached_value)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:hm_cache>)
    target_link_libraries(${name} PRIVATE PkgConfig::sqlite3 PkgConfig::libzstd)
  endif()
  if(HM_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz/${target} COMMAND ${name} -runs=0 ${corpus})
  else()
    target_sources(${name} PRIVATE fuzz/replay.c)
    add_test(NAME fuzz/${target} COMMAND ${name} ${corpus})
  endif()
  set_tests_properties(fuzz/${target} PROPERTIES TIMEOUT 300)
endforeach()
