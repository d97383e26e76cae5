// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/net/egress.h"
#include "tests/support/case_name.h"

namespace {

using namespace twindow;
using net::EgressGuard;

struct EgressCase {
  std::string name;
  std::string address;
  std::vector<std::string> allow;
  std::string want;  // the reason; empty: may be called
};
void PrintTo(const EgressCase& row, std::ostream* out) { *out << row.name; }

class EgressTable : public testing::TestWithParam<EgressCase> {};

TEST_P(EgressTable, JudgesByAddress) {
  const auto guard = EgressGuard::make(GetParam().allow);
  ASSERT_TRUE(guard);
  const auto why = guard->refusal(boost::asio::ip::make_address(GetParam().address));
  EXPECT_EQ(std::string(why.value_or("")), GetParam().want);
}

const std::string kPublic = "is neither loopback nor private";
const std::string kLocal = "is link-local";
const std::string kMetadata = "is a metadata service";
const std::vector<std::string> kAll{"0.0.0.0/0", "::/0"};

INSTANTIATE_TEST_SUITE_P(
    Table, EgressTable,
    testing::ValuesIn(std::vector<EgressCase>{
        {"Loopback", "127.0.0.1", {}, ""},
        {"LoopbackElsewhere", "127.8.9.10", {}, ""},
        {"LoopbackV6", "::1", {}, ""},
        {"Private10", "10.255.0.1", {}, ""},
        {"Private172First", "172.16.0.0", {}, ""},
        {"Private172Last", "172.31.255.255", {}, ""},
        {"Before172", "172.15.255.255", {}, kPublic},
        {"After172", "172.32.0.0", {}, kPublic},
        {"Private192", "192.168.1.1", {}, ""},
        {"After192", "192.169.0.1", {}, kPublic},
        {"UniqueLocal", "fd12:3456::1", {}, ""},
        {"UniqueLocalFc", "fc00::1", {}, ""},
        {"Public", "203.0.113.7", {}, kPublic},
        {"PublicV6", "2001:db8::1", {}, kPublic},
        {"CarrierNat", "100.64.0.1", {}, kPublic},
        {"CarrierNatListed", "100.64.0.1", {"100.64.0.0/10"}, ""},
        {"ListedAddress", "203.0.113.7", {"203.0.113.7"}, ""},
        {"ListedNeighbour", "203.0.113.8", {"203.0.113.7"}, kPublic},
        {"ListedNetwork", "203.0.113.200", {"198.51.100.0/24", "203.0.113.0/24"}, ""},
        {"OutsideTheNetwork", "203.0.114.1", {"203.0.113.0/24"}, kPublic},
        {"HostBitsInTheNetwork", "203.0.113.200", {"203.0.113.9/24"}, ""},
        {"ListedV6", "2001:db8::5", {"2001:db8::/32"}, ""},
        {"ListedAddressV6", "2001:db8::5", {"2001:db8::5"}, ""},
        {"Metadata", "169.254.169.254", {}, kLocal},
        {"MetadataListed", "169.254.169.254", {"169.254.169.254"}, kLocal},
        {"MetadataUnderAll", "169.254.169.254", kAll, kLocal},
        {"LinkLocalV6", "fe80::1", kAll, kLocal},
        {"MetadataV6", "fd00:ec2::254", kAll, kMetadata},
        {"MetadataOther", "100.100.100.200", kAll, kMetadata},
        {"Unspecified", "0.0.0.0", kAll, "is unspecified"},
        {"ThisNetwork", "0.0.0.1", kAll, "is unspecified"},
        {"UnspecifiedV6", "::", kAll, "is unspecified"},
        {"Multicast", "224.0.0.1", kAll, "is multicast"},
        {"MulticastV6", "ff02::1", kAll, "is multicast"},
        {"Broadcast", "255.255.255.255", kAll, "is reserved"},
        {"PublicUnderAll", "203.0.113.7", kAll, ""},
        {"MappedLoopback", "::ffff:127.0.0.1", {}, ""},
        {"MappedPublic", "::ffff:203.0.113.7", {}, kPublic},
        {"MappedMetadata", "::ffff:169.254.169.254", kAll, kLocal},
        {"MappedListed", "::ffff:203.0.113.7", {"203.0.113.0/24"}, ""},
        {"TranslatedMetadata", "64:ff9b::169.254.169.254", kAll, kLocal},
        {"CompatibleMetadata", "::169.254.169.254", kAll, kLocal},
    }),
    test::case_name);

class GatewayTable : public testing::TestWithParam<EgressCase> {};

TEST_P(GatewayTable, LeavesTheNeighboursAlone) {
  const auto guard = EgressGuard::make(GetParam().allow, EgressGuard::Reach::Far);
  ASSERT_TRUE(guard);
  const auto address = boost::asio::ip::make_address(GetParam().address);
  EXPECT_EQ(std::string(guard->refusal(address).value_or("")), GetParam().want);
  const std::string named = GetParam().want == "is not public" ? "" : GetParam().want;
  EXPECT_EQ(std::string(guard->refusal(address, true).value_or("")), named);
}

const std::string kNear = "is not public";

INSTANTIATE_TEST_SUITE_P(Table, GatewayTable,
                         testing::ValuesIn(std::vector<EgressCase>{
                             {"Public", "203.0.113.7", {}, ""},
                             {"PublicV6", "2001:db8::1", {}, ""},
                             {"Loopback", "127.0.0.1", {}, kNear},
                             {"LoopbackV6", "::1", {}, kNear},
                             {"MappedLoopback", "::ffff:127.0.0.1", {}, kNear},
                             {"Private", "10.1.2.3", {}, kNear},
                             {"PrivateListed", "10.1.2.3", {"10.0.0.0/8"}, ""},
                             {"PrivateElsewhere", "192.168.1.1", {"10.0.0.0/8"}, kNear},
                             {"UniqueLocal", "fd12:3456::1", {}, kNear},
                             {"UniqueLocalListed", "fd12:3456::1", {"fd00::/8"}, ""},
                             {"CarrierNat", "100.64.0.1", {}, kNear},
                             {"Benchmarks", "198.19.0.1", {}, kNear},
                             {"Metadata", "169.254.169.254", kAll, kLocal},
                             {"MetadataV6", "fd00:ec2::254", kAll, kMetadata},
                             {"Unspecified", "0.0.0.0", kAll, "is unspecified"},
                         }),
                         test::case_name);

struct AllowCase {
  std::string name;
  std::string entry;
};
void PrintTo(const AllowCase& row, std::ostream* out) { *out << row.name; }
class BadAllow : public testing::TestWithParam<AllowCase> {};

TEST_P(BadAllow, IsRefusedByName) {
  const auto guard = EgressGuard::make({"10.0.0.0/8", GetParam().entry});
  ASSERT_FALSE(guard);
  EXPECT_EQ(guard.error().code, Errc::BadInput);
  EXPECT_THAT(guard.error().detail, testing::HasSubstr("\"" + GetParam().entry + "\""));
}
INSTANTIATE_TEST_SUITE_P(Table, BadAllow,
                         testing::ValuesIn(std::vector<AllowCase>{
                             {"Name", "app.example.com"},
                             {"Empty", ""},
                             {"ShortAddress", "10.0.0"},
                             {"LongPrefix", "10.0.0.0/33"},
                             {"NoPrefix", "10.0.0.0/"},
                             {"LongPrefixV6", "::/129"},
                         }),
                         test::case_name);

}  // namespace
