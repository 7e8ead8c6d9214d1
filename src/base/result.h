// A value or the reason why there is none. Every call that can fail on outside input returns one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace troupe {

/// What kind of failure it is: stable, for programs. The text beside it is for people.
enum class ErrorCode {
  invalid_argument,  ///< the request says something that cannot be meant; names the field
  not_found,
  unsupported,    ///< understood, but not something this build or model does
  over_limit,     ///< a named bound was passed
  corrupt_input,  ///< bytes that are not what they claim to be
  out_of_memory,
  unavailable,  ///< something outside is missing or down; trying again may help
  timeout,
  cancelled,
  conflict,  ///< something changed meanwhile, or is in another state than the call needs
  io,        ///< reading or writing a file failed
  internal,  ///< a defect of ours
  // What a provider says of a job that it was given.
  moderated,        ///< refused for its content: no other attempt will be better
  rejected,         ///< not a request that the provider takes
  no_credit,        ///< the operator's account there is empty, or its key is not taken
  unknown_outcome,  ///< whether the provider has the job, or what became of it, can't be found out
};

/// The code's name as in the enum: "invalid_argument" …
std::string_view name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;     ///< one or two sentences: what is wrong and what to do
  std::string field = {};  ///< JSON Pointer into the spec ("/references/2"), or empty

  bool operator==(const Error&) const = default;
};

/// "field: message (code)", for logs and terminals.
std::string to_string(const Error& error);

/// Either a T or an Error. Member names follow std::expected. Thread-safety: as T.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  /// REQUIRES has_value(); otherwise std::bad_variant_access.
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  /// REQUIRES !has_value().
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

inline Error make_error(ErrorCode code, std::string message, std::string field = {}) {
  return Error{code, std::move(message), std::move(field)};
}

// TROUPE_TRY(auto x, f()): x = value of f(), or return f()'s error from the enclosing function.
#define TROUPE_CONCAT_INNER(a, b) a##b
#define TROUPE_CONCAT(a, b) TROUPE_CONCAT_INNER(a, b)
#define TROUPE_TRY(target, expression) \
  TROUPE_TRY_INNER(TROUPE_CONCAT(troupe_try_, __LINE__), target, expression)
#define TROUPE_TRY_INNER(temporary, target, expression) \
  auto temporary = (expression);                        \
  if (!temporary) return temporary.error();             \
  target = std::move(temporary).value()

// TROUPE_CHECK_OK(f()): return f()'s error, if it has one, from the enclosing function.
#define TROUPE_CHECK_OK(expression) \
  if (auto troupe_status = (expression); !troupe_status) return troupe_status.error()

}  // namespace troupe
