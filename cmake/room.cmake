# kaziranga_room(NAME SOURCES … USES …): one room of the house, a static library `kaziranga_NAME`. A room sees only the
# rooms it uses, so the linker holds the line that docs/architecture.md draws.
function(kaziranga_room NAME)
    cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
    set(target kaziranga_${NAME})
    add_library(${target} STATIC ${ROOM_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${target} PRIVATE ${KAZIRANGA_WARNINGS})
    target_link_libraries(${target} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_PRIVATE_USES})
    if(NAME STREQUAL core)
        # In angle brackets it is the same text in every clone, so that clones share a compiler cache.
        target_precompile_headers(${target} PRIVATE <cmake/precompiled.hpp>)
    else()
        target_precompile_headers(${target} REUSE_FROM kaziranga_core)
    endif()
endfunction()
