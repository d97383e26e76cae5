-- SPDX-License-Identifier: Apache-2.0
-- The one script of every wrk run: sends the requests of a file in turn (see calls.py, which writes
-- them, NUL between two). Its last line of output is for a program.

local requests = {}
local turn = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = request end
  file:close()
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "result requests=%d seconds=%.6f bytes=%d p50_us=%d p99_us=%d failed=%d\n",
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50),
    latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
