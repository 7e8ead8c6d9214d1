# The libtorch inside a PyTorch wheel (-DTROUPE_TORCH=…/site-packages/torch), without the CUDA toolkit that its own
# package file asks for: nothing of ours is compiled for the GPU. -DTROUPE_TORCH_OLD_ABI=ON for a wheel that was built
# so (python3 -c 'import torch; print(torch._C._GLIBCXX_USE_CXX11_ABI)' says False). Without such a folder the system's.
set(TROUPE_TORCH_OLD_ABI OFF CACHE BOOL "Whether the libtorch was compiled with _GLIBCXX_USE_CXX11_ABI=0")
set(lib ${TROUPE_TORCH}/lib)
if(NOT TROUPE_TORCH OR NOT EXISTS ${lib}/libtorch_cpu.so)
  find_package(Torch CONFIG QUIET GLOBAL)
  return()
endif()
set(TORCH_INCLUDE_DIRS ${TROUPE_TORCH}/include ${TROUPE_TORCH}/include/torch/csrc/api/include)
set(TORCH_LIBRARIES "")
foreach(name torch_cpu c10 torch)
  list(APPEND TORCH_LIBRARIES ${lib}/lib${name}.so)
endforeach()
# Operators of the GPU register themselves when their library is loaded; nothing refers to it.
if(EXISTS ${lib}/libtorch_cuda.so)
  list(APPEND TORCH_LIBRARIES "-Wl,--no-as-needed,${lib}/libtorch_cuda.so,--as-needed")
endif()
if(TROUPE_TORCH_OLD_ABI)
  add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=0)
endif()
set(Torch_FOUND TRUE)
