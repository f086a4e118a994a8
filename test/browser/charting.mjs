// SPDX-License-Identifier: Apache-2.0
// A nurse keeps a conversation in the chart, takes credit, adds to the note, and works off what the other system refused: with
// JavaScript and without, on a desk and on a phone; axe and the validator look at every page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, Person, shot } from './lib.mjs';
import { equal, finish, folder, link, must, ok, salve, serve, test } from '../journeys/lib.mjs';

const place = folder();
const at = ['--data', join(place, 'data')];
must(salve(...at, 'simulate', '--patients', '4', '--seed', '3'));
const server = await serve(at);
const chrome = await browser();
const kinds = [{ name: 'desk', width: 1280, javaScriptEnabled: true }, { name: 'phone', width: 320, javaScriptEnabled: true },
  { name: 'plain', width: 390, javaScriptEnabled: false }];

for (const kind of kinds) {
  await test(`${kind.name}: preview, note with credit, addendum, and a note that was refused`, async () => {
    const nurse = await Person.at(chrome, server.origin, link(at, 'nurse'), kind);
    const { page } = nurse;
    must(salve(...at, 'ehr', 'off'));
    await nurse.visit('/inbox?show=completed');
    await page.locator('a[href^="/inbox/"][href*="?show=completed"]').first().click();
    await page.waitForLoadState('load');
    await page.getByRole('link', { name: 'Chart note and credit' }).click();
    await page.waitForLoadState('load');
    await nurse.check();
    await shot(nurse, `chart-form-${kind.name}`);
    await page.locator('input[name=message]').first().check(); // a second time nothing new is chosen by itself
    await page.locator('textarea[name=comment]').fill('Told by the nurse.');
    await page.locator('select[name=clinic]').selectOption('323');
    await nurse.press('Preview'); // no minutes yet
    await nurse.check();
    ok((await page.content()).includes('Give the time in minutes'), 'what is wrong is told');
    equal(await page.locator('textarea[name=comment]').inputValue(), 'Told by the nurse.', 'nothing typed is lost');
    await page.locator('input[name=minutes]').fill('8');
    await nurse.press('Preview');
    await nurse.check();
    await shot(nurse, `chart-preview-${kind.name}`);
    ok((await page.locator('#preview pre').textContent()).includes('Told by the nurse.'), 'the preview holds the comment');
    await nurse.press('Keep it in the chart');
    await nurse.check();
    ok((await page.content()).includes('kept in this record'), 'it is kept');
    ok((await page.content()).includes('Add to the note'), 'the next one is an addendum');

    await page.getByText('Take the credit back').click();
    await nurse.press('Take it back'); // without a reason
    await nurse.check();
    ok((await page.content()).includes('Say in a few words why the credit was a mistake.'), 'the reason is missing');
    await page.getByLabel('Why was it a mistake?').fill('Counted twice.');
    await nurse.press('Take it back');
    await nurse.check();
    await shot(nurse, `chart-credit-${kind.name}`);
    ok((await page.content()).includes('The credit is taken back.'), 'taken back');
    ok((await page.content()).includes('Counted twice.'), 'and why');
    const office = await Person.at(chrome, server.origin, link(at, 'administrator'), kind);
    await office.visit('/admin/chart-lists');
    await shot(office, `chart-lists-${kind.name}`);
    await office.page.getByLabel('Titles of notes').fill(`Secure messaging note\nOf the ${kind.name}`);
    await office.press('Save');
    await office.check();
    equal(office.wrong.join('\n'), '', 'nothing is wrong with the lists');
    await office.close();
    await page.reload();
    ok((await page.locator('select[name=title]').innerText()).includes(`Of the ${kind.name}`), 'the new title can be chosen');

    writeFileSync(join(place, 'token'), 'not-a-token\n'); // the program's own FHIR interface refuses this one
    must(salve(...at, 'ehr', 'set', `${server.origin}/fhir`, '--token-file', join(place, 'token')));
    await page.locator('input[name=message]').first().check();
    await nurse.press('Keep it in the chart');
    for (let i = 0; i < 80; i++) {
      await page.goto(`${server.origin}/inbox/errors`);
      if ((await page.content()).includes('The other system says')) break;
      await page.waitForTimeout(250);
    }
    await nurse.check();
    ok(/Chart notes\s*1/.test(await page.locator('header').innerText()), 'a number beside the navigation');
    await shot(nurse, `chart-errors-${kind.name}`);
    await page.getByRole('link', { name: 'Put it right' }).first().click();
    await page.waitForLoadState('load');
    await nurse.check();
    await nurse.visit('/inbox/errors');
    await page.locator('input[name=reason]').first().fill('It is written there by hand.');
    await nurse.press('Keep it here only');
    await nurse.check();
    ok((await page.content()).includes('It stays in this record only.'), 'worked off');
    // the browser itself notes that the form was refused, which is what was wanted
    equal(nurse.wrong.filter((one) => !one.includes('status of 400')).join('\n'), '', 'nothing is wrong with the pages');
    await nurse.close();
  });
}

await chrome.close();
await server.stop();
finish();
