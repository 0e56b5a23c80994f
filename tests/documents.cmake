# The manual tells today's truth: its modules compile, its commands run and print what it
# says, see documents/run.sh.
if(NOT TARGET hamilton)
  return()
endif()

function(hm_add_document path)
  cmake_path(GET path STEM name)
  add_test(NAME documents/${name} COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/documents/run.sh
          ${PROJECT_SOURCE_DIR}/${path} ${CMAKE_CURRENT_BINARY_DIR}/scratch/documents/${name}
          $<TARGET_FILE:hamilton> ${ARGN})
  set_tests_properties(documents/${name} PROPERTIES TIMEOUT 120 LABELS flow ENVIRONMENT
          "XDG_CACHE_HOME=${CMAKE_CURRENT_BINARY_DIR}/cache;ASAN_OPTIONS=detect_leaks=1")
endfunction()

# These compile programs, as users do: against an installed copy without sanitizers.
if(HM_SANITIZE)
  return()
endif()
set(hm_prefix ${CMAKE_CURRENT_BINARY_DIR}/scratch/prefix)
add_test(NAME documents/install
        COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${hm_prefix})
set_tests_properties(documents/install PROPERTIES FIXTURES_SETUP hm_prefix)
set(hm_documents README.md docs/writing-modules.md docs/modifiers.md
        docs/embedding.md docs/results.md docs/arrow.md docs/writing-adapters.md
        docs/writing-formats.md)
if(TARGET hamilton_duckdb)
  list(APPEND hm_documents docs/duckdb.md)
endif()

# Pages of adapters are found by themselves. One that needs a component says so in a line of
# its own: <!-- needs cache -->
file(GLOB pages RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
        ${PROJECT_SOURCE_DIR}/docs/adapters/*.md)
list(FILTER pages EXCLUDE REGEX README) # has no commands
foreach(page ${pages})
  file(STRINGS ${PROJECT_SOURCE_DIR}/${page} needs REGEX "^<!-- needs [a-z]+ -->$")
  string(REGEX REPLACE "<!-- needs ([a-z]+) -->" "hamilton_\\1" needs "${needs}")
  set(is_there ON)
  foreach(component ${needs})
    if(NOT TARGET ${component})
      set(is_there OFF)
    endif()
  endforeach()
  if(is_there)
    list(APPEND hm_documents ${page})
  endif()
endforeach()
foreach(path ${hm_documents})
  hm_add_document(${path} ${hm_prefix})
  cmake_path(GET path STEM name)
  set_tests_properties(documents/${name} PROPERTIES FIXTURES_REQUIRED hm_prefix)
endforeach()
