// SPDX-License-Identifier: Apache-2.0
// The campaign of campaign_test.py, smaller: 60 pass with the bytes that the SDK wrote, 30 become a
// template, 10 are refused in the SDK's own exception.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import twilio from 'twilio';

import { control, startTwindow } from './lib/processes.mjs';
import { newAccount, shop, token } from './lib/twilio_client.mjs';

const publicUrl = 'https://tw.example.com';
const account = newAccount();
const reminder = 'HX0000000000000000000000000000000a';
const contents = [{
  sid: reminder, friendly_name: 'reminder', language: 'es', variables: {},
  types: { 'twilio/text': { body: 'Hola {{1}}, tu cita es {{2}}.' } },
  approval_requests: { name: 'reminder', category: 'UTILITY', content_type: 'twilio/text', status: 'approved' },
}];

const user = (n) => `whatsapp:+1555${String(n).padStart(7, '0')}`;
const textFor = (n) => (n >= 60 && n < 90 ? `Hola Zoë ${n}, tu cita es mañana & más.` : `¿Más, nº ${n}? 50 % = a+b`);
const formOf = (body) => Object.fromEntries(new URLSearchParams(body));

// Twilio: keeps every create, knows of no message of any user.
const creates = new Map();
let made = 0;
function answerOf(request, body) {
  const path = request.url.split('?')[0];
  if (request.method === 'POST') {
    creates.set(formOf(body).To, body);
    made += 1;
    const { To, From } = formOf(body);
    return [201, {
      sid: `SM${made.toString(16).padStart(32, '0')}`, status: 'queued', direction: 'outbound-api',
      to: To, from: From, body: '', num_media: '0', date_created: 'Mon, 05 Jan 2026 09:00:00 +0000',
    }];
  }
  if (path === '/v1/ContentAndApprovals') return [200, { contents, meta: { key: 'contents', next_page_url: null } }];
  return [200, { messages: [], next_page_uri: null }];
}
const upstream = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const [status, body] = answerOf(request, Buffer.concat(pieces).toString());
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
});

let server, folder;
before(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  folder = mkdtempSync(join(tmpdir(), 'twindow-campaign-'));
  const file = join(folder, 'twindow.json');
  writeFileSync(file, JSON.stringify({
    mode: 'proxy', public_url: publicUrl, upstream: `http://127.0.0.1:${upstream.address().port}`,
    accounts: [{ sid: account, auth_token: token }],
  }));
  server = await startTwindow('--config', file);
});
after(async () => {
  upstream.closeAllConnections();
  upstream.close();
  rmSync(folder, { recursive: true });
  assert.equal(await server.stop(), 0);
});

async function write(n) {
  const sid = `SM${(0xabc0000 + n).toString(16).padStart(32, '0')}`;
  const fields = { MessageSid: sid, AccountSid: account, From: user(n), To: shop, Body: '¿hola?', NumMedia: '0' };
  const url = `${publicUrl}/hooks/inbound`;
  return fetch(`${server.api}/hooks/inbound`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(token, url, fields) },
    body: new URLSearchParams(fields),
  });
}

test('a campaign: 60 pass, 30 become a template, 10 are refused', async () => {
  const opened = await Promise.all(Array.from({ length: 60 }, (_, n) => write(n)));
  assert.deepEqual(new Set(opened.map((answer) => answer.status)), new Set([200]));

  const client = twilio(account, token);
  client.api.baseUrl = server.api;
  const sent = new Map();
  client.httpClient.axios.interceptors.request.use((request) => {
    request.headers.set('Twindow-Campaign', 'autumn');
    sent.set(formOf(request.data).To, request.data);
    return request;
  });
  const results = await Promise.allSettled(Array.from({ length: 100 }, (_, n) =>
    client.messages.create({ to: user(n), from: shop, body: textFor(n), validityPeriod: 3600 })));

  assert.equal(made, 90);
  assert.equal(creates.size, 90);
  results.forEach(({ value, reason }, n) => {
    if (n >= 90) {
      assert.ok(reason instanceof twilio.RestException, String(reason));
      assert.ok(!creates.has(user(n)));
      assert.deepEqual([reason.status, reason.code], [400, 63016]);
      assert.match(reason.message, /^Twindow: rule "all else" refuses it/);
      return;
    }
    assert.equal(value?.status, 'queued', String(reason));
    const body = creates.get(user(n));
    if (n < 60) {
      assert.equal(body, sent.get(user(n)));
    } else {
      const { ContentVariables, ...rest } = formOf(body);
      assert.deepEqual(rest, { To: user(n), ValidityPeriod: '3600', From: shop, ContentSid: reminder });
      assert.deepEqual(JSON.parse(ContentVariables), { 1: `Zoë ${n}`, 2: 'mañana & más' });
    }
  });

  const { decisions } = await control(server, 'GET', '/__admin/decisions?limit=200');
  const counts = {};
  for (const { decision, campaign } of decisions) {
    assert.equal(campaign, 'autumn');
    counts[decision] = (counts[decision] ?? 0) + 1;
  }
  assert.deepEqual(counts, { pass: 60, reroute: 30, reject: 10 });
});
