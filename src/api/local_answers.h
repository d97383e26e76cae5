// SPDX-License-Identifier: Apache-2.0
// What the faces in Twilio's place have in common where they answer by themselves.
#pragma once

#include <string>
#include <string_view>

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"
#include "twindow/wire/twilio/product_host.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::api {

// Takes the suffix off. The 2010 API answers XML unless the path says otherwise; Accept plays no
// part.
wire::Format take_format(std::string_view& path);

// How an error is written for a path, whole or without its suffix, and its format. People who ask
// for no format at all are better served by JSON than by Twilio's XML.
wire::Format shape_of(std::string_view path, wire::Format format);

// Where the app reaches us: "http://127.0.0.1:4010", without a '/' at its end; empty if it believes
// that it speaks with Twilio's host.
std::string own_origin(const wire::HttpCall& call, const wire::CallTarget& target);

// To who uses us as a proxy for everything.
std::string not_a_proxy_for(std::string_view authority);

// "this is Twindow in simulate mode, in Twilio's place; its control API is at http://…"
std::string who_we_are(const ServerState& state);

}  // namespace twindow::api
