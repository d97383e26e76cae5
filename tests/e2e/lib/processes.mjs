// SPDX-License-Identifier: Apache-2.0
// Starts the program and the fake app, on ports that the system picks, and ends them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const binary = process.env.TWINDOW_BINARY;
const fakeAppBinary = process.env.TWINDOW_FAKE_APP;

// Reads lines until one matches; the rest is read and dropped so that the process never blocks.
function lineOf(child, pattern, what) {
  return new Promise((resolve, reject) => {
    const lines = [];
    child.once('exit', (code) => reject(new Error(`${what} ended with ${code}:\n${lines.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const match = pattern.exec(lines.join('\n'));
      if (match) resolve(match);
    });
  });
}

function cleanEnvironment() {
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) {
    if (/^TWI(NDOW|LIO)_/.test(name) || /_proxy$/i.test(name)) delete environment[name];
  }
  return environment;
}

// Set by through_proxy.py: the SDKs come through HTTP_PROXY and know the CA of this data folder.
const proxyData = process.env.TWINDOW_TEST_PROXY_DATA;
export const throughProxy = proxyData !== undefined;

export async function startTwindow(...options) {
  const folder = throughProxy ? proxyData : mkdtempSync(join(tmpdir(), 'twindow-'));
  options = ['--data', folder, ...options];
  const child = spawn(
    binary,
    ['serve', '--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'], env: cleanEnvironment() },
  );
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  const match = await lineOf(
    child,
    /Twilio API +(http:\S+)\n +Control page +(http:\S+)[\s\S]*Ctrl-C/,
    'twindow',
  ).catch((error) => {
    throw new Error(`${error.message}\n${log}`);
  });
  if (throughProxy) process.env.HTTP_PROXY = match[1];
  return {
    api: match[1],
    control: match[2],
    tokenFile: join(folder, 'control.token'),
    child,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
      if (!throughProxy) rmSync(folder, { recursive: true });
      return code;
    },
  };
}

export async function startFakeApp() {
  const child = spawn(fakeAppBinary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [, port] = await lineOf(child, /listening on (\d+)/, 'the fake app');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    // What came, in order, once there are `count`.
    async requests(count) {
      const answer = await fetch(`${url}/__requests?count=${count}`);
      return answer.json();
    },
    async forget() {
      await fetch(`${url}/__forget`, { method: 'POST' });
    },
    async answer(status, body = '') {
      await fetch(`${url}/__answer?status=${status}`, { method: 'POST', body });
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

// The control API, answers checked.
export async function control(server, method, path, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  // Proxy mode makes a token, and demands it.
  if (existsSync(server.tokenFile)) {
    headers.Authorization = `Bearer ${readFileSync(server.tokenFile, 'utf8').trim()}`;
  }
  const answer = await fetch(server.control + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
