// SPDX-License-Identifier: Apache-2.0
#include "src/net/page_pool.h"

#include <array>
#include <new>

#include <sys/mman.h>

namespace twindow::net {

namespace {

struct KeptPages {
  std::array<char*, 64> pages;
  std::size_t count = 0;

  ~KeptPages() {
    while (count > 0) munmap(pages[--count], kPageSize);
  }
};

// As an allocator's: known to nobody, and of no effect but on speed.
thread_local KeptPages kept;

}  // namespace

char* take_page() {
  if (kept.count > 0) return kept.pages[--kept.count];
  void* const page =
      mmap(nullptr, kPageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(page);
}

void give_page(char* page) {
  if (kept.count < kept.pages.size()) {
    kept.pages[kept.count++] = page;
  } else {
    munmap(page, kPageSize);
  }
}

}  // namespace twindow::net
