# A bundle in the real gdb, see replay/gdb.sh. ThreadSanitizer does not run in it.
if(TARGET hamilton AND NOT HM_SANITIZE MATCHES thread)
  add_test(NAME replay/gdb COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/replay/gdb.sh
          ${CMAKE_CURRENT_LIST_DIR}/flows/bundle_in_gdb/module.c
          ${CMAKE_CURRENT_BINARY_DIR}/scratch/replay_gdb $<TARGET_FILE:hamilton>)
  set_tests_properties(replay/gdb PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77 LABELS flow
          ENVIRONMENT "XDG_CACHE_HOME=${CMAKE_CURRENT_BINARY_DIR}/cache;ASAN_OPTIONS=detect_leaks=0")
endif()
