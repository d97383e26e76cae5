// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/form_edit.h"

#include "twindow/wire/form.h"

namespace twindow::wire {

namespace {

struct Pair {
  std::string_view raw;  // between two '&'
  std::string_view raw_name;
};

Pair take_pair(std::string_view& rest) {
  const std::size_t end = rest.find('&');
  const std::string_view raw = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return {raw, raw.substr(0, raw.find('='))};
}

}  // namespace

std::string edit_form(std::string_view form, const EditParam& edit) {
  std::string edited;
  edited.reserve(form.size());
  bool first = true;
  const auto put = [&](std::string_view text) {
    if (!first) edited += '&';
    first = false;
    edited += text;
  };
  bool more = !form.empty();
  while (more) {
    more = form.find('&') != std::string_view::npos;
    const Pair pair = take_pair(form);
    const auto read = parse_form(pair.raw);
    if (!read || read->params().empty()) {
      put(pair.raw);
      continue;
    }
    const Param& param = read->params().front();
    const auto change = edit(param.name, param.value);
    if (!change) {
      put(pair.raw);
    } else if (*change) {
      const std::string value = encode_form({{"", **change}});  // "=…"
      put(std::string(pair.raw_name) + value);
    }
  }
  return edited;
}

std::string append_form(std::string form, const std::vector<Param>& params) {
  if (params.empty()) return form;
  if (!form.empty()) form += '&';
  return form + encode_form(params);
}

}  // namespace twindow::wire
