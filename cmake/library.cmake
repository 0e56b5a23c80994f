# libhamilton from the objects of its parts. The command line and the tests use the static
# one, inside which internal functions can be reached; a program takes the shared one.
list(TRANSFORM HM_PARTS REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE hm_objects)
foreach(kind STATIC SHARED)
  string(TOLOWER hamilton_${kind} target)
  add_library(${target} ${kind} ${hm_objects})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME hamilton
          VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_include_directories(${target} INTERFACE
          $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
          $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PRIVATE ${HM_LIBRARIES})
endforeach()
if(NOT HM_SANITIZE) # whose functions are in the program, not in the libraries it uses
  target_link_options(hamilton_shared PRIVATE LINKER:--no-undefined)
endif()

# The names that they have once installed.
set_target_properties(hamilton_shared PROPERTIES EXPORT_NAME hamilton)
set_target_properties(hamilton_static PROPERTIES EXPORT_NAME static)
add_library(hamilton::hamilton ALIAS hamilton_shared)
add_library(hamilton::static ALIAS hamilton_static)
