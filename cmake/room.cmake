# kaziranga_room(SOURCES … ROOMS … USES … PRIVATE_USES …): the folder that calls it is a room of the house, a static
# library named by its path (kaziranga_data_formats). It sees the rooms it names and what those see, so the linker holds
# the line that docs/architecture.md draws.
function(kaziranga_room)
    cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;USES;PRIVATE_USES" ${ARGN})
    file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    string(REPLACE "/" "_" target kaziranga_${folder})
    string(REPLACE "/" "_" rooms "${ROOM_ROOMS}")
    list(TRANSFORM rooms PREPEND kaziranga_)
    add_library(${target} STATIC ${ROOM_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${target} PRIVATE ${KAZIRANGA_WARNINGS})
    target_link_libraries(${target} PUBLIC ${rooms} ${ROOM_USES} PRIVATE ${ROOM_PRIVATE_USES})
    if(folder STREQUAL core)
        # In angle brackets it is the same text in every clone, so that clones share a compiler cache.
        target_precompile_headers(${target} PRIVATE <cmake/precompiled.hpp>)
    else()
        target_precompile_headers(${target} REUSE_FROM kaziranga_core)
    endif()
endfunction()
