# The headers alone, where no package of them is installed: -DTROUPE_JSON=FOLDER, which has nlohmann/json.hpp.
set(TROUPE_JSON "" CACHE PATH "Folder with nlohmann/json.hpp")
find_path(nlohmann_json_HEADERS nlohmann/json.hpp HINTS ${TROUPE_JSON})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(nlohmann_json REQUIRED_VARS nlohmann_json_HEADERS)
if(nlohmann_json_FOUND AND NOT TARGET nlohmann_json::nlohmann_json)
  add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED GLOBAL)
  set_target_properties(nlohmann_json::nlohmann_json PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${nlohmann_json_HEADERS})
endif()
