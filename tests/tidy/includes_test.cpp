// SPDX-License-Identifier: Apache-2.0
// The architecture as a test: reads every #include of the sources and fails on one that goes up
// or sideways, and on a third-party header outside its home.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> kMayInclude{
    {"base", {}},
    {"model", {"base"}},
    {"ports", {"base", "model"}},
    {"wire", {"base", "model"}},
    {"policy", {"base", "model"}},
    {"scenario", {"base", "model"}},
    {"sim", {"base", "model", "ports"}},
    {"store", {"base", "model", "ports"}},
    {"gateway", {"base", "model", "ports", "policy"}},
    {"net", {"base", "model", "ports", "wire"}},
    {"api", {"base", "model", "ports", "wire", "policy", "gateway"}},
    {"app",
     {"base", "model", "ports", "wire", "policy", "scenario", "sim", "store", "gateway", "net",
      "api", "testing"}},
    // What other projects' tests include; made in src/app/testing.
    {"testing", {"base", "model"}},
};

// A header whose name begins so may be included by files whose path matches, and by no others.
struct Home {
  std::string header;
  std::string files;
};
const std::vector<Home> kHomes{
    {"boost/asio", "(include/twindow|src)/(base|net|app)/.*"},
    {"boost/beast", "src/net/.*"},
    {"boost/json", "src/wire/.*"},
    {"boost/unordered", "src/store/.*"},
    {"boost/", "(include/twindow|src)/(base|net|app)/.*"},
    {"httplib.h", "src/net/(control_((server|client)\\.cpp|workers\\.h)|plain_client\\.cpp)"},
    {"nlohmann/", "src/(wire|api|app|scenario)/.*"},
    {"openssl/",
     "src/((wire/secret|wire/twilio/signature|app/secrets)\\.cpp|net/tls_[a-z_]*\\.(h|cpp))"},
    {"CLI/", "src/app/.*"},
    {"re2/", "src/(policy/.*|app/runner/json_check\\.cpp)"},
    {"prometheus/", "src/app/metrics_text\\.cpp"},
    {"zlib.h", "src/wire/content_coding\\.cpp"},
    {"brotli/", "src/wire/content_coding\\.cpp"},
    {"pugixml", "src/(wire/twilio/twiml|app/runner/reports)\\.cpp"},
    {"phonenumbers/", "src/model/phone_number\\.cpp"},
    {"gtest/", "include/twindow/testing/gtest\\.h"},
    {"sqlite3.h", "src/store/sqlite/(connection|gathering_vfs)\\.cpp"},
};

struct Include {
  std::string file;  // relative to the project: "src/net/server.cpp"
  int line;
  std::string header;
};

std::vector<Include> includes_of(const std::string& folder) {
  static const RE2 kInclude(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
  const fs::path root(TWINDOW_SOURCE_DIR);
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cpp") continue;
    std::ifstream in(entry.path());
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      std::string header;
      if (!RE2::PartialMatch(text, kInclude, &header)) continue;
      found.push_back({fs::relative(entry.path(), root).string(), line, header});
    }
  }
  return found;
}

std::vector<Include> all_includes() {
  std::vector<Include> all = includes_of("include");
  for (Include& include : includes_of("src")) all.push_back(std::move(include));
  return all;
}

// "include/twindow/net/server.h" and "src/net/server.cpp" are of layer "net".
std::string layer_of(const std::string& file) {
  static const RE2 kLayer("^(?:include/twindow|src)/([a-z]+)/");
  std::string layer;
  return RE2::PartialMatch(file, kLayer, &layer) ? layer : "";
}

TEST(Includes, GoDownTheLayersOnly) {
  const auto includes = all_includes();
  ASSERT_GT(includes.size(), 50u) << "the sources were not found";
  for (const Include& include : includes) {
    const std::string layer = layer_of(include.file);
    ASSERT_TRUE(kMayInclude.contains(layer)) << include.file << " is in no known layer";
    std::string target;
    if (include.header.starts_with("twindow/")) {
      target = layer_of("include/" + include.header);
    } else if (include.header.starts_with("src/")) {
      target = layer_of(include.header);
      EXPECT_EQ(target, layer) << include.file << ":" << include.line
                               << ": a private header of another layer: " << include.header;
    } else {
      continue;
    }
    EXPECT_TRUE(target == layer || kMayInclude.at(layer).contains(target))
        << include.file << ":" << include.line << ": " << layer << " must not include "
        << include.header;
  }
}

TEST(Includes, OfThirdPartiesHaveOneHomeEach) {
  for (const Include& include : all_includes()) {
    for (const Home& home : kHomes) {
      if (!include.header.starts_with(home.header)) continue;
      EXPECT_TRUE(RE2::FullMatch(include.file, home.files))
          << include.file << ":" << include.line << ": <" << include.header << "> belongs into "
          << home.files;
      break;
    }
  }
}

TEST(Includes, PublicHeadersShowNoLibraryButAsiosCoroutine) {
  const RE2 library(
      "^(nlohmann|openssl|spdlog|CLI|re2|prometheus|pugixml|sqlite3|boost/beast|httplib)");
  for (const Include& include : includes_of("include")) {
    EXPECT_FALSE(RE2::PartialMatch(include.header, library))
        << include.file << ":" << include.line << ": " << include.header;
  }
}

}  // namespace
