// SPDX-License-Identifier: Apache-2.0
// Every bound of the program in one place, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twindow::limits {

using namespace std::chrono_literals;

// The Twilio face (contract section 10).
inline constexpr std::size_t kHeadBytesMax = 32 * 1024;  // beyond: 431
inline constexpr std::size_t kRequestLineBytesMax =
    8 * 1024;                                              // beyond: 414, as Twilio's front does
inline constexpr std::size_t kHeadersMax = 100;            // beyond: 431
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;  // beyond: 413 / 20413
inline constexpr std::size_t kChunkExtraBytesMax = 16 * 1024;  // extensions and trailers of a body
inline constexpr std::chrono::milliseconds kHeadTime = 10s;    // beyond: 408
inline constexpr std::chrono::milliseconds kBodyTime = 30s;    // beyond: 408
inline constexpr std::chrono::milliseconds kIdleTime = 120s;   // then a kept connection is closed
inline constexpr std::chrono::milliseconds kWriteTime = 30s;   // for a peer that does not read
inline constexpr std::size_t kIdleConnectionsMax = 20'000;     // default of limits.idle_connections
inline constexpr std::chrono::milliseconds kParkAfter = 1s;    // of silence: the read buffer goes
// After a refusal: how long and how much is still read, so that the client sees the answer.
inline constexpr std::chrono::milliseconds kLingerTime = 2s;
inline constexpr std::size_t kLingerBytesMax = 4 * 1024 * 1024;

inline constexpr std::chrono::milliseconds kTlsTime = 10s;  // for a handshake
inline constexpr std::size_t kTlsNamesMax = 256;            // certificates kept
inline constexpr std::chrono::milliseconds kTunnelConnectTime = 10s;

// What is forwarded to Twilio.
inline constexpr std::chrono::milliseconds kUpstreamConnectTime = 3s;  // TLS included
inline constexpr std::chrono::milliseconds kUpstreamAnswerTime = 30s;  // to the end of its head
inline constexpr std::chrono::milliseconds kUpstreamGapTime = 30s;     // between bytes of a body
inline constexpr std::chrono::milliseconds kUpstreamIdleTime = 30s;    // fronts close after 60 s
inline constexpr std::chrono::milliseconds kUpstreamNameTime = 30s;    // an address is believed
inline constexpr std::size_t kUpstreamIdleMax = 512;                   // per host and thread
inline constexpr std::size_t kUpstreamHeadBytesMax = 64 * 1024;
// Answers up to this size are handed on in one piece, larger ones as they come.
inline constexpr std::size_t kUpstreamWholeBytesMax = 64 * 1024;

// For a question to Twilio that a send waits for (contract section 4).
inline constexpr std::chrono::milliseconds kLookupTime = 2s;

// How far Twilio's clock may be from ours, and its times are whole seconds.
inline constexpr std::chrono::milliseconds kTwilioClockSlack = 5s;

// Larger JSON answers are handed on with their links as they are.
inline constexpr std::size_t kRewriteBytesMax = 8 * 1024 * 1024;

// What the gateway asks Twilio itself. A page of 1000 messages, each a long text in escapes, is
// some 10 MiB; no account has a hundred pages of templates or senders.
inline constexpr std::size_t kTwilioAnswerBytesMax = 16 * 1024 * 1024;
inline constexpr int kTwilioPagesMax = 100;
// What was said while nobody listened: senders of an account at once, and pages of 1000 messages.
inline constexpr std::size_t kBackfillsAtOnceMax = 4;
inline constexpr std::size_t kBackfillPagesMax = 10'000;
// Messages of ours that are asked for, once, because nothing more was heard of them.
inline constexpr std::chrono::milliseconds kSettleAfter = 10min;  // ledger.settle_after
inline constexpr std::size_t kSettlesAtOnceMax = 4;               // of an account
inline constexpr std::size_t kSettlesWaitingMax = 100'000;        // per account

// A held message on its way to Twilio: one call, and the pauses before the next, which double.
inline constexpr std::chrono::milliseconds kReleaseTime = 30s;
inline constexpr std::chrono::milliseconds kReleasePauseMin = 1s;
inline constexpr std::chrono::milliseconds kReleasePauseMax = 1min;

// Lists of messages in front of the real Twilio: ends of pages that are remembered, and messages of
// ours that one page may hold.
inline constexpr std::size_t kPageEndsMax = 10'000;
inline constexpr std::size_t kMergedPerPageMax = 1000;

// Credentials that Twilio has accepted, in proxy mode.
inline constexpr std::chrono::milliseconds kKnownCallerTime = 10min;  // contract section 10
inline constexpr std::size_t kKnownCallersMax = 10'000;
inline constexpr std::size_t kKnownCallersPerAccountMax = 32;  // each is looked at, at each call

// Creates that are repeated. A key is remembered for a day: queues of jobs that repeat what failed
// go on for hours, and nobody should have to remember longer than Twilio's window is open.
inline constexpr std::chrono::milliseconds kIdempotencyTime = 24h;
inline constexpr std::size_t kIdempotencyKeysMax = 20'000;
inline constexpr std::size_t kIdempotencyBytesMax = 64 * 1024 * 1024;  // of answers
inline constexpr std::chrono::milliseconds kLostAnswerTime = 60s;      // idempotency.lost_answer
inline constexpr std::size_t kLostAnswersMax = 10'000;

// The control face.
inline constexpr std::size_t kControlBodyBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kJsonDepthMax = 64;
inline constexpr std::size_t kEventQueueMax = 4096;  // per event stream; then "lagged"

// Webhooks (reference: Twilio's delivery rules).
inline constexpr std::chrono::milliseconds kWebhookConnectTime = 5s;
inline constexpr std::chrono::milliseconds kWebhookTotalTime = 15s;
inline constexpr std::size_t kWebhookReplyBytesMax = 64 * 1024;
inline constexpr std::size_t kWebhooksInFlightMax = 32;  // per account, real time

// What Twilio tells us, handed on to the app: a message while Twilio waits (15 s in all), a status
// again and again, with pauses that double.
inline constexpr std::chrono::milliseconds kRelayConnectTime = 3s;
inline constexpr std::chrono::milliseconds kRelayTotalTime = 13s;
inline constexpr std::chrono::milliseconds kRelayPauseMin = 1s;
inline constexpr std::chrono::milliseconds kRelayPauseMax = 10min;
inline constexpr std::chrono::milliseconds kRelayTime = 24h;  // of pauses; then it is given up
inline constexpr std::size_t kRelaysLoadedMax = 20'000;       // per account; others wait on disk
inline constexpr std::size_t kToldKeptMax = 100'000;          // in the store: told, and not again
inline constexpr std::size_t kRelaysRememberedMax = 10'000;   // per account: told, not again

// The log: how late a line may be written, and what may wait for a reader that is too slow.
inline constexpr std::chrono::milliseconds kLogRest = 10ms;
inline constexpr std::size_t kLogBytesWaitingMax = 4 * 1024 * 1024;

// The store: operations of all accounts that wait for its thread (beyond: Errc::Unavailable), and
// changes that share one transaction.
inline constexpr std::size_t kStoreWaitingMax = 100'000;
inline constexpr std::size_t kStoreBatchMax = 1024;

inline constexpr std::size_t kMessagesMax = 100'000;  // default of --max-messages
// Decisions kept, per account: more than messages, since a refused send leaves no message.
inline constexpr std::size_t kDecisionsMax = 200'000;
inline constexpr std::size_t kCallbacksKeptMax = 20'000;      // journal, per account
inline constexpr std::chrono::milliseconds kDrainTime = 10s;  // after SIGTERM
inline constexpr std::chrono::milliseconds kAutoQuietTime =
    20ms;  // clock auto: wall time of silence
inline constexpr std::chrono::milliseconds kAdvanceMax = std::chrono::hours(24 * 366);
inline constexpr std::chrono::milliseconds kWindowLength = 24h;
inline constexpr std::chrono::milliseconds kFreeEntryLength = 72h;
// Of one world: entries of its debugger, pairs of numbers with cookies and cookies of each, and
// pairs that are watched for loops of replies.
inline constexpr std::size_t kAlertsKeptMax = 1'000;
inline constexpr std::size_t kCookiePairsMax = 10'000;
inline constexpr std::size_t kCookiesPerPairMax = 50;
inline constexpr std::chrono::milliseconds kCookieLife = 4h;  // since it was last used
inline constexpr std::size_t kReplyRunsMax = 10'000;
// Of one message of a user: documents that are read (beyond: 14106), replies (beyond: 14109).
inline constexpr int kTwimlDocumentsMax = 10;
inline constexpr std::size_t kTwimlRepliesMax = 10;
inline constexpr int kWebhookRedirectsMax = 5;  // beyond: 11215
// Of the control API: rules of /__admin/faults, and how long one may delay.
inline constexpr std::size_t kFaultRulesMax = 1'000;
inline constexpr std::chrono::milliseconds kFaultDelayMax = std::chrono::hours(24);
// A webhook that waits for the next of its message, to come behind it.
inline constexpr std::chrono::milliseconds kOutOfOrderWaitMax = 10s;
inline constexpr std::size_t kHeldPerPairMax = 100;  // then the next rule

// Sends that wait for their time: 5 minutes to 35 days ahead, so many in an account. Source:
// twilio.com/docs/messaging/features/message-scheduling.
inline constexpr std::chrono::milliseconds kScheduleAheadMin = 300s;
inline constexpr std::chrono::milliseconds kScheduleAheadMax = 24h * 35;
inline constexpr std::size_t kScheduledMax = 500'000;
// Messages on their way that the simulator takes up when it starts again.
inline constexpr std::size_t kTakenUpMax = 1'000'000;

}  // namespace twindow::limits
