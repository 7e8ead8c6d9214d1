#include "server/providers.h"

#include <algorithm>

#include "core/short_text.h"
#include "engine/upstream/provider.h"
#include "fetch/url.h"
#include "server/sealed_key.h"

namespace troupe::server {
namespace {

constexpr size_t kHintBytes = 4, kHintedKeyBytesMin = 16;
constexpr size_t kBaseUrlBytesMax = 2048;

Error refuse(std::string message, std::string field) {
  return make_error(ErrorCode::invalid_argument, std::move(message), std::move(field));
}

Error no_such_provider(const std::string& name) {
  return make_error(ErrorCode::not_found, "No provider " + troupe::quoted(name) + " is set up here.");
}

std::string effective_url(const jobs::ProviderEntry& entry) {
  if (!entry.base_url.empty()) return entry.base_url;
  const upstream::Provider* const provider = upstream::find_provider(entry.kind);
  return provider ? std::string(provider->usual_base_url()) : "";
}

ProviderSummary summary_of(const jobs::ProviderEntry& entry) {
  return {entry.name,     entry.kind,    effective_url(entry), !entry.sealed_key.empty(),
          entry.key_hint, entry.created, entry.updated};
}

Result<void> check_kind(const std::string& kind) {
  if (upstream::find_provider(kind)) return {};
  std::string known;
  for (const std::string_view one : upstream::provider_names())
    known += (known.empty() ? "" : ", ") + std::string(one);
  return refuse(
      troupe::quoted(kind) + " is no kind of provider: give the one whose API it speaks, of " + known,
      "/kind");
}

// As it is kept: without a slash at its end. What was given isn't repeated in errors: it may hold a secret.
Result<std::string> checked_base_url(const std::string& given) {
  if (given.empty()) return std::string();
  if (given.size() > kBaseUrlBytesMax)
    return refuse("has more than " + std::to_string(kBaseUrlBytesMax) + " bytes", "/base_url");
  const Result<fetch::Url> url = fetch::parse_url(given);
  if (!url) return refuse(url.error().message, "/base_url");
  if (given.find_first_of("?#") != std::string::npos)
    return refuse("the URL has a query or a fragment; calls are made below it: leave them out", "/base_url");
  std::string text = fetch::print(*url);
  while (text.ends_with('/')) text.pop_back();
  return text;
}

Result<void> check_key(const std::string& key) {
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (key.size() <= kProviderKeyBytesMax && printable) return {};
  return refuse(
      "must be 1 to " + std::to_string(kProviderKeyBytesMax) + " printable ASCII characters without spaces",
      "/key");
}

// Where what is sent to a URL goes: its scheme, host and port.
std::string origin_of(const std::string& text) {
  Result<fetch::Url> url = fetch::parse_url(text);
  if (!url) return "";
  url->target = "/";
  return fetch::print(*url);
}

// `entry` after the change, all but its key.
Result<void> apply(const ProviderChange& change, jobs::ProviderEntry& entry) {
  if (change.kind) entry.kind = *change.kind;
  if (entry.kind.empty()) entry.kind = entry.name;
  TROUPE_CHECK_OK(check_kind(entry.kind));
  if (change.base_url) {
    TROUPE_TRY(entry.base_url, checked_base_url(*change.base_url));
  }
  return {};
}

// The key that was given, sealed, or the stored one where it may stay.
Result<void> apply_key(const std::optional<std::string>& key, const std::string& old_url,
                       const std::string& server_secret, jobs::ProviderEntry& entry) {
  if (key) {
    TROUPE_CHECK_OK(check_key(*key));
    entry.sealed_key.clear();
    entry.key_hint = key->size() >= kHintedKeyBytesMin ? key->substr(key->size() - kHintBytes) : "";
    if (!key->empty()) {
      TROUPE_TRY(entry.sealed_key, seal(server_secret, entry.name, *key));
    }
  } else if (!entry.sealed_key.empty() && origin_of(old_url) != origin_of(effective_url(entry))) {
    return refuse("the stored key would be sent to another server than it was given for: give it again",
                  "/key");
  }
  if (!entry.sealed_key.empty() || !entry.base_url.empty()) return {};
  return refuse("is missing: give the key that the provider gave you", "/key");
}

}  // namespace

Providers::Providers(jobs::ProviderBook& book, std::string server_secret, const Clock& clock)
    : book_(book), server_secret_(std::move(server_secret)), clock_(clock) {}

Result<jobs::ProviderEntry> Providers::entry_of(const std::string& name) const {
  TROUPE_TRY(std::optional<jobs::ProviderEntry> entry, book_.find(name));
  if (!entry) return no_such_provider(name);
  return std::move(*entry);
}

Result<std::string> Providers::key_of(const jobs::ProviderEntry& entry) const {
  if (entry.sealed_key.empty()) return std::string();
  Result<std::string> key = unseal(server_secret_, entry.name, entry.sealed_key);
  if (key) return key;
  return make_error(ErrorCode::unavailable,
                    "The key of provider " + troupe::quoted(entry.name) +
                        " can't be opened, since it was sealed by a server with another secret: set it again "
                        "(troupe providers set " +
                        entry.name + "), or put back the file \"secret\" of the folder that it comes from.");
}

Result<upstream::Access> Providers::access(const std::string& name) const {
  TROUPE_TRY(jobs::ProviderEntry entry, entry_of(name));
  TROUPE_TRY(std::string key, key_of(entry));
  return upstream::Access{std::move(entry.kind), std::move(entry.base_url), std::move(key)};
}

bool Providers::has(const std::string& name) const { return kinds().contains(name); }

std::map<std::string, std::string> Providers::kinds() const {
  const Time now = clock_.now();
  int64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    // A clock that was set back makes it look fresh for long: then it is looked up again.
    if (looked_up_ && now - *looked_up_ < kFresh && now >= *looked_up_) return kinds_;
    changes = changes_;
  }
  const Result<std::vector<jobs::ProviderEntry>> entries = book_.list();
  const std::lock_guard lock(mutex_);
  if (entries) {
    kinds_.clear();
    for (const jobs::ProviderEntry& entry : *entries) kinds_.emplace(entry.name, entry.kind);
    // What was read before a change doesn't stand for what is there after it.
    if (changes == changes_) looked_up_ = now;
  }
  return kinds_;
}

Result<std::vector<ProviderSummary>> Providers::list() const {
  TROUPE_TRY(const std::vector<jobs::ProviderEntry> entries, book_.list());
  std::vector<ProviderSummary> summaries;
  for (const jobs::ProviderEntry& entry : entries) summaries.push_back(summary_of(entry));
  return summaries;
}

Result<ProviderSummary> Providers::find(const std::string& name) const {
  TROUPE_TRY(const jobs::ProviderEntry entry, entry_of(name));
  return summary_of(entry);
}

Result<Providers::Set> Providers::set(const std::string& name, const ProviderChange& change) {
  if (!jobs::is_provider_name(name)) {
    return refuse("A provider's name is 1 to 64 characters of a to z, 0 to 9, \"_\" and \"-\".", "name");
  }
  const std::lock_guard lock(setting_);
  TROUPE_TRY(const std::optional<jobs::ProviderEntry> old, book_.find(name));
  jobs::ProviderEntry entry = old.value_or(jobs::ProviderEntry());
  entry.name = name;
  entry.updated = clock_.now();
  if (!old) entry.created = entry.updated;
  TROUPE_CHECK_OK(apply(change, entry));
  TROUPE_CHECK_OK(apply_key(change.key, old ? effective_url(*old) : "", server_secret_, entry));
  TROUPE_TRY(const bool added, book_.put(entry));
  forget();
  return Set{summary_of(entry), added};
}

Result<void> Providers::remove(const std::string& name) {
  const Result<void> removed = book_.remove(name);
  forget();
  if (!removed && removed.error().code == ErrorCode::not_found) return no_such_provider(name);
  return removed;
}

void Providers::forget() const {
  const std::lock_guard lock(mutex_);
  looked_up_.reset();
  ++changes_;
}

}  // namespace troupe::server
