// SPDX-License-Identifier: Apache-2.0
// The families of commands; each adds its commands to the tree.
#pragma once

namespace twindow::app {

class CommandTree;

void add_serve(CommandTree& tree);
void add_test(CommandTree& tree);
void add_trigger(CommandTree& tree);
void add_listen(CommandTree& tree);
void add_messages(CommandTree& tree);
void add_windows(CommandTree& tree);
void add_clock(CommandTree& tree);
void add_callbacks(CommandTree& tree);
void add_capture(CommandTree& tree);
void add_reset(CommandTree& tree);
void add_readyz(CommandTree& tree);
void add_sdk_snippet(CommandTree& tree);
void add_ca(CommandTree& tree);
void add_explain(CommandTree& tree);
void add_doctor(CommandTree& tree);
void add_schema(CommandTree& tree);
void add_version(CommandTree& tree);
void add_validate(CommandTree& tree);

}  // namespace twindow::app
