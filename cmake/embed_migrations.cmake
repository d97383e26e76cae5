# SPDX-License-Identifier: Apache-2.0
# cmake -D FOLDER=… -D OUTPUT=… -P: writes FOLDER/*.sql, in the order of their numbers, as the C++
# source that defines migrations().
file(GLOB files RELATIVE "${FOLDER}" "${FOLDER}/*.sql")
list(SORT files)
set(rows "")
set(expected 1)
foreach(file IN LISTS files)
  string(REGEX MATCH "^[0-9][0-9][0-9][0-9]" number "${file}")
  if(NOT number OR NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: migrations are numbered from 0001 without a gap, and ${expected} is next")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ "${FOLDER}/${file}" sql)
  string(REGEX REPLACE "\\.sql$" "" name "${file}")
  string(APPEND rows "    {\"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// SPDX-License-Identifier: Apache-2.0
// Made of src/store/sqlite/migrations/ by cmake/embed_migrations.cmake.
#include \"src/store/sqlite/migrations.h\"

namespace twindow::store::sqlite {
namespace {
constexpr Migration kMigrations[] = {
${rows}};
}  // namespace
std::span<const Migration> migrations() { return kMigrations; }
}  // namespace twindow::store::sqlite
")
