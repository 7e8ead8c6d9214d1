#include "server/config.h"

#include <gtest/gtest.h>

#include <fstream>

namespace troupe::server {
namespace {

Environment environment_of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional<std::string>(it->second);
  };
}

std::filesystem::path file_of(const std::string& text) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / (std::string(info->name()) + ".toml");
  std::ofstream(path) << text;
  return path;
}

const Setting& setting(const Config& config, const std::string& name) {
  return *std::find_if(config.settings.begin(), config.settings.end(),
                       [&](auto& s) { return s.name == name; });
}

TEST(Config, FlagsWinOverEnvironmentOverFileOverDefaults) {
  const auto file = file_of("workers = 2\nthreads = 3\nlease = 40\ndrafts = false\n");
  const auto config = load_config({{"workers", "4"}},
                                  environment_of({{"TROUPE_WORKERS", "9"}, {"TROUPE_THREADS", "5"}}), file);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->workers, 4);
  EXPECT_EQ(config->threads, 5);
  EXPECT_EQ(config->lease.count(), 40);
  EXPECT_FALSE(config->drafts);
  EXPECT_EQ(config->port, 8080);
  EXPECT_EQ(setting(*config, "workers").origin, "flag --workers");
  EXPECT_EQ(setting(*config, "threads").origin, "environment TROUPE_THREADS");
  EXPECT_EQ(setting(*config, "lease").origin, "file " + file.string());
  EXPECT_EQ(setting(*config, "listen").origin, "default");
}

TEST(Config, ReadsAddressesInEveryUsualForm) {
  const auto listen = [](const std::string& text) {
    const auto config = load_config({{"listen", text}}, environment_of({}), {});
    return config ? config->address + " " + std::to_string(config->port) : "refused";
  };
  EXPECT_EQ(listen("127.0.0.1:9000"), "127.0.0.1 9000");
  EXPECT_EQ(listen(":80"), "0.0.0.0 80");
  EXPECT_EQ(listen("9000"), "127.0.0.1 9000");
  EXPECT_EQ(listen("[::1]:9000"), "::1 9000");
  EXPECT_EQ(listen("localhost:1"), "127.0.0.1 1");
  for (const char* bad : {"", ":", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1"})
    EXPECT_EQ(listen(bad), "refused") << bad;
}

TEST(Config, OnlyThisMachineIsLoopback) {
  Config config;
  EXPECT_TRUE(config.loopback());
  config.address = "0.0.0.0";
  EXPECT_FALSE(config.loopback());
  config.address = "192.168.1.5";
  EXPECT_FALSE(config.loopback());
}

TEST(Config, BadValuesNameTheirOrigin) {
  const auto refused = load_config({}, environment_of({{"TROUPE_WORKERS", "many"}}), {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("TROUPE_WORKERS"), std::string::npos);
  EXPECT_FALSE(load_config({{"public-url", "javascript:alert(1)"}}, environment_of({}), {}));
  EXPECT_FALSE(load_config({{"drafts", "maybe"}}, environment_of({}), {}));
}

TEST(Config, AFileIsReadStrictly) {
  const auto unknown = load_config({}, environment_of({}), file_of("wrokers = 2\n"));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("workers"), std::string::npos) << unknown.error().message;
  EXPECT_FALSE(load_config({}, environment_of({}), file_of("workers = [1, 2]\n")));
  const auto broken = load_config({}, environment_of({}), file_of("workers = \n"));
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("line 1"), std::string::npos) << broken.error().message;
  EXPECT_FALSE(load_config({}, environment_of({}), "/no/such/file.toml"));
  EXPECT_FALSE(load_config({}, environment_of({{"TROUPE_CONFIG", "/no/such/file.toml"}}), {}));
}

TEST(Config, WeightsAndTheirHubAreNamedByFlagEnvironmentOrFile) {
  const auto file = file_of("weights = \"/srv/file\"\nhub = \"https://file.test/\"\n");
  const Environment environment = environment_of({{"TROUPE_WEIGHTS", "/srv/env"}, {"TROUPE_DATA", "/data"}});
  const auto plain = load_config({}, environment_of({{"TROUPE_DATA", "/data"}, {"TROUPE_HUB", ""}}), {});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->weights, "/data/weights");
  EXPECT_EQ(plain->hub, "https://huggingface.co");
  const auto mixed = load_config({}, environment, file);
  ASSERT_TRUE(mixed) << mixed.error().message;
  EXPECT_EQ(mixed->weights, "/srv/env");
  EXPECT_EQ(setting(*mixed, "weights").origin, "environment TROUPE_WEIGHTS");
  EXPECT_EQ(mixed->hub, "https://file.test");
  EXPECT_EQ(setting(*mixed, "hub").origin, "file " + file.string());
  const auto flags = load_config({{"weights", "w"}, {"hub", "http://10.0.0.5:8080"}}, environment, file);
  ASSERT_TRUE(flags) << flags.error().message;
  EXPECT_EQ(flags->weights, "w");
  EXPECT_EQ(flags->hub, "http://10.0.0.5:8080");
  EXPECT_FALSE(load_config({{"hub", "ftp://x"}}, environment, {}));
}

TEST(Config, SaysHowModelsAreMadeHere) {
  const auto plain = load_config({}, environment_of({}), {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->device + plain->precision + plain->decoder, "autoautofull");
  EXPECT_EQ(plain->memory_max, 0);
  const auto told = load_config({{"device", "cpu"}}, environment_of({{"TROUPE_PRECISION", "bf16"}}),
                                file_of("decoder = \"tiny\"\nmemory = \"12GiB\"\n"));
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->device + told->precision + told->decoder, "cpubf16tiny");
  EXPECT_EQ(told->memory_max, int64_t{12} << 30);
  EXPECT_EQ(load_config({{"memory", "800MiB"}}, environment_of({}), {})->memory_max, int64_t{800} << 20);
  const std::pair<const char*, const char*> wrong[] = {
      {"device", "abacus"}, {"precision", "f16"}, {"decoder", ""},      {"memory", ""},
      {"memory", "12"},     {"memory", "0GiB"},   {"memory", "-1GiB"},  {"memory", "12 GiB"},
      {"memory", "1GiBx"},  {"memory", "GiB"},    {"memory", "9e9GiB"}, {"memory", "99999999999999GiB"}};
  for (const auto& [name, value] : wrong) {
    const auto refused = load_config({{name, value}}, environment_of({}), {});
    ASSERT_FALSE(refused) << name << " " << value;
    EXPECT_NE(refused.error().message.find("flag --" + std::string(name)), std::string::npos);
  }
}

TEST(Config, ACatalogIsNamedByFlagEnvironmentOrFile) {
  const auto file = file_of("catalog = \"/etc/troupe/prices.json\"\n");
  EXPECT_EQ(load_config({}, environment_of({}), {})->catalog, "");
  EXPECT_EQ(load_config({}, environment_of({}), file)->catalog, "/etc/troupe/prices.json");
  EXPECT_EQ(load_config({}, environment_of({{"TROUPE_CATALOG", "b.json"}}), file)->catalog, "b.json");
  EXPECT_EQ(load_config({{"catalog", "c.json"}}, environment_of({}), file)->catalog, "c.json");
}

TEST(Config, DataGoesWhereTheUsersDataGoes) {
  EXPECT_EQ(load_config({}, environment_of({{"HOME", "/home/a"}}), {})->data, "/home/a/.local/share/troupe");
  EXPECT_EQ(load_config({}, environment_of({{"XDG_DATA_HOME", "/d"}}), {})->data, "/d/troupe");
  EXPECT_EQ(load_config({{"data", "/x"}}, environment_of({}), {})->data, "/x");
}

}  // namespace
}  // namespace troupe::server
