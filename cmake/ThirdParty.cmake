# SPDX-License-Identifier: Apache-2.0
# Every library that is not ours, as Debian 12 packages it (cmake/debian-packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(absl REQUIRED)
# cpp-httplib's macros are part of its class layouts: only pkg-config knows those it was built with.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlidec)

# Asio for the middle of the program and Beast for `net`, header-only.
add_library(twindow_asio INTERFACE)
target_link_libraries(twindow_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(twindow_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS
  # Frames of coroutines by operator new, which guarantees all of the alignment that they need:
  # aligned_alloc is a slow way into the allocator, taken seven times a call.
  BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
if(TWINDOW_SANITIZE MATCHES thread)
  # g++ 12 does not see through atomic_thread_fence under TSan.
  target_compile_definitions(twindow_asio INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()

# The program's allocator. A message is made by one thread and dropped by another, which glibc's
# arenas answer with locks (docs/PERFORMANCE.md). Static: no file more at run time, and no more
# pages than are used. Sanitizers bring their own.
find_library(TWINDOW_JEMALLOC libjemalloc_pic.a REQUIRED)
add_library(twindow_malloc INTERFACE)
if(NOT TWINDOW_SANITIZE)
  target_link_libraries(twindow_malloc INTERFACE ${TWINDOW_JEMALLOC} Threads::Threads m)
endif()

# libphonenumber-dev cannot be installed beside libboost1.81-dev, so its headers are unpacked into
# build/deps (cmake/install-packages); the library itself is installed. Its headers include those of
# protobuf.
find_path(TWINDOW_PHONENUMBER_HEADERS phonenumbers/phonenumberutil.h REQUIRED
  HINTS ${PROJECT_SOURCE_DIR}/build/deps/libphonenumber/usr/include)
find_library(TWINDOW_PHONENUMBER NAMES libphonenumber.so.8 phonenumber REQUIRED)
find_package(Protobuf REQUIRED)
add_library(twindow_phonenumber INTERFACE)
target_include_directories(twindow_phonenumber SYSTEM INTERFACE ${TWINDOW_PHONENUMBER_HEADERS})
target_link_libraries(twindow_phonenumber INTERFACE ${TWINDOW_PHONENUMBER} protobuf::libprotobuf)
