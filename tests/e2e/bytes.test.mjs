// SPDX-License-Identifier: Apache-2.0
// Same seed, same inputs, same clock: the same bytes, twice.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, publicUrl, shop, token } from './lib/twilio_client.mjs';

const account = `AC${'0123456789abcdef'.repeat(2)}`;

// One call by hand: the answer's status line, headers and body as they came.
function call(base, method, path, form) {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(`${base}${path}`, {
      method,
      auth: `${account}:${token}`,
      headers: body === undefined ? {} : {
        'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body),
      },
    }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        // Date is the wall clock's; everything else must be equal.
        const headers = [];
        for (let i = 0; i < response.rawHeaders.length; i += 2) {
          if (response.rawHeaders[i] !== 'Date') headers.push(response.rawHeaders.slice(i, i + 2).join(': '));
        }
        resolve([`HTTP ${response.statusCode} ${response.statusMessage}`, ...headers,
          Buffer.concat(chunks).toString()].join('\n'));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function session() {
  const app = await startFakeApp();
  const server = await startTwindow(
    '--clock', 'manual', '--seed', '63016', '--deliver-to', `${publicUrl}=${app.url}`);
  const messages = `/2010-04-01/Accounts/${account}/Messages`;
  const transcript = [];
  await control(server, 'PUT', '/__admin/clock', { now: '2030-01-05T09:00:00Z' });
  const send = (extra) => call(server.api, 'POST', `${messages}.json`, {
    To: ana, From: shop, Body: 'Hola Zoë 👋', StatusCallback: `${publicUrl}/status`, ...extra,
  });
  transcript.push(await send());
  transcript.push(await send({ To: '+1' }));
  transcript.push(await send({ To: '' }));
  transcript.push(await send({ To: '+15558675310', From: '+15005550006' }));
  transcript.push(JSON.stringify(await control(server, 'POST', '/__admin/simulate/inbound-message', {
    AccountSid: account, From: ana, To: shop, Body: 'hola' })));
  transcript.push(await send({ MessagingServiceSid: `MG${'1'.repeat(32)}` }));
  const advanced = await control(server, 'POST', '/__admin/clock/advance', { by: '25h' });
  for (const event of advanced.events) {
    // Which port the app listens on and how fast it was is not ours.
    if (event.callback) { delete event.callback.posted_to; delete event.callback.latency_ms; }
    delete event.id;
  }
  transcript.push(JSON.stringify(advanced));
  transcript.push(await call(server.api, 'GET', `${messages}.json?PageSize=2`));
  transcript.push(await call(server.api, 'GET', `/2010-04-01/Nonsense.json`));
  for (const request of await app.requests(6)) {
    delete request.headers.REMOTE_ADDR;
    delete request.headers.REMOTE_PORT;
    delete request.headers.LOCAL_ADDR;
    delete request.headers.LOCAL_PORT;
    transcript.push(JSON.stringify(request));
  }
  const code = await server.stop();
  await app.stop();
  assert.equal(code, 0);
  return transcript;
}

test('two runs of one scripted session are byte-identical', async () => {
  const first = await session();
  const second = await session();
  assert.equal(first.length, 9 + 6);
  assert.deepEqual(second, first);
});
