# How all of our own code is compiled: strictly, and with sanitizers where asked for.
add_library(hm_compiler INTERFACE)
target_include_directories(hm_compiler INTERFACE
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR})
target_compile_definitions(hm_compiler INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(hm_compiler INTERFACE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla
        $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
        $<$<BOOL:${HM_WERROR}>:-Werror>
        -ffp-contract=off)

if(HM_SANITIZE)
  set(hm_sanitize -fsanitize=${HM_SANITIZE} -fno-omit-frame-pointer
          -fno-sanitize-recover=all)
  add_compile_options(${hm_sanitize})
  add_link_options(${hm_sanitize})
endif()
