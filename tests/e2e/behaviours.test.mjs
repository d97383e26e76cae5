// SPDX-License-Identifier: Apache-2.0
// behaviours.json with twilio, the SDK for node; TWINDOW_TEST_SDK names the package of another major.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { control, startTwindow } from './lib/processes.mjs';
import { clientOf, token } from './lib/twilio_client.mjs';

const sdk = process.env.TWINDOW_TEST_SDK ?? 'twilio';
const { default: twilio } = await import(sdk);

const service = 'MG0123456789abcdef0123456789abcdef';
const shop = 'whatsapp:+14155550100';
const sandbox = 'whatsapp:+14155238886';
const rows = JSON.parse(readFileSync(new URL('behaviours.json', import.meta.url), 'utf8'));

// What the configuration says of each kind of account.
const kinds = {
  plain: null,
  closed: { senders: [{ address: shop }, { address: '+14155550100', service }] },
  test: { test: true },
  advanced: { senders: [{ address: '+14155550111', service }], advanced_opt_out: [service] },
};

const accountOf = (index) => `AC${index.toString(16).padStart(32, '0')}`;

const filters = { 'DateSent<': 'dateSentBefore', 'DateSent>': 'dateSentAfter' };
const camel = (name) =>
  filters[name] ??
  (name[0].toLowerCase() + name.slice(1)).replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const paramsOf = (step) =>
  Object.fromEntries(Object.entries(step).map(([name, value]) => [camel(name), value]));

let server;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twindow-'));
  const config = join(folder, 'twindow.json');
  const accounts = rows.flatMap((row, index) =>
    kinds[row.account] ? [{ sid: accountOf(index), auth_token: token, ...kinds[row.account] }] : [],
  );
  writeFileSync(config, JSON.stringify({ accounts }));
  server = await startTwindow('--clock', 'manual', '--config', config);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

class World {
  constructor(index) {
    this.account = accountOf(index);
    this.client = clientOf(twilio, server, this.account);
    this.sids = {};
  }

  admin(method, path, body) {
    return control(server, method, `${path}?account=${this.account}`, body ?? undefined);
  }

  sid(text) {
    return text.startsWith('$') ? this.sids[text.slice(1)] : text;
  }

  async create(params) {
    // An older SDK leaves out what it does not know, and none asks without To.
    const names = Object.keys(paramsOf(params));
    const known = names.every((name) => this.client.messages.create.toString().includes(`"${name}"`));
    if ('To' in params && known) return this.client.messages.create(paramsOf(params));
    const record = await this.ask('post', 'api', `/2010-04-01/Accounts/${this.account}/Messages.json`, params);
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [camel(name), value]));
  }

  // "$name" and "$account" anywhere in a value.
  filled(value) {
    return JSON.parse(JSON.stringify(value).replace(/\$([a-z]+)/g, (text, name) =>
      (name === 'account' ? this.account : this.sids[name] ?? text)));
  }

  // What the SDK has no function for, with its credentials and its way of writing a request.
  async ask(method, product, path, params) {
    const host = product === 'api' ? '' : `/${product}.twilio.com`;
    const json = params && (product === 'content' || path.startsWith('/v2/Channels'));
    const uri = this.client.api.baseUrl + host + this.filled(path);
    const data = params && this.filled(params);
    const headers = json ? { 'Content-Type': 'application/json' } : {};
    let answer;
    if (json && sdk === 'twilio-v4') {
      // That one writes nothing but forms.
      headers.Authorization = `Basic ${Buffer.from(`${this.account}:${token}`).toString('base64')}`;
      const given = await fetch(uri, { method, headers, body: JSON.stringify(data) });
      answer = { statusCode: given.status, body: await given.text() };
    } else {
      answer = await this.client.request({ method: method.toLowerCase(), uri, data, headers });
    }
    const { statusCode: status, body } = answer;
    const record = typeof body === 'string' && body !== '' ? JSON.parse(body) : body;
    if (status < 400) return record;
    throw Object.assign(new Error('refused'), { status, code: record.code });
  }

  // What the API answers to it, if that is a record.
  async play(step) {
    const { client } = this;
    if ('create' in step) {
      const made = await this.create(this.filled(step.create));
      this.sids[step.as] = made.sid;
      return made;
    }
    if ('fetch' in step) return client.messages(this.sid(step.fetch)).fetch();
    if ('update' in step) return client.messages(this.sid(step.update)).update(paramsOf(step.with));
    if ('delete' in step) {
      assert.equal(await client.messages(this.sid(step.delete)).remove(), true);
    } else if ('list' in step) {
      const bodies = (await client.messages.list(paramsOf(step.list))).map(({ body }) => body);
      if (step.bodies) assert.deepEqual(bodies, step.bodies);
      if (step['bodies~']) {
        assert.equal(bodies.length, step['bodies~'].length);
        bodies.forEach((body, i) => assert.match(body, new RegExp(step['bodies~'][i])));
      }
    } else if ('media' in step) {
      const media = await client.messages(this.sid(step.media)).media.list();
      assert.deepEqual(media.map(({ contentType }) => contentType), step.types);
    } else if ('delete_media' in step) {
      const below = client.messages(this.sid(step.delete_media));
      await below.media((await below.media.list())[0].sid).remove();
    } else if ('feedback' in step) {
      return client.messages(this.sid(step.feedback)).feedback.create(paramsOf(step.with));
    } else if ('advance' in step) {
      await this.admin('POST', '/__admin/clock/advance', { by: step.advance });
    } else if ('inbound' in step) {
      await this.admin('POST', '/__admin/simulate/inbound-message', step.inbound);
    } else if ('join' in step) {
      const word = (await this.admin('GET', '/__admin/sandbox')).accounts[0].join;
      await this.admin('POST', '/__admin/simulate/inbound-message', {
        From: step.join,
        To: sandbox,
        Body: word,
      });
    } else if ('ask' in step) {
      const record = await this.ask(...step.ask);
      if (step.as) this.sids[step.as] = record.sid;
      return record;
    } else if ('admin' in step) {
      await this.admin(...this.filled(step.admin));
    } else {
      assert.fail(`no such step: ${JSON.stringify(step)}`);
    }
    return undefined;
  }
}

// A member of what the API answered, "senders.0.sid"; of an SDK's record by its name there.
const member = (record, path) => path.split('.').reduce(
  (inner, name) => inner?.[name] ?? inner?.[camel(name)] ?? null, record);

function check(wanted, record) {
  for (const [name, want] of Object.entries(wanted)) {
    const got = member(record, name.replace('~', ''));
    if (name.endsWith('~')) {
      assert.match(String(got ?? ''), new RegExp(want), name);
    } else {
      assert.equal(got, want, name);
    }
  }
}

test('the behaviours are many, and different', () => {
  const steps = new Set(rows.map((row) => JSON.stringify([row.account, row.steps])));
  assert.ok(steps.size >= 120, `${steps.size}`);
  assert.equal(steps.size, rows.length);
});

rows.forEach((row, index) => {
  test(row.name, async () => {
    const world = new World(index);
    // From now on the account is there.
    await world.client.messages.list({ limit: 1 }).catch(({ code }) => assert.equal(code, 20008));
    await world.admin('PUT', '/__admin/clock', { now: '2030-01-05T09:00:00Z' });
    for (const step of row.steps) {
      if (!step.error) {
        check(step.is ?? {}, await world.play(step));
        continue;
      }
      await assert.rejects(world.play(step), ({ status, code }) => {
        assert.deepEqual([status, code], step.error);
        return true;
      });
    }
  });
});
