# Conventions of the tree: one library and one test binary a folder, made of the files that are there.

find_program(CCACHE ccache)
if(CCACHE)
  # What was compiled in one clone serves the next one: paths below the tree are made relative, and the folder of the
  # build does not count. The sloppiness lets ccache share precompiled headers.
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${CCACHE})
endif()

find_package(Threads REQUIRED)
if(NOT TROUPE_ONLY_WAN)
  find_package(PkgConfig REQUIRED)
endif()
if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

set(TROUPE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(NOT TROUPE_ONLY_WAN)  # which is built with whatever compiler a GPU machine has
  list(APPEND TROUPE_WARNINGS -Werror)
endif()

if(TROUPE_SANITIZE)
  add_compile_options(-fsanitize=${TROUPE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TROUPE_SANITIZE})
  if(TROUPE_SANITIZE MATCHES "undefined")
    # A null pointer stops the program without this as well; the checks of every access for it, and for alignment and
    # type, are a third of what there is to compile.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=null,alignment,vptr)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # gcc 12 warns of code that the sanitizers themselves insert.
    list(APPEND TROUPE_WARNINGS -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
  endif()
endif()
if(TROUPE_BATCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It takes a file that another one includes for a header, whose types must not use a file's own; and what a file has
  # for itself is not meant by a parameter of the same name in the next one.
  list(APPEND TROUPE_WARNINGS -Wno-subobject-linkage -Wshadow=local)
  list(REMOVE_ITEM TROUPE_WARNINGS -Wshadow)
endif()
if(TROUPE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Tests, and under a sanitizer what waits for disks and sockets, are compiled without optimisation: that takes half the
# time. What they compute with is optimised.
set(TROUPE_TEST_OPTIONS -O0)
set(TROUPE_LIGHT_OPTIONS "")
if(TROUPE_SANITIZE)
  set(TROUPE_LIGHT_OPTIONS -O0)
endif()
set(TROUPE_LIGHT_LIBRARIES api catalog fetch jobs server cli)

# Settings of every target of ours.
function(troupe_settings target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${TROUPE_WARNINGS}>)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
endfunction()

# troupe_tests(TARGET LABEL): the tests of a binary, each in a process of its own. OpenMP's threads sleep while they wait:
# otherwise those that share a core turn in circles for most of their time. With TROUPE_BATCH, as starting a process
# takes longer than most tests, a few processes share them; each writes build/…/gtest/TARGET-N.xml.
function(troupe_tests target label)
  if(NOT TROUPE_BATCH)
    gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES PROPERTIES LABELS ${label} TIMEOUT 300
                         ENVIRONMENT "OMP_WAIT_POLICY=passive")
    return()
  endif()
  set(shards 4)
  foreach(shard RANGE 1 ${shards})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${target}-${shard} COMMAND ${target} --gtest_brief=1
             --gtest_output=xml:${CMAKE_BINARY_DIR}/gtest/${target}-${shard}.xml)
    set_tests_properties(${target}-${shard} PROPERTIES LABELS ${label} TIMEOUT 900
                         ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index};OMP_WAIT_POLICY=passive")
  endforeach()
endfunction()

# troupe_batched(TARGET [ALWAYS] [ACROSS_FOLDERS] [ALONE files...]): with TROUPE_BATCH or ALWAYS, the sources of a folder,
# or of all of them, are compiled many at once; not those named, which have local names that others have as well.
# CMake's own unity builds name files by absolute paths, and so no other clone can use what they became.
function(troupe_batched target)
  cmake_parse_arguments(ARG "ALWAYS;ACROSS_FOLDERS" "" "ALONE" ${ARGN})
  get_target_property(batched ${target} TROUPE_BATCHED)
  if(batched OR NOT (TROUPE_BATCH OR ARG_ALWAYS))
    return()
  endif()
  set_target_properties(${target} PROPERTIES TROUPE_BATCHED ON)
  get_target_property(sources ${target} SOURCES)
  set(folder_of_batches ${CMAKE_CURRENT_BINARY_DIR}/${target}.batches)
  set(compiled "")
  set(joined "")
  foreach(source ${sources})
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
    file(RELATIVE_PATH path ${CMAKE_CURRENT_SOURCE_DIR} ${file})
    if(path IN_LIST ARG_ALONE OR NOT path MATCHES "\\.cc$" OR file MATCHES "^${CMAKE_BINARY_DIR}")
      list(APPEND compiled ${source})
    else()
      cmake_path(GET path PARENT_PATH folder)
      list(APPEND joined "${folder}|${path}")
    endif()
  endforeach()
  list(SORT joined)
  set(batches "")
  set(count 0)
  foreach(entry ${joined})
    string(REGEX REPLACE "^.*\\|" "" path "${entry}")
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE file)
    set(folder "")
    if(NOT ARG_ACROSS_FOLDERS)
      cmake_path(GET path PARENT_PATH folder)
    endif()
    if(count EQUAL 0 OR NOT folder STREQUAL last OR count EQUAL 16)
      set(last "${folder}")
      set(count 0)
      string(MAKE_C_IDENTIFIER "${path}" group)
      set(batch ${folder_of_batches}/${group}.cc)
      list(APPEND batches ${batch})
      set(text_${group} "")
    endif()
    math(EXPR count "${count} + 1")
    # A relative path, so that the text is the same in each clone.
    file(RELATIVE_PATH included ${folder_of_batches} ${file})
    string(APPEND text_${group} "#include \"${included}\"\n")
  endforeach()
  foreach(batch ${batches})
    cmake_path(GET batch STEM group)
    file(CONFIGURE OUTPUT ${batch} CONTENT "${text_${group}}" @ONLY)
  endforeach()
  set_property(TARGET ${target} PROPERTY SOURCES ${compiled} ${batches})
endfunction()

# troupe_library(NAME DEPS ours... PRIVATE theirs... [DIRS subfolders...] [ALONE files...])
# A static library troupe_NAME of all .cc here (and in DIRS), and a test binary NAME_test of all *_test.cc.
function(troupe_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE;DIRS;TEST_DEPS;ALONE" ${ARGN})
  set(patterns *.cc)
  set(test_patterns *_test.cc)
  foreach(dir ${ARG_DIRS})
    list(APPEND patterns ${dir}/*.cc)
    list(APPEND test_patterns ${dir}/*_test.cc)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  file(GLOB test_sources CONFIGURE_DEPENDS ${test_patterns})
  list(REMOVE_ITEM sources ${test_sources} "")
  list(FILTER sources EXCLUDE REGEX "_for_test\\.cc$")
  list(FILTER test_sources EXCLUDE REGEX "_for_test\\.cc$")
  if(sources)
    add_library(troupe_${name} STATIC ${sources})
    troupe_settings(troupe_${name})
    target_link_libraries(troupe_${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE} Threads::Threads)
    set(options "")
    if(name IN_LIST TROUPE_LIGHT_LIBRARIES)
      set(options ${TROUPE_LIGHT_OPTIONS})
    endif()
    target_compile_options(troupe_${name} PRIVATE ${options})
    troupe_batched(troupe_${name} ALONE ${ARG_ALONE})
  else()
    add_library(troupe_${name} INTERFACE)
    target_link_libraries(troupe_${name} INTERFACE ${ARG_DEPS})
    target_include_directories(troupe_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
  endif()
  if(BUILD_TESTING AND test_sources)
    add_executable(${name}_test ${test_sources})
    troupe_settings(${name}_test)
    target_compile_options(${name}_test PRIVATE ${TROUPE_TEST_OPTIONS})
    troupe_batched(${name}_test ACROSS_FOLDERS ALONE ${ARG_ALONE})
    target_link_libraries(${name}_test PRIVATE troupe_${name} ${ARG_PRIVATE} ${ARG_TEST_DEPS}
                          troupe_places GTest::gtest GTest::gtest_main)
    # Of clang's, what was compiled with one in another clone can't be used; and gcc warns of code in precompiled templates
    # of libraries that is none of ours.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      if(NOT TARGET troupe_test_pch)
        file(WRITE ${CMAKE_BINARY_DIR}/test_pch.cc "int main() {}\n")
        add_executable(troupe_test_pch ${CMAKE_BINARY_DIR}/test_pch.cc)
        troupe_settings(troupe_test_pch)
        target_compile_options(troupe_test_pch PRIVATE ${TROUPE_TEST_OPTIONS})
        target_link_libraries(troupe_test_pch PRIVATE Threads::Threads GTest::gtest)
        target_precompile_headers(troupe_test_pch PRIVATE <gtest/gtest.h> <algorithm> <map> <string> <vector> <nlohmann/json.hpp>)
      endif()
      target_precompile_headers(${name}_test REUSE_FROM troupe_test_pch)
    endif()
    troupe_tests(${name}_test ${name})
  endif()
endfunction()

# troupe_embed(TARGET SYMBOL FILE): the bytes of FILE as
#   extern "C" const unsigned char SYMBOL[]; extern "C" const unsigned char SYMBOL_end[];
function(troupe_embed target symbol file)
  set(assembly ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S)
  file(WRITE ${assembly}.in
       ".section .rodata\n.global ${symbol}\n.global ${symbol}_end\n.balign 16\n${symbol}:\n"
       ".incbin \"${file}\"\n${symbol}_end:\n.byte 0\n.section .note.GNU-stack,\"\",%progbits\n")
  configure_file(${assembly}.in ${assembly} COPYONLY)
  set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${assembly})
endfunction()
