#include "server/take_files.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

TEST(TakeFiles, GuardedClientsFetchFromPublicAddressesOnly) {
  for (const char* url : {"https://video.example.org", "https://video.example.org:8443",
                          "http://93.184.216.34", "http://[2606:4700::1111]:8080"})
    EXPECT_TRUE(is_public_url(url)) << url;
  for (const char* url :
       {"http://127.0.0.1:8080", "http://localhost:8080", "http://10.0.0.3", "http://192.168.1.5:8080",
        "http://[::1]:8080", "http://troupe:8080", "http://studio.local", "http://x.internal",
        "http://nas.home.arpa", "http://100.64.0.1", "", "no url"})
    EXPECT_FALSE(is_public_url(url)) << url;
}

TEST(TakeFiles, AJobWithoutATakeHasNoLink) {
  Job job;
  job.id = "job_A";
  job.state = JobState::succeeded;
  const LinkIdentity identity{"https://video.example.org", "secret"};
  EXPECT_EQ(media_link(identity, job, 0, TakePart::video, Time()), "");
  job.takes.push_back({});
  job.takes[0].video = "abc";
  EXPECT_EQ(media_link(identity, job, 0, TakePart::video, Time())
                .rfind("https://video.example.org/media/job_A/0/video.mp4?expires=", 0),
            0u);
  EXPECT_EQ(media_link(identity, job, 0, TakePart::thumbnail, Time()), "");
  EXPECT_EQ(media_link(identity, job, 1, TakePart::video, Time()), "");
  EXPECT_EQ(media_link(identity, job, -1, TakePart::video, Time()), "");
  job.state = JobState::failed;
  EXPECT_EQ(media_link(identity, job, 0, TakePart::video, Time()), "");
}

}  // namespace
}  // namespace troupe::server
