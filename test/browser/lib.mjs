// SPDX-License-Identifier: Apache-2.0
// What browser tests share: Chromium, axe on every page that is visited, HTML checked, no sideways scrolling, no errors in the
// console, what a page weighs, and pictures of pages when SALVE_SCREENSHOTS names a folder.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const weightMax = 100 * 1024;
const pictures = process.env.SALVE_SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'void-style': 'off',
    'no-inline-style': 'off', // the style of SVG is attributes
    'tel-non-breaking': 'off',
    'prefer-native-element': 'off',
    'no-implicit-button-type': 'off',
    'attribute-boolean-style': 'off',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    'doctype-style': 'off',
    'svg-focusable': 'off',
  },
});

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// Fails with all that was noticed at these people's pages so far, and forgets it.
export function nothingWrong(...people) {
  const wrong = people.flatMap((person) => person.wrong.splice(0));
  if (wrong.length) throw new Error([...new Set(wrong)].slice(0, 20).join('\n'));
}

// A picture of the whole page, with its width in the name.
export async function shot(person, name) {
  if (pictures) await person.page.screenshot({ path: join(pictures, `${name}-${person.page.viewportSize().width}.png`), fullPage: true });
}

// What the page says.
export const text = (person) => person.page.locator('main').innerText();

// The console told of a refusal that the test meant.
export function forget(person, status) {
  person.wrong = person.wrong.filter((line) => !line.includes(`status of ${status}`));
}

// The page in English, whatever language the person reads.
export async function english(person) {
  if (await person.page.getByRole('button', { name: 'English' }).count()) await person.press('English');
  return person;
}

// A person at a browser: { page, visit(path), check(), close() }. Everything that is wrong lands in `wrong`.
export class Person {
  static async at(chrome, origin, link, { width = 1280, javaScriptEnabled = true, locale = 'en-US' } = {}) {
    const person = new Person();
    person.origin = origin;
    person.wrong = [];
    person.weights = new Map();
    person.context = await chrome.newContext({ viewport: { width, height: 900 }, javaScriptEnabled, locale, bypassCSP: false });
    person.javaScript = javaScriptEnabled;
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(15000);
    person.page.on('console', (message) => { if (message.type() === 'error') person.wrong.push(`${person.page.url()}: ${message.text()}`); });
    person.page.on('pageerror', (error) => person.wrong.push(`${person.page.url()}: ${error.message}`));
    if (link) await person.page.goto(new URL(link, origin).href);
    return person;
  }

  // Go there, look at it with axe and the validator, measure it.
  async visit(path, status = 200) {
    const answer = await this.page.goto(new URL(path, this.origin).href, { waitUntil: 'load' });
    if (answer.status() !== status) this.wrong.push(`${path} answered ${answer.status()} instead of ${status}`);
    await this.check();
    return answer;
  }

  async check() {
    const where = this.page.url().replace(this.origin, '');
    const html = await (await this.context.request.get(this.page.url())).text();
    const report = await validator.validateString(html);
    for (const result of report.results)
      for (const message of result.messages) if (message.severity === 2) this.wrong.push(`${where}: ${message.ruleId}: ${message.message} (line ${message.line}: ${html.split('\n')[message.line - 1]?.slice(0, 160)})`);
    if (!this.javaScript) return; // what follows runs in the page
    const sideways = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) this.wrong.push(`${where}: scrolls sideways by ${sideways} px at ${this.page.viewportSize().width} px`);
    const found = await this.page.evaluate(async (source) => {
      // eslint-disable-next-line no-new-func -- the test's own code; the page's policy does not bind DevTools
      if (!window.axe) new Function(source)();
      const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
    }, axeSource).catch((error) => [`axe could not run: ${error.message}`]);
    for (const violation of found) this.wrong.push(`${where}: ${violation}`);
  }

  // Bytes over the line for a page and everything it loads, as a new visitor.
  async weight(path) {
    const context = await this.context.browser().newContext({ storageState: await this.context.storageState() });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    let bytes = 0;
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    await page.goto(new URL(path, this.origin).href, { waitUntil: 'load' });
    await page.waitForTimeout(200);
    await context.close();
    this.weights.set(path, bytes);
    if (bytes > weightMax) this.wrong.push(`${path} weighs ${bytes} bytes`);
    return bytes;
  }

  async press(name) {
    await this.page.getByRole('button', { name, exact: true }).first().click();
    await this.page.waitForLoadState('load');
  }

  async close() {
    await this.context.close();
  }
}
