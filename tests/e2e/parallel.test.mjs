// SPDX-License-Identifier: Apache-2.0
// Many at once: nothing is lost, and no account sees another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import twilio from 'twilio';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, clientOf, fieldsOf, newAccount, publicUrl, shop, token } from './lib/twilio_client.mjs';

let app, server;
before(async () => {
  app = await startFakeApp();
  server = await startTwindow('--clock', 'manual', '--deliver-to', `${publicUrl}=${app.url}`);
});
after(async () => {
  const code = await server.stop();
  await app.stop();
  assert.equal(code, 0);
});

test('200 parallel creates: 200 different SIDs, 200 callbacks, none lost', async () => {
  const account = newAccount();
  const client = clientOf(twilio, server, account);
  const sent = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    client.messages.create({
      to: `whatsapp:+1555${String(8_000_000 + i)}`, from: shop, body: `n ${i}`,
      statusCallback: `${publicUrl}/status`,
    })));
  const sids = new Set(sent.map((m) => m.sid));
  assert.equal(sids.size, 200);
  await control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by: '5s' });
  const callbacks = await app.requests(200);
  assert.equal(callbacks.length, 200);
  const told = new Set();
  for (const callback of callbacks) {
    const fields = fieldsOf(callback);
    assert.equal(fields.ErrorCode, '63016');
    assert.ok(twilio.validateRequest(
      token, callback.headers['X-Twilio-Signature'], `${publicUrl}/status`, fields));
    told.add(fields.MessageSid);
  }
  assert.deepEqual(told, sids);
});

test('50 accounts in parallel: none sees another’s messages, windows or clock', async () => {
  const accounts = Array.from({ length: 50 }, newAccount);
  const start = Date.parse((await control(server, 'GET', '/__admin/clock')).now);
  const seen = await Promise.all(accounts.map(async (account, i) => {
    const client = clientOf(twilio, server, account);
    if (i % 2 === 0) {
      await control(server, 'POST', '/__admin/simulate/inbound-message', {
        AccountSid: account, From: ana, To: shop, Body: 'hola',
      });
    }
    const message = await client.messages.create({ to: ana, from: shop, body: `from ${i}` });
    await control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by: `${i + 5}m` });
    const [clock, windows, list] = await Promise.all([
      control(server, 'GET', `/__admin/clock?account=${account}`),
      control(server, 'GET', `/__admin/windows?account=${account}`),
      client.messages.list(),
    ]);
    return { i, message, clock, windows, list };
  }));
  for (const { i, message, clock, windows, list } of seen) {
    const outbound = list.filter((m) => m.direction === 'outbound-api');
    assert.deepEqual(outbound.map((m) => m.sid), [message.sid]);
    assert.equal(outbound[0].status, i % 2 === 0 ? 'delivered' : 'undelivered', `account ${i}`);
    assert.equal(windows.windows.length, i % 2 === 0 ? 1 : 0);
    assert.equal(clock.accounts.length, 1);
    const moved = Date.parse(clock.accounts[0].now) - start;
    assert.equal(moved, (i + 5) * 60_000, `account ${i} moved by its own advance only`);
  }
  assert.equal(new Set(seen.map((s) => s.message.sid)).size, 50);
});
