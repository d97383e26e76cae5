// SPDX-License-Identifier: Apache-2.0
// The SDK's way through services, contents, numbers and lookups, and what that does to sends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import twilio from 'twilio';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, clientOf, fieldsOf, newAccount, publicUrl } from './lib/twilio_client.mjs';

let app, server;
before(async () => {
  app = await startFakeApp();
  server = await startTwindow('--clock', 'manual', '--deliver-to', `${publicUrl}=${app.url}`);
});
after(async () => {
  await server.stop();
  await app.stop();
});

function everywhere(account) {
  const client = clientOf(twilio, server, account);
  for (const product of ['messaging', 'content', 'lookups']) client[product].baseUrl = server.api;
  return client;
}
const advance = (account, by) =>
  control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by });

test('a content that was approved leaves a closed window', async () => {
  const account = newAccount();
  const client = everywhere(account);
  const content = await client.content.v1.contents.create({
    friendly_name: 'reminder', language: 'en', variables: { 1: 'friend' },
    types: { 'twilio/text': { body: 'Hi {{1}}, see you at {{2}}.' } },
  });
  const send = (contentVariables) => client.messages.create({
    to: ana, from: 'whatsapp:+14155550100', contentSid: content.sid, contentVariables });
  const early = await send('{"1":"Ana","2":"nine"}');
  assert.equal(early.body, 'Hi Ana, see you at nine.');
  const requested = await client.content.v1.contents(content.sid).approvalCreate
    .create({ name: 'reminder', category: 'UTILITY' });
  assert.equal(requested.status, 'received');
  await advance(account, '11s');
  assert.equal((await client.messages(early.sid).fetch()).errorCode, 63016);
  const fetched = await client.content.v1.contents(content.sid).approvalFetch().fetch();
  assert.equal(fetched.whatsapp.status, 'approved');
  const sent = await send('{"2":"ten"}');
  assert.equal(sent.body, 'Hi friend, see you at ten.', 'the sample stands for what is missing');
  await advance(account, '10s');
  assert.equal((await client.messages(sent.sid).fetch()).status, 'delivered');
  await client.content.v1.contents(content.sid).remove();
  await assert.rejects(send('{}'), { code: 21655 });
});

test('a rule of the control API rejects a template, and a send with it fails', async () => {
  const account = newAccount();
  const client = everywhere(account);
  await control(server, 'PUT', `/__admin/templates/approvals?account=${account}`, {
    decided_after: '3s', rules: [{ name: 'promo_*', status: 'rejected', reason: 'too loud' }] });
  const content = await client.content.v1.contents.create({
    language: 'en', types: { 'twilio/text': { body: 'Buy now!' } } });
  await client.content.v1.contents(content.sid).approvalCreate
    .create({ name: 'promo_may', category: 'MARKETING' });
  await advance(account, '3s');
  const { whatsapp } = await client.content.v1.contents(content.sid).approvalFetch().fetch();
  assert.deepEqual([whatsapp.status, whatsapp.rejection_reason], ['rejected', 'too loud']);
  const sent = await client.messages.create({
    to: ana, from: 'whatsapp:+14155550100', contentSid: content.sid });
  await advance(account, '5s');
  const failed = await client.messages(sent.sid).fetch();
  assert.deepEqual([failed.status, failed.errorCode], ['failed', 63040]);
});

test('a service sends from its pool, to the same user from the same number, and tells its URL', async () => {
  const account = newAccount();
  const client = everywhere(account);
  const service = await client.messaging.v1.services.create({
    friendlyName: 'Orders', statusCallback: `${publicUrl}/of-the-service` });
  const pool = client.messaging.v1.services(service.sid).phoneNumbers;
  for (const phoneNumber of ['+14155550100', '+14155550101']) {
    const number = await client.incomingPhoneNumbers.create({ phoneNumber });
    await pool.create({ phoneNumberSid: number.sid });
  }
  assert.equal((await pool.list()).length, 2);
  assert.equal((await pool.list({ pageSize: 1 })).length, 2, 'the next page is found here');
  const to = '+12125550123';
  const senders = new Set();
  for (let i = 0; i < 3; i += 1) {
    const message = await client.messages.create({ to, messagingServiceSid: service.sid, body: 'hi' });
    assert.equal(message.from, null);
    await advance(account, '10s');
    senders.add((await client.messages(message.sid).fetch()).from);
  }
  assert.equal(senders.size, 1);
  const told = (await app.requests(1)).map((request) => request.target ?? request.path);
  assert.ok(told.every((path) => path.startsWith('/of-the-service')), told.join());
  await assert.rejects(client.messages.create({ to, from: '+14155550199', body: 'hi' }), { code: 21606 });
  await client.messaging.v1.services(service.sid).remove();
  await assert.rejects(
    client.messages.create({ to, messagingServiceSid: service.sid, body: 'hi' }), { code: 21701 });
});

test('a number is called at its SmsUrl', async () => {
  const account = newAccount();
  const client = everywhere(account);
  const number = await client.incomingPhoneNumbers.create({
    phoneNumber: '+14155550102', smsUrl: `${publicUrl}/first` });
  const write = async () => {
    await app.forget();
    await control(server, 'POST', '/__admin/simulate/inbound-message', {
      AccountSid: account, From: '+12125550123', To: '+14155550102', Body: 'hello' });
    return app.requests(1);
  };
  assert.equal(fieldsOf((await write())[0]).To, '+14155550102');
  await client.incomingPhoneNumbers(number.sid).update({ smsUrl: `${publicUrl}/second` });
  const [request] = await write();
  assert.equal(request.target ?? request.path, '/second');
  assert.equal((await client.incomingPhoneNumbers.list({ phoneNumber: '0102' })).length, 1);
});

test('lookups say what a number is', async () => {
  const client = everywhere(newAccount());
  const found = await client.lookups.v2.phoneNumbers('+14159929960').fetch();
  assert.deepEqual([found.valid, found.countryCode, found.nationalFormat], [true, 'US', '(415) 992-9960']);
});
