// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "twindow/wire/twilio/resource_shape.h"

namespace twindow::wire {

namespace {

using enum FieldType;

// clang-format off
constexpr std::array kAccountFields{
    FieldShape{"auth_token"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"owner_account_sid"},
    FieldShape{"sid", Sid},
    FieldShape{"status", Text, "Status", "active"},
    FieldShape{"subresource_uris", Links},
    FieldShape{"type", Text, "", "Full"},
    FieldShape{"uri", Self},
};
constexpr std::array kAccountLinks{
    LinkShape{"available_phone_numbers", "/AvailablePhoneNumbers.json"},
    LinkShape{"calls", "/Calls.json"},
    LinkShape{"conferences", "/Conferences.json"},
    LinkShape{"incoming_phone_numbers", "/IncomingPhoneNumbers.json"},
    LinkShape{"notifications", "/Notifications.json"},
    LinkShape{"outgoing_caller_ids", "/OutgoingCallerIds.json"},
    LinkShape{"recordings", "/Recordings.json"},
    LinkShape{"transcriptions", "/Transcriptions.json"},
    LinkShape{"addresses", "/Addresses.json"},
    LinkShape{"signing_keys", "/SigningKeys.json"},
    LinkShape{"connect_apps", "/ConnectApps.json"},
    LinkShape{"sip", "/SIP.json"},
    LinkShape{"authorized_connect_apps", "/AuthorizedConnectApps.json"},
    LinkShape{"usage", "/Usage.json"},
    LinkShape{"keys", "/Keys.json"},
    LinkShape{"applications", "/Applications.json"},
    LinkShape{"short_codes", "/SMS/ShortCodes.json"},
    LinkShape{"queues", "/Queues.json"},
    LinkShape{"messages", "/Messages.json"},
    LinkShape{"balance", "/Balance.json"},
};

constexpr std::array kKeyFields{
    FieldShape{"sid", Sid},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
};
constexpr std::array kNewKeyFields{
    FieldShape{"sid", Sid},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"secret"},
};

constexpr std::array kPhoneNumberFields{
    FieldShape{"account_sid", Account},
    FieldShape{"address_requirements", Text, "", "none"},
    FieldShape{"address_sid", Nullable, "AddressSid"},
    FieldShape{"api_version", ApiVersion},
    FieldShape{"beta", Flag, "", "false"},
    FieldShape{"capabilities", Capabilities},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"emergency_status", Text, "EmergencyStatus", "Active"},
    FieldShape{"emergency_address_sid", Nullable, "EmergencyAddressSid"},
    FieldShape{"emergency_address_status", Text, "", "unregistered"},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"identity_sid", Nullable, "IdentitySid"},
    FieldShape{"origin", Text, "", "twilio"},
    FieldShape{"phone_number"},
    FieldShape{"sid", Sid},
    FieldShape{"sms_application_sid", Text, "SmsApplicationSid"},
    FieldShape{"sms_fallback_method", Method, "SmsFallbackMethod", "POST"},
    FieldShape{"sms_fallback_url", UrlText, "SmsFallbackUrl"},
    FieldShape{"sms_method", Method, "SmsMethod", "POST"},
    FieldShape{"sms_url", UrlText, "SmsUrl"},
    FieldShape{"status_callback", UrlText, "StatusCallback"},
    FieldShape{"status_callback_method", Method, "StatusCallbackMethod", "POST"},
    FieldShape{"trunk_sid", Nullable, "TrunkSid"},
    FieldShape{"uri", Self},
    FieldShape{"voice_application_sid", Text, "VoiceApplicationSid"},
    FieldShape{"voice_caller_id_lookup", Flag, "VoiceCallerIdLookup", "false"},
    FieldShape{"voice_fallback_method", Method, "VoiceFallbackMethod", "POST"},
    FieldShape{"voice_fallback_url", UrlText, "VoiceFallbackUrl"},
    FieldShape{"voice_method", Method, "VoiceMethod", "POST"},
    FieldShape{"voice_url", UrlText, "VoiceUrl"},
    FieldShape{"bundle_sid", Nullable, "BundleSid"},
    FieldShape{"voice_receive_mode", Text, "VoiceReceiveMode", "voice"},
    FieldShape{"status", Text, "", "in-use"},
    FieldShape{"type", Text, "", "local"},
};

constexpr std::array kShortCodeFields{
    FieldShape{"account_sid", Account},
    FieldShape{"api_version", ApiVersion},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"short_code"},
    FieldShape{"sid", Sid},
    FieldShape{"sms_fallback_method", Method, "SmsFallbackMethod", "POST"},
    FieldShape{"sms_fallback_url", Url, "SmsFallbackUrl"},
    FieldShape{"sms_method", Method, "SmsMethod", "POST"},
    FieldShape{"sms_url", Url, "SmsUrl"},
    FieldShape{"uri", Self},
};

constexpr std::array kServiceFields{
    FieldShape{"account_sid", Account},
    FieldShape{"sid", Sid},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"friendly_name", Text, "FriendlyName"},
    FieldShape{"inbound_request_url", Url, "InboundRequestUrl"},
    FieldShape{"inbound_method", Method, "InboundMethod", "POST"},
    FieldShape{"fallback_url", Url, "FallbackUrl"},
    FieldShape{"fallback_method", Method, "FallbackMethod", "POST"},
    FieldShape{"status_callback", Url, "StatusCallback"},
    FieldShape{"sticky_sender", Flag, "StickySender", "true"},
    FieldShape{"smart_encoding", Flag, "SmartEncoding", "true"},
    FieldShape{"mms_converter", Flag, "MmsConverter", "true"},
    FieldShape{"fallback_to_long_code", Flag, "FallbackToLongCode", "true"},
    FieldShape{"scan_message_content", Text, "ScanMessageContent", "inherit"},
    FieldShape{"area_code_geomatch", Flag, "AreaCodeGeomatch", "true"},
    FieldShape{"validity_period", Number, "ValidityPeriod", "36000"},
    FieldShape{"synchronous_validation", Flag, "SynchronousValidation", "false"},
    FieldShape{"usecase", Text, "Usecase", "undeclared"},
    FieldShape{"us_app_to_person_registered", Flag, "", "false"},
    FieldShape{"use_inbound_webhook_on_number", Flag, "UseInboundWebhookOnNumber", "false"},
    FieldShape{"links", Links},
    FieldShape{"url", Self},
};
constexpr std::array kServiceLinks{
    LinkShape{"phone_numbers", "/PhoneNumbers"},
    LinkShape{"short_codes", "/ShortCodes"},
    LinkShape{"alpha_senders", "/AlphaSenders"},
    LinkShape{"messages", "/Messages"},
    LinkShape{"us_app_to_person", "/Compliance/Usa2p"},
    LinkShape{"us_app_to_person_usecases", "/Compliance/Usa2p/Usecases"},
    LinkShape{"channel_senders", "/ChannelSenders"},
    LinkShape{"destination_alpha_senders", "/DestinationAlphaSenders"},
};

constexpr std::array kPoolPhoneNumberFields{
    FieldShape{"account_sid", Account},
    FieldShape{"service_sid", Parent},
    FieldShape{"sid", Sid, "PhoneNumberSid"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"phone_number"},
    FieldShape{"country_code", Country, "", "phone_number"},
    FieldShape{"capabilities", CapabilityList},
    FieldShape{"url", Self},
};
constexpr std::array kPoolShortCodeFields{
    FieldShape{"account_sid", Account},
    FieldShape{"service_sid", Parent},
    FieldShape{"sid", Sid, "ShortCodeSid"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"short_code"},
    FieldShape{"country_code", Text, "", "US"},
    FieldShape{"capabilities", CapabilityList},
    FieldShape{"url", Self},
};
constexpr std::array kPoolAlphaSenderFields{
    FieldShape{"sid", Sid},
    FieldShape{"account_sid", Account},
    FieldShape{"service_sid", Parent},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"alpha_sender", Text, "AlphaSender"},
    FieldShape{"capabilities", CapabilityList},
    FieldShape{"url", Self},
};
constexpr std::array kPoolDestinationAlphaSenderFields{
    FieldShape{"sid", Sid},
    FieldShape{"account_sid", Account},
    FieldShape{"service_sid", Parent},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"alpha_sender", Text, "AlphaSender"},
    FieldShape{"capabilities", CapabilityList},
    FieldShape{"url", Self},
    FieldShape{"iso_country_code", Text, "IsoCountryCode"},
};
constexpr std::array kPoolChannelSenderFields{
    FieldShape{"account_sid", Account},
    FieldShape{"messaging_service_sid", Parent},
    FieldShape{"sid", Sid, "Sid"},
    FieldShape{"sender", Text, "", "", "sender_id"},
    FieldShape{"sender_type", SenderType, "", "sender_id"},
    FieldShape{"country_code", Country, "", "sender_id"},
    FieldShape{"date_created", Created},
    FieldShape{"date_updated", Updated},
    FieldShape{"url", Self},
};

constexpr std::array kContentFields{
    FieldShape{"language"},
    FieldShape{"date_updated", Updated},
    FieldShape{"variables", Json, "", "{}"},
    FieldShape{"friendly_name"},
    FieldShape{"account_sid", Account},
    FieldShape{"url", Self},
    FieldShape{"sid", Sid},
    FieldShape{"date_created", Created},
    FieldShape{"types", Json, "", "{}"},
    FieldShape{"links", Links},
};
constexpr std::array kContentLinks{
    LinkShape{"approval_create", "/ApprovalRequests/whatsapp"},
    LinkShape{"approval_fetch", "/ApprovalRequests"},
};
constexpr std::array kContentAndApprovalsFields{
    FieldShape{"language"},
    FieldShape{"date_updated", Updated},
    FieldShape{"variables", Json, "", "{}"},
    FieldShape{"friendly_name"},
    FieldShape{"account_sid", Account},
    FieldShape{"sid", Sid},
    FieldShape{"date_created", Created},
    FieldShape{"types", Json, "", "{}"},
    FieldShape{"approval_requests", Json, "", "{}"},
};
constexpr std::array kLegacyContentFields{
    FieldShape{"language"},
    FieldShape{"date_updated", Updated},
    FieldShape{"variables", Json, "", "{}"},
    FieldShape{"friendly_name"},
    FieldShape{"account_sid", Account},
    FieldShape{"url", Self},
    FieldShape{"sid", Sid},
    FieldShape{"date_created", Created},
    FieldShape{"types", Json, "", "{}"},
    FieldShape{"legacy_template_name", Text, "", "", "approval_name"},
    FieldShape{"legacy_body", Text, "", "", "body"},
};
constexpr std::array kApprovalsFields{
    FieldShape{"sid", Sid},
    FieldShape{"account_sid", Account},
    FieldShape{"whatsapp", Json, "", "{}", "approval"},
    FieldShape{"url", Self},
};

constexpr std::array kChannelSenderFields{
    FieldShape{"sid", Sid},
    FieldShape{"status"},
    FieldShape{"sender_id"},
    FieldShape{"friendly_name", Nullable},
    FieldShape{"configuration", Json, "", "null"},
    FieldShape{"webhook", Json, "", "null"},
    FieldShape{"profile", Json, "", "null"},
    FieldShape{"properties", Json, "", "null"},
    FieldShape{"offline_reasons", Always, "", "null"},
    FieldShape{"compliance", Always, "", "null"},
    FieldShape{"url", Self},
};
// clang-format on

constexpr std::string_view kMessaging = "messaging.twilio.com";
constexpr std::string_view kContent = "content.twilio.com";

}  // namespace

using Kind = ResourceKind;

const ResourceShape kAccountShape{Kind::Account, "",        "/2010-04-01/Accounts",
                                  "accounts",    "Account", kAccountFields,
                                  kAccountLinks};
const ResourceShape kKeyShape{Kind::Key, "",    "/2010-04-01/Accounts/{account}/Keys",
                              "keys",    "Key", kKeyFields};
const ResourceShape kNewKeyShape{Kind::Key, "",    "/2010-04-01/Accounts/{account}/Keys",
                                 "keys",    "Key", kNewKeyFields};
const ResourceShape kPhoneNumberShape{Kind::PhoneNumber,
                                      "",
                                      "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers",
                                      "incoming_phone_numbers",
                                      "IncomingPhoneNumber",
                                      kPhoneNumberFields};
const ResourceShape kShortCodeShape{
    Kind::ShortCode, "",          "/2010-04-01/Accounts/{account}/SMS/ShortCodes",
    "short_codes",   "ShortCode", kShortCodeFields};
const ResourceShape kServiceShape{Kind::Service,  kMessaging,    "/v1/Services", "services", "",
                                  kServiceFields, kServiceLinks, "FriendlyName"};
const ResourceShape kPoolPhoneNumberShape{Kind::PoolPhoneNumber,
                                          kMessaging,
                                          "/v1/Services/{parent}/PhoneNumbers",
                                          "phone_numbers",
                                          "",
                                          kPoolPhoneNumberFields,
                                          {},
                                          "PhoneNumberSid"};
const ResourceShape kPoolShortCodeShape{Kind::PoolShortCode,
                                        kMessaging,
                                        "/v1/Services/{parent}/ShortCodes",
                                        "short_codes",
                                        "",
                                        kPoolShortCodeFields,
                                        {},
                                        "ShortCodeSid"};
const ResourceShape kPoolAlphaSenderShape{Kind::PoolAlphaSender,
                                          kMessaging,
                                          "/v1/Services/{parent}/AlphaSenders",
                                          "alpha_senders",
                                          "",
                                          kPoolAlphaSenderFields,
                                          {},
                                          "AlphaSender"};
const ResourceShape kPoolDestinationAlphaSenderShape{
    Kind::PoolDestinationAlphaSender,
    kMessaging,
    "/v1/Services/{parent}/DestinationAlphaSenders",
    "alpha_senders",
    "",
    kPoolDestinationAlphaSenderFields,
    {},
    "AlphaSender"};
const ResourceShape kPoolChannelSenderShape{Kind::PoolChannelSender,
                                            kMessaging,
                                            "/v1/Services/{parent}/ChannelSenders",
                                            "senders",
                                            "",
                                            kPoolChannelSenderFields,
                                            {},
                                            "Sid"};
const ResourceShape kContentShape{Kind::Content,  kContent,     "/v1/Content", "contents", "",
                                  kContentFields, kContentLinks};
const ResourceShape kContentV2Shape{Kind::Content,  kContent,     "/v2/Content", "contents", "",
                                    kContentFields, kContentLinks};
const ResourceShape kContentAndApprovalsShape{Kind::Content, kContent, "/v1/ContentAndApprovals",
                                              "contents",    "",       kContentAndApprovalsFields};
const ResourceShape kContentAndApprovalsV2Shape{
    Kind::Content, kContent, "/v2/ContentAndApprovals", "contents", "", kContentAndApprovalsFields};
const ResourceShape kLegacyContentShape{Kind::Content, kContent, "/v1/LegacyContent",
                                        "contents",    "",       kLegacyContentFields};
const ResourceShape kApprovalsShape{Kind::Content,   kContent, "/v1/Content", "", "",
                                    kApprovalsFields};
const ResourceShape kChannelSenderShape{Kind::ChannelSender, kMessaging, "/v2/Channels/Senders",
                                        "senders",           "",         kChannelSenderFields};

}  // namespace twindow::wire
