#include <gtest/gtest.h>

#include "api/native/samples_for_test.h"
#include "api/native/schema_for_test.h"

namespace troupe::api::native {
namespace {

using nlohmann::json;

TEST(JobAnswer, FitsItsSchemaInEveryState) {
  for (Job job : {queued_job(), finished_job(), failed_job()}) {
    for (int i = 0; i <= static_cast<int>(JobState::parked); ++i) {
      job.state = static_cast<JobState>(i);
      EXPECT_EQ(misfit(print_job(job, kLinks), "Job"), "");
    }
  }
  const std::vector<Job> jobs{queued_job(), finished_job(), failed_job()};
  EXPECT_EQ(misfit(print_jobs(jobs, "next", kLinks), "JobList"), "");
  EXPECT_EQ(misfit(print_jobs({}, "", kLinks), "JobList"), "");
}

TEST(JobAnswer, SaysWhatAJobIs) {
  const json job = json::parse(print_job(finished_job(), kLinks));
  EXPECT_EQ(job["state"], "succeeded");
  EXPECT_EQ(job["priority"], "high");
  EXPECT_EQ(job["created_at"], "2026-03-01T12:00:00.250Z");
  EXPECT_EQ(job["charged"], (json{{"micros", 1260000}, {"currency", "usd"}, {"text", "$1.26"}}));
  EXPECT_EQ(job["metadata"], json::parse(finished_job().metadata_json));
  EXPECT_EQ(job["spec"]["references"][0]["name"], "fox");
  EXPECT_EQ(job["understood"], json({"shot 1: walk"}));
  ASSERT_EQ(job["notes"].size(), 1u);
  EXPECT_EQ(job["notes"][0]["shot"], 1);
  EXPECT_EQ(job["timings"]["paint"], 0.25);
  EXPECT_EQ(job["links"]["retry"], "https://troupe.example/v1/jobs/" + kJobId + ":retry");
  EXPECT_FALSE(job["links"].contains("cancel"));
}

TEST(JobAnswer, GivesEachTakeItsOwnAddress) {
  const json takes = json::parse(print_job(finished_job(), kLinks))["takes"];
  ASSERT_EQ(takes.size(), 2u);
  EXPECT_EQ(takes[0]["video"], "https://troupe.example/v1/jobs/" + kJobId + "/video");
  EXPECT_EQ(takes[0]["last_frame"], "https://troupe.example/v1/jobs/" + kJobId + "/last-frame");
  EXPECT_EQ(takes[1]["video"], "https://troupe.example/v1/jobs/" + kJobId + "/video?take=1");
  EXPECT_EQ(takes[1]["spritesheet"], "https://troupe.example/v1/jobs/" + kJobId + "/spritesheet?take=1");
  EXPECT_TRUE(takes[1]["thumbnail"].is_null());
  EXPECT_EQ(takes[0]["fps"], 29.97);
  EXPECT_EQ(takes[0]["duration_seconds"], 5.005);
  EXPECT_EQ(takes[0]["seed"], "18446744073709551615");
}

TEST(JobAnswer, SurvivesWhatIsNoJson) {
  const json job = json::parse(print_job(failed_job(), kLinks));
  EXPECT_TRUE(job["spec"].is_null());
  EXPECT_EQ(job["error"]["field"], "/references/0");
  EXPECT_TRUE(job["progress"]["fraction"].is_null());
  EXPECT_EQ(job["progress"]["seconds_left"], 12.3);
  EXPECT_TRUE(job["understood"].empty());
}

TEST(JobAnswer, TellsHowAJobWasPromoted) {
  GenerationSpec spec = spec_for_test();
  const CarryOver carried =
      carry_over(catalog_for_test(), spec, **catalog_for_test().find("grok-imagine-reference-to-video"));
  EXPECT_EQ(misfit(print_promoted(queued_job(), carried, kLinks), "Job"), "");
  EXPECT_EQ(misfit(print_carry_over(carried), "CarryOver"), "");
  EXPECT_FALSE(json::parse(print_carry_over(carried))["changed"].empty());
}

TEST(QuoteAnswerText, FitsItsSchemaTakenOrNot) {
  const catalog::Catalog& catalog = catalog_for_test();
  GenerationSpec spec = spec_for_test();
  spec.seed = 7;
  QuoteAnswer answer;
  answer.model = *catalog.find("stage");
  answer.resolved = catalog.resolve(spec, *answer.model).value();
  answer.quote = catalog::price(*answer.model, *answer.resolved);
  answer.engine = "stage";
  answer.seconds = 3.21;
  answer.budget_left_micros = 5000000;
  const std::string printed = print_quote(answer, spec);
  EXPECT_EQ(misfit(printed, "Quote"), "");
  const json quote = json::parse(printed);
  EXPECT_EQ(quote["accepted"], true);
  EXPECT_EQ(quote["resolved"]["shots"][0]["prompt"][0],
            (json{{"text", "@fox"}, {"reference", 0}, {"name", "fox"}}));
  EXPECT_EQ(quote["budget_left"]["text"], "$5.00");

  QuoteAnswer refused;
  refused.model = *catalog.find("grok-imagine-reference-to-video");
  refused.violations = catalog.check(spec, *refused.model);
  EXPECT_EQ(misfit(print_quote(refused, spec), "Quote"), "");
  EXPECT_EQ(json::parse(print_quote(refused, spec))["accepted"], false);
  EXPECT_EQ(misfit(print_quote({}, spec), "Quote"), "");
}

TEST(QuoteAnswerText, OfEveryModelFitsItsSchema) {
  for (const catalog::Model& model : catalog_for_test().models()) {
    const CarryOver carried = carry_over(catalog_for_test(), spec_for_test(), model);
    // A picture of a subject is no first frame.
    const bool needs_frame = !model.has(Mode::references) && !model.has(Mode::text);
    ASSERT_EQ(carried.violations.empty(), !needs_frame) << model.id;
    if (needs_frame) continue;
    QuoteAnswer answer;
    answer.model = &model;
    answer.resolved = catalog_for_test().resolve(carried.spec, model).value();
    answer.quote = catalog::price(model, *answer.resolved);
    EXPECT_EQ(misfit(print_quote(answer, carried.spec), "Quote"), "") << model.id;
  }
}

TEST(EventAnswer, IsOneLineThatFitsItsSchema) {
  for (const std::string_view type : event_types()) {
    const JobEvent event{42, time_for_test(), "key_1", kJobId, std::string(type), "{\n\"stage\": \"paint\"}"};
    const std::string printed = print_event(event, kLinks);
    EXPECT_EQ(misfit(printed, "Event"), "");
    EXPECT_EQ(printed.find('\n'), std::string::npos);
  }
  const JobEvent odd{1, time_for_test(), "", kNasty, "job.queued", kNasty};
  EXPECT_EQ(misfit(print_event(odd, kLinks), "Event"), "");
}

TEST(AccountAnswerText, AddsUpAndFitsItsSchema) {
  AccountAnswer answer;
  answer.key.id = "key_1";
  answer.key.name = kNasty;
  answer.key.scopes = {"admin"};
  answer.key.created = time_for_test();
  answer.key.budgets = {{Currency::usd, 10000000, 2000000}, {Currency::credits, std::nullopt, 5000000}};
  answer.balances = {{Currency::usd, 1000000, 4000000, 3000000}};
  LedgerLine line{7,      time_for_test(), "key_1", kJobId, LedgerKind::fee, {35000, Currency::usd},
                  kNasty, -35000,          35000,   20513};
  answer.lines = {line};
  answer.next_cursor = make_cursor("7");
  const std::string printed = print_account(answer);
  EXPECT_EQ(misfit(printed, "Account"), "");
  const json account = json::parse(printed);
  EXPECT_EQ(account["budgets"][0]["total_left"]["text"], "$5.00");
  EXPECT_EQ(account["budgets"][0]["day_left"]["micros"], 0) << "never less than nothing";
  EXPECT_EQ(account["budgets"][1]["day_left"]["micros"], 5000000);
  EXPECT_TRUE(account["budgets"][1]["total"].is_null());
  EXPECT_EQ(account["ledger"]["data"][0]["day"], "2026-03-01");
  EXPECT_EQ(misfit(print_account({}), "Account"), "");
}

TEST(UploadAnswer, FitsItsSchemaWholeOrInPart) {
  Upload upload{kUploadId, "key_1", "", kNasty, "", 1000, time_for_test()};
  EXPECT_EQ(misfit(print_upload(upload, 300, kLinks), "Upload"), "");
  EXPECT_EQ(json::parse(print_upload(upload, 300, kLinks))["offset"], 300);
  Upload whole = upload;
  whole.object = std::string(64, 'a');
  whole.media_type = "image/png";
  EXPECT_EQ(json::parse(print_upload(whole, 0, kLinks))["offset"], 1000);
  const std::vector<Upload> uploads{upload, whole};
  EXPECT_EQ(misfit(print_uploads(uploads, "", kLinks), "UploadList"), "");
}

TEST(ElementAnswer, FitsItsSchema) {
  const Element element{"elm_1", "key_1",         "fox",           3, kUploadId, {kUploadId}, "",
                        kNasty,  time_for_test(), time_for_test(1)};
  EXPECT_EQ(misfit(print_element(element, kLinks), "Element"), "");
  EXPECT_EQ(misfit(print_elements({&element, 1}, "x", kLinks), "ElementList"), "");
  EXPECT_EQ(json::parse(print_element(element, kLinks))["tag"], "@fox");
}

TEST(WebhookAnswer, TellsTheSecretOnlyWhenAsked) {
  const WebhookEndpoint endpoint{"whk_1",        "key_1", "https://example.com", "whsec_x",
                                 {"job.failed"}, true,    time_for_test()};
  EXPECT_EQ(misfit(print_endpoint(endpoint, true), "Webhook"), "");
  EXPECT_EQ(json::parse(print_endpoint(endpoint, true))["secret"], "whsec_x");
  EXPECT_EQ(print_endpoint(endpoint, false).find("whsec"), std::string::npos);
  EXPECT_EQ(print_endpoints({&endpoint, 1}).find("whsec"), std::string::npos);
  EXPECT_EQ(misfit(print_endpoints({&endpoint, 1}), "WebhookList"), "");
}

TEST(ProviderAnswer, FitsItsSchema) {
  ProviderSummary provider{"my-vllm",       "openai",        "http://127.0.0.1:8000/v1", false, "",
                           time_for_test(), time_for_test(1)};
  EXPECT_EQ(misfit(print_provider(provider), "Provider"), "");
  EXPECT_TRUE(json::parse(print_provider(provider))["key_hint"].is_null());
  provider.has_key = true;
  provider.key_hint = kNasty;
  EXPECT_EQ(misfit(print_provider(provider), "Provider"), "");
  EXPECT_EQ(misfit(print_providers({&provider, 1}), "ProviderList"), "");
  EXPECT_EQ(misfit(print_providers({}), "ProviderList"), "");
  EXPECT_EQ(misfit(print_provider_test({true, "", "It takes the key."}), "ProviderTest"), "");
  EXPECT_EQ(misfit(print_provider_test({false, "no_credit", kNasty}), "ProviderTest"), "");
}

TEST(DeliveryAnswer, FitsItsSchemaInEveryState) {
  WebhookDelivery delivery{"msg_1",
                           "key_1",
                           "",
                           "https://example.com",
                           42,
                           "job.failed",
                           kJobId,
                           WebhookDelivery::State::pending,
                           2,
                           time_for_test(60),
                           0,
                           "",
                           time_for_test()};
  for (const auto state :
       {WebhookDelivery::State::pending, WebhookDelivery::State::delivered, WebhookDelivery::State::failed}) {
    delivery.state = state;
    EXPECT_EQ(misfit(print_deliveries({&delivery, 1}, ""), "DeliveryList"), "");
    delivery.next_attempt.reset();
    delivery.last_status = 503;
    delivery.last_error = kNasty;
  }
}

}  // namespace
}  // namespace troupe::api::native
