# What every target of ours is compiled and linked with.

find_program(CCACHE ccache)
if(CCACHE)
    # A precompiled header defeats ccache unless it may overlook the header's own time stamps.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
    add_compile_options(-fpch-preprocess)
endif()

find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

if(KAZIRANGA_SANITIZE)
    add_compile_options(-fsanitize=${KAZIRANGA_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${KAZIRANGA_SANITIZE})
endif()

# Designated initialisers name the fields they mean and leave the others at their defaults.
# GCC 12 sees overflows in inlined std::string and std::vector that are none.
set(KAZIRANGA_WARNINGS -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough
    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)
