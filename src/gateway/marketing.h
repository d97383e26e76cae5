// SPDX-License-Identifier: Apache-2.0
// Templates of the category MARKETING, and where WhatsApp delivers none.
#pragma once

#include "twindow/model/address.h"
#include "twindow/model/content_template.h"

namespace twindow::gateway {

bool is_marketing(const ContentTemplate& content);

// A number of the United States: since April 2025 WhatsApp delivers no marketing there. Canada and
// the islands that share the country code are not meant. Source: Meta's page on per-user limits;
// the area codes are the numbering plan's.
bool is_us_number(const Address& user);

}  // namespace twindow::gateway
