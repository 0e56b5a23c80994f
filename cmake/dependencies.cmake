# What must be installed; `./dev setup` installs it. hamilton-config.cmake and hamilton.pc
# name the same for programs that link the static library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(libxxhash REQUIRED IMPORTED_TARGET libxxhash)

set(HM_LIBRARIES PkgConfig::libuv PkgConfig::jansson PkgConfig::libxxhash
        Threads::Threads ${CMAKE_DL_LIBS} m)
add_library(hm_dependencies INTERFACE)
target_link_libraries(hm_dependencies INTERFACE ${HM_LIBRARIES})
