# The shape of the tree and of what is built from it; each test is a script that says what
# is wrong.
set(hm_structure ${CMAKE_CURRENT_LIST_DIR}/structure)

add_test(NAME structure/tree COMMAND sh ${hm_structure}/tree.sh ${PROJECT_SOURCE_DIR})
add_test(NAME structure/format COMMAND sh ${hm_structure}/format.sh ${PROJECT_SOURCE_DIR})
add_test(NAME structure/headers COMMAND sh ${hm_structure}/headers.sh
        ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/headers
        ${CMAKE_C_COMPILER} gcc clang g++ clang++)
set(hm_others ${LIBCLANG_INCLUDE_DIR}) # what headers of ours include
if(DuckDB_FOUND)
  list(APPEND hm_others ${DuckDB_INCLUDE_DIR})
endif()
list(JOIN hm_others : hm_others)
set_tests_properties(structure/headers PROPERTIES ENVIRONMENT "CPATH=${hm_others}")
set_tests_properties(structure/format PROPERTIES SKIP_RETURN_CODE 77)

if(TARGET hamilton) # hamilton_add_module() inside of this build
  hamilton_add_module(hm_two_modules
          ${hm_structure}/consumer/north.c ${hm_structure}/consumer/south.c)
  add_executable(test_structure_two_modules ${hm_structure}/consumer/main.c)
  set_target_properties(test_structure_two_modules PROPERTIES C_EXTENSIONS ON)
  target_link_libraries(test_structure_two_modules PRIVATE hm_two_modules hamilton::hamilton)
  add_test(NAME structure/two_modules COMMAND test_structure_two_modules)
endif()

if(HM_HAS_PROBES)
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/scratch/probes)
  add_test(NAME structure/probes COMMAND sh ${hm_structure}/probes.sh
          $<TARGET_FILE:hamilton_shared>
          WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/scratch/probes)
  set_tests_properties(structure/probes PROPERTIES SKIP_RETURN_CODE 77)
endif()

# What users get has no sanitizers in it.
if(HM_SANITIZE)
  return()
endif()

add_test(NAME structure/symbols COMMAND sh ${hm_structure}/symbols.sh
        ${PROJECT_SOURCE_DIR} $<TARGET_FILE:hamilton_shared> ${CMAKE_C_COMPILER})
foreach(component ${HM_COMPONENTS})
  if(TARGET hamilton_${component})
    add_test(NAME structure/symbols_${component} COMMAND sh ${hm_structure}/symbols.sh
            ${PROJECT_SOURCE_DIR} $<TARGET_FILE:hamilton_${component}> ${CMAKE_C_COMPILER}
            ${component})
  endif()
endforeach()
add_test(NAME structure/load COMMAND sh ${hm_structure}/load.sh $<TARGET_FILE:hamilton_shared>)
set_tests_properties(structure/load PROPERTIES SKIP_RETURN_CODE 77)

add_executable(test_structure_allocator ${hm_structure}/allocator.c)
set_target_properties(test_structure_allocator PROPERTIES ENABLE_EXPORTS ON)
target_link_libraries(test_structure_allocator PRIVATE hamilton_shared)
add_test(NAME structure/allocator COMMAND test_structure_allocator)

if(CMAKE_BUILD_TYPE STREQUAL Release)
  add_test(NAME structure/library_only COMMAND sh ${hm_structure}/library_only.sh
          ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/library_only)
endif()

if(NOT TARGET hamilton)
  return()
endif()

set(hm_examples embed by_hand adapter)
pkg_check_modules(libcurl QUIET libcurl)
if(libcurl_FOUND)
  list(APPEND hm_examples async)
else()
  message(STATUS "examples/async is not tested: libcurl is missing, ./dev setup installs it")
endif()
if(TARGET hamilton_duckdb)
  list(APPEND hm_examples flights)
endif()
add_test(NAME structure/install COMMAND sh ${hm_structure}/install.sh ${PROJECT_SOURCE_DIR}
        ${PROJECT_BINARY_DIR} ${CMAKE_CURRENT_BINARY_DIR}/install ${hm_examples})
set_tests_properties(structure/install PROPERTIES
        ENVIRONMENT "CC=${CMAKE_C_COMPILER};FLIGHTS=${HM_FLIGHTS}")
