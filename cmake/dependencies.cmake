# What must be installed; `./dev setup` installs it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(libxxhash REQUIRED IMPORTED_TARGET libxxhash)

add_library(hm_dependencies INTERFACE)
target_link_libraries(hm_dependencies INTERFACE
        PkgConfig::libuv PkgConfig::jansson PkgConfig::libxxhash Threads::Threads
        ${CMAKE_DL_LIBS} m)
