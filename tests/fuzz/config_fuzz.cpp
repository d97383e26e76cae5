// SPDX-License-Identifier: Apache-2.0
// The configuration file, from its bytes to a Config: no crash, every mistake has a place in the
// file and a text, and a text without mistakes is a JSON document.
// Corpus: fixtures/corpora/config.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "twindow/base/check.h"

#include "src/app/config_file.h"
#include "src/app/json_document.h"

using namespace twindow;
using namespace twindow::app;

namespace {

// A file that is nowhere, since the reader wants a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : descriptor_(::memfd_create("config", MFD_CLOEXEC)) {
    TWINDOW_CHECK(descriptor_ >= 0);
    TWINDOW_CHECK(::write(descriptor_, text.data(), text.size()) ==
                  static_cast<ssize_t>(text.size()));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = parse_json_document(text);
  if (!document) {
    TWINDOW_CHECK(document.error().at.line >= 1 && document.error().at.column >= 1);
    TWINDOW_CHECK(!document.error().text.empty());
  }
  const MemoryFile file(text);
  Config config;
  Origins origins;
  std::vector<Mistake> mistakes;
  read_config_file(file.path(), "--config", {}, {config, origins, mistakes});
  TWINDOW_CHECK(document.has_value() || !mistakes.empty());
  for (const Mistake& mistake : mistakes) {
    TWINDOW_CHECK(mistake.where.starts_with(file.path()) && !mistake.text.empty());
  }
  return 0;
}
