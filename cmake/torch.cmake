# LibTorch as one imported target, `torch`. The wheel's own package file asks for the CUDA compiler, which a program
# that links only the CPU half does not need.
#
# TORCH_ROOT (cache variable or environment) names a folder with include/ and lib/; by default it is the wheel in .venv.

set(TORCH_ROOT "$ENV{TORCH_ROOT}" CACHE PATH "LibTorch: a folder with include/ and lib/")
if(NOT TORCH_ROOT)
    file(GLOB TORCH_WHEELS ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch)
    list(LENGTH TORCH_WHEELS TORCH_WHEEL_COUNT)
    if(NOT TORCH_WHEEL_COUNT EQUAL 1)
        message(FATAL_ERROR "LibTorch not found. Run scripts/setup, or give TORCH_ROOT, a folder with include/ and lib/.")
    endif()
    set(TORCH_FOLDER ${TORCH_WHEELS})
else()
    set(TORCH_FOLDER ${TORCH_ROOT})
endif()
foreach(needed include/torch/csrc/api/include/torch/torch.h lib/libtorch_cpu.so lib/libc10.so)
    if(NOT EXISTS ${TORCH_FOLDER}/${needed})
        message(FATAL_ERROR "${TORCH_FOLDER} is not a LibTorch: ${needed} is missing.")
    endif()
endforeach()
message(STATUS "LibTorch: ${TORCH_FOLDER}")

add_library(torch INTERFACE IMPORTED)
# -idirafter, not -isystem: LibTorch ships an fmt of its own that must not hide the one spdlog was built with.
target_compile_options(torch INTERFACE
    "SHELL:-idirafter ${TORCH_FOLDER}/include"
    "SHELL:-idirafter ${TORCH_FOLDER}/include/torch/csrc/api/include")
target_link_libraries(torch INTERFACE ${TORCH_FOLDER}/lib/libtorch_cpu.so ${TORCH_FOLDER}/lib/libc10.so)
list(APPEND CMAKE_BUILD_RPATH ${TORCH_FOLDER}/lib)
