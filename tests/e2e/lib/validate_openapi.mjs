// SPDX-License-Identifier: Apache-2.0
// Whether answers are what Twilio's own OpenAPI documents say. As a program:
//   node lib/validate_openapi.mjs EXCHANGES.json
// where the file holds a list of {method, url, status, body}: `url` with the product's host, `body`
// as text. Prints every contradiction; ends with 1 if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('@twilio/cli-core/package.json')),
  'src', 'services', 'twilio-api');

// Where a document contradicts its own examples, and captures agree with those: what is true. By
// document, schema and property; null: it may be missing.
const noSid = { type: ['string', 'null'], pattern: '^(AP[0-9a-fA-F]{32})?$' };
const corrections = [
  ['twilio_api_v2010', /usage_record/, 'price', { type: ['string', 'null'] }],
  ['twilio_api_v2010', /incoming_phone_number/, 'sms_application_sid', noSid],
  ['twilio_api_v2010', /incoming_phone_number/, 'voice_application_sid', noSid],
  ['twilio_content_v1', /approval_create/, 'send_ttl_seconds', null],
];

// JSON Schema as ajv knows it: what OpenAPI 3.0 calls nullable is a type more, and every member that
// a document names has to be there, for the SDKs read them all.
function toJsonSchema(document, schema, owner, complete) {
  if (Array.isArray(schema)) return schema.map((one) => toJsonSchema(document, one, owner, complete));
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1);
    const target = document.json.components.schemas[name];
    if (target === undefined) return {};
    return { $ref: `#/definitions/${encodeURIComponent(name)}` };
  }
  const made = {};
  for (const [key, value] of Object.entries(schema)) {
    if (['description', 'example', 'examples', 'nullable', 'title', 'discriminator'].includes(key)) continue;
    if (key.startsWith('x-')) continue;
    if (key === 'properties') {
      made.properties = Object.fromEntries(Object.entries(value)
        .map(([name, inner]) => [name, toJsonSchema(document, inner, owner, false)]));
    } else {
      made[key] = toJsonSchema(document, value, owner, false);
    }
  }
  if (made.properties) {
    const mine = corrections.filter(([where, which, property]) => document.name === where
      && which.test(owner) && made.properties[property]);
    for (const [, , property, truth] of mine) if (truth) made.properties[property] = truth;
    if (complete) {
      const maybe = mine.filter(([, , , truth]) => truth === null).map(([, , property]) => property);
      made.required = Object.keys(made.properties).filter((name) => !maybe.includes(name));
      made.additionalProperties = false;
    }
  }
  // What the documents leave without a type, or with one that a null contradicts in their own
  // examples, may be null.
  if (typeof made.type === 'string' && (schema.nullable || owner === 'lookups')) {
    made.type = [made.type, 'null'];
    if (made.enum) made.enum = [...made.enum, null];
  }
  return made;
}

const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  'date-time-rfc-2822': /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: /^((https?:\/)?\/[^\s]+)?$/, // the 2010 API's are relative, and numbers have "" for none
  'phone-number': /^(whatsapp:)?\+\d+$/,
  // Said by their types already.
  'http-method': true,
  'uri-map': true,
  'phone-number-capabilities': true,
  currency: true,
  int32: true,
  int64: true,
  double: true,
  float: true,
};

const methods = new Set(['get', 'post', 'put', 'delete', 'patch']);

function load() {
  const operations = [];
  for (const file of readdirSync(folder)) {
    if (!/^twilio_(api_v2010|content_v\d|messaging_v\d|lookups_v\d|monitor_v1|events_v1)\.json$/.test(file)) {
      continue;
    }
    const json = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const document = { name: file.replace(/\.json$/, ''), json };
    for (const [path, item] of Object.entries(json.paths)) {
      const host = new URL((item.servers ?? json.servers)[0].url).host;
      const pattern = new RegExp(`^${path
        .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
        .replace(/\{[^}]+\}/g, '[^/]+?')}$`);
      for (const [method, operation] of Object.entries(item)) {
        if (methods.has(method)) operations.push({ document, host, path, pattern, method, operation });
      }
    }
  }
  // The most literal path first: /Usage/Records/Daily.json is no /Usage/{…}.
  const holes = (path) => (path.match(/\{/g) ?? []).length;
  return operations.sort((a, b) => holes(a.path) - holes(b.path) || b.path.length - a.path.length);
}

const operations = load();
const validators = new Map();

// One per document, schema: definitions of all schemas, those that answers are made of complete.
function validatorOf(document, schema) {
  const key = `${document.name} ${JSON.stringify(schema)}`;
  if (!validators.has(key)) {
    const loose = document.name.startsWith('twilio_lookups') ? 'lookups' : '';
    const definitions = Object.fromEntries(Object.entries(document.json.components.schemas)
      .map(([name, one]) => [name, toJsonSchema(document, one, loose || name, !loose
        && (one.nullable !== true) && /^(api|content|messaging|monitor)\./.test(name))]));
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
    validators.set(key, ajv.compile({ ...toJsonSchema(document, schema, loose, false), definitions }));
  }
  return validators.get(key);
}

// The contradictions of one exchange, as text.
export function contradictions({ method, url, status, body }) {
  const { host, pathname } = new URL(url);
  const found = operations.find((one) => one.host === host && one.method === method.toLowerCase()
    && one.pattern.test(pathname));
  const where = `${method} ${url} ${status}`;
  if (!found) return [`${where}: Twilio's documents know no such call`];
  if (status >= 400) return contradictionsOfError(where, status, body);
  const answer = found.operation.responses[String(status)];
  if (!answer) {
    return [`${where}: the document says ${Object.keys(found.operation.responses).join(', ')}`];
  }
  const schema = answer.content?.['application/json']?.schema;
  if (!schema) return body ? [`${where}: the document says that there is no body`] : [];
  let json;
  try {
    json = JSON.parse(body);
  } catch {
    return [`${where}: no JSON: ${body.slice(0, 80)}`];
  }
  const validate = validatorOf(found.document, schema);
  if (validate(json)) return [];
  return validate.errors.map((error) =>
    `${where}: ${error.instancePath || '(the whole)'} ${error.message} ${JSON.stringify(error.params)}`);
}

function contradictionsOfError(where, status, body) {
  const json = JSON.parse(body);
  const good = Number.isInteger(json.code) && typeof json.message === 'string'
    && json.more_info === `https://www.twilio.com/docs/errors/${json.code}` && json.status === status;
  return good ? [] : [`${where}: not an error as Twilio writes it: ${body}`];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const exchanges = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const all = exchanges.flatMap(contradictions);
  for (const one of all) console.log(one);
  console.log(`${exchanges.length} exchanges, ${all.length} contradictions`);
  process.exitCode = all.length > 0 || exchanges.length === 0 ? 1 : 0;
}
