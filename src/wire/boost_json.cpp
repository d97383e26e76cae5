// SPDX-License-Identifier: Apache-2.0
// Boost.JSON, which is headers only, compiled here once.
#include <boost/json/src.hpp>
