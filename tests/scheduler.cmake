# The explorer: the scheduler's own sources, compiled for ThreadSanitizer, whose place is
# taken by a memory and threads of the explorer's. It is a build of its own, without
# sanitizers and optimised in every preset. `./dev test --long` has it look further.
file(GLOB explorer CONFIGURE_DEPENDS scheduler/explorer/*.c)
set(explored ${explorer})
list(FILTER explored INCLUDE REGEX "/(flow|parts)\\.c$")
list(FILTER explorer EXCLUDE REGEX "/(flow|parts)\\.c$")
foreach(name crew deque inbox job limit parker pool process watch worker)
  list(APPEND explored ${PROJECT_SOURCE_DIR}/scheduler/${name}.c)
endforeach()
set(libuv_headers $<TARGET_PROPERTY:PkgConfig::libuv,INTERFACE_INCLUDE_DIRECTORIES>)
set(hm_explored_flags -O2 -g -fno-sanitize=all)

add_library(hm_explored OBJECT ${explored})
target_link_libraries(hm_explored PRIVATE hm_compiler)
target_include_directories(hm_explored PRIVATE ${libuv_headers})
# SHELL: or CMake would drop the flag where the preset had it before the others.
target_compile_options(hm_explored PRIVATE ${hm_explored_flags} "SHELL:-fsanitize=thread")

add_executable(explorer ${explorer})
target_compile_definitions(explorer PRIVATE _GNU_SOURCE)
target_compile_options(explorer PRIVATE ${hm_explored_flags})
target_link_libraries(explorer PRIVATE hm_explored hm_compiler)
# What compilers call for larger copies is watched too.
target_link_options(explorer PRIVATE -fno-sanitize=all -no-pie
        -Wl,--wrap=memset,--wrap=memcpy)
set_target_properties(explorer PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_include_directories(explorer PRIVATE ${libuv_headers})

add_test(NAME scheduler/explorer_all COMMAND explorer all 2000)
add_test(NAME scheduler/explorer_random COMMAND explorer random 400)
set_tests_properties(scheduler/explorer_all scheduler/explorer_random PROPERTIES TIMEOUT 300)
