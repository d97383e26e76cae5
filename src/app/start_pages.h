// SPDX-License-Identifier: Apache-2.0
// The memory that a start leaves behind.
#pragma once

namespace twindow::app {

// Unmaps the pages of the program's and its libraries' files that cannot be written to. Starting
// touches code that is never needed again, most of all OpenSSL's and what the linker reads: two
// thirds of what is resident in an idle process. What is needed comes back by itself from the
// kernel's cache, a microsecond a page.
void release_start_pages();

}  // namespace twindow::app
