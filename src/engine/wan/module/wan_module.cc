#include "engine/wan/module/wan_module.h"

#include <dlfcn.h>

#include <cstdlib>
#include <mutex>
#include <system_error>
#include <utility>

#include "engine/wan/module/entry.h"

namespace troupe::engine::wan {
namespace {

constexpr const char* kTokensModuleName = "troupe-tokens.so";

Error broken(const std::string& text) {
  return make_error(ErrorCode::unavailable, "The neural engine can't be opened: " + text);
}

Error stranger(const std::filesystem::path& file) {
  return broken(file.string() + " belongs to another build of this program");
}

// Opens the module; it stays open until the process ends.
Result<void*> symbol_of(const std::filesystem::path& file, const char* name, int how) {
  void* const library = dlopen(file.c_str(), how);
  if (library == nullptr) return broken(dlerror());
  void* const symbol = dlsym(library, name);
  if (symbol == nullptr) return broken(file.string() + " is no module of this program");
  return symbol;
}

class ModuleEngine final : public Engine {
 public:
  ModuleEngine(std::filesystem::path module, EngineParts parts, EngineOptions options)
      : module_(std::move(module)), parts_(std::move(parts)), options_(options) {}

  EngineInfo info() const override { return {kEngineName, kEngineVersion, false, kFramesBefore}; }
  Result<RenderReport> plan(const RenderRequest& request) const override {
    TROUPE_TRY(Engine* const engine, opened());
    return engine->plan(request);
  }
  Result<RenderReport> render(const RenderRequest& request, Output& output, const RunContext& run) override {
    // A model without weights is told at once, without waiting for libtorch.
    TROUPE_CHECK_OK(parts_.find(request.spec.model));
    TROUPE_TRY(Engine* const engine, opened());
    return engine->render(request, output, run);
  }

 private:
  Result<Engine*> opened() const {
    const std::lock_guard lock(mutex_);
    if (engine_) return engine_.get();
    EngineParts parts = parts_;
    if (!parts.tokens) TROUPE_CHECK_OK(open_tokens(parts));
    // Its symbols are for itself alone: both sides have their own base/ and core/.
    TROUPE_TRY(void* const entry, symbol_of(module_, kEntryName, RTLD_NOW | RTLD_LOCAL));
    engine_.reset(reinterpret_cast<Entry>(entry)(TROUPE_WAN_BUILD, &parts, &options_));
    if (!engine_) return stranger(module_);
    return engine_.get();
  }

  Result<void> open_tokens(EngineParts& parts) const {
    const std::filesystem::path file = module_.parent_path() / kTokensModuleName;
    TROUPE_TRY(void* const entry, symbol_of(file, kTokensEntryName, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND));
    reinterpret_cast<TokensEntry>(entry)(TROUPE_WAN_BUILD, &parts.tokens);
    return parts.tokens ? Result<void>() : Result<void>(stranger(file));
  }

  const std::filesystem::path module_;
  const EngineParts parts_;
  const EngineOptions options_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Engine> engine_;
};

}  // namespace

std::optional<std::filesystem::path> find_module() {
  std::error_code failed;
  if (const char* named = std::getenv("TROUPE_WAN_MODULE"); named != nullptr && *named != 0) {
    if (std::filesystem::is_regular_file(named, failed)) return named;
    return std::nullopt;
  }
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return std::nullopt;
  const std::filesystem::path folder = program.parent_path();
  for (const auto& place : {folder / kModuleName, folder.parent_path() / "lib" / "troupe" / kModuleName})
    if (std::filesystem::is_regular_file(place, failed)) return place;
  return std::nullopt;
}

std::unique_ptr<Engine> make_module_engine(std::filesystem::path module, EngineParts parts,
                                           EngineOptions options) {
  return std::make_unique<ModuleEngine>(std::move(module), std::move(parts), options);
}

}  // namespace troupe::engine::wan
