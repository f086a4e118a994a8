// SPDX-License-Identifier: Apache-2.0
// Every kind of question by keyboard alone: the questionnaires of the FHIR specification and of US Core, where the shared data are there,
// and one that has each item type. Tab moves, Space and arrows choose, Enter sends; the mouse is never used.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, nothingWrong, Person, shot } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, sharedData, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '2', '--seed', '3'));

// ---- the questionnaires ----

const types = ['boolean', 'decimal', 'integer', 'date', 'dateTime', 'time', 'string', 'text', 'url', 'choice', 'open-choice', 'quantity', 'attachment', 'reference'];
const option = (code, display) => ({ valueCoding: { system: 'urn:test', code, display } });
const everyType = {
  resourceType: 'Questionnaire', id: 'every-type', url: 'urn:test:every-type', status: 'active', title: 'Every kind of question',
  item: [{ linkId: 'g', type: 'group', text: 'A group', item: [
    { linkId: 'd', type: 'display', text: 'A text to read' },
    ...types.map((type) => ({ linkId: type, type, text: `A question of the kind ${type}`, required: true,
      ...(type.endsWith('choice') ? { answerOption: [option('a', 'Apples'), option('b', 'Pears')] } : {}) })),
    { linkId: 'many', type: 'choice', text: 'Several of them', repeats: true, answerOption: [option('a', 'Apples'), option('b', 'Pears')] },
    { linkId: 'long', type: 'choice', text: 'One of many', answerOption: Array.from({ length: 20 }, (_, i) => option(`o${i}`, `Number ${i}`)) },
    { linkId: 'later', type: 'string', text: 'Asked because of an answer', enableWhen: [{ question: 'boolean', operator: '=', answerBoolean: true }] },
  ] }],
};
const files = ['fhir_r4_examples/Questionnaire-3141.json', 'fhir_r4_examples/Questionnaire-f201.json',
  'fhir_r4_examples/Questionnaire-phq-9-questionnaire.json', 'fhir_r4_examples/Questionnaire-zika-virus-exposure-assessment.json',
  'us_core_6.1.0_examples/Questionnaire-hunger-vital-sign-example.json', 'us_core_6.1.0_examples/Questionnaire-phq-9-example.json',
  'us_core_6.1.0_examples/Questionnaire-prapare-example.json'].map((name) => join(sharedData, name)).filter(existsSync);
writeFileSync(join(place, 'every-type.json'), JSON.stringify(everyType));
const forms = [join(place, 'every-type.json'), ...files].map((path) => ({ path, json: JSON.parse(readFileSync(path, 'utf8')) }));
for (const form of forms) must(salve(...at, 'import', 'fhir', form.path));
const kindsOf = (items) => (items ?? []).flatMap((item) => [item.type, ...kindsOf(item.item)]);

const server = await serve(at, ['--rate-factor', '1000']);
const chrome = await browser();

// ---- a person without a mouse ----

const here = (page) => page.evaluate(() => {
  const e = document.activeElement, label = e.labels?.[0]?.innerText ?? '';
  return { tag: e.tagName, type: e.type ?? '', name: e.name ?? '', value: e.value ?? '', checked: Boolean(e.checked), label,
    inputmode: e.inputMode ?? '', text: e.innerText ?? '', rings: getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none' || e.matches(':focus-visible'),
    about: `${label} ${document.getElementById((e.getAttribute('aria-describedby') ?? '').split(' ')[0])?.innerText ?? ''} ${e.closest('fieldset')?.querySelector('legend')?.innerText ?? ''}` };
});

// What to type into a box, by what it says of itself.
function words(box) {
  if (/\.month$/.test(box.name)) return '3';
  if (/\.day$/.test(box.name)) return '5';
  if (/\.year$/.test(box.name)) return '2026';
  if (/08:30/.test(box.about)) return '08:30';
  if (box.inputmode === 'numeric') return '3';
  if (box.inputmode === 'decimal') return '7.5';
  if (/kind url|https?:/.test(box.about)) return 'https://example.org/';
  return 'By keyboard';
}

// Goes through the form with Tab, answers what is not answered yet, and presses Finish; gives back the kinds of fields it met.
async function fill(page) {
  const met = new Set(), answered = new Set();
  for (let steps = 0; steps < 1500; steps++) {
    await page.keyboard.press('Tab');
    const box = await here(page);
    const isOurs = /^[qto]\d+/.test(box.name);
    if (box.tag === 'BUTTON' && box.text.trim() === 'Finish') {
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      return met;
    }
    if (!isOurs) continue;
    met.add(box.tag === 'INPUT' ? box.type : box.tag.toLowerCase());
    ok(box.rings, `${box.name} shows that it has the focus`);
    if (answered.has(`${box.name}`) && box.type === 'radio') continue;
    answered.add(box.name);
    if (box.type === 'radio') { if (!box.checked) await page.keyboard.press('Space'); }
    else if (box.type === 'checkbox') { if (!box.checked) await page.keyboard.press('Space'); }
    else if (box.tag === 'SELECT') { if (!box.value) await page.keyboard.press('ArrowDown'); }
    else if (!box.value && !/^o\d+/.test(box.name)) await page.keyboard.type(words(box));
  }
  throw new Error('no button "Finish" was reached by Tab');
}

for (const kind of [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'plain', width: 390, javaScriptEnabled: false }]) {
  const patient = await Person.at(chrome, server.origin, link(at, 'patient'), kind);
  if (await patient.page.getByRole('button', { name: 'English' }).count()) await patient.press('English');
  for (const form of forms) await test(`${kind.name}: ${form.json.title ?? form.json.id} is answered by keyboard alone`, async () => {
    const met = new Set();
    await patient.visit(`/questionnaires/${form.json.id}`);
    await shot(patient, `questionnaire-${form.json.id}-${kind.name}`);
    for (let round = 0; ; round++) {
      for (const what of await fill(patient.page)) met.add(what);
      const said = await patient.page.locator('main').innerText();
      if (said.includes('Thank you. Your answers are kept.')) break;
      const errors = await patient.page.locator('.error-summary').allInnerTexts();
      if (errors.length) { await shot(patient, `questionnaire-refused-${form.json.id}`); throw new Error(errors.join('\n')); }
      ok(said.includes('There are more questions'), 'what depends on an answer comes up');
      ok(round < 8, 'comes to an end');
    }
    const asked = new Set(kindsOf(form.json.item));
    if (asked.has('date') || asked.has('string') || asked.has('integer')) ok(met.has('text'), 'boxes to type in');
    if (asked.has('boolean')) ok(met.has('radio'), 'yes and no');
    if (asked.has('text')) ok(met.has('textarea'), 'room for more words');
    if (form.json.id === 'every-type') for (const what of ['text', 'radio', 'checkbox', 'select-one', 'textarea'].map((w) => w.replace('select-one', 'select'))) ok(met.has(what), what);
    await patient.visit('/journal/questionnaires');
    ok((await patient.page.locator('main').innerText()).includes(form.json.title ?? form.json.name ?? form.json.id), 'in the log');
  });
  await test(`${kind.name}: nothing was wrong on any of these pages`, async () => { nothingWrong(patient); });
  await patient.close();
}
equal(forms.length >= 1, true);
await chrome.close();
await server.stop();
finish();
