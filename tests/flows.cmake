# Flows: a folder with a module, a command line and the output that it must have, see
# flows/run.sh. The examples are flows too.
if(NOT TARGET hamilton)
  return()
endif()

set(hm_flow_runner ${CMAKE_CURRENT_LIST_DIR}/flows/run.sh)
set(hm_flow_scratch ${CMAKE_CURRENT_BINARY_DIR}/scratch)
set(hm_flow_environment
        "XDG_CACHE_HOME=${CMAKE_CURRENT_BINARY_DIR}/cache;ASAN_OPTIONS=detect_leaks=1;${hm_library_environment}")

file(GLOB commands CONFIGURE_DEPENDS
        ${CMAKE_CURRENT_LIST_DIR}/flows/*/cmd ${PROJECT_SOURCE_DIR}/examples/*/cmd
        ${PROJECT_SOURCE_DIR}/examples/modifiers/*/cmd)
foreach(command ${commands})
  cmake_path(GET command PARENT_PATH flow)
  cmake_path(GET flow FILENAME name)
  cmake_path(GET flow PARENT_PATH kind)
  cmake_path(GET kind FILENAME kind)
  if((name MATCHES "^duckdb_" AND NOT TARGET hamilton_duckdb) OR
     (name MATCHES "^sqlite_" AND NOT TARGET hamilton_sqlite) OR
     (name MATCHES "^cache_" AND NOT TARGET hamilton_cache))
    continue()
  endif()
  add_test(NAME ${kind}/${name} COMMAND sh ${hm_flow_runner} ${flow}
          ${hm_flow_scratch}/${kind}/${name} $<TARGET_FILE:hamilton>)
  set_tests_properties(${kind}/${name} PROPERTIES TIMEOUT 120 LABELS flow
          ENVIRONMENT "${hm_flow_environment}")
endforeach()

if(TARGET hamilton_duckdb)
  add_test(NAME examples/flights COMMAND sh ${PROJECT_SOURCE_DIR}/examples/flights/check.sh
          $<TARGET_FILE:hamilton> ${HM_FLIGHTS} 20000)
  set_tests_properties(examples/flights PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
          ENVIRONMENT "${hm_flow_environment}")
endif()
if(TARGET hamilton_duckdb AND TARGET hamilton_cache)
  add_test(NAME examples/flights_cached
          COMMAND sh ${PROJECT_SOURCE_DIR}/examples/flights/check_cache.sh
          $<TARGET_FILE:hamilton> ${HM_FLIGHTS} 20000)
  set_tests_properties(examples/flights_cached PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
          ENVIRONMENT "${hm_flow_environment}")
endif()

add_test(NAME flows/runner COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/flows/check_runner.sh
        ${hm_flow_runner} ${hm_flow_scratch}/runner $<TARGET_FILE:hamilton>)
