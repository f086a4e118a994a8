// SPDX-License-Identifier: Apache-2.0
// Calendar files read by a reader that others wrote (ical.js, of Thunderbird): the visit begins at the moment it should, computed from
// the zone that stands in the file itself, in winter, in summer and on both days on which the clocks change.
import { readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ICAL from 'ical.js';
import { equal, finish, ok, test } from '../journeys/lib.mjs';

const golden = join(dirname(dirname(fileURLToPath(import.meta.url))), 'golden/appointments');
const begins = { winter: '2026-03-03T19:10:00.000Z', summer: '2026-07-14T18:10:00.000Z', forward: '2026-03-08T18:10:00.000Z', back: '2026-11-01T19:10:00.000Z' };

for (const [name, begin] of Object.entries(begins)) {
  await test(`${name}: another reader finds the same moment`, async () => {
    const text = readFileSync(join(golden, `${name}.ics`), 'utf8');
    for (const line of text.split('\r\n')) ok(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} octets`);
    ok(!/[^\r]\n/.test(text), 'a line that does not end with CR LF');
    const calendar = new ICAL.Component(ICAL.parse(text));
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone'));
    const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
    equal(zone.tzid, 'America/New_York');
    const start = event.component.getFirstPropertyValue('dtstart');
    start.zone = zone;
    equal(start.toJSDate().toISOString(), begin, 'the beginning');
    const end = event.component.getFirstPropertyValue('dtend');
    end.zone = zone;
    equal(end.toJSDate() - start.toJSDate(), 30 * 60 * 1000, 'how long');
    equal(event.summary, 'Follow-up; with, signs \\ in it');
    equal(event.location, 'Clínica Cedar Valley, Room 4');
    ok(event.description.includes('ñandú, ñandú, ñandú.\n555-0100'), event.description);
    equal(event.component.getFirstPropertyValue('status'), 'CONFIRMED');
  });
}
finish();
