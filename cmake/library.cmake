# The library that is installed.
#
# Inside this build, `hutch` (or hutch::hutch) is the layers themselves, so that the sanitizers see
# every object. What is installed is one archive, libhutch.a, with one object in it: all layers and
# the engine linked together, and only the functions that include/hutch declares still visible. So
# a program may have an engine of its own beside ours. libhutch.so is made of that object.

set(hutch_layers "")
foreach(layer IN ITEMS hutch_base hutch_plat hutch_arena hutch_strip hutch_engine hutch_inspect
                       hutch_isolate hutch_wire hutch_pool)
    if(TARGET ${layer})
        list(APPEND hutch_layers ${layer})
    endif()
endforeach()

add_library(hutch INTERFACE)
add_library(hutch::hutch ALIAS hutch)
target_include_directories(hutch INTERFACE "${PROJECT_SOURCE_DIR}/include")
target_link_libraries(hutch INTERFACE ${hutch_layers} m pthread)

if(HUTCH_SANITIZE OR HUTCH_COVERAGE)
    return()
endif()

find_program(HUTCH_OBJCOPY objcopy REQUIRED)
set(hutch_objects "")
foreach(layer IN LISTS hutch_layers)
    list(APPEND hutch_objects "$<TARGET_FILE:${layer}>")
endforeach()
file(GLOB hutch_public_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/hutch/*.h")

add_custom_command(
    OUTPUT libhutch.a
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${PROJECT_SOURCE_DIR}/include/hutch"
            -DOUTPUT=public-symbols.txt -P "${PROJECT_SOURCE_DIR}/cmake/public-symbols.cmake"
    COMMAND "${CMAKE_C_COMPILER}" -r -nostdlib -o hutch-all.o
            -Wl,--whole-archive ${hutch_objects} -Wl,--no-whole-archive
    COMMAND "${HUTCH_OBJCOPY}" --keep-global-symbols=public-symbols.txt hutch-all.o
    COMMAND "${CMAKE_COMMAND}" -E rm -f libhutch.a
    COMMAND "${CMAKE_AR}" rcs libhutch.a hutch-all.o
    DEPENDS ${hutch_layers} ${hutch_public_headers}
            "${PROJECT_SOURCE_DIR}/cmake/public-symbols.cmake"
    COMMENT "Linking all layers into libhutch.a"
    VERBATIM)
# Before 1.0 a minor version may change the interface, later a major one.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(hutch_soversion "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
else()
    set(hutch_soversion "${PROJECT_VERSION_MAJOR}")
endif()
set(hutch_soname "libhutch.so.${hutch_soversion}")
set(hutch_sofile "libhutch.so.${PROJECT_VERSION}")
# One function a line in the list; the linker wants semicolons, and to be told what is left.
add_custom_command(
    OUTPUT "${hutch_sofile}" "${hutch_soname}" libhutch.so
    COMMAND sed -e "1i HUTCH_${hutch_soversion} { global:" -e "s/$/;/" -e "$a local: *; };"
            public-symbols.txt > public-symbols.map
    COMMAND "${CMAKE_C_COMPILER}" -shared -o "${hutch_sofile}" hutch-all.o
            "-Wl,-soname,${hutch_soname}" -Wl,--version-script=public-symbols.map
            -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs -Wl,--gc-sections -Wl,--build-id=sha1 -lm -pthread
    COMMAND "${CMAKE_COMMAND}" -E create_symlink "${hutch_sofile}" "${hutch_soname}"
    COMMAND "${CMAKE_COMMAND}" -E create_symlink "${hutch_soname}" libhutch.so
    DEPENDS libhutch.a
    COMMENT "Linking libhutch.so"
    VERBATIM)
add_custom_target(hutch_archive ALL DEPENDS libhutch.a "${hutch_sofile}")

include(CMakePackageConfigHelpers)
set(hutch_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/hutch")
configure_package_config_file(cmake/hutch-config.cmake.in hutch-config.cmake
    INSTALL_DESTINATION "${hutch_package_dir}"
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(hutch-config-version.cmake COMPATIBILITY SameMinorVersion)

# Both folders relative to the prefix where possible, so that an installed tree can be moved.
file(RELATIVE_PATH hutch_pc_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" hutch_pc_prefix "${hutch_pc_prefix}")
configure_file(cmake/hutch.pc.in hutch.pc @ONLY)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/hutch" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/libhutch.a" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(PROGRAMS "${CMAKE_CURRENT_BINARY_DIR}/${hutch_sofile}"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${hutch_soname}" "${CMAKE_CURRENT_BINARY_DIR}/libhutch.so"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/hutch-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/hutch-config-version.cmake"
        DESTINATION "${hutch_package_dir}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/hutch.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
