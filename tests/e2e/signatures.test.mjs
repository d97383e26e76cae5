// SPDX-License-Identifier: Apache-2.0
// 500 random webhooks that node's validator takes, and 500 tampered ones that it refuses; and the
// vectors of fixtures/twilio/signature.json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import newest from 'twilio';
import old from 'twilio-v4';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, fieldsOf, newAccount, publicUrl, shop, token } from './lib/twilio_client.mjs';

let app, server;
before(async () => {
  app = await startFakeApp();
  server = await startTwindow(
    '--clock', 'manual', '--deliver-to', `${publicUrl}=${app.url}`, '--inbound-url', `${publicUrl}/in?a=%20b&c=`);
});
after(async () => {
  const code = await server.stop();
  await app.stop();
  assert.equal(code, 0);
});

// Repeatable: a linear congruential generator, as in every C library.
let state = 63016;
const draw = (bound) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return state % bound;
};
const letters = ['a', 'Z', '0', ' ', '&', '=', '+', '%', 'ë', '👋', '"', '\n', '~', '\''];
const text = () => Array.from({ length: draw(40) }, () => letters[draw(letters.length)]).join('');

test('500 random webhooks are accepted, 500 tampered ones refused', async () => {
  const account = newAccount();
  await app.forget();
  for (let i = 0; i < 500; ++i) {
    await control(server, 'POST', '/__admin/simulate/inbound-message', {
      AccountSid: account, From: ana, To: shop, Body: text(), ProfileName: text(), [`X${draw(5)}`]: text() });
  }
  const requests = await app.requests(500);
  const url = `${publicUrl}/in?a=%20b&c=`;
  for (const request of requests) {
    const fields = fieldsOf(request);
    const signature = request.headers['X-Twilio-Signature'];
    for (const twilio of [newest, old]) {
      assert.ok(twilio.validateRequest(token, signature, url, fields), JSON.stringify(fields));
      const names = Object.keys(fields);
      const name = names[draw(names.length)];
      assert.ok(!twilio.validateRequest(token, signature, url, { ...fields, [name]: `${fields[name]}x` }), name);
    }
    assert.ok(!newest.validateRequest(token, signature, `${url}x`, fields));
  }
});

test('the vectors are good for the validators', () => {
  const { auth_token: secret, vectors } = JSON.parse(
    readFileSync(new URL('../../fixtures/twilio/signature.json', import.meta.url)));
  assert.ok(vectors.length >= 6);
  for (const { name, kind, url, signed_url: signed, body, signature } of vectors) {
    const at = signed ?? url.replace(/#.*$/, '').replace(/\/\/[^/@]*@/, '//');
    if (kind === 'json') {
      assert.ok(newest.validateRequestWithBody(secret, signature, at, body), name);
      continue;
    }
    const fields = {};
    for (const [key, value] of new URLSearchParams(kind === 'form' ? body : '')) {
      fields[key] = key in fields ? [].concat(fields[key], value) : value;
    }
    assert.ok(newest.validateRequest(secret, signature, at, fields), name);
  }
});
