// SPDX-License-Identifier: Apache-2.0
// What journeys share: a server of the built binary on a data directory of its own, a small HTTP client that keeps cookies,
// and TAP output.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const binary = process.env.SALVE ?? join(root, 'build/salve');
export const sharedData = process.env.SALVE_SHARED_DATA ?? join(root, '../shared/data');

// ---- TAP ----

let number = 0;
let failures = 0;

export async function test(name, body) {
  number++;
  try {
    await body();
    console.log(`ok ${number} - ${name}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${number} - ${name}`);
    console.log(String(error.stack ?? error).split('\n').map((line) => `# ${line}`).join('\n'));
  }
}

export function finish() {
  console.log(`1..${number}`);
  process.exitCode = failures ? 1 : 0;
}

// ---- the program ----

export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'salve-journey-'));
  process.setMaxListeners(100);
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

// What programs started from now on take for the time: "2026-11-25 20:00:00", in UTC, from which it runs on (libfaketime, the
// package faketime). Clocks that measure how long something takes stay true.
let environment = process.env;
export function timeIs(words) {
  environment = { ...process.env, TZ: 'UTC', LD_PRELOAD: libfaketime, FAKETIME: `@${words}`, FAKETIME_DONT_FAKE_MONOTONIC: '1',
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
}
const libfaketime = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);

// Run a command to its end, with `input` on its standard input. Returns { code, out, err }.
export function salve(...words) {
  return salveReading('', ...words);
}
export function salveReading(input, ...words) {
  const done = spawnSync(binary, words, { encoding: 'utf8', maxBuffer: 1 << 28, input, env: environment });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

export function must(result) {
  if (result.code !== 0) throw new Error(`exit code ${result.code}: ${result.err}\n${result.out}`);
  return result;
}

// A running server: { origin, out, stop(), kill() }.
export function serve(before, options = []) {
  const child = spawn(binary, [...before, 'serve', '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  let out = '';
  let log = '';
  const end = () => child.kill('SIGKILL');
  let asked = false; // to end
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => {
    process.off('exit', end);
    if (!asked) console.log(`# the server died (${code ?? signal}):\n${log.slice(-6000).replace(/^/gm, '# ')}`);
    resolve({ code, signal });
  }));
  process.on('exit', end);
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (bytes) => { log += bytes; });
    child.stdout.on('data', (bytes) => {
      out += bytes;
      const found = /Salve answers at (\S+)\n/.exec(out);
      if (!found || (options.includes('--demo-logins') && !out.includes('Stop with'))) return;
      resolve({
        origin: found[1],
        pid: child.pid,
        out: () => out,
        log: () => log,
        stop: () => { asked = true; child.kill('SIGTERM'); return ended; },
        kill: () => { asked = true; child.kill('SIGKILL'); return ended; },
      });
    });
    ended.then(({ code }) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
}

export function link(before, login) {
  return must(salve(...before, 'account', 'link', '--login', login)).out.trim();
}

// ---- a client that keeps cookies ----

export class Client {
  constructor(origin) {
    this.origin = origin;
    this.cookies = new Map();
  }

  ask(method, path, { headers = {}, body, follow = false } = {}) {
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.origin);
      const all = { ...headers };
      if (this.cookies.size) all.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      if (body !== undefined) all['Content-Length'] = Buffer.byteLength(body);
      const request = http.request(url, { method, headers: all }, (response) => {
        const chunks = [];
        for (const line of response.headers['set-cookie'] ?? []) {
          const [pair] = line.split(';');
          const at = pair.indexOf('=');
          if (/max-age=0|max-age=-/i.test(line)) this.cookies.delete(pair.slice(0, at));
          else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
          if (follow && answer.status === 303) resolve(this.get(answer.headers.location, { follow: true }));
          else resolve(answer);
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  get(path, options) {
    return this.ask('GET', path, options);
  }

  // Send a form as a browser of this site does.
  post(path, fields, options = {}) {
    return this.ask('POST', path, {
      body: new URLSearchParams(fields).toString(),
      ...options,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin', ...options.headers },
    });
  }

  async signIn(path) {
    const answer = await this.get(path);
    if (answer.status !== 303) throw new Error(`the sign-in link answered ${answer.status}`);
    return this;
  }
}

// The value of a hidden or other input in a page.
export function field(html, name) {
  const found = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html);
  return found ? unescape(/value="([^"]*)"/.exec(found[0])?.[1] ?? '') : undefined;
}

function unescape(text) {
  return text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

// Of texts of many lines, the first that differs is told.
export function equal(actual, expected, what = 'value') {
  if (actual === expected) return;
  const told = [actual, expected].map((value) => String(value).split('\n'));
  const at = told[0].length > 1 && told[1].length > 1 ? told[0].findIndex((line, n) => line !== told[1][n]) : -1;
  if (at >= 0) throw new Error(`${what}: line ${at + 1} is ${JSON.stringify(told[0][at])} instead of ${JSON.stringify(told[1][at])}`);
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

export function ok(value, what) {
  if (!value) throw new Error(what);
}
