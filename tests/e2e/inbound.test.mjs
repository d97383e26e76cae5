// SPDX-License-Identifier: Apache-2.0
// A user writes: the app's webhook is called, signed as Twilio signs it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import newest from 'twilio';
import old from 'twilio-v4';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, fieldsOf, newAccount, publicUrl, shop, token } from './lib/twilio_client.mjs';

let app, server;
before(async () => {
  app = await startFakeApp();
  server = await startTwindow(
    '--clock', 'manual', '--deliver-to', `${publicUrl}=${app.url}`, '--inbound-url', `${publicUrl}/in?shop=1`);
});
after(async () => {
  const code = await server.stop();
  await app.stop();
  assert.equal(code, 0);
});

const userWrites = (fields) =>
  control(server, 'POST', '/__admin/simulate/inbound-message', fields);

test('WhatsApp: the app gets Twilio’s parameters, and the SDKs accept the signature', async () => {
  await app.forget();
  const account = newAccount();
  const answer = await userWrites({
    AccountSid: account, From: ana, To: shop, Body: 'Hola 👋 & adiós', ProfileName: 'Zoë', ButtonPayload: 'yes_1' });
  assert.equal(answer.webhook.status, 204);
  const [request] = await app.requests(1);
  assert.equal(request.target, '/in?shop=1');
  const fields = fieldsOf(request);
  assert.equal(fields.Body, 'Hola 👋 & adiós');
  assert.equal(fields.ProfileName, 'Zoë');
  assert.equal(fields.ButtonPayload, 'yes_1', 'what has no meaning to us is passed on');
  assert.equal(fields.WaId, '5215512345678');
  assert.equal(fields.SmsStatus, 'received');
  assert.equal(fields.MessageStatus, undefined);
  assert.equal(fields.NumMedia, '0');
  assert.deepEqual(
    [fields.MessageSid, fields.SmsSid, fields.SmsMessageSid], Array(3).fill(answer.MessageSid));
  assert.equal(request.headers['User-Agent'], 'TwilioProxy/1.1');
  assert.equal(request.headers['Content-Type'], 'application/x-www-form-urlencoded; charset=UTF-8');
  assert.equal(request.headers.Host, 'app.example.com');
  for (const twilio of [newest, old]) {
    assert.ok(twilio.validateRequest(
      token, request.headers['X-Twilio-Signature'], `${publicUrl}/in?shop=1`, fields));
  }
});

test('SMS: no window, the SMS parameters', async () => {
  await app.forget();
  const answer = await userWrites({
    AccountSid: newAccount(), From: '+15558675310', To: '+15005550006', Body: 'Yes' });
  assert.equal(answer.window, null);
  const fields = fieldsOf((await app.requests(1))[0]);
  assert.equal(fields.FromCountry, 'US');
  assert.equal(fields.NumSegments, '1');
  assert.equal(fields.WaId, undefined);
});

test('an app that answers 500 is told of in the timeline, and the window is open all the same', async () => {
  await app.forget();
  await app.answer(500, 'sorry');
  const account = newAccount();
  const answer = await userWrites({ AccountSid: account, From: ana, To: shop, Body: 'hola' });
  await app.answer(204);
  assert.equal(answer.webhook.status, 500);
  assert.equal(answer.window.state, 'open');
  const message = await control(server, 'GET', `/__admin/messages/${answer.MessageSid}`);
  assert.match(message.timeline.at(-1).text, /500/);
  const callback = await control(server, 'GET', `/__admin/callbacks/${message.callbacks[0]}`);
  assert.equal(callback.response.body, 'sorry');
});

test('a public name without --deliver-to is never called, and the answer holds the option to add', async () => {
  const account = newAccount();
  await control(server, 'PUT', '/__admin/senders', {
    AccountSid: account, senders: [{ address: shop, inbound_url: 'https://elsewhere.example.org/in' }] });
  const answer = await userWrites({ AccountSid: account, From: ana, To: shop, Body: 'hola' });
  assert.equal(answer.webhook.status, 0);
  assert.match(answer.webhook.error, /--deliver-to https:\/\/elsewhere\.example\.org=http:\/\/127\.0\.0\.1:3000/);
});
