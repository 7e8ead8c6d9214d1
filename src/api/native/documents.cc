#include "api/native/wire.h"

extern "C" {
extern const unsigned char troupe_native_openapi[], troupe_native_openapi_end[];
extern const unsigned char troupe_native_docs_page[], troupe_native_docs_page_end[];
extern const unsigned char troupe_native_docs_script[], troupe_native_docs_script_end[];
extern const unsigned char troupe_native_docs_style[], troupe_native_docs_style_end[];
}

namespace troupe::api::native {
namespace {

std::string_view text(const unsigned char* begin, const unsigned char* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin)};
}

}  // namespace

std::string_view openapi_json() { return text(troupe_native_openapi, troupe_native_openapi_end); }
std::string_view docs_page() { return text(troupe_native_docs_page, troupe_native_docs_page_end); }
std::string_view docs_script() { return text(troupe_native_docs_script, troupe_native_docs_script_end); }
std::string_view docs_style() { return text(troupe_native_docs_style, troupe_native_docs_style_end); }

}  // namespace troupe::api::native
