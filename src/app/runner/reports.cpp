// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/reports.h"

#include <algorithm>
#include <sstream>

#include <pugixml.hpp>

#include "src/app/json.h"

namespace twindow::app {

namespace {

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::Passed:
      return "passed";
    case Verdict::Failed:
      return "failed";
    case Verdict::Invalid:
      return "invalid";
    case Verdict::CannotRun:
      return "could not run";
    case Verdict::Egress:
      return "egress";
  }
  return "";
}

std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000) + ".";
  const std::string rest = std::to_string(time.count() % 1000);
  return text + std::string(3 - rest.size(), '0') + rest;
}

std::string first_line(const Outcome& outcome) {
  if (!outcome.miss) return outcome.error.substr(0, outcome.error.find('\n'));
  return "expected " + outcome.miss->expected + ", found " + outcome.miss->actual;
}

// All that is known of what went wrong.
std::string details(const Outcome& outcome) {
  std::string text;
  const auto block = [&](std::string_view title, const std::string& what) {
    if (what.empty()) return;
    std::istringstream lines(what);
    std::string line;
    bool first = true;
    while (std::getline(lines, line)) {
      text += (first ? std::string(title) : std::string(title.size(), ' ')) + line + "\n";
      first = false;
    }
  };
  if (outcome.miss) {
    const Miss& miss = *outcome.miss;
    block("at       ", miss.where + (miss.step.empty() ? "" : ": " + miss.step));
    block("expected ", miss.expected);
    block("found    ", miss.actual);
    block("nearest  ", miss.nearest);
    block("why      ", miss.why);
  } else {
    block("", outcome.error);
  }
  if (!outcome.timeline.empty()) {
    text += "timeline\n";
    for (const std::string& line : outcome.timeline) text += "  " + line + "\n";
  }
  if (!outcome.app_output.empty()) {
    text += "the app said\n";
    std::istringstream lines(outcome.app_output);
    for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  }
  return text;
}

// What XML 1.0 cannot hold would make the whole report unreadable.
std::string xml_safe(std::string_view text) {
  std::string safe;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    safe += printable(text.substr(0, end)) + "\n";
    text.remove_prefix(end + 1);
  }
  return safe + printable(text);
}

// GitHub's own escapes, of messages and of properties.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void print_outcome(const Outcome& outcome, const Terminal& terminal) {
  const bool passed = outcome.verdict == Verdict::Passed;
  terminal.out << terminal.paint(passed ? Color::Green : Color::Red, passed ? "ok    " : "FAILED")
               << " " << printable(outcome.name) << " "
               << terminal.paint(Color::Dim, "(" + seconds(outcome.took) + " s)") << "\n";
  if (passed) return;
  std::istringstream lines(details(outcome));
  for (std::string line; std::getline(lines, line);) {
    terminal.out << "       " << printable(line) << "\n";
  }
}

void print_summary(const std::vector<Outcome>& outcomes, const Terminal& terminal) {
  const auto passed = std::ranges::count(outcomes, Verdict::Passed, &Outcome::verdict);
  const auto all = static_cast<std::ptrdiff_t>(outcomes.size());
  std::string text = std::to_string(passed) + " of " + std::to_string(all) + " passed";
  if (all == 1 && passed == 1) text = "1 passed";
  if (passed != all) {
    text += ";";
    for (const Verdict verdict :
         {Verdict::Failed, Verdict::Invalid, Verdict::CannotRun, Verdict::Egress}) {
      const auto count = std::ranges::count(outcomes, verdict, &Outcome::verdict);
      if (count > 0) text += " " + std::to_string(count) + " " + std::string(to_text(verdict));
    }
  }
  terminal.out << terminal.paint(passed == all ? Color::Green : Color::Red, text) << "\n";
}

std::string github_annotations(const std::vector<Outcome>& outcomes) {
  std::string text;
  for (const Outcome& outcome : outcomes) {
    if (outcome.verdict == Verdict::Passed) continue;
    std::string file = outcome.file;
    std::string line;
    // "seed.json:42:5" of the miss, or at the beginning of the error.
    const std::string where =
        outcome.miss ? outcome.miss->where : outcome.error.substr(0, outcome.error.find(": "));
    if (const auto last = where.rfind(':'); last != where.npos && last > 0) {
      const auto middle = where.rfind(':', last - 1);
      if (middle != where.npos) {
        file = where.substr(0, middle);
        line = where.substr(middle + 1, last - middle - 1);
      }
    }
    text += "::error file=" + escaped(file, true) + (line.empty() ? "" : ",line=" + line) +
            ",title=" + escaped(outcome.name, true) +
            "::" + escaped(first_line(outcome) + "\n" + details(outcome), false) + "\n";
  }
  return text;
}

std::string junit_report(const std::vector<Outcome>& outcomes) {
  pugi::xml_document document;
  std::chrono::milliseconds took{0};
  for (const Outcome& outcome : outcomes) took += outcome.took;
  const auto is_failure = [](const Outcome& outcome) {
    return outcome.verdict == Verdict::Failed || outcome.verdict == Verdict::Egress;
  };
  const auto failures = std::ranges::count_if(outcomes, is_failure);
  const auto passed = std::ranges::count(outcomes, Verdict::Passed, &Outcome::verdict);
  const auto all = static_cast<std::ptrdiff_t>(outcomes.size());
  const auto count = [&](pugi::xml_node node) {
    node.append_attribute("name") = "twindow";
    node.append_attribute("tests") = static_cast<long long>(all);
    node.append_attribute("failures") = static_cast<long long>(failures);
    node.append_attribute("errors") = static_cast<long long>(all - passed - failures);
    node.append_attribute("time") = seconds(took).c_str();
  };
  pugi::xml_node suites = document.append_child("testsuites");
  count(suites);
  pugi::xml_node suite = suites.append_child("testsuite");
  count(suite);
  for (const Outcome& outcome : outcomes) {
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("name") = xml_safe(outcome.name).c_str();
    test.append_attribute("classname") = xml_safe(outcome.file).c_str();
    test.append_attribute("time") = seconds(outcome.took).c_str();
    if (outcome.verdict == Verdict::Passed) continue;
    pugi::xml_node wrong = test.append_child(is_failure(outcome) ? "failure" : "error");
    wrong.append_attribute("type") = std::string(to_text(outcome.verdict)).c_str();
    wrong.append_attribute("message") = xml_safe(first_line(outcome)).c_str();
    wrong.append_child(pugi::node_pcdata).set_value(xml_safe(details(outcome)).c_str());
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

std::string json_report(const std::vector<Outcome>& outcomes) {
  Json tests = Json::array();
  for (const Outcome& outcome : outcomes) {
    Json test{{"file", outcome.file},
              {"name", outcome.name},
              {"tags", outcome.tags},
              {"verdict", to_text(outcome.verdict)},
              {"seconds", static_cast<double>(outcome.took.count()) / 1000},
              {"account_sid", outcome.account},
              {"seed", outcome.seed},
              {"error", outcome.error.empty() ? Json() : Json(outcome.error)},
              {"miss", Json()},
              {"timeline", outcome.timeline}};
    if (outcome.miss) {
      test["miss"] = {{"at", outcome.miss->where},          {"step", outcome.miss->step},
                      {"expected", outcome.miss->expected}, {"found", outcome.miss->actual},
                      {"nearest", outcome.miss->nearest},   {"why", outcome.miss->why}};
    }
    tests.push_back(std::move(test));
  }
  const auto passed = std::ranges::count(outcomes, Verdict::Passed, &Outcome::verdict);
  return pretty({{"tests", tests}, {"passed", passed}, {"exit_code", exit_code_of(outcomes)}}) +
         "\n";
}

}  // namespace twindow::app
