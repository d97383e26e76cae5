// SPDX-License-Identifier: Apache-2.0
// The bug that Twindow was born from, and its end, told with the real Twilio SDKs: the newest
// major and an old one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import newest from 'twilio';
import old from 'twilio-v4';

import { control, startFakeApp, startTwindow } from './lib/processes.mjs';
import { ana, clientOf, fieldsOf, newAccount, publicUrl, shop, token } from './lib/twilio_client.mjs';

for (const [name, twilio] of [['twilio 6', newest], ['twilio 4', old]]) {
  describe(`stories with ${name}`, () => {
    let app, server;
    before(async () => {
      app = await startFakeApp();
      server = await startTwindow('--clock', 'manual', '--deliver-to', `${publicUrl}=${app.url}`);
      // In the morning of a day to come, so that no story runs over midnight by chance.
      await control(server, 'PUT', '/__admin/clock', { now: '2030-01-05T09:00:00Z' });
    });
    after(async () => {
      const code = await server.stop();
      await app.stop();
      assert.equal(code, 0);
    });

    const advance = (account, by) =>
      control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by });
    const userWrites = (account) =>
      control(server, 'POST', '/__admin/simulate/inbound-message', {
        AccountSid: account, From: ana, To: shop, Body: 'hola',
      });
    const send = (client) =>
      client.messages.create({
        to: ana, from: shop, body: 'Hola Ana', statusCallback: `${publicUrl}/status?campaign=42`,
      });

    test('outside the window: queued, then one signed callback, undelivered with 63016', async () => {
      await app.forget();
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      const created = await send(client);
      assert.match(created.sid, /^SM[0-9a-f]{32}$/);
      assert.equal(created.status, 'queued');
      assert.equal(created.errorCode, null);
      assert.equal(created.direction, 'outbound-api');
      assert.equal(created.numSegments, '1');
      assert.equal(created.dateSent, null);

      await advance(account, '5s');
      const [callback, ...more] = await app.requests(1);
      assert.equal(more.length, 0, 'one callback, none for the initial status');
      assert.equal(callback.method, 'POST');
      assert.equal(callback.target, '/status?campaign=42');
      const fields = fieldsOf(callback);
      assert.equal(fields.MessageSid, created.sid);
      assert.equal(fields.SmsSid, created.sid);
      assert.equal(fields.MessageStatus, 'undelivered');
      assert.equal(fields.SmsStatus, 'undelivered');
      assert.equal(fields.ErrorCode, '63016');
      assert.equal(fields.To, ana);
      assert.equal(fields.From, shop);
      assert.equal(fields.AccountSid, account);
      assert.equal(fields.ChannelPrefix, 'whatsapp');
      const signature = callback.headers['X-Twilio-Signature'];
      const url = `${publicUrl}/status?campaign=42`;
      assert.ok(twilio.validateRequest(token, signature, url, fields), 'the SDK accepts the signature');
      assert.ok(!twilio.validateRequest(token, signature, url, { ...fields, ErrorCode: '63017' }));
      assert.ok(!twilio.validateRequest('f'.repeat(32), signature, url, fields));
      assert.match(callback.headers['I-Twilio-Idempotency-Token'], /^[0-9a-f-]{36}$/);

      const fetched = await client.messages(created.sid).fetch();
      assert.equal(fetched.status, 'undelivered');
      assert.equal(fetched.errorCode, 63016);
      assert.match(fetched.errorMessage, /outside the allowed window/i);
    });

    test('inside the window: delivered; 24 hours later 63016 again', async () => {
      await app.forget();
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      const inbound = await userWrites(account);
      assert.equal(inbound.window.state, 'open');
      const delivered = await send(client);
      await advance(account, '5s');
      const told = (await app.requests(2)).map((r) => fieldsOf(r).MessageStatus);
      assert.deepEqual(told, ['sent', 'delivered']);
      assert.equal((await client.messages(delivered.sid).fetch()).status, 'delivered');

      await advance(account, '24h');
      const late = await send(client);
      await advance(account, '5s');
      const fetched = await client.messages(late.sid).fetch();
      assert.deepEqual([fetched.status, fetched.errorCode], ['undelivered', 63016]);
    });

    test('the seed story: five sends, all queued, all undelivered within five seconds', async () => {
      await app.forget();
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      const users = ['+5215512345678', '+5491123456789', '+551187654321', '+15558675310', '+34600000001'];
      const sent = [];
      for (const user of users) {
        sent.push(await client.messages.create({
          to: `whatsapp:${user}`, from: shop, body: 'Big sale', statusCallback: `${publicUrl}/status`,
        }));
      }
      assert.deepEqual(sent.map((m) => m.status), Array(5).fill('queued'));
      await advance(account, '5s');
      const callbacks = (await app.requests(5)).map(fieldsOf);
      assert.deepEqual(callbacks.map((f) => f.MessageSid), sent.map((m) => m.sid));
      for (const fields of callbacks) {
        assert.deepEqual([fields.MessageStatus, fields.ErrorCode], ['undelivered', '63016']);
      }
      for (const { sid } of sent) {
        const { status, errorCode } = await client.messages(sid).fetch();
        assert.deepEqual([status, errorCode], ['undelivered', 63016]);
      }
    });

    test('lists with filters and pages, as the SDK asks for them', async () => {
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      for (let i = 0; i < 7; i += 1) {
        await client.messages.create({ to: '+15558675310', from: '+15005550006', body: `n ${i}` });
      }
      await client.messages.create({ to: '+15558675311', from: '+15005550006', body: 'other' });
      const all = await client.messages.list({ pageSize: 3 });
      assert.deepEqual(all.map((m) => m.body), ['other', 'n 6', 'n 5', 'n 4', 'n 3', 'n 2', 'n 1', 'n 0']);
      const filtered = await client.messages.list({ to: '+15558675310', pageSize: 2, limit: 5 });
      assert.deepEqual(filtered.map((m) => m.body), ['n 6', 'n 5', 'n 4', 'n 3', 'n 2']);
      assert.deepEqual(await client.messages.list({ from: '+15005550009' }), []);
      await advance(account, '5s');
      const created = new Date(all[0].dateCreated);
      const today = new Date(Date.UTC(created.getUTCFullYear(), created.getUTCMonth(), created.getUTCDate()));
      assert.equal((await client.messages.list({ dateSent: today })).length, 8);
      const tomorrow = new Date(today.getTime() + 86_400_000 * 2);
      assert.equal((await client.messages.list({ dateSentAfter: tomorrow })).length, 0);
      assert.equal((await client.messages.list({ dateSentBefore: tomorrow })).length, 8);
    });

    test('errors are the SDK’s own, with Twilio’s codes', async () => {
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      const good = { to: ana, from: shop, body: 'x' };
      const cases = [
        [{ ...good, to: 'whatsapp:5215512345678' }, 400, 21211],
        [{ ...good, from: undefined }, 400, 21603],
        [{ ...good, from: 'whatsapp:shop' }, 400, 21212],
        [{ ...good, body: undefined }, 400, 21602],
        [{ ...good, body: 'x'.repeat(1601) }, 400, 21617],
        [{ ...good, from: '+15005550006' }, 400, 21910],
        [{ ...good, from: ana }, 400, 63031],
        [{ to: '+15558675310', from: '+15558675310', body: 'x' }, 400, 21266],
        [{ to: '22395', from: '+15005550006', body: 'x' }, 400, 21265],
        [{ ...good, statusCallback: 'not a url' }, 400, 21609],
        [{ ...good, body: undefined, contentSid: 'HX1' }, 400, 21655],
        [{ ...good, contentVariables: '{}' }, 400, 21654],
        [{ ...good, mediaUrl: ['ftp://cdn.example.com/a.png'] }, 400, 21620],
        [{ ...good, from: undefined, messagingServiceSid: 'MG1' }, 400, 21705],
      ];
      for (const [params, status, code] of cases) {
        const given = Object.fromEntries(Object.entries(params).filter(([, v]) => v !== undefined));
        await assert.rejects(client.messages.create(given), (error) => {
          assert.deepEqual([error.status, error.code], [status, code], JSON.stringify(given));
          assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
          return true;
        });
      }
      await assert.rejects(client.messages(`SM${'0'.repeat(32)}`).fetch(), { status: 404, code: 20404 });
      const stranger = twilio(account, 'f'.repeat(32));
      stranger.api.baseUrl = server.api;
      await assert.rejects(stranger.messages.create(good), { status: 401, code: 20003 });
    });

    test('a message through a Messaging Service is accepted, then queued by its sender', async () => {
      await app.forget();
      const account = newAccount();
      const client = clientOf(twilio, server, account);
      const accepted = await client.messages.create({
        to: '+15558675310', messagingServiceSid: `MG${'0'.repeat(32)}`, body: 'hi',
        statusCallback: `${publicUrl}/status`,
      });
      assert.deepEqual([accepted.status, accepted.from, accepted.numSegments], ['accepted', null, '0']);
      await advance(account, '5s');
      const told = (await app.requests(3)).map(fieldsOf);
      assert.deepEqual(told.map((f) => f.MessageStatus), ['queued', 'sent', 'delivered']);
      assert.equal(told[0].MessagingServiceSid, `MG${'0'.repeat(32)}`);
      const fetched = await client.messages(accepted.sid).fetch();
      assert.match(fetched.from, /^\+1555\d{7}$/);
      assert.equal(fetched.numSegments, '1');
    });
  });
}
