# Flags and helpers shared by every target of Roost.

add_library(roost_flags INTERFACE)
target_include_directories(roost_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(roost_flags INTERFACE
    QT_NO_CAST_TO_ASCII
    QT_NO_URL_CAST_FROM_STRING
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_NO_FOREACH
    QT_DISABLE_DEPRECATED_BEFORE=0x060400
    ROOST_VERSION="${PROJECT_VERSION}")
target_compile_options(roost_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
if(ROOST_WARNINGS_AS_ERRORS)
    target_compile_options(roost_flags INTERFACE -Werror)
endif()
if(ROOST_SANITIZE)
    target_compile_options(roost_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
    target_link_options(roost_flags INTERFACE -fsanitize=address,undefined)
endif()

# roost_library(NAME [DEPENDS lib...]): the static library of src/NAME. A library a folder, so that an
# include against the direction of the design fails at link time as well as in the include-direction test.
function(roost_library name)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    add_library(roost_${name} STATIC ${sources})
    target_link_libraries(roost_${name} PUBLIC roost_flags ${ARG_DEPENDS})
endfunction()

# roost_test(NAME LABEL unit|server|gui [DEPENDS lib...]): the test program NAME.cpp of the current folder.
function(roost_test name)
    cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "DEPENDS" ${ARGN})
    add_executable(${name} ${name}.cpp)
    target_link_libraries(${name} PRIVATE roost_test_support Qt6::Test ${ARG_DEPENDS})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT})
endfunction()

# Only the libraries that a program really calls are loaded at its start.
add_link_options(LINKER:--as-needed)

# What is generated below the build folder is not ours to lint; clang-tidy wants at least one check.
file(WRITE ${CMAKE_BINARY_DIR}/.clang-tidy "Checks: '-*,misc-definitions-in-headers'\n")
