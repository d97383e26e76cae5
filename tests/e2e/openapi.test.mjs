// SPDX-License-Identifier: Apache-2.0
// Every operation that is simulated, held against Twilio's own OpenAPI documents. A route of
// src/api/twilio_face.cpp that nobody asks for here fails the last test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { control, startTwindow } from './lib/processes.mjs';
import { newAccount, token } from './lib/twilio_client.mjs';
import { contradictions } from './lib/validate_openapi.mjs';

const account = newAccount();
const own = `/2010-04-01/Accounts/${account}`;
let server;
before(async () => { server = await startTwindow('--clock', 'manual', '--seed', '7'); });
after(() => server.stop());

// The routes, as the program has them: which of them were answered with a success.
const face = readFileSync(new URL('../../src/api/twilio_face.cpp', import.meta.url), 'utf8');
const routes = [...face.matchAll(/Route\{"(\w+)",\s*"(\w+)",\s*"([^"]+)"/g)]
  .map(([, product, method, pattern]) => ({
    name: `${method} ${product} ${pattern}`,
    product,
    method,
    holes: pattern.split('{').length,
    matches: new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`),
  })).sort((a, b) => a.holes - b.holes);
const exercised = new Set();
function note(method, product, path) {
  const plain = path.replace(/\?.*$/, '').replace(/\.json$/, '');
  const route = routes.find((one) => one.product === product && one.method === method && one.matches.test(plain));
  if (route) exercised.add(route.name);
}

// Asks as an app would that writes its requests by hand, and holds the answer against the document.
async function ask(method, host, path, body) {
  const json = body !== undefined && (host === 'content' || path.startsWith('/v2/Channels'));
  const headers = { Authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}` };
  if (body !== undefined) {
    headers['Content-Type'] = json ? 'application/json' : 'application/x-www-form-urlencoded';
  }
  const answer = await fetch(`${server.api}/${host}.twilio.com${path}`, {
    method, headers, body: json ? JSON.stringify(body) : body && new URLSearchParams(body),
  });
  const text = await answer.text();
  const found = contradictions({
    method, url: `https://${host}.twilio.com${path}`, status: answer.status, body: text });
  assert.deepEqual(found, [], text);
  if (answer.ok) note(method, host, path);
  return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
}
const ok = async (...call) => {
  const answer = await ask(...call);
  assert.ok(answer.status < 300, `${call.slice(0, 3).join(' ')}: ${JSON.stringify(answer.json)}`);
  return answer.json;
};
const refused = async (status, code, ...call) => {
  const answer = await ask(...call);
  assert.equal(`${answer.status}/${answer.json.code}`, `${status}/${code}`, answer.json.message);
};
const advance = (by) => control(server, 'POST', `/__admin/clock/advance?account=${account}`, { by });

test('the validator finds what is wrong', async () => {
  const url = `https://api.twilio.com${own}/Balance.json`;
  const good = { account_sid: account, balance: '1.00', currency: 'USD' };
  const check = (body, status = 200, where = url) =>
    contradictions({ method: 'GET', url: where, status, body: JSON.stringify(body) }).length;
  assert.equal(check(good), 0);
  assert.ok(check({ ...good, balance: 1 }), 'a number instead of text');
  assert.ok(check({ ...good, more: 1 }), 'a member too many');
  assert.ok(check({ account_sid: account, currency: 'USD' }), 'a member that is missing');
  assert.ok(check(good, 201), 'another status');
  assert.ok(check(good, 200, `https://api.twilio.com${own}/Nothing.json`), 'an unknown path');
  assert.ok(check({ code: 20404 }, 404), 'an error in another shape');
});

test('messages', async () => {
  const list = `${own}/Messages.json`;
  const sms = { From: '+14155550100', To: '+15558675310', Body: 'Hi' };
  const at = (message) => `${own}/Messages/${message.sid}`;
  const sent = await ok('POST', 'api', list, { ...sms, ProvideFeedback: 'true' });
  await refused(400, 21211, 'POST', 'api', list, { ...sms, To: 'Ana' });
  await refused(409, 20009, 'DELETE', 'api', `${at(sent)}.json`);
  await ok('POST', 'api', `${at(sent)}/Feedback.json`, { Outcome: 'confirmed' });
  const picture = await ok('POST', 'api', list, { ...sms, MediaUrl: 'https://a.example/1.png' });
  assert.match(picture.sid, /^MM/);
  const { media_list: media } = await ok('GET', 'api', `${at(picture)}/Media.json`);
  await ok('GET', 'api', `${at(picture)}/Media/${media[0].sid}.json`);
  await ok('DELETE', 'api', `${at(picture)}/Media/${media[0].sid}.json`);
  await refused(404, 20404, 'GET', 'api', `${at(picture)}/Media/${media[0].sid}.json`);
  const whatsapp = await ok('POST', 'api', list, {
    From: 'whatsapp:+14155550101', To: 'whatsapp:+5215512345678', Body: 'Hi' });
  await advance('5s');
  assert.equal((await ok('GET', 'api', `${at(sent)}.json`)).status, 'delivered');
  assert.equal((await ok('GET', 'api', `${at(whatsapp)}.json`)).error_code, 63016);
  const page = await ok('GET', 'api', `${list}?PageSize=1`);
  await ok('GET', 'api', page.next_page_uri);
  assert.equal((await ok('POST', 'api', `${at(sent)}.json`, { Body: '' })).body, '');
  await ok('DELETE', 'api', `${at(sent)}.json`);
  await refused(404, 20404, 'GET', 'api', `${at(sent)}.json`);
  const later = await ok('POST', 'api', list, { To: sms.To, Body: 'Hi', ScheduleType: 'fixed',
    MessagingServiceSid: `MG${'0'.repeat(32)}`, SendAt: new Date(Date.now() + 864e5).toISOString() });
  assert.equal(later.status, 'scheduled');
  assert.equal((await ok('POST', 'api', `${at(later)}.json`, { Status: 'canceled' })).status, 'canceled');
});

test('accounts, keys, balance, usage', async () => {
  await ok('GET', 'api', '/2010-04-01/Accounts.json');
  await ok('GET', 'api', `${own}.json`);
  assert.equal((await ok('POST', 'api', `${own}.json`, { FriendlyName: 'Shop' })).friendly_name, 'Shop');
  const sub = await ok('POST', 'api', '/2010-04-01/Accounts.json', { FriendlyName: 'Branch' });
  assert.equal(sub.owner_account_sid, account);
  await ok('GET', 'api', `/2010-04-01/Accounts/${sub.sid}.json`);
  const suspended = await ok('POST', 'api', `/2010-04-01/Accounts/${sub.sid}.json`, { Status: 'suspended' });
  assert.equal(suspended.status, 'suspended');
  await refused(403, 20005, 'GET', 'api', `/2010-04-01/Accounts/${sub.sid}/Balance.json`);
  await ok('POST', 'api', `/2010-04-01/Accounts/${sub.sid}.json`, { Status: 'active' });
  await ok('GET', 'api', `/2010-04-01/Accounts/${sub.sid}/Balance.json`);
  await refused(400, 20001, 'POST', 'api', `/2010-04-01/Accounts/${sub.sid}.json`, { Status: 'asleep' });
  await ok('GET', 'api', `${own}/Balance.json`);
  const key = await ok('POST', 'api', `${own}/Keys.json`, { FriendlyName: 'ci' });
  assert.match(key.secret, /^[0-9a-f]{32}$/);
  assert.equal((await ok('GET', 'api', `${own}/Keys/${key.sid}.json`)).secret, undefined);
  assert.equal((await ok('GET', 'api', `${own}/Keys.json`)).keys.length, 1);
  const byKey = await fetch(`${server.api}${own}/Balance.json`, { headers: {
    Authorization: `Basic ${Buffer.from(`${key.sid}:${key.secret}`).toString('base64')}` } });
  assert.equal(byKey.status, 200);
  await ok('DELETE', 'api', `${own}/Keys/${key.sid}.json`);
  await refused(404, 20404, 'GET', 'api', `${own}/Keys/${key.sid}.json`);
  for (const period of ['', '/Daily', '/Monthly', '/Yearly', '/AllTime', '/Today', '/Yesterday',
    '/ThisMonth', '/LastMonth']) {
    await ok('GET', 'api', `${own}/Usage/Records${period}.json`);
  }
});

test('numbers and short codes', async () => {
  const bought = await ok('POST', 'api', `${own}/IncomingPhoneNumbers.json`, {
    PhoneNumber: '+15005550006', SmsUrl: 'https://app.example.com/sms', SmsMethod: 'GET' });
  assert.deepEqual([bought.phone_number, bought.sms_method], ['+15005550006', 'GET']);
  await refused(400, 21422, 'POST', 'api', `${own}/IncomingPhoneNumbers.json`, { PhoneNumber: '+15005550006' });
  await refused(400, 21421, 'POST', 'api', `${own}/IncomingPhoneNumbers.json`, { PhoneNumber: 'none' });
  const any = await ok('POST', 'api', `${own}/IncomingPhoneNumbers.json`, { AreaCode: '415' });
  assert.match(any.phone_number, /^\+1415555/);
  const page = await ok('GET', 'api', `${own}/IncomingPhoneNumbers.json?PageSize=1`);
  assert.equal(page.incoming_phone_numbers[0].sid, any.sid);
  await ok('GET', 'api', page.next_page_uri);
  await ok('GET', 'api', `${own}/IncomingPhoneNumbers/${bought.sid}.json`);
  const changed = await ok('POST', 'api', `${own}/IncomingPhoneNumbers/${bought.sid}.json`, {
    SmsUrl: '', FriendlyName: 'Front desk' });
  assert.deepEqual([changed.sms_url, changed.friendly_name], ['', 'Front desk']);
  await ok('DELETE', 'api', `${own}/IncomingPhoneNumbers/${any.sid}.json`);
  await ok('GET', 'api', `${own}/SMS/ShortCodes.json`);
});

test('contents and their approval', async () => {
  const body = { friendly_name: 'order', language: 'en', variables: { 1: 'Ana' },
    types: { 'twilio/text': { body: 'Hi {{1}}, it is ready.' } } };
  const made = await ok('POST', 'content', '/v1/Content', body);
  await ok('GET', 'content', `/v1/Content/${made.sid}`);
  await ok('PUT', 'content', `/v1/Content/${made.sid}`, { friendly_name: 'order_ready' });
  await ok('GET', 'content', '/v1/Content?PageSize=1');
  await ok('GET', 'content', '/v2/Content?SortByDate=asc&Language=en');
  const approvals = `/v1/Content/${made.sid}/ApprovalRequests`;
  assert.equal((await ok('GET', 'content', approvals)).whatsapp.status, 'unsubmitted');
  const sent = await ok('POST', 'content', `${approvals}/whatsapp`, { name: 'order', category: 'UTILITY' });
  assert.equal(sent.status, 'received');
  await refused(400, 92009, 'POST', 'content', `${approvals}/whatsapp`, { name: 'order', category: 'UTILITY' });
  await advance('2s');
  assert.equal((await ok('GET', 'content', approvals)).whatsapp.status, 'pending');
  await advance('10s');
  assert.equal((await ok('GET', 'content', approvals)).whatsapp.status, 'approved');
  await ok('GET', 'content', '/v1/ContentAndApprovals');
  const eligible = await ok('GET', 'content', '/v2/ContentAndApprovals?ChannelEligibility=whatsapp:approved');
  assert.equal(eligible.contents.length, 1);
  await ok('GET', 'content', '/v1/LegacyContent');
  await refused(400, 92001, 'POST', 'content', '/v1/Content', { language: 'en' });
  await refused(400, 92003, 'POST', 'content', '/v1/Content', { types: body.types });
  await refused(400, 92004, 'POST', 'content', '/v1/Content', { ...body, language: 'english!' });
  await refused(400, 92008, 'POST', 'content', '/v1/Content', { ...body, types: { 'twilio/none': {} } });
  await ok('DELETE', 'content', `/v1/Content/${made.sid}`);
  await refused(404, 20404, 'GET', 'content', `/v1/Content/${made.sid}`);
});

test('services and their pools', async () => {
  await refused(400, 20001, 'POST', 'messaging', '/v1/Services', { StickySender: 'true' });
  const service = await ok('POST', 'messaging', '/v1/Services', { FriendlyName: 'Orders',
    StatusCallback: 'https://app.example.com/status', StickySender: 'False', ValidityPeriod: '600' });
  assert.deepEqual([service.sticky_sender, service.validity_period], [false, 600]);
  const path = `/v1/Services/${service.sid}`;
  await ok('GET', 'messaging', path);
  await ok('POST', 'messaging', path, { UseInboundWebhookOnNumber: 'true' });
  await refused(400, 20001, 'POST', 'messaging', path, { ValidityPeriod: '36001' });
  await ok('GET', 'messaging', '/v1/Services');
  const number = await ok('POST', 'api', `${own}/IncomingPhoneNumbers.json`, { PhoneNumber: '+14155550100' });
  await ok('POST', 'messaging', `${path}/PhoneNumbers`, { PhoneNumberSid: number.sid });
  await refused(409, 21710, 'POST', 'messaging', `${path}/PhoneNumbers`, { PhoneNumberSid: number.sid });
  const other = await ok('POST', 'messaging', '/v1/Services', { FriendlyName: 'Another' });
  await refused(409, 21712, 'POST', 'messaging', `/v1/Services/${other.sid}/PhoneNumbers`, {
    PhoneNumberSid: number.sid });
  await ok('GET', 'messaging', `${path}/PhoneNumbers`);
  await ok('GET', 'messaging', `${path}/PhoneNumbers/${number.sid}`);
  await ok('POST', 'messaging', `${path}/AlphaSenders`, { AlphaSender: 'ACME' });
  await ok('GET', 'messaging', `${path}/AlphaSenders`);
  await ok('POST', 'messaging', `${path}/DestinationAlphaSenders`, {
    AlphaSender: 'ACME DE', IsoCountryCode: 'DE' });
  await ok('GET', 'messaging', `${path}/DestinationAlphaSenders`);
  await ok('GET', 'messaging', `${path}/ShortCodes`);
  const sender = await ok('POST', 'messaging', '/v2/Channels/Senders', {
    sender_id: 'whatsapp:+14155550101', profile: { name: 'Acme' },
    webhook: { callback_url: 'https://app.example.com/in', callback_method: 'POST' } });
  assert.equal(sender.status, 'CREATING');
  await advance('5s');
  assert.equal((await ok('GET', 'messaging', `/v2/Channels/Senders/${sender.sid}`)).status, 'ONLINE');
  await ok('POST', 'messaging', `/v2/Channels/Senders/${sender.sid}`, { profile: { name: 'Acme & Co' } });
  await ok('GET', 'messaging', '/v2/Channels/Senders?Channel=whatsapp');
  await refused(400, 63100, 'POST', 'messaging', '/v2/Channels/Senders', { sender_id: '+14155550101' });
  await ok('POST', 'messaging', `${path}/ChannelSenders`, { Sid: sender.sid });
  await ok('GET', 'messaging', `${path}/ChannelSenders`);
  await ok('GET', 'messaging', `${path}/ChannelSenders/${sender.sid}`);
  await ok('DELETE', 'messaging', `${path}/ChannelSenders/${sender.sid}`);
  await ok('DELETE', 'messaging', `${path}/PhoneNumbers/${number.sid}`);
  await refused(404, 21711, 'DELETE', 'messaging', `${path}/PhoneNumbers/${number.sid}`);
  await ok('DELETE', 'messaging', `/v2/Channels/Senders/${sender.sid}`);
  await ok('DELETE', 'messaging', path);
  await refused(404, 20404, 'GET', 'messaging', path);
  await refused(404, 20404, 'GET', 'messaging', `${path}/PhoneNumbers`);
});

test('lookups', async () => {
  const looked = await ok('GET', 'lookups', '/v2/PhoneNumbers/%2B447400123456?Fields=line_type_intelligence');
  assert.deepEqual([looked.valid, looked.country_code, looked.line_type_intelligence.type],
    [true, 'GB', 'mobile']);
  const bad = await ok('GET', 'lookups', '/v2/PhoneNumbers/%2B1415');
  assert.deepEqual([bad.valid, bad.validation_errors], [false, ['TOO_SHORT']]);
  await ok('GET', 'lookups', '/v1/PhoneNumbers/4159929960?CountryCode=US&Type=carrier');
  await refused(404, 20404, 'GET', 'lookups', '/v1/PhoneNumbers/%2B1415');
});

test('short codes, alpha senders, keys', async () => {
  await control(server, 'PUT', `/__admin/senders?account=${account}`, { senders: [{ address: '22395' }] });
  const { short_codes: [code] } = await ok('GET', 'api', `${own}/SMS/ShortCodes.json`);
  assert.equal(code.short_code, '22395');
  await ok('GET', 'api', `${own}/SMS/ShortCodes/${code.sid}.json`);
  const changed = await ok('POST', 'api', `${own}/SMS/ShortCodes/${code.sid}.json`, { SmsMethod: 'GET' });
  assert.equal(changed.sms_method, 'GET');
  const service = await ok('POST', 'messaging', '/v1/Services', { FriendlyName: 'Codes' });
  const path = `/v1/Services/${service.sid}`;
  await ok('POST', 'messaging', `${path}/ShortCodes`, { ShortCodeSid: code.sid });
  await ok('GET', 'messaging', `${path}/ShortCodes/${code.sid}`);
  await ok('DELETE', 'messaging', `${path}/ShortCodes/${code.sid}`);
  for (const [kind, fields] of [['AlphaSenders', { AlphaSender: 'ACME' }],
    ['DestinationAlphaSenders', { AlphaSender: 'ACME DE', IsoCountryCode: 'DE' }]]) {
    const made = await ok('POST', 'messaging', `${path}/${kind}`, fields);
    await ok('GET', 'messaging', `${path}/${kind}/${made.sid}`);
    await ok('DELETE', 'messaging', `${path}/${kind}/${made.sid}`);
    await refused(404, 20404, 'GET', 'messaging', `${path}/${kind}/${made.sid}`);
  }
  const key = await ok('POST', 'api', `${own}/Keys.json`, { FriendlyName: 'ci' });
  assert.equal((await ok('POST', 'api', `${own}/Keys/${key.sid}.json`, { FriendlyName: 'x' })).friendly_name, 'x');
});

test('alerts', async () => {
  await control(server, 'PUT', `/__admin/senders?account=${account}`, { senders: [
    { address: '+14155550100', inbound_url: 'http://127.0.0.1:1/nobody' }] });
  await control(server, 'POST', `/__admin/simulate/inbound-message?account=${account}`, {
    From: '+15558675310', To: '+14155550100', Body: 'Hi' });
  const { alerts: [alert] } = await ok('GET', 'monitor', '/v1/Alerts?LogLevel=error');
  assert.equal(alert.error_code, '11202');
  const whole = await ok('GET', 'monitor', `/v1/Alerts/${alert.sid}`);
  assert.match(whole.request_variables, /Body=Hi/);
  await refused(404, 20404, 'GET', 'monitor', `/v1/Alerts/NO${'f'.repeat(32)}`);
});

test('no operation is left out', () => {
  assert.ok(routes.length > 70, `${routes.length}`);
  assert.deepEqual(routes.map(({ name }) => name).filter((name) => !exercised.has(name)), []);
});
