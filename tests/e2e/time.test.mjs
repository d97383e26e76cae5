// SPDX-License-Identifier: Apache-2.0
// Virtual time, asserted by the world's own clock and never by the wall's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import twilio from 'twilio';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, clientOf, fieldsOf, newAccount, publicUrl, shop } from './lib/twilio_client.mjs';

test('auto: the clock jumps from step to step of a message, and never to a deadline', async () => {
  const app = await startFakeApp();
  const server = await startTwindow('--clock', 'auto', '--deliver-to', `${publicUrl}=${app.url}`);
  const account = newAccount();
  const client = clientOf(twilio, server, account);
  await control(server, 'POST', '/__admin/simulate/inbound-message', {
    AccountSid: account, From: ana, To: shop, Body: 'hola' });
  const before = await control(server, 'GET', `/__admin/clock?account=${account}`);
  await client.messages.create({ to: ana, from: shop, body: 'hi', statusCallback: `${publicUrl}/s` });
  const told = (await app.requests(2)).map((r) => fieldsOf(r).MessageStatus);
  assert.deepEqual(told, ['sent', 'delivered']);
  const clock = await control(server, 'GET', `/__admin/clock?account=${account}`);
  const moved = Date.parse(clock.accounts[0].now) - Date.parse(before.accounts[0].now);
  assert.ok(moved >= 800 && moved < 5_000, `moved ${moved} ms of its own time`);
  assert.ok(clock.accounts[0].next_event, 'the end of the window is still to come');
  await server.stop();
  await app.stop();
});

test('real: an advance adds to the clock, runs what is due, and the clock ticks on', async () => {
  const app = await startFakeApp();
  const server = await startTwindow('--deliver-to', `${publicUrl}=${app.url}`);
  const account = newAccount();
  const client = clientOf(twilio, server, account);
  await client.messages.create({ to: ana, from: shop, body: 'hi', statusCallback: `${publicUrl}/s` });
  const before = Date.parse((await control(server, 'GET', `/__admin/clock?account=${account}`)).now);
  const advanced = await control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by: '49h' });
  assert.deepEqual(advanced.events.map((e) => e.type),
    ['message.undelivered', 'callback', 'clock.advanced']);
  assert.equal((await app.requests(1)).length, 1, 'answered before advance returned');
  const after = Date.parse((await control(server, 'GET', `/__admin/clock?account=${account}`)).now);
  assert.ok(after - before >= 49 * 3_600_000);
  assert.equal(Date.parse((await control(server, 'GET', '/__admin/clock')).now) < after, true,
    'another account’s clock did not move');
  await server.stop();
  await app.stop();
});

test('manual: a second advance from inside a callback is 409, and time cannot go back', async () => {
  const server = await startTwindow('--clock', 'manual');
  const { createServer } = await import('node:http');
  const account = newAccount();
  const inner = [];
  const app = createServer(async (request, response) => {
    const answer = await fetch(`${server.control}/__admin/clock/advance?account=${account}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"by":"1h"}' });
    inner.push([answer.status, await answer.json()]);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
  const client = clientOf(twilio, server, account);
  await client.messages.create({
    to: ana, from: shop, body: 'hi', statusCallback: `http://127.0.0.1:${app.address().port}/s` });
  await control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by: '5s' });
  assert.equal(inner.length, 1);
  assert.equal(inner[0][0], 409);
  assert.match(inner[0][1].errors[0].detail, /advanced already/);
  await assert.rejects(
    control(server, 'PUT', `/__admin/clock?account=${account}`, { now: '2001-01-01T00:00:00Z' }), /409/);
  await server.stop();
  app.close();
});
