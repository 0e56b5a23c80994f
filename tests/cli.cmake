# The command line from end to end; each is a script that says what is wrong. They get a
# folder of their own to work in.
if(NOT TARGET hamilton)
  return()
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/cli/check_*.sh)
# ThreadSanitizer holds signals back from a thread that is in code which it did not
# compile, as modules are.
if(HM_SANITIZE STREQUAL "thread")
  list(FILTER scripts EXCLUDE REGEX check_interrupt)
endif()
foreach(script ${scripts})
  cmake_path(GET script STEM name)
  string(REPLACE check_ "" name ${name})
  add_test(NAME cli/${name} COMMAND sh ${script} $<TARGET_FILE:hamilton>
          ${CMAKE_CURRENT_BINARY_DIR}/scratch/cli/${name} ${PROJECT_SOURCE_DIR})
  set_tests_properties(cli/${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
          ENVIRONMENT "ASAN_OPTIONS=detect_leaks=1")
endforeach()
