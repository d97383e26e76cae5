// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/json_body.h"

#include "src/wire/flat_json.h"

namespace twindow::wire {

Result<Form> parse_json_object_as_form(std::string_view json, std::size_t depth_max) {
  if (depth_max < 1) return fail(Errc::BadInput, "expected no JSON object here");
  auto members = parse_flat_object(json);
  if (!members) return fail(Errc::BadInput, std::move(members.error().what));
  Form form;
  for (const FlatMember& member : *members) {
    if (!member.text) continue;
    if (member.key.find('\0') != std::string::npos ||
        member.text->find('\0') != std::string::npos) {
      return fail(Errc::BadInput, "expected text, found a NUL in the member \"" +
                                      member.key.substr(0, member.key.find('\0')) + "\"");
    }
    form.add(member.key, *member.text);
  }
  return form;
}

}  // namespace twindow::wire
