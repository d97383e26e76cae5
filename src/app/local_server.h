// SPDX-License-Identifier: Apache-2.0
// A whole server inside this process, on ports of its own: what `twindow test` plays against.
#pragma once

#include <memory>
#include <string>

#include "twindow/model/error.h"

#include "src/app/config.h"

namespace twindow::app {

class LocalServer {
 public:
  virtual ~LocalServer() = default;  // ends it; what is under way is not waited for
  virtual std::string api_url() const = 0;
  virtual std::string control_url() const = 0;
};

// Ready when it returns; says nothing. Errors: as `twindow serve` would end with, a sentence.
Result<std::unique_ptr<LocalServer>> start_local_server(const Config& config);

}  // namespace twindow::app
