#include "engine/wan/parity/kinds.h"

namespace troupe::engine::wan::parity {
namespace {

constexpr Tolerance kTable{1e-12, 0};
constexpr Tolerance kFloatWave{2e-4, 2e-5};  // diffusers' sinusoid in float is this far from any other

// What a batch of samples gave inside, by the names that the vectors have.
using Inside = std::map<std::string, std::vector<at::Tensor>>;

Tap collect(const Vectors& vectors, const std::string& at, Inside& inside) {
  return [&vectors, at, &inside](const std::string& name, const at::Tensor& value) {
    if (const std::string there = name_in(vectors, at, name); !there.empty())
      inside[there].push_back(value.clone());
  };
}

// Vectors of several samples are [samples, …], filled up with rows to the longest of them.
void check_batch(const Vectors& vectors, const std::string& name, const std::vector<at::Tensor>& samples,
                 int64_t filled, Report& report) {
  if (samples.size() == 1) return report.check_rows(name, samples[0], filled);
  const at::Tensor& wanted = vectors.at(name);
  if (wanted.dim() == 0 || wanted.size(0) != static_cast<int64_t>(samples.size()))
    return report.check_rows(name, samples[0], filled);  // of the first alone, or wrong
  std::vector<at::Tensor> got, expected;
  for (size_t i = 0; i < samples.size(); ++i) {
    const at::Tensor sample = wanted[static_cast<int64_t>(i)];
    expected.push_back(without_padding(sample, samples[i], filled).reshape({-1}));
    got.push_back(samples[i].reshape({-1}));
  }
  report.check(name, at::cat(got), at::cat(expected));
}

// How many rows the samples of a case were filled up to, which changes none of them; 0 for none.
int64_t filled_rows(const Vectors& vectors, const std::string& group) {
  const std::string name = group + "/seq_len";
  return vectors.has(name) ? vectors.whole(name) : 0;
}

// Inputs of a case that is a variant of another ("c = b with padded seq_len") are the other's.
std::string input_of(const Vectors& vectors, const std::string& group, const std::string& name) {
  const std::string own = group + "/" + name;
  if (vectors.has(own)) return own;
  std::string before = group;
  for (before.back()--; before.back() >= 'a'; before.back()--)
    if (vectors.has(before + "/" + name)) return before + "/" + name;
  return own;
}

void text_to_video_case(const Vectors& vectors, const Transformer& transformer, const std::string& group,
                        Report& report) {
  const at::Tensor times = vectors.real(group + "/t");
  const int64_t filled = filled_rows(vectors, group);
  Inside inside;
  for (int64_t i = 0; i < times.numel(); ++i) {
    const std::string number = std::to_string(i);
    const PreparedText text = transformer.prepare(vectors.real(input_of(vectors, group, "context" + number)),
                                                  collect(vectors, group + "/", inside));
    Segment video;
    video.latent = vectors.real(input_of(vectors, group, "x" + number));
    const at::Tensor out = transformer.forward({video}, times[i].item<double>(), text, nullptr, {},
                                               collect(vectors, group + "/", inside));
    report.check(group + "/out" + number, out);
  }
  for (const auto& [name, samples] : inside) check_batch(vectors, name, samples, filled, report);
}

// How many columns turn with time, with the row and with the column.
at::Tensor columns_of_axes(int64_t head_dim) {
  std::vector<int64_t> counts;
  for (const Grid& grid : {Grid{2, 1, 1}, Grid{1, 2, 1}, Grid{1, 1, 2}})
    counts.push_back(rotary_angles(std::span(&grid, 1), head_dim)[1].count_nonzero().item<int64_t>());
  return at::tensor(counts);
}

void check_tables(const Vectors& vectors, const Transformer& transformer, Report& report) {
  if (vectors.has("sinusoid/t")) {
    std::vector<at::Tensor> rows;
    const at::Tensor times = vectors.real("sinusoid/t");
    for (int64_t i = 0; i < times.numel(); ++i)
      rows.push_back(sinusoid(times[i].item<double>(), vectors.at("sinusoid/emb_f64").size(1), false));
    report.check("sinusoid/emb_f64", at::stack(rows), Tolerance{1e-6, 0});
  }
  if (!vectors.has("rope/rows")) return;
  // The row p of the table: a token that stands at p in time, row and column.
  const at::Tensor rows = vectors.at("rope/rows");
  std::vector<at::Tensor> angles;
  for (int64_t i = 0; i < rows.numel(); ++i) {
    const auto p = rows[i].item<int64_t>();
    const Grid grid{1, p + 1, p + 1, p, 0};
    const at::Tensor all = rotary_angles(std::span(&grid, 1), transformer.config().head_dim());
    angles.push_back(all[all.size(0) - 1]);
  }
  if (vectors.has("rope/cols_t_h_w"))
    report.check("rope/cols_t_h_w", columns_of_axes(transformer.config().head_dim()), kExact);
  report.check("rope/cos_f64", at::stack(angles).cos(), kTable);
  report.check("rope/sin_f64", at::stack(angles).sin(), kTable);
}

}  // namespace

Result<void> compare_text_to_video(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("t2v")));
  for (const std::string& group : vectors.groups())
    if (vectors.has(group + "/out0")) text_to_video_case(vectors, transformer, group, report);
  check_tables(vectors, transformer, report);
  return {};
}

Result<void> compare_vace(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("vace"), /*vace=*/true));
  for (const std::string& group : vectors.groups()) {
    const std::string at = group + "/";
    if (!vectors.has(at + "vace_context")) continue;
    const PreparedText text = transformer.prepare(vectors.real(at + "context"));
    Segment video;
    video.latent = vectors.real(at + "x");
    const VaceContext context{vectors.real(at + "vace_context"), vectors.number(at + "context_scale")};
    report.check(at + "out", transformer.forward({video}, vectors.number(at + "t"), text, &context, {},
                                                 report.tap(at, {}, filled_rows(vectors, group))));
  }
  return {};
}

namespace {

// case_d has zeros in the place of references, case_f those that the pipeline makes up where there are none.
// No frames where a case says nothing of any.
at::Tensor references_of(const Vectors& vectors, const std::string& group, const at::Tensor& latent) {
  const std::string at = group + "/";
  if (vectors.has(at + "ref_latents")) return vectors.real(at + "ref_latents");
  if (vectors.has(at + "n_refs"))
    return at::zeros({latent.size(0), vectors.whole(at + "n_refs"), latent.size(2), latent.size(3)});
  if (vectors.has(at + "zero_ref_shape")) {
    const at::Tensor shape = vectors.at(at + "zero_ref_shape").to(at::kLong);
    std::vector<int64_t> sides(shape.data_ptr<int64_t>(), shape.data_ptr<int64_t>() + shape.numel());
    return at::zeros(sides).reshape({sides.end()[-4], sides.end()[-3], sides.end()[-2], sides.end()[-1]});
  }
  return latent.narrow(1, 0, 0);
}

// case_g is case_a again at another time.
std::string inputs_of(const Vectors& vectors, const std::string& group) {
  return vectors.has(group + "/x") ? group : "case_a";
}

}  // namespace

Result<void> compare_refalign_forward(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.dit_config()));
  for (const std::string& group : vectors.groups()) {
    const std::string from = inputs_of(vectors, group), at = group + "/";
    if (!vectors.has(at + "out")) continue;
    const PreparedText text = transformer.prepare(vectors.real(from + "/context"), report.tap(at));
    Segment video, references;
    video.latent = vectors.real(from + "/x");
    references.latent = references_of(vectors, from, video.latent);
    references.first_frame = video.latent.size(1);
    references.cross_attention = false;
    std::vector<Segment> segments = {video};
    if (references.latent.size(1) > 0) segments.push_back(references);
    report.check(at + "out",
                 transformer.forward(segments, vectors.number(at + "t"), text, nullptr, {}, report.tap(at)));
  }
  return {};
}

Result<void> compare_skyreels_forward(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.dit_config()));
  const int64_t slots = vectors.config().value("ref_slots", 4);
  for (const std::string& group : vectors.groups()) {
    const std::string at = group + "/";
    if (!vectors.has(at + "x")) continue;
    const PreparedText text = transformer.prepare(vectors.real(at + "context"), report.tap(at, kFloatWave));
    const at::Tensor x = vectors.real(at + "x");
    vectors.pass_over(at + "n_refs");  // as many as there are latents
    at::Tensor places = at::zeros({x.size(0), slots, x.size(2), x.size(3)});
    if (vectors.has(at + "ref_latents")) {
      const at::Tensor references = vectors.real(at + "ref_latents");
      places.narrow(1, 0, references.size(1)).copy_(references);
    }
    Segment all;
    all.latent = at::cat({x, places}, 1);
    const at::Tensor out =
        transformer.forward({all}, vectors.number(at + "t"), text, nullptr, {}, report.tap(at, kFloatWave));
    if (vectors.has(at + "out_all")) report.check(at + "out_all", out, kFloatWave);
    report.check(at + "out", out.narrow(1, 0, x.size(1)), kFloatWave);
  }
  return {};
}

}  // namespace troupe::engine::wan::parity
