# Random tests do a sample in most builds and all in a release, where it takes little, and
# with `./dev test --long`: see support/sample.h.
set(hm_random_environment "ASAN_OPTIONS=detect_leaks=1;CK_DEFAULT_TIMEOUT=900")
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT HM_SANITIZE)
  set(hm_random_all "HM_TEST_LONG=1")
endif()
set_tests_properties(engine/test_engine_random PROPERTIES TIMEOUT 1800
        ENVIRONMENT "${hm_random_environment};${hm_random_all}")

# The parts of test_engine_columns_random, whose functions are a module.
if(TARGET hamilton)
  file(GLOB parts CONFIGURE_DEPENDS engine/columns_random/*.c)
  list(FILTER parts EXCLUDE REGEX "/column_functions\\.c$")
  target_sources(test_engine_columns_random PRIVATE ${parts})
  hamilton_add_module(hm_column_functions engine/columns_random/column_functions.c)
  target_link_libraries(test_engine_columns_random PRIVATE hm_column_functions)
  set_tests_properties(engine/test_engine_columns_random reflect/test_reflect_random_modules
          PROPERTIES TIMEOUT 3600 ENVIRONMENT "${hm_random_environment}")
endif()

# Modules with modifiers, which a script writes and expands as well.
find_program(HM_PYTHON3 python3)
if(TARGET hamilton AND HM_PYTHON3)
  add_test(NAME cli/random_modifiers COMMAND ${HM_PYTHON3}
          ${CMAKE_CURRENT_LIST_DIR}/cli/modules_random/run.py $<TARGET_FILE:hamilton>
          ${CMAKE_CURRENT_BINARY_DIR}/scratch/random_modifiers)
  set_tests_properties(cli/random_modifiers PROPERTIES TIMEOUT 3600 ENVIRONMENT
          "XDG_CACHE_HOME=${CMAKE_CURRENT_BINARY_DIR}/cache;ASAN_OPTIONS=detect_leaks=1")
endif()
