// SPDX-License-Identifier: Apache-2.0
// What finding the approved template for a body costs: with 10,000 templates at most 50 µs a send,
// the most unlucky body and the most similar templates included.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "twindow/base/random.h"
#include "twindow/policy/decide.h"
#include "twindow/policy/template_catalog.h"

namespace twindow::policy {
namespace {

constexpr std::size_t kTemplates = 10'000;

using Bodies = std::vector<std::string>;

TemplateCatalog catalog_of(const Bodies& bodies) {
  SidSource sids(1, AccountSid{"AC00000000000000000000000000000001"});
  std::vector<ContentTemplate> templates;
  for (const std::string& body : bodies) {
    templates.push_back({.sid = ContentSid{sids.next("HX")},
                         .name = "t" + std::to_string(templates.size()),
                         .status = TemplateStatus::Approved,
                         .type = "twilio/text",
                         .body = body});
  }
  return TemplateCatalog(std::move(templates));
}

// Sentences of made-up words, about as long as those of a shop.
std::string words(Random& random, std::size_t count) {
  constexpr std::string_view kSyllables = "mitokaruselopandegivoluhafirazetubo";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    for (std::uint64_t n = random.below(3) + 1; n > 0; --n) {
      text += kSyllables.substr(random.below(17) * 2, 2);
    }
  }
  return text;
}

Bodies varied() {
  Random random(1);
  Bodies bodies;
  while (bodies.size() < kTemplates) {
    bodies.push_back("Hi {{1}}, " + words(random, 8) + " {{2}} " + words(random, 6) + " {{3}}. " +
                     words(random, 5));
  }
  return bodies;
}

// One text, but for a code in the middle.
Bodies alike() {
  Bodies bodies;
  while (bodies.size() < kTemplates) {
    bodies.push_back("Hi {{1}}, your order {{2}} of campaign A" + std::to_string(bodies.size()) +
                     " is ready for you at {{3}}. Thanks for shopping with us!");
  }
  return bodies;
}

// A hundred beginnings and a hundred ends.
Bodies combined() {
  Random random(2);
  Bodies heads;
  Bodies tails;
  for (int i = 0; i < 100; ++i) {
    heads.push_back("Hi {{1}}, " + words(random, 7) + " {{2}} ");
    tails.push_back(words(random, 7) + " {{3}}. Bye.");
  }
  Bodies bodies;
  for (const std::string& head : heads) {
    for (const std::string& tail : tails) bodies.push_back(head + tail);
  }
  return bodies;
}

// As many ways through as there are templates, all open for long: where looking is given up.
Bodies tangled() {
  Bodies bodies;
  for (std::size_t i = 0; i < kTemplates; ++i) {
    std::string text = "Hi";
    for (int bit = 0; bit < 14; ++bit) {
      text += "{{" + std::to_string(bit) + "}}" + ((i >> bit) % 2 == 0 ? "even" : "odds");
    }
    bodies.push_back(text + "!");
  }
  return bodies;
}

std::string filled(const std::string& text) {
  return fill_template(text, {{"1", "Ana Maria"}, {"2", "4711"}, {"3", "the store"}}, {});
}

void fit(benchmark::State& state, const Bodies& bodies, const std::string& body, bool expected) {
  const TemplateCatalog catalog = catalog_of(bodies);
  if ((catalog.fit(body).best != nullptr) != expected) state.SkipWithError("not what was expected");
  for (auto _ : state) benchmark::DoNotOptimize(catalog.fit(body));
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

BENCHMARK_CAPTURE(fit, varied, varied(), filled(varied()[5000]), true);
BENCHMARK_CAPTURE(fit, varied_nothing_fits, varied(), filled(varied()[5000]) + "?", false);
BENCHMARK_CAPTURE(fit, varied_body_of_1600, varied(), repeated(varied()[5000], 16).substr(0, 1600),
                  false);
BENCHMARK_CAPTURE(fit, alike, alike(), filled(alike()[5000]), true);
BENCHMARK_CAPTURE(fit, combined, combined(), filled(combined()[5000]), true);
BENCHMARK_CAPTURE(fit, tangled, tangled(), "Hi" + repeated(" even odds", 150) + "!", false);

void build(benchmark::State& state) {
  const Bodies bodies = varied();
  for (auto _ : state) benchmark::DoNotOptimize(catalog_of(bodies));
}
BENCHMARK(build)->Unit(benchmark::kMillisecond);

// A whole decision: by the built-in rules, for a send that is rerouted and for one that passes.
void decision(benchmark::State& state, bool open) {
  const TemplateCatalog catalog = catalog_of(varied());
  const Policy policy{.rules = built_in_rules()};
  SendCall call;
  call.request.to = *parse_to("whatsapp:+5215512345678");
  call.request.from = *parse_from("whatsapp:+14155550100");
  call.request.body = filled(varied()[5000]);
  call.params = {
      {"To", call.request.to.text}, {"From", call.request.from->text}, {"Body", call.request.body}};
  Facts facts;
  facts.now = Time(std::chrono::hours(24 * 365 * 56));
  facts.templates = &catalog;
  facts.windows = {{Window{.key = {},
                           .last_inbound = facts.now - std::chrono::hours(open ? 1 : 25),
                           .user_spelling = {}},
                    true}};
  for (auto _ : state) benchmark::DoNotOptimize(decide(policy, call, facts));
}
BENCHMARK_CAPTURE(decision, passes, true);
BENCHMARK_CAPTURE(decision, rerouted, false);

}  // namespace
}  // namespace twindow::policy
