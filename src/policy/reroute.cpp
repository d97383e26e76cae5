// SPDX-License-Identifier: Apache-2.0
#include "src/policy/reroute.h"

#include "twindow/policy/legal_value.h"
#include "twindow/policy/template_catalog.h"

#include "src/policy/checks.h"
#include "src/policy/reason.h"

namespace twindow::policy {

namespace {

Unexpected<std::string> cannot(std::string why) { return Unexpected<std::string>(std::move(why)); }

std::string named(const ContentTemplate& content) {
  return "\"" + content.name + "\" (" + content.sid.text + ")";
}

std::string stale_text(const Facts& facts) {
  if (!facts.templates_stale_since) return "";
  return ", by the list of templates of " + utc_text(*facts.templates_stale_since) +
         ": the Content API cannot be reached since then";
}

Expected<std::vector<Param>, std::string> legal_values(const std::vector<Param>& values) {
  std::vector<Param> legal;
  for (const Param& value : values) {
    auto text = legal_value(value.value);
    if (!text) return cannot("what is found for {{" + value.name + "}} " + text.error());
    legal.push_back({value.name, *std::move(text)});
  }
  return legal;
}

// `content` may be null: then nothing of it is known but its SID, and Twilio has the last word.
Expected<Rerouted, std::string> use_of(const Checks& checks, const ContentSid& sid,
                                       const ContentTemplate* content,
                                       const std::vector<Param>& values, const SendView& view) {
  auto legal = TWINDOW_TRY(legal_values(values));
  const Result<std::vector<Param>> variables = legal;
  const CheckInput input{.view = view,
                         .content_sid = sid.text,
                         .content = content,
                         .variables = variables,
                         .window_open = view.window_open()};
  // Whatever the policy lets its app do: our own sends shall arrive.
  Checks on{.sender = false,
            .content_sid = false,
            .content_variables = false,
            .opted_out = false,
            .missing_variables = checks.missing_variables};
  if (const auto refusal = first_refusal(on, input)) return cannot(refusal->finding.text);
  std::string text = "the template " + (content == nullptr ? sid.text : named(*content));
  return Rerouted{{sid, std::move(legal)}, std::move(text)};
}

Expected<Rerouted, std::string> fitting(const Policy& policy, const SendView& view) {
  const Facts& facts = view.facts;
  if (!policy.templates.auto_match) return cannot("templates.auto_match is off");
  if (view.call.request.to.channel != Channel::WhatsApp) return cannot("it is not for WhatsApp");
  if (view.content_sid) return cannot("it names a ContentSid already");
  if (view.call.request.body.empty()) return cannot("it has no Body");
  if (facts.templates == nullptr) {
    return cannot("the templates of the account are not known, the Content API has not answered");
  }
  TemplateFit fit = facts.templates->fit(view.call.request.body);
  if (fit.gave_up) return cannot("too many approved templates are alike");
  if (fit.best == nullptr) return cannot("no approved template fits the body" + stale_text(facts));
  if (fit.tied != nullptr) {
    return cannot("the templates " + named(*fit.best) + " and " + named(*fit.tied) +
                  " fit equally well");
  }
  return use_of(policy.checks, fit.best->sid, fit.best, fit.values, view);
}

// Why the send would lose something as `content`; empty if it would not.
std::string loss(const SendView& view, const ContentTemplate* content) {
  if (view.content_sid) return "";  // Twilio takes nothing beside a ContentSid
  const bool to_media = content != nullptr && content->has_media;
  const bool to_location = content != nullptr && content->type == "twilio/location";
  if (view.call.param("MediaUrl") && !to_media) return "its media would be lost";
  if (view.call.param("PersistentAction") && !to_location) return "its location would be lost";
  return "";
}

}  // namespace

Expected<Rerouted, std::string> prepare(const Checks& checks, const TemplateRecipe& recipe,
                                        const std::vector<Param>& captures, const SendView& view) {
  const TemplateCatalog* templates = view.facts.templates;
  const ContentTemplate* content =
      templates == nullptr ? nullptr : templates->find(recipe.content.text);
  if (templates != nullptr && content == nullptr) {
    return cannot("the account has no template " + recipe.content.text + stale_text(view.facts));
  }
  std::vector<Param> values;
  for (const Param& variable : recipe.variables) {
    values.push_back({variable.name, expand(variable.value, captures)});
  }
  return use_of(checks, recipe.content, content, values, view);
}

Expected<Rerouted, std::string> reroute(const Policy& policy, const Rule& rule,
                                        const RerouteAction& action, const SendView& view) {
  const ContentTemplate* content = nullptr;
  if (action.recipe && view.facts.templates != nullptr) {
    content = view.facts.templates->find(action.recipe->content.text);
  }
  if (std::string lost = loss(view, content); !lost.empty()) return cannot(std::move(lost));
  auto rerouted = TWINDOW_TRY(
      action.recipe ? prepare(policy.checks, *action.recipe, rule.match.captures(view), view)
                    : fitting(policy, view));
  rerouted.text += stale_text(view.facts);
  return rerouted;
}

}  // namespace twindow::policy
