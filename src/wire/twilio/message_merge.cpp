// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_merge.h"

#include <algorithm>
#include <chrono>

#include "twindow/wire/form.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/message_json.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

constexpr const char* kKey = "messages";

// Where records of the list begin, and what they say of their time; records that cannot be read
// have that of the one before.
struct Place {
  std::size_t at;
  Time created;
};

// Behind the '[' of an empty list.
std::optional<std::size_t> place_in_empty_list(std::string_view page) {
  const auto key = page.find("\"messages\"");
  if (key == std::string_view::npos) return std::nullopt;
  const auto open = page.find('[', key);
  return open == std::string_view::npos ? std::nullopt : std::optional(open + 1);
}

Time second_of(Time time) { return std::chrono::floor<std::chrono::seconds>(time); }

}  // namespace

std::optional<std::string> merge_messages(std::string_view page,
                                          const std::vector<Message>& messages) {
  const auto answers = read_messages(page);
  if (!answers) return std::nullopt;
  const std::vector<std::string_view> records = elements_of(page, kKey);
  std::vector<Place> places;
  Time created = Time::max();
  for (const std::string_view record : records) {
    const auto message = read_message(record);
    if (message) created = message->created;
    places.push_back({static_cast<std::size_t>(record.data() - page.data()), created});
  }
  std::vector<const Message*> newest_first;
  for (const Message& message : messages) newest_first.push_back(&message);
  std::ranges::stable_sort(newest_first, std::greater(),
                           [](const Message* message) { return message->created; });

  std::string merged;
  auto next = newest_first.begin();
  std::size_t copied = 0;
  for (const Place& place : places) {
    std::string before;
    for (; next != newest_first.end() && second_of((*next)->created) >= place.created; ++next) {
      append_message_json(before, **next, true);
      before += ", ";
    }
    merged.append(page.substr(copied, place.at - copied)).append(before);
    copied = place.at;
  }
  std::string rest;
  for (; next != newest_first.end(); ++next) {
    if (!places.empty() || !rest.empty()) rest += ", ";
    append_message_json(rest, **next, true);
  }
  if (!places.empty()) {
    const std::size_t end = places.back().at + records.back().size();
    merged.append(page.substr(copied, end - copied)).append(rest).append(page.substr(end));
    return merged;
  }
  const auto place = place_in_empty_list(page);
  if (!place) return std::nullopt;
  return merged.append(page.substr(0, *place)).append(rest).append(page.substr(*place));
}

std::string rename_messages(std::string text,
                            const std::vector<std::pair<MessageSid, MessageSid>>& names) {
  for (const auto& [from, to] : names) {
    for (auto at = text.find(from.text); at != std::string::npos; at = text.find(from.text, at)) {
      text.replace(at, from.text.size(), to.text);
      at += to.text.size();
    }
  }
  return text;
}

std::optional<PageRange> read_page_range(std::string_view page) {
  const auto answers = read_messages(page);
  if (!answers) return std::nullopt;
  PageRange range;
  for (const RemoteMessage& message : answers->messages) {
    range.newest = std::max(range.newest.value_or(message.created), message.created);
    range.oldest = std::min(range.oldest.value_or(message.created), message.created);
  }
  if (answers->next) {
    const auto query = answers->next->find('?');
    range.next_token = query == std::string::npos
                           ? *answers->next
                           : page_token_of(std::string_view(*answers->next).substr(query + 1));
  }
  return range;
}

std::string page_token_of(std::string_view query) {
  const auto form = parse_form(query);
  return form ? std::string(form->first("PageToken").value_or("")) : std::string();
}

}  // namespace twindow::wire
