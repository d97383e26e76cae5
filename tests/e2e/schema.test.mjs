// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of scenario files, by ajv, as editors use it: what is shipped is taken, and what the
// program refuses for its form is refused there too.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';

const scenarios = new URL('../../scenarios/', import.meta.url);
const schema = JSON.parse(
  execFileSync(process.env.TWINDOW_BINARY, ['schema', 'scenario'], { encoding: 'utf8' }),
);
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowMatchingProperties: true,
  allowUnionTypes: true,
});
const valid = ajv.compile(schema);

// Comments and commas at ends are gone, texts stay as they are.
function parse(text) {
  const token = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g;
  const plain = (found) => (found.startsWith('"') ? found : ' ');
  return JSON.parse(text.replace(token, plain).replace(token, plain));
}

const files = readdirSync(scenarios).filter((name) => /\.jsonc?$/.test(name));
const read = (name) => parse(readFileSync(new URL(name, scenarios), 'utf8'));

test('there are scenarios', () => assert.ok(files.length > 30, `${files.length}`));

for (const name of files) {
  test(`${name} is as the schema says`, () => {
    assert.ok(valid(read(name)), ajv.errorsText(valid.errors, { separator: '\n' }));
  });
}

// What is done to a good file, and where the schema sees it.
const broken = [
  ['an unknown key', (file) => { file.stepps = []; }, ''],
  ['no version and nothing to extend', (file) => { delete file.version; delete file.extends; }, ''],
  ['another version', (file) => { file.version = 2; }, '/version'],
  ['an unknown step', (file) => { file.steps.push({ adwance: '1s' }); }, '/steps/'],
  ['two steps in one', (file) => { file.steps.push({ advance: '1s', fault: [] }); }, '/steps/'],
  ['a duration without a unit', (file) => { file.steps.push({ advance: '15' }); }, '/advance'],
  ['an unknown preset', (file) => { file.on = [{ callbacks: [{ preset: 'redd' }] }]; }, '/on/0/callbacks/0'],
  ['an unknown signature', (file) => {
    file.on = [{ callbacks: [{ preset: 'read', signature: 'none' }] }];
  }, '/on/0/callbacks/0/signature'],
  ['a status of no HTTP', (file) => { file.on = [{ respond: { status: 700 } }]; }, '/on/0/respond/status'],
  ['a callback without a status', (file) => { file.on = [{ callbacks: [{ after: '1s' }] }]; }, '/on/0/callbacks/0'],
  ['a condition of no field', (file) => { file.on = [{ match: { windw: 'x' }, callbacks: [] }]; }, '/on/0/match'],
  ['a window without its user', (file) => { file.given = { windows: [{ sender: 'x' }] }; }, '/given/windows/0'],
  ['a target without a place', (file) => { file.targets = { app: { sign_as: 'https://x' } }; }, '/targets/app'],
  ['a clock that is none', (file) => { file.clock = { mode: 'fast' }; }, '/clock/mode'],
];

for (const [what, spoil, where] of broken) {
  test(`${what} is refused`, () => {
    const file = read('out_of_order.json');
    assert.ok(valid(file));
    spoil(file);
    assert.equal(valid(file), false, 'it was taken');
    const places = valid.errors.map((error) => error.instancePath);
    assert.ok(places.some((place) => place.includes(where)), places.join(' '));
  });
}

test('the rest of the contract\'s words are taken too', () => {
  const file = read('out_of_order.json');
  file.targets = { app: { deliver_to: 'http://127.0.0.1:3000', health: '/healthz' } };
  file.on = [
    { respond: { reset: true, delay: '1s' }, match: { nth: [1, 2] }, times: 1, per: 'account' },
    { callbacks: [{ preset: 'undelivered:63016', signature: 'missing', drop: false, jitter: '1s' }] },
    { respond: { status: 429, code: 20429, retry_after: '2s' }, state: 'a', next_state: 'b' },
  ];
  assert.ok(valid(file), ajv.errorsText(valid.errors, { separator: '\n' }));
});
