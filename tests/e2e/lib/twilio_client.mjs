// SPDX-License-Identifier: Apache-2.0
// The real SDK, pointed at Twindow as the README says; nothing else is changed. Through the proxy
// nothing at all.
import { throughProxy } from './processes.mjs';

export const token = '0123456789abcdef0123456789abcdef';
export const publicUrl = 'https://app.example.com';
export const shop = 'whatsapp:+14155550100';
export const ana = 'whatsapp:+5215512345678';

let accounts = 0;
// An account of its own for every test: an account is an isolated world.
export function newAccount() {
  accounts += 1;
  return `AC${process.pid.toString(16).padStart(8, '0')}${accounts.toString(16).padStart(24, '0')}`;
}

export function clientOf(twilio, server, account) {
  const client = twilio(account, token);
  if (!throughProxy) client.api.baseUrl = server.api;
  return client;
}

// The fields of a webhook, as a web framework would hand them to the app.
export function fieldsOf(request) {
  return Object.fromEntries(new URLSearchParams(request.body));
}
