// SPDX-License-Identifier: Apache-2.0
// The name of a table row, for INSTANTIATE_TEST_SUITE_P: rows have a `name` member.
#pragma once

#include <string>

#include <gtest/gtest.h>

namespace twindow::test {

inline constexpr auto case_name = [](const auto& row) { return std::string(row.param.name); };

}  // namespace twindow::test
