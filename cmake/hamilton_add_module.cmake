# hamilton_add_module(TARGET file.c ...) — modules that are linked into a program.
#
#     hamilton_add_module(features marketing.c pricing.c)
#     target_link_libraries(service PRIVATE features hamilton::hamilton)
#
# TARGET becomes a library of the modules; a target that exists gets them as a part of it.
#
# Each file is a module of its own: the program declares `extern const hm_module
# marketing_module;` and passes it to a driver. Nothing else of a module can be seen from
# outside, so that its functions may be called as it pleases them: two modules may define
# the same names, and a node called `time` does not become the program's time().
#
# What a module names by HM_SUBDAG is one more file here, and a library of the driver.
#
# Include folders, definitions and options of TARGET hold for reflecting and compiling the
# files; an edit of a file, or of one that it includes, makes both happen again.

set(HAMILTON_MODULE_MARCH native CACHE STRING
        "Processor that modules are compiled for, as -march names it; empty for any")

function(hamilton_add_module target)
  if(NOT ARGN)
    message(FATAL_ERROR "hamilton_add_module(${target}): names no file")
  endif()
  set(objects)
  foreach(source ${ARGN})
    _hamilton_module_object(${target} ${source} object) # defined below
    list(APPEND objects ${object})
  endforeach()
  if(NOT TARGET ${target})
    add_library(${target} STATIC)
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
  endif()
  target_sources(${target} PRIVATE ${objects})
  set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES m)
  set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES m)
endfunction()

# One object that defines NAME_module and keeps all else to itself.
function(_hamilton_module_object target source result)
  cmake_path(ABSOLUTE_PATH source NORMALIZE)
  cmake_path(GET source STEM name)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.modules)
  file(MAKE_DIRECTORY ${folder})
  set(written ${folder}/${name}.hm.c)
  set(flags ${folder}/${name}.flags)
  set(compiled ${target}_${name}_module)

  set(tools hamilton::cli)
  if(TARGET hamilton_reflect) # in libhamilton's own build, where it may change
    list(APPEND tools hamilton_reflect)
  endif()

  set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  add_custom_command(OUTPUT ${written} ${flags}
          COMMAND hamilton::cli reflect ${source} -o ${written}
                  --flags-file ${flags} --depfile ${written}.d
                  "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>"
                  "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>"
          DEPENDS ${source} ${tools}
          DEPFILE ${written}.d
          COMMENT "Reflecting ${name}"
          COMMAND_EXPAND_LISTS VERBATIM)

  add_library(${compiled} OBJECT ${written})
  target_include_directories(${compiled} PRIVATE ${includes}
          $<TARGET_PROPERTY:hamilton::hamilton,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_definitions(${compiled} PRIVATE ${definitions})
  target_compile_options(${compiled} PRIVATE -std=gnu11 -O3 -ffp-contract=off
          -fno-math-errno -fPIC -fvisibility=hidden -fno-semantic-interposition
          $<$<BOOL:${HAMILTON_MODULE_MARCH}>:-march=${HAMILTON_MODULE_MARCH}>
          @${flags} # -fno-builtin-NAME for the functions of the module
          $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>)
  set_source_files_properties(${written} PROPERTIES OBJECT_DEPENDS ${flags})

  set(object ${folder}/${name}.o)
  add_custom_command(OUTPUT ${object}
          COMMAND ${CMAKE_C_COMPILER} -nostdlib -r -o ${object}
                  $<TARGET_OBJECTS:${compiled}>
          COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${object}
          DEPENDS ${compiled} $<TARGET_OBJECTS:${compiled}>
          COMMENT "Closing module ${name}"
          COMMAND_EXPAND_LISTS VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  set(${result} ${object} PARENT_SCOPE)
endfunction()
