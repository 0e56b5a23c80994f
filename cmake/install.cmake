# What `cmake --install` puts where. Nothing in it names the prefix, so that an installed
# tree may be moved.
include(CMakePackageConfigHelpers)
set(hm_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/hamilton)

set(hm_targets hamilton_shared hamilton_static)
if(TARGET hamilton)
  list(APPEND hm_targets hamilton)
  install(FILES cmake/hamilton_add_module.cmake DESTINATION ${hm_package_folder})
endif()
install(TARGETS ${hm_targets} EXPORT hamilton)
install(EXPORT hamilton NAMESPACE hamilton:: FILE hamilton-targets.cmake
        DESTINATION ${hm_package_folder})
install(DIRECTORY include/hamilton DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# The components, and DuckDB unless it is where all programs look.
foreach(component ${HM_COMPONENTS})
  if(TARGET hamilton_${component})
    install(TARGETS hamilton_${component} EXPORT hamilton-${component})
    install(EXPORT hamilton-${component} NAMESPACE hamilton::
            FILE hamilton-${component}-targets.cmake DESTINATION ${hm_package_folder})
  endif()
endforeach()
if(TARGET hamilton_duckdb)
  cmake_path(GET DuckDB_LIBRARY PARENT_PATH hm_duckdb_folder)
  if(NOT hm_duckdb_folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
    file(REAL_PATH ${DuckDB_LIBRARY} hm_duckdb_file)
    install(PROGRAMS ${hm_duckdb_file} DESTINATION ${CMAKE_INSTALL_LIBDIR}
            RENAME libduckdb.so)
  endif()
endif()

configure_package_config_file(cmake/hamilton-config.cmake.in hamilton-config.cmake
        INSTALL_DESTINATION ${hm_package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(hamilton-config-version.cmake
        COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hamilton-config.cmake
        ${PROJECT_BINARY_DIR}/hamilton-config-version.cmake
        DESTINATION ${hm_package_folder})

# hamilton.pc finds its prefix from its own place.
file(RELATIVE_PATH hm_prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" hm_prefix_from_pc ${hm_prefix_from_pc})
configure_file(cmake/hamilton.pc.in hamilton.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hamilton.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
foreach(component ${HM_COMPONENTS})
  if(TARGET hamilton_${component})
    configure_file(cmake/hamilton-${component}.pc.in hamilton-${component}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/hamilton-${component}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endif()
endforeach()
